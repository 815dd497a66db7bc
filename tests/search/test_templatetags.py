"""Addresses of searches: one search, one address."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from search.forms import read_request
from search.results import FACETS, SORTS, Facet, FacetValue, ResultPage, SearchRequest
from search.templatetags.searching import (
    chosen,
    facet_title,
    kept_parameters,
    language_address,
    page_address,
    pages_shown,
    search_address,
    sort_address,
    toggle_address,
    unfiltered_address,
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
    assert search_address(SearchRequest("a b")) == "/en/search/?q=a+b"


def test_parameters_stand_in_one_order() -> None:
    assert search_address(REQUEST) == (
        "/en/search/?q=%D9%82%D8%B7%D8%A7%D8%B1"
        "&source=a&source=b&year=2020&sort=newest&page=3"
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
    assert unfiltered_address(REQUEST).endswith(
        "?q=%D9%82%D8%B7%D8%A7%D8%B1&sort=newest"
    )


TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
REQUESTS = st.builds(
    SearchRequest,
    query=TEXT,
    page=st.integers(1, 10**9),
    per_page=st.integers(1, 100),
    sort=st.sampled_from(SORTS),
    selected=st.dictionaries(
        st.sampled_from(FACETS),
        st.lists(TEXT.filter(bool), min_size=1, max_size=3, unique=True).map(tuple),
    ),
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
    assert read_request(sent) == replace(request, query=query, page=1)


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
    value, other = FacetValue("a", "A", 0, True), FacetValue("b", "B", 3, False)  # noqa: FBT003
    page = ResultPage(
        SearchRequest(),
        0,
        1,
        0.0,
        (),
        (Facet("source", (other, value)), Facet("year", ())),
    )
    assert chosen(page) == [("source", value)]


def test_every_facet_has_a_title() -> None:
    assert all(facet_title(name) for name in FACETS)


def test_other_languages_keep_the_place() -> None:
    request = RequestFactory().get("/en/search/?q=a&page=2")
    context = {"request": request}
    assert language_address(context, "ar") == "/ar/search/?q=a&page=2"
    assert language_address({}, "fr") == "/fr/"
