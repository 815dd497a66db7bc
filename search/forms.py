"""Read the parameters of a search address; whatever they are, there is a request.

``q``, ``page``, ``per_page``, ``sort`` and one repeatable parameter for each facet.
What makes no sense is brought to the nearest thing that does.
"""

from django.http import QueryDict

from search.conf import search_settings
from search.results import FACETS, SORTS, SearchRequest, Sort

MAX_SELECTED = 50
"""Values of one facet that are read."""


def read_request(parameters: QueryDict) -> SearchRequest:
    """Return the search that ``parameters`` ask for."""
    settings = search_settings()
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
            name: tuple(values)
            for name in FACETS
            if (values := _values(parameters.getlist(name)))
        },
    )


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
