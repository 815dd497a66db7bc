"""The one door to what can be found: ``find(SearchRequest) -> ResultPage``.

The query string is read, the engine is asked once for hits, total and facet counts,
and names are put to the slugs and codes that the index holds. What readers may no
longer see is left out even before the index has followed.
"""

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from articles.models import Section, Source
from search import outbox
from search.analysis import language_name
from search.backends import default_backend
from search.conf import search_settings
from search.engine import IndexDamagedError, Search, SortKey, mark, snippet
from search.query import ParsedQuery, parse
from search.results import (
    FACETS,
    MISSING,
    Facet,
    FacetValue,
    Hit,
    Note,
    ResultPage,
    SearchRequest,
    SearchUnavailableError,
    Sort,
)

_NEWEST = (
    SortKey("published_on", descending=True),
    SortKey("published_at", descending=True),
)
_OLDEST = (SortKey("published_on"), SortKey("published_at"))

Labels = Mapping[tuple[str, str], str]


def find(request: SearchRequest) -> ResultPage:
    """Search as ``request`` says. Whatever it says, there is a result page.

    A page past the last gives the last one.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    began = time.perf_counter()
    settings = search_settings()
    parsed = parse(
        request.query,
        max_length=settings.max_query_length,
        max_words=settings.max_query_words,
    )
    backend = default_backend()
    search = Search(
        parsed.tree,
        chosen={name: values for name, values in request.selected.items() if values},
        facets=FACETS,
        sort=_sort(request.sort, parsed),
        offset=(request.page - 1) * request.per_page,
        limit=request.per_page,
        hidden=outbox.hidden(),
        budget=settings.budget,
    )
    try:
        found = backend.index.find(search)
        forms = backend.index.matched(parsed.words)
    except IndexDamagedError as error:
        raise SearchUnavailableError(str(error)) from error
    pages = max(1, math.ceil(found.total / request.per_page))
    if request.page > pages:
        return find(replace(request, page=pages))
    took_ms = (time.perf_counter() - began) * 1000
    shown = {
        name: {*found.facets[name], *request.selected.get(name, ())} for name in FACETS
    }
    labels = _labels(shown)
    return ResultPage(
        request=request,
        total=found.total,
        pages=pages,
        took_ms=round(took_ms, 1),
        hits=tuple(
            _hit(backend.values(document), document.score, forms, labels)
            for document in found.documents
        ),
        facets=tuple(
            _facet(name, found.facets[name], request.selected.get(name, ()), labels)
            for name in FACETS
        ),
        notes=(
            *(Note(note.kind, note.text) for note in parsed.notes),
            *([Note("partial")] if found.is_partial else []),
        ),
    )


def _sort(sort: Sort, parsed: ParsedQuery) -> tuple[SortKey, ...]:
    """Without wanted words nothing is more relevant than anything: newest first."""
    if sort == "oldest":
        return _OLDEST
    return _NEWEST if sort == "newest" or not parsed.words else ()


def _hit(
    values: Mapping[str, Any], score: float, forms: Collection[str], labels: Labels
) -> Hit:
    has_section = values["section"] != MISSING
    return Hit(
        id=int(values["pk"]),
        title=mark(values["title"], forms),
        plain_title=values["title"],
        snippet=snippet(values["text"], forms, length=search_settings().snippet_length),
        language=values["language"],
        source=values["source"],
        source_label=labels["source", values["source"]],
        section=values["section"] if has_section else "",
        section_label=labels["section", values["section"]] if has_section else "",
        published_on=values["published_on"],
        published_at=values["published_at"],
        score=round(score, 4),
    )


def _facet(
    name: str, counts: Mapping[str, int], chosen: Iterable[str], labels: Labels
) -> Facet:
    """List the values that would find something, and those that are chosen anyway."""
    values = [
        FacetValue(value, labels[name, value], counts.get(value, 0), value in chosen)
        for value in {**counts, **dict.fromkeys(chosen, 0)}
    ]
    if name == "year":
        # From the newest to the oldest, and the undated last.
        values.sort(key=lambda v: (v.value != MISSING, v.value), reverse=True)
    else:
        values.sort(key=lambda v: (-v.count, v.label))
    return Facet(name, tuple(values))


class _Labels(dict[tuple[str, str], str]):
    """(facet, value) -> what a reader knows it as; an unknown value is its own name."""

    def __missing__(self, key: tuple[str, str]) -> str:
        name, value = key
        if value == MISSING:
            return _("Date unknown") if name == "year" else _("No section")
        return language_name(value) if name == "language" else value


def _labels(values: Mapping[str, Iterable[str]]) -> Labels:
    """Look up the names of sources and sections, in one query."""
    sources = Source.objects.filter(slug__in=list(values["source"]))
    sections = Section.objects.filter(slug__in=list(values["section"]))
    rows = (
        sources.annotate(facet=Value("source"))
        .values_list("facet", "slug", "name")
        .union(
            sections.annotate(facet=Value("section")).values_list(
                "facet", "slug", "name"
            ),
            all=True,
        )
    )
    return _Labels({(facet, slug): name for facet, slug, name in rows.order_by()})
