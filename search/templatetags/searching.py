"""What pages of searches link to, and what readers call the parts of a search."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import translate_url
from django.utils.translation import gettext

from articles.conventions import write_digits
from search.addresses import Around, address_of
from search.conf import search_settings
from search.forms import parameters_of
from search.results import (
    FacetValue,
    Period,
    ResultPage,
    Rung,
    SearchRequest,
    Sort,
)

register = template.Library()

PAGES_AROUND = 2


@register.simple_tag
def search_address(request: SearchRequest) -> str:
    """Return the address of the search that ``request`` asks for."""
    return address_of("search", request)


@register.simple_tag
def query_search(query: str) -> str:
    """Return the address of a plain search for a query string."""
    return search_address(SearchRequest(query))


@register.simple_tag
def feed_address(request: SearchRequest) -> str:
    """Return the address of the feed of the newest articles that ``request`` finds."""
    return address_of("search-feed", _first_page(request, sort="newest"))


@register.simple_tag
def json_address(request: SearchRequest) -> str:
    """Return the address of the same search for programs."""
    return address_of("search-json", request)


@register.simple_tag
def facet_address(request: SearchRequest, name: str) -> str:
    """Return the address of all values of a facet."""
    return address_of("facet", _first_page(request), name)


@register.simple_tag
def forms_address(request: SearchRequest) -> str:
    """Return the address of all forms of the words."""
    return address_of("forms", _first_page(request))


@register.simple_tag
def kept_parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """Return what a form keeps beside a new query, as (parameter, value)."""
    # Forms that were left out are of the words that were there.
    return all_parameters(replace(request, query="", without=()))


@register.simple_tag
def all_parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """Return everything that a search asks for, as (parameter, value)."""
    return parameters_of(_first_page(request))


@register.simple_tag
def page_address(request: SearchRequest, page: int) -> str:
    """Return the address of another page of the same search."""
    return search_address(replace(request, page=page))


@register.simple_tag
def sort_address(request: SearchRequest, sort: Sort) -> str:
    """Return the address of the same search in another order, from its first page."""
    return search_address(_first_page(request, sort=sort))


@register.simple_tag
def toggle_address(request: SearchRequest, facet: str, value: str) -> str:
    """Return the address with ``value`` chosen, or with it not chosen any more."""
    return Around(request).choosing(facet, value)


@register.simple_tag
def exclude_address(request: SearchRequest, facet: str, value: str) -> str:
    """Return the address with ``value`` excluded, or with it not excluded any more."""
    return Around(request).excluding(facet, value)


@register.simple_tag
def rung_address(request: SearchRequest, rung: Rung) -> str:
    """Return the address of the same search on another rung of the ladder."""
    return search_address(_first_page(request, rung=rung))


@register.simple_tag
def switch_address(request: SearchRequest, switch: str) -> str:
    """Return the address with ``names``, ``variants``, ``any_word`` or ``share`` turned."""
    return search_address(
        _first_page(request, **{switch: not getattr(request, switch)})
    )


@register.simple_tag
def query_address(request: SearchRequest, query: str) -> str:
    """Return the address of the same search for another query string."""
    return search_address(_first_page(request, query=query))


@register.simple_tag
def period_address(request: SearchRequest, period: Period | None) -> str:
    """Return the address of the same search in another time; None for whenever."""
    return Around(request).within(period)


def _first_page(request: SearchRequest, **changes: Any) -> SearchRequest:
    return replace(request, page=1, **changes)


@register.simple_tag
def pages_shown(page: ResultPage) -> list[int | None]:
    """Return the page numbers to link to: first, last, those around; None is a gap."""
    current, last = page.request.page, page.pages
    near = range(current - PAGES_AROUND, current + PAGES_AROUND + 1)
    numbers = sorted({1, last, *(n for n in near if 1 <= n <= last)})
    shown: list[int | None] = []
    for number in numbers:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown


@register.simple_tag
def chosen(page: ResultPage) -> list[tuple[str, FacetValue]]:
    """Return what the reader chose or excluded, as (facet, value)."""
    return [
        (facet.name, value)
        for facet in page.facets
        for value in (*facet.selected, *facet.excluded)
    ]


@register.simple_tag
def facet_title(name: str) -> str:
    """Return what a reader calls a facet."""
    return {
        "source": gettext("Source"),
        "section": gettext("Section"),
        "author": gettext("Author"),
        "place": gettext("Place"),
        "language": gettext("Language"),
        "year": gettext("Year"),
    }[name]


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that a reader turns on or off."""

    name: str
    label: str
    is_on: bool


