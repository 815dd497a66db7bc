"""Search addresses: whatever the parameters are, there is a request."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.forms import MAX_SELECTED, read_period, read_request
from search.results import SORTS, Period


@pytest.mark.parametrize(
    ("value", "page"),
    [
        ("3", 3),
        ("٣", 3),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("", 1),
        ("1.5", 1),
        ("²", 1),
        ("1000000000", 10**9),
        ("99999999999", 10**9),
        ("9" * 5000, 1),
    ],
)
def test_any_page_number_is_read(value: str, page: int) -> None:
    parameters = QueryDict(mutable=True)
    parameters["page"] = value
    assert read_request(parameters).page == page


def test_no_more_hits_are_asked_for_than_allowed() -> None:
    assert read_request(QueryDict("per_page=1000")).per_page == 100
    assert read_request(QueryDict("per_page=7")).per_page == 7
    assert read_request(QueryDict("")).per_page == 20


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_is_read(sort: str) -> None:
    assert read_request(QueryDict(f"sort={sort}")).sort == sort


def test_an_unknown_sort_is_by_relevance() -> None:
    assert read_request(QueryDict("sort=random")).sort == "relevance"


def test_facets_are_repeatable_and_read_once() -> None:
    request = read_request(QueryDict("source=a&source=b&source=a&year=&colour=red"))
    assert request.selected == {"source": ("a", "b")}


def test_no_more_values_than_a_person_chooses_are_read() -> None:
    query = "&".join(f"year={n}" for n in range(500))
    assert len(read_request(QueryDict(query)).selected["year"]) == MAX_SELECTED


def test_a_nul_is_no_part_of_a_query() -> None:
    assert read_request(QueryDict("q=a%00b")).query == "a b"


@given(st.binary())
def test_any_bytes_are_a_request(data: bytes) -> None:
    request = read_request(QueryDict(data))
    assert request.page >= 1
    assert 1 <= request.per_page <= 100


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2001", date(2001, 1, 1), date(2001, 12, 31)),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29)),
        ("2001-9-11", date(2001, 9, 11), date(2001, 9, 11)),
        ("2001-09..2002", date(2001, 9, 1), date(2002, 12, 31)),
        ("2003-12-31..2001", date(2001, 12, 31), date(2003, 12, 31)),
        ("2001..", date(2001, 1, 1), None),
        ("..9999", None, date(9999, 12, 31)),
    ],
)
def test_a_period_is_read(text: str, first: date | None, last: date | None) -> None:
    assert read_period(text) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "..", "0000", "2001-13", "2001-02-30", "20011", "x..2001", "2001..x", "٢٠٠١"],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


def test_a_range_of_a_whole_month_is_that_month() -> None:
    assert str(read_period("2001-09-01..2001-09-30")) == "2001-09"
    assert str(read_period("2001-01..2001-12")) == "2001"
    assert str(read_period("2001-09-02..2001-09-30")) == "2001-09-02..2001-09-30"
    assert str(read_period("..2001")) == "..2001-12-31"


def test_an_excluded_value_is_not_chosen_too() -> None:
    request = read_request(QueryDict("source=a&source=b&not-source=b&not-year=2001"))
    assert request.selected == {"source": ("a",)}
    assert request.excluded == {"source": ("b",), "year": ("2001",)}
    assert request.is_narrowed
    assert not request.widened().is_narrowed


def test_switches_are_read_and_nonsense_is_none() -> None:
    plain = read_request(QueryDict("rung=high&match=some&names=no&variants=&share=1"))
    assert plain == read_request(QueryDict(""))
    turned = read_request(
        QueryDict("rung=root&match=any&names=off&variants=off&share=on&without=a")
    )
    assert (turned.rung, turned.any_word, turned.share) == ("root", True, True)
    assert (turned.names, turned.variants) == (False, False)
    assert turned.without == ("a",)
