"""Addresses of searches: one search, one address."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from search.forms import read_request
from search.results import (
    FACETS,
    RUNGS,
    SORTS,
    Facet,
    FacetValue,
    Period,
    ResultPage,
    SearchRequest,
    days_of,
)
from search.templatetags.searching import (
    absolute_language_address,
    chosen,
    exclude_address,
    facet_address,
    facet_title,
    feed_address,
    field_name,
    json_address,
    kept_parameters,
    language_address,
    page_address,
    page_sizes,
    pages_shown,
    period_address,
    query_address,
    rung_address,
    rung_meaning,
    rung_name,
    search_address,
    sort_address,
    sorts,
    switch_address,
    toggle_address,
)

REQUEST = SearchRequest(
    "قطار", page=3, sort="newest", selected={"year": ("2020",), "source": ("a", "b")}
)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def test_a_plain_search_has_a_plain_address() -> None:
    assert search_address(SearchRequest()) == "/en/search/"
    assert search_address(SearchRequest("a b")) == "/en/search/?q=a%20b"
    assert search_address(SearchRequest("a&b=\u202e#")) == (
        "/en/search/?q=a%26b%3D%E2%80%AE%23"
    )


def test_parameters_stand_in_one_order() -> None:
    assert search_address(REQUEST) == (
        "/en/search/?q=قطار&source=a&source=b&year=2020&sort=newest&page=3"
    )


def test_pages_keep_everything_else() -> None:
    assert page_address(REQUEST, 2).endswith("&sort=newest&page=2")
    assert "page" not in page_address(REQUEST, 1)


def test_orders_and_choices_begin_at_the_first_page() -> None:
    assert "page" not in sort_address(REQUEST, "oldest")
    assert "sort" not in sort_address(REQUEST, "relevance")
    added = toggle_address(REQUEST, "source", "c")
    assert "source=a&source=b&source=c" in added
    assert "page" not in added
    assert "source=b" not in toggle_address(REQUEST, "source", "b")
    assert "section=x" in toggle_address(REQUEST, "section", "x")


def test_a_value_is_chosen_or_excluded_and_never_both() -> None:
    out = exclude_address(REQUEST, "source", "b")
    assert "source=a&not-source=b&year" in out
    excluded = replace(REQUEST, excluded={"source": ("b", "c")})
    assert "not-source=c&" in exclude_address(excluded, "source", "b")
    back = toggle_address(replace(excluded, selected={}), "source", "b")
    assert "source=b&not-source=c&" in back


def test_the_ladder_and_its_switches_have_addresses() -> None:
    assert rung_address(REQUEST, "root").startswith("/en/search/?q=قطار&rung=root&")
    assert "rung" not in rung_address(replace(REQUEST, rung="root"), "lemma")
    assert "&match=any&" in switch_address(REQUEST, "any_word")
    assert "&names=off&" in switch_address(REQUEST, "names")
    assert "&variants=off&" in switch_address(REQUEST, "variants")
    assert "&share=on&" in switch_address(REQUEST, "share")


def test_a_period_has_an_address() -> None:
    month = Period(date(2001, 9, 1), date(2001, 9, 30))
    assert "&date=2001-09&" in period_address(REQUEST, month)
    assert "date" not in period_address(replace(REQUEST, period=month), None)


def test_outputs_and_values_have_addresses() -> None:
    assert json_address(REQUEST).startswith("/search.json?q=قطار")
    assert feed_address(replace(REQUEST, sort="title")).endswith("&sort=newest")
    assert facet_address(REQUEST, "author").startswith("/en/search/values/author/?q=")
    assert query_address(REQUEST, "متحف").startswith("/en/search/?q=متحف&source=a")


@pytest.mark.parametrize("rung", RUNGS)
def test_every_rung_has_a_name_and_a_meaning(rung: str) -> None:
    assert rung_name(rung)
    assert rung_meaning(rung).endswith(".")


def test_fields_are_called_as_readers_call_them() -> None:
    assert field_name("authors") == "authors"
    assert field_name("beyond") == "beyond"


def test_orders_by_relevance_need_words() -> None:
    page = ResultPage(REQUEST, 0, 1, 0.0, (), ())
    assert [order for order, _ in sorts(page)][:3] == ["relevance", "oldest", "title"]
    with_words = replace(page, has_words=True)
    assert [order for order, _ in sorts(with_words)] == list(SORTS)


def test_pages_have_ten_to_a_hundred_hits() -> None:
    page = ResultPage(replace(REQUEST, per_page=7), 0, 1, 0.0, (), ())
    sizes = page_sizes(page)
    assert [size for size, _ in sizes] == [7, 10, 20, 50, 100]
    assert "&per_page=50" in dict(sizes)[50]


TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
CHOICES = st.dictionaries(
    st.sampled_from(FACETS),
    st.lists(TEXT.filter(bool), min_size=1, max_size=3, unique=True).map(tuple),
)
REQUESTS = st.builds(
    SearchRequest,
    query=TEXT,
    page=st.integers(1, 10**9),
    per_page=st.integers(1, 100),
    sort=st.sampled_from(SORTS),
    selected=CHOICES,
    excluded=CHOICES,
    period=st.one_of(
        st.none(),
        st.builds(
            lambda day, unit: Period(*days_of(day, unit)),
            st.dates(),
            st.sampled_from(["year", "month", "day"]),
        ),
        st.lists(st.dates(), min_size=2, max_size=2).map(lambda d: Period(*sorted(d))),
        st.dates().map(lambda day: Period(day, None)),
        st.dates().map(lambda day: Period(None, day)),
    ),
    rung=st.sampled_from(RUNGS),
    any_word=st.booleans(),
    names=st.booleans(),
    variants=st.booleans(),
    without=st.lists(TEXT.filter(bool), max_size=3, unique=True).map(tuple),
    share=st.booleans(),
).filter(
    lambda request: all(
        value not in request.excluded.get(name, ())
        for name, values in request.selected.items()
        for value in values
    )
)


@given(REQUESTS)
def test_an_address_asks_for_the_search_that_it_was_made_from(
    request: SearchRequest,
) -> None:
    _, _, parameters = search_address(request).partition("?")
    assert read_request(QueryDict(parameters)) == request


@given(REQUESTS, TEXT.filter(bool))
def test_a_new_query_keeps_everything_but_the_page(
    request: SearchRequest, query: str
) -> None:
    sent = QueryDict(mutable=True)
    for name, value in [("q", query), *kept_parameters(request)]:
        sent.appendlist(name, value)
    assert read_request(sent) == replace(request, query=query, page=1, without=())


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_pages_have_gaps(page: int, pages: int, shown: list[int | None]) -> None:
    result = ResultPage(SearchRequest(page=page), 0, pages, 0.0, (), ())
    assert pages_shown(result) == shown


def test_choices_are_listed_with_their_facet() -> None:
    value, other = FacetValue("a", "A", 0, "chosen"), FacetValue("b", "B", 3)
    out = FacetValue("c", "C", 2, "excluded")
    page = ResultPage(
        SearchRequest(),
        0,
        1,
        0.0,
        (),
        (Facet("source", (other, out, value), 3), Facet("year", (), 0)),
    )
    assert chosen(page) == [("source", value), ("source", out)]


def test_every_facet_has_a_title() -> None:
    assert all(facet_title(name) for name in FACETS)


def test_other_languages_keep_the_place() -> None:
    request = RequestFactory().get("/en/search/?q=a&page=2")
    context = {"request": request}
    assert language_address(context, "ar") == "/ar/search/?q=a&page=2"
    assert language_address({}, "fr") == "/fr/"
    assert absolute_language_address(context, "fr") == (
        "http://testserver/fr/search/?q=a&page=2"
    )
    assert absolute_language_address({}, "fr") == ""
