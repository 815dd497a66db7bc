"""The addresses around a search lead where one step from it leads."""

from dataclasses import replace
from datetime import date
from urllib.parse import urljoin

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from search.addresses import Around, OfHits
from search.forms import read_request
from search.results import Hit, Period, SearchRequest

REQUEST = SearchRequest(
    "قطار", page=3, sort="newest", selected={"year": ("2020",), "source": ("a", "b")}
)
TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def asked(address: str) -> SearchRequest:
    return read_request(QueryDict(address.partition("?")[2]))


@given(TEXT, TEXT)
def test_any_value_and_any_form_stand_in_an_address(query: str, value: str) -> None:
    request = SearchRequest(query)
    around = Around(request)
    chosen, excluded = {"author": (value,)}, {"place": (value,)}
    assert asked(around.choosing("author", value)) == replace(request, selected=chosen)
    assert asked(around.excluding("place", value)) == replace(
        request, excluded=excluded
    )
    form = value.lower()
    assert asked(around.leaving_out(value)) == replace(request, without=(form,))


@given(TEXT)
def test_an_address_around_a_search_is_the_same_on_its_page(value: str) -> None:
    shown_at = "/en/search/?q=x&page=3"
    whole, short = Around(REQUEST), Around(REQUEST, here=True)
    for one, other in [
        (whole.choosing("author", value), short.choosing("author", value)),
        (whole.excluding("source", value), short.excluding("source", value)),
        (whole.leaving_out(value), short.leaving_out(value)),
    ]:
        assert other.startswith("?")
        assert urljoin(shown_at, other) == one


def test_what_was_asked_last_can_be_taken_back_on_the_page_itself() -> None:
    one_value = Around(SearchRequest(selected={"source": ("a",)}), here=True)
    # An address of nothing would leave the reader where she is.
    assert one_value.choosing("source", "a") == "?"
    assert Around(SearchRequest()).within(None) == "/en/search/"


def test_a_form_is_found_again_however_it_was_written() -> None:
    request = replace(REQUEST, without=("Train", "Trains"))
    assert asked(Around(request).leaving_out("TRAIN")).without == ("Trains",)
    assert asked(Around(request).leaving_out("x")).without == ("Train", "Trains", "x")


def test_a_time_takes_the_place_of_another() -> None:
    month = Period(date(2001, 9, 1), date(2001, 9, 30))
    around = Around(replace(REQUEST, period=Period(date(2001, 1, 1), None)))
    assert asked(around.within(month)) == replace(REQUEST, period=month, page=1)


def test_an_article_is_opened_with_the_words_that_found_it() -> None:
    hit = Hit(7, "", "", "", 0, "ar", "a", "A", "", "", None, None, 0.0)
    addresses = OfHits(REQUEST)
    assert addresses.reading(hit) == "/en/articles/7/?q=قطار"
    assert addresses.why(hit) == (
        "/en/search/why/7/?q=قطار&source=a&source=b&year=2020&sort=newest"
    )
    wide = OfHits(replace(REQUEST, rung="root", without=("x",)))
    assert wide.reading(hit) == "/en/articles/7/?q=قطار&rung=root&without=x"
    assert OfHits(SearchRequest(sort="title")).reading(hit) == "/en/articles/7/"