@register.simple_tag
def switches(page: ResultPage) -> list[Switch]:
    """Return the switches that make a difference to a search."""
    request = page.request
    names = Switch("names", gettext("Names in the other script"), request.names)
    shown = [names]
    if request.rung in {"lemma", "root"}:
        label = gettext("Press variants")
        shown.append(Switch("variants", label, request.variants))
    if len(page.words) > 1:
        label = gettext("One of the words is enough")
        shown.append(Switch("any_word", label, request.any_word))
    return shown


@register.simple_tag
def rung_name(rung: str) -> str:
    """Return what a reader calls a rung."""
    return {
        "written": gettext("As written"),
        "folded": gettext("Any spelling"),
        "variant": gettext("Press variant"),
        "lemma": gettext("All forms"),
        "root": gettext("Word family"),
        "name": gettext("Other script"),
    }[rung]


@register.simple_tag
def rung_meaning(rung: str) -> str:
    """Return what is found on a rung, in a sentence."""
    return {
        "written": gettext("The very word, letter by letter."),
        "folded": gettext("However it is spelled: hamzas, vowel signs, accents, case."),
        "lemma": gettext("Its plurals, conjugations, and with prefixes and suffixes."),
        "root": gettext("All words of the same root."),
    }[rung]


@register.simple_tag
def field_name(name: str) -> str:
    """Return what a reader calls a part of an article."""
    return {
        "title": gettext("title"),
        "subtitle": gettext("subtitle"),
        "text": gettext("text"),
        "authors": gettext("authors"),
        "place": gettext("place"),
    }.get(name, name)


@register.simple_tag
def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent."""
    return f"{write_digits(str(round(share * 100)))} %"


@register.simple_tag
def sorts(page: ResultPage) -> list[tuple[Sort, str]]:
    """Return the orders that make sense, as (order, its name)."""
    orders: list[tuple[Sort, str]] = [
        ("relevance", gettext("Relevance")),
        ("newest", gettext("Newest")),
        ("oldest", gettext("Oldest")),
        ("title", gettext("Title")),
        ("longest", gettext("Longest")),
        ("shortest", gettext("Shortest")),
    ]
    # Without a word nothing is more relevant than anything: newest first, as it is.
    return orders if page.has_words else [("relevance", orders[1][1]), *orders[2:]]


@register.simple_tag
def page_sizes(page: ResultPage) -> list[tuple[int, str]]:
    """Return how many hits a page may have, as (number, address)."""
    sizes = sorted({10, 20, 50, 100, page.request.per_page})
    return [
        (size, search_address(_first_page(page.request, per_page=size)))
        for size in sizes
        if size <= search_settings().max_per_page
    ]


@register.simple_tag(takes_context=True)
def language_address(context: dict[str, Any], language: str) -> str:
    """Return the address of this page in another language of the interface."""
    request = context.get("request")
    return (
        translate_url(request.get_full_path(), language) if request else f"/{language}/"
    )


@register.simple_tag(takes_context=True)
def absolute_language_address(context: dict[str, Any], language: str) -> str:
    """Return it as other machines know it; empty for a page that has no request."""
    request = context.get("request")
    if not request:
        return ""
    return str(request.build_absolute_uri(language_address(context, language)))
