"""Imports for tests, and what of the archive an import may change."""

import json
from pathlib import Path
from typing import Any

from django.db.models import Sum

from articles.importing.running import bring_on
from articles.models import (
    Article,
    ArticleVersion,
    Band,
    Byline,
    Import,
    Section,
    Sketch,
    Source,
    Tally,
)
from search import outbox
from search.finder import find
from search.results import SearchRequest


def line(number: int, **values: Any) -> dict[str, Any]:
    """What a file says of one article."""
    body = f"The harvest of field {number} began, and it was {number * 7} days long."
    return {"id": str(number), "body": body, "source": "Atlas"} | values


def make_import(folder: Path, *lines: dict[str, Any] | str, **values: Any) -> Import:
    """Make an import of lines of JSON that waits for the worker."""
    path = folder / f"{len(list(folder.iterdir()))}.jsonl"
    text = "\n".join(v if isinstance(v, str) else json.dumps(v) for v in lines)
    path.write_text(text, encoding="utf-8")
    values = {"name": path.name, "state": Import.State.QUEUED} | values
    return Import.objects.create(path=str(path), size=path.stat().st_size, **values)


def run(started: Import) -> Import:
    """Bring an import on, and return it as it is then."""
    bring_on(started.pk)
    return Import.objects.get(pk=started.pk)


def counts(ended: Import) -> tuple[int, int, int, int, int]:
    """Return how many records were added, updated, unchanged, duplicates, failed."""
    return (
        ended.added,
        ended.updated,
        ended.unchanged,
        ended.duplicate,
        ended.failed,
    )


def database() -> dict[str, Any]:
    """Return all that an import may change in the database."""
    tallies = Tally.objects.exclude(kind="change").values(
        "kind", "value", "year", "visible_from"
    )
    return {
        "articles": list(Article.objects.order_by("pk").values()),
        "sources": list(Source.objects.order_by("pk").values()),
        "sections": list(Section.objects.order_by("pk").values()),
        "versions": list(ArticleVersion.objects.order_by("pk").values()),
        "bands": sorted(Band.objects.values_list("band", "article_id")),
        "sketches": list(Sketch.objects.order_by("pk").values()),
        "bylines": sorted(Byline.objects.values_list("article_id", "name")),
        "tallies": sorted(
            (tuple(map(str, row.values())))
            for row in tallies.annotate(n=Sum("articles")).exclude(n=0)
        ),
    }


def index() -> list[tuple[Any, ...]]:
    """Return what a search for everything finds, once the index has followed."""
    outbox.drain()
    first = find(SearchRequest("", sort="oldest"))
    pages = [
        find(SearchRequest("", sort="oldest", page=n + 1)) for n in range(first.pages)
    ]
    facets = [
        (facet.name, value.value, value.count)
        for facet in first.facets
        for value in facet.values
    ]
    hits = [
        (hit.id, hit.title, hit.snippet, hit.source, hit.section)
        for page in pages
        for hit in page.hits
    ]
    return [(first.total,), *sorted(hits), *sorted(facets)]
