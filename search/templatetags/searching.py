"""Addresses of searches, made from the request that a page shows.

There is one way to write an address: the query, the facets in their order, then what
differs from a plain search. A link sent to a colleague shows the same search, and two
ways to one search give one address.
"""

from dataclasses import replace
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse, translate_url
from django.utils.translation import gettext

from search.conf import search_settings
from search.results import FACETS, FacetValue, ResultPage, SearchRequest, Sort

register = template.Library()

PAGES_AROUND = 2


@register.simple_tag
def search_address(request: SearchRequest) -> str:
    """Return the address of the search that ``request`` asks for."""
    encoded = _parameters(request).urlencode()
    return f"{reverse('search')}?{encoded}" if encoded else reverse("search")


def _parameters(request: SearchRequest) -> QueryDict:
    """Return what ``request`` asks for beyond a plain search, in the one order."""
    parameters = QueryDict(mutable=True)
    if request.query:
        parameters["q"] = request.query
    for name in FACETS:
        parameters.setlist(name, list(request.selected.get(name, ())))
    if request.sort != "relevance":
        parameters["sort"] = request.sort
    if request.per_page != search_settings().per_page:
        parameters["per_page"] = str(request.per_page)
    if request.page > 1:
        parameters["page"] = str(request.page)
    return parameters


@register.simple_tag
def kept_parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """Return what a form keeps beside a new query, as (parameter, value)."""
    kept = _parameters(replace(request, query="", page=1))
    return [(name, value) for name, values in kept.lists() for value in values]


@register.simple_tag
def page_address(request: SearchRequest, page: int) -> str:
    """Return the address of another page of the same search."""
    return search_address(replace(request, page=page))


@register.simple_tag
def sort_address(request: SearchRequest, sort: Sort) -> str:
    """Return the address of the same search in another order, from its first page."""
    return search_address(replace(request, sort=sort, page=1))


@register.simple_tag
def toggle_address(request: SearchRequest, facet: str, value: str) -> str:
    """Return the address with ``value`` chosen, or with it not chosen any more."""
    chosen = request.selected.get(facet, ())
    if value in chosen:
        values = tuple(other for other in chosen if other != value)
    else:
        values = (*chosen, value)
    return search_address(
        replace(request, selected={**request.selected, facet: values}, page=1)
    )


@register.simple_tag
def unfiltered_address(request: SearchRequest) -> str:
    """Return the address of the same query without any choice."""
    return search_address(replace(request, selected={}, page=1))


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
    """Return what the reader chose, as (facet, value)."""
    return [(facet.name, value) for facet in page.facets for value in facet.selected]


@register.simple_tag
def facet_title(name: str) -> str:
    """Return what a reader calls a facet."""
    return {
        "source": gettext("Source"),
        "section": gettext("Section"),
        "language": gettext("Language"),
        "year": gettext("Year"),
    }[name]


@register.simple_tag(takes_context=True)
def language_address(context: dict[str, Any], language: str) -> str:
    """Return the address of this page in another language of the interface."""
    request = context.get("request")
    return (
        translate_url(request.get_full_path(), language) if request else f"/{language}/"
    )
