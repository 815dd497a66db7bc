"""The search page with its side pages, and the same as JSON."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from search.finder import complete, explain_hit, find, list_facet, list_forms
from search.forms import read_request
from search.help import EXAMPLES
from search.keeping import kept
from search.results import (
    FACETS,
    RUNGS,
    Facet,
    Hit,
    ResultPage,
    SearchBusyError,
    SearchUnavailableError,
    Timeline,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = "60"
BUSY_SECONDS = "3"

MOST_VALUES = 500
"""Values of a facet on the page that lists them."""

MAX_ID = 2**63 - 1

View = Callable[..., HttpResponse]


def _page(view: View) -> View:
    """Make a view a page that says so when the index cannot be read."""
    kept_view = kept(view)

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return kept_view(request, *args, **kwargs)
        except SearchUnavailableError:
            logger.exception("Search is not available.")
            response = render(request, "search/unavailable.html", status=503)
            response["Retry-After"] = RETRY_SECONDS
        except SearchBusyError:
            response = render(request, "busy.html", status=503)
            response["Retry-After"] = BUSY_SECONDS
        add_never_cache_headers(response)
        return response

    return answer


def _data(view: View) -> View:
    """Make a view an answer to programs that says so when the index cannot be read."""
    kept_view = kept(view)

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return kept_view(request, *args, **kwargs)
        except SearchUnavailableError:
            logger.exception("Search is not available.")
            response = JsonResponse(
                {"error": "Search is not available for the moment."},
                status=503,
                headers={"Retry-After": RETRY_SECONDS},
            )
        except SearchBusyError:
            response = JsonResponse(
                {"error": "Too many are searching at the same time."},
                status=503,
                headers={"Retry-After": BUSY_SECONDS},
            )
        add_never_cache_headers(response)
        return response

    return answer


@_page
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    page = find(read_request(request.GET))
    return _unless_partial(page, render(request, "search/search.html", {"page": page}))


def _unless_partial(page: ResultPage, response: HttpResponse) -> HttpResponse:
    """Forbid to keep what more time would have found more for."""
    if any(note.kind == "partial" for note in page.notes):
        add_never_cache_headers(response)
    return response


@_page
def why(request: HttpRequest, article_id: int) -> HttpResponse:
    """Say why a search finds an article."""
    if article_id > MAX_ID:
        raise Http404
    asked = read_request(request.GET)
    reasons = explain_hit(asked, article_id)
    if reasons is None:
        raise Http404
    return render(request, "search/why.html", {"why": reasons, "asked": asked})


@_page
def facet(request: HttpRequest, name: str) -> HttpResponse:
    """List the values of a facet, or those whose names have what is looked for."""
    if name not in FACETS:
        raise Http404
    asked = read_request(request.GET)
    wanted = request.GET.get("value", "")
    listed = list_facet(asked, name, wanted)
    return render(
        request,
        "search/values.html",
        {
            "asked": asked,
            "facet": listed,
            "values": listed.values[:MOST_VALUES],
            "wanted": wanted,
        },
    )


@_page
def forms(request: HttpRequest) -> HttpResponse:
    """List all forms that the words of a search meet."""
    asked = read_request(request.GET)
    return render(
        request, "search/forms.html", {"asked": asked, "words": list_forms(asked)}
    )


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """Tell what a query may be made of, by examples that run."""
    return render(request, "search/help.html", {"examples": EXAMPLES, "rungs": RUNGS})


@_data
def complete_json(request: HttpRequest) -> JsonResponse:
    """Give what a reader may be about to type, for the search field."""
    found = complete(request.GET.get("q", "").replace("\0", " "))
    return JsonResponse(
        {
            "queries": list(found.queries),
            "titles": [
                {
                    "title": one.title,
                    "language": one.language,
                    "url": reverse("article", args=[one.id]),
                }
                for one in found.titles
            ],
            "sources": [
                {"name": one.name, "url": reverse("source", args=[one.slug])}
                for one in found.sources
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


@_data
def search_json(request: HttpRequest) -> HttpResponse:
    """Give what a search finds, for programs."""
    page = find(read_request(request.GET))
    response = JsonResponse(
        {
            "query": page.request.query,
            "read_as": page.read_as,
            "total": page.total,
            "partial": any(note.kind == "partial" for note in page.notes),
            "page": page.request.page,
            "pages": page.pages,
            "took_ms": page.took_ms,
            "notes": [{"kind": note.kind, "text": note.text} for note in page.notes],
            "hits": [_hit(request, hit) for hit in page.hits],
            "facets": {facet.name: _facet(facet) for facet in page.facets},
            "ladder": {step.rung: step.total for step in page.ladder},
            "words": [_words(page, place) for place in range(len(page.words))],
            "timeline": _timeline(page.timeline),
        },
        json_dumps_params={"ensure_ascii": False},
    )
    return _unless_partial(page, response)


def _hit(request: HttpRequest, hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "url": request.build_absolute_uri(reverse("article", args=[hit.id])),
        "title": hit.plain_title,
        "language": hit.language,
        "source": hit.source,
        "section": hit.section or None,
        "published": hit.published,
        "score": hit.score,
        "matches": hit.matches,
        "snippet": hit.snippet,
    }


def _facet(facet: Facet) -> list[dict[str, Any]]:
    return [
        {
            "value": value.value,
            "label": value.label,
            "count": value.count,
            "selected": value.selected,
            "excluded": value.excluded,
        }
        for value in facet.values
    ]


def _words(page: ResultPage, place: int) -> dict[str, Any]:
    word = page.words[place]
    return {
        "word": word.word,
        "forms": [
            {
                "form": form.form,
                "rung": form.rung,
                "count": form.count,
                "removed": form.is_removed,
            }
            for form in (*word.forms, *word.variants, *word.names)
        ],
    }


def _timeline(timeline: Timeline | None) -> dict[str, Any] | None:
    if timeline is None:
        return None
    return {
        "unit": timeline.unit,
        "bars": [
            {"period": str(bar.period), "count": bar.count} for bar in timeline.bars
        ],
        "undated": timeline.undated,
    }
