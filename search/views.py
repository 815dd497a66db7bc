"""The search page, and the same as JSON."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.finder import find
from search.forms import read_request
from search.results import Facet, Hit, SearchUnavailableError

logger = logging.getLogger(__name__)

RETRY_SECONDS = "60"


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    try:
        page = find(read_request(request.GET))
    except SearchUnavailableError:
        logger.exception("Search is not available.")
        response = render(request, "search/unavailable.html", status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return render(request, "search/search.html", {"page": page})


@require_safe
@never_cache
def search_json(request: HttpRequest) -> JsonResponse:
    """Give what a search finds, for programs."""
    try:
        page = find(read_request(request.GET))
    except SearchUnavailableError:
        logger.exception("Search is not available.")
        return JsonResponse(
            {"error": "Search is not available for the moment."},
            status=503,
            headers={"Retry-After": RETRY_SECONDS},
        )
    return JsonResponse(
        {
            "query": page.request.query,
            "total": page.total,
            "page": page.request.page,
            "pages": page.pages,
            "took_ms": page.took_ms,
            "notes": [{"kind": note.kind, "text": note.text} for note in page.notes],
            "hits": [_hit(request, hit) for hit in page.hits],
            "facets": {facet.name: _facet(facet) for facet in page.facets},
        },
        json_dumps_params={"ensure_ascii": False},
    )


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
        "snippet": hit.snippet,
    }


def _facet(facet: Facet) -> list[dict[str, Any]]:
    return [
        {
            "value": value.value,
            "label": value.label,
            "count": value.count,
            "selected": value.selected,
        }
        for value in facet.values
    ]
