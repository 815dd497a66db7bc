"""Addresses of searches, and of the searches around one of them.

There is one way to write an address (``search.forms.values_of``). A link sent to a
colleague shows the same search, and two ways to one search give one address.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from search.forms import EXCLUDING, values_of
from search.results import Hit, Period, SearchRequest

_UNSAFE = re.compile(r"[^\w.-]")


def address_of(view: str, request: SearchRequest, *arguments: Any) -> str:
    """Return the address of a page that is about the search ``request``."""
    place = _place(view, arguments, get_language(), get_script_prefix())
    return f"{place}{_parameters(request)}"


class Around:
    """The addresses of the searches that are one step away from a search.

    A page has some two hundred of them, and what they have in common is written once.
    Each begins at the first page.
    """

    __slots__ = ("_asked", "_place", "_written")

    def __init__(self, request: SearchRequest, *, here: bool = False) -> None:
        """Write what the addresses around ``request`` have in common.

        Args:
            request: the search.
            here: whether they are for the page of a search. They are shorter there, and
                would lead to something else from any other page.
        """
        self._asked = values_of(replace(request, page=1))
        self._written = {n: _written(n, values) for n, values in self._asked.items()}
        self._place = "" if here else address_of("search", SearchRequest())

    def choosing(self, facet: str, value: str) -> str:
        """Return the address with ``value`` chosen, or with it not chosen any more."""
        return self._turning(value, facet, f"{EXCLUDING}{facet}")

    def excluding(self, facet: str, value: str) -> str:
        """Return the address with ``value`` excluded, or with it not excluded any more."""
        return self._turning(value, f"{EXCLUDING}{facet}", facet)

    def leaving_out(self, form: str) -> str:
        """Return the address without a form of a word, or with it again."""
        form = form.lower()
        without = self._asked["without"]
        others = [one for one in without if one.lower() != form]
        forms = others if len(others) < len(without) else [*without, form]
        return self._with(without=forms)

    def within(self, period: Period | None) -> str:
        """Return the address of the same search in another time; None for whenever."""
        return self._with(date=[str(period)] if period else [])

    def _turning(self, value: str, parameter: str, opposite: str) -> str:
        """Return the address with ``value`` turned in one parameter, out of the other."""
        others = [one for one in self._asked[opposite] if one != value]
        turned = _turned(self._asked[parameter], value)
        return self._with(**{parameter: turned, opposite: others})

    def _with(self, **changed: Sequence[str]) -> str:
        written = {name: _written(name, values) for name, values in changed.items()}
        parameters = _joined((self._written | written).values())
        # An address that is empty is that of the page, with what it asks for.
        return f"{self._place}{parameters}" or "?"


class OfHits:
    """The addresses that each hit of a search has, but for its number the same."""

    __slots__ = ("_asked", "_reading", "_why", "_words")

    def __init__(self, request: SearchRequest) -> None:
        self._reading = _before_number("article", get_language(), get_script_prefix())
        self._why = _before_number("why", get_language(), get_script_prefix())
        self._words = _parameters(_of_words(request)) if request.query else ""
        self._asked = _parameters(replace(request, page=1))

    def reading(self, hit: Hit) -> str:
        """Return the address of an article in which the reader's words are marked."""
        return f"{self._reading}{hit.id}/{self._words}"

    def why(self, hit: Hit) -> str:
        """Return the address of the page that says why ``hit`` was found."""
        return f"{self._why}{hit.id}/{self._asked}"


def _of_words(request: SearchRequest) -> SearchRequest:
    """Return ``request`` without what it does not say of words."""
    return SearchRequest(
        request.query,
        rung=request.rung,
        names=request.names,
        variants=request.variants,
        without=request.without,
    )


def _turned(values: Sequence[str], value: str) -> list[str]:
    """Return ``values`` without ``value``, or with it if it was not among them."""
    others = [one for one in values if one != value]
    return others if len(others) < len(values) else [*values, value]


def _parameters(request: SearchRequest) -> str:
    return _joined(_written(*asked) for asked in values_of(request).items())


def _joined(written: Iterable[str]) -> str:
    parameters = "&".join(filter(None, written))
    return f"?{parameters}" if parameters else ""


def _written(name: str, values: Sequence[str]) -> str:
    return "&".join([f"{name}={_quoted(value)}" for value in values]) if values else ""


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    """Encode ``value``, but for the letters of every script.

    Browsers encode these. A page of Arabic addresses is shorter, and can be read.
    """
    return _UNSAFE.sub(lambda match: quote(match[0]), value)


@lru_cache(maxsize=4096)
def _place(
    view: str, arguments: tuple[Any, ...], _language: str | None, _prefix: str
) -> str:
    """Return an address without its parameters."""
    return reverse(view, args=arguments)


@lru_cache
def _before_number(view: str, _language: str | None, _prefix: str) -> str:
    """Return the address of a page that is about an article, up to its number."""
    return reverse(view, args=[0]).removesuffix("0/")
