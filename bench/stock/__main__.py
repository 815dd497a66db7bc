"""Answer queries by stock Haystack, for the process that started this one.

    python -m bench.stock FOLDER

Reads JSON lines: a list of articles to index in one commit, answered by the seconds that
it took; or a query, answered by what was found. The index is kept in FOLDER.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

TOP = 20


def main() -> None:
    """Answer line after line, until there are no more."""
    settings.configure(
        INSTALLED_APPS=["haystack", "bench.stock"],
        HAYSTACK_CONNECTIONS={
            "default": {
                "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
                "PATH": str(Path(sys.argv[1])),
            }
        },
        USE_TZ=True,
    )
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = index(asked) if isinstance(asked, list) else search(asked)
        print(json.dumps(answer), flush=True)


def index(articles: list[list[str]]) -> float:
    """Index articles; return the seconds."""
    from haystack import connections  # noqa: PLC0415

    from bench.stock.models import StockArticle  # noqa: PLC0415

    found = connections["default"].get_unified_index().get_index(StockArticle)
    made = [
        StockArticle(pk=number, key=key, text=text, section=section, year=year)
        for number, (key, text, section, year) in enumerate(articles, start=1)
    ]
    start = time.perf_counter()
    connections["default"].get_backend().update(found, made)
    return time.perf_counter() - start


def search(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a query finds."""
    from haystack.query import SQ, SearchQuerySet  # noqa: PLC0415

    words = asked["words"]
    if asked["kind"] == "phrase":
        wanted = SQ(content__exact=" ".join(words))
    else:
        wanted = SQ(content=words[0])
        for word in words[1:]:
            more = SQ(content=word)
            wanted = wanted | more if asked["kind"] == "any" else wanted & more
    found = SearchQuerySet().filter(wanted).facet("section").facet("year")
    query = found.query
    query.set_limits(0, TOP)
    # One search gives all three; asked for apart, a SearchQuerySet searches twice.
    hits = query.get_results()
    counts = query.get_facet_counts().get("fields", {})
    return {
        "total": query.get_count(),
        "hits": [[hit.key, hit.score] for hit in hits],
        "facets": {name: dict(counts.get(name, ())) for name in ("section", "year")},
    }


if __name__ == "__main__":
    main()
