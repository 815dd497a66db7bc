"""Read the parameters of a search address; whatever they are, there is a request.

``q``, ``page``, ``per_page``, ``sort``; one repeatable parameter for each facet, and one
with ``not-`` before it for values to leave out; ``date`` for a year, month or day, or a
range of them (``2001-09..2002``); ``rung``; ``match=any``; ``names=off`` and
``variants=off``; ``without`` for each form that is not wanted; ``share=on``. What makes
no sense is brought to the nearest thing that does. ``parameters_of`` writes them again,
in one order, so that one search has one address.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from django.http import QueryDict

from search.conf import search_settings
from search.results import (
    DEFAULT_RUNG,
    FACETS,
    RUNGS,
    SORTS,
    Choices,
    Period,
    Rung,
    SearchRequest,
    Sort,
)

MAX_SELECTED = 50
"""Values of one facet, or forms, that are read."""

EXCLUDING = "not-"
"""What stands before the name of a facet whose values are left out."""

_DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)


def read_request(parameters: QueryDict) -> SearchRequest:
    """Return the search that ``parameters`` ask for."""
    settings = search_settings()
    excluded = _choices(parameters, EXCLUDING)
    return SearchRequest(
        query=_text(parameters.get("q", "")),
        page=_number(parameters.get("page"), default=1, most=10**9),
        per_page=_number(
            parameters.get("per_page"),
            default=settings.per_page,
            most=settings.max_per_page,
        ),
        sort=_sort(parameters.get("sort")),
        selected={
            name: kept
            for name, values in _choices(parameters).items()
            if (kept := tuple(v for v in values if v not in excluded.get(name, ())))
        },
        excluded=excluded,
        period=read_period(parameters.get("date", "")),
        rung=_rung(parameters.get("rung")),
        any_word=parameters.get("match") == "any",
        names=parameters.get("names") != "off",
        variants=parameters.get("variants") != "off",
        without=tuple(_values(parameters.getlist("without"))),
        share=parameters.get("share") == "on",
    )


def parameters_of(request: SearchRequest) -> list[tuple[str, str]]:
    """Return what ``request`` asks for beyond a plain search, in the one order.

    As (parameter, value).
    """
    asked = values_of(request)
    return [(name, value) for name, values in asked.items() for value in values]


def values_of(request: SearchRequest) -> dict[str, Sequence[str]]:
    """Return every parameter in the one order, with no value where all is as usual."""
    facets = {
        f"{before}{name}": choices.get(name, ())
        for name in FACETS
        for before, choices in (("", request.selected), (EXCLUDING, request.excluded))
    }
    return {
        "q": _unless("", request.query),
        "rung": _unless(DEFAULT_RUNG, request.rung),
        "match": ["any"] if request.any_word else [],
        "names": [] if request.names else ["off"],
        "variants": [] if request.variants else ["off"],
        "without": request.without,
        **facets,
        "date": [str(request.period)] if request.period else [],
        "share": ["on"] if request.share else [],
        "sort": _unless("relevance", request.sort),
        "per_page": _unless(search_settings().per_page, request.per_page),
        "page": _unless(1, request.page),
    }


def _unless(default: str | int, value: str | int) -> list[str]:
    return [] if value == default else [str(value)]


def read_period(text: str) -> Period | None:
    """Read a year, month or day, or a range of them; None if it is none.

    Either end of a range may be open.
    """
    begin, dots, end = text.partition("..")
    if not dots:
        first, last = _days(begin)
        return Period(first, last) if first and last else None
    first, last = _days(begin)[0], _days(end)[1]
    if not (first or last) or (begin and not first) or (end and not last):
        return None
    return (
        Period(last, first) if first and last and first > last else Period(first, last)
    )


def _days(text: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a year, a month or a day."""
    match = _DAY.fullmatch(text)
    if not match:
        return None, None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None, None
    month = month or 12
    return first, date(year, month, day or monthrange(year, month)[1])


def _choices(parameters: QueryDict, before: str = "") -> Choices:
    return {
        name: tuple(values)
        for name in FACETS
        if (values := _values(parameters.getlist(f"{before}{name}")))
    }


def _text(value: str) -> str:
    # No text has a NUL, and neither the database nor a page can show one.
    return value.replace("\0", " ")


def _values(values: list[str]) -> list[str]:
    texts = dict.fromkeys(_text(value) for value in values if value)
    return list(texts)[:MAX_SELECTED]


def _number(value: str | None, *, default: int, most: int) -> int:
    """Read a number from 1 to ``most``; what is none is ``default``."""
    if value is None or not (value.isdecimal() and len(value) < len(str(most)) + 3):
        return default
    return min(max(int(value), 1), most)


def _sort(value: str | None) -> Sort:
    return next((sort for sort in SORTS if sort == value), "relevance")


def _rung(value: str | None) -> Rung:
    return next((rung for rung in RUNGS if rung == value), DEFAULT_RUNG)
