"""Search addresses: whatever the parameters are, there is a request."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.forms import MAX_SELECTED, read_request
from search.results import SORTS


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
