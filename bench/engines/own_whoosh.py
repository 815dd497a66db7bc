"""Whoosh's own searcher over its own codec, with facets as it counts them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.sorting import Count, FieldFacet

from bench.corpus import Article
from bench.engines import FACETS, TOP
from bench.queries import Answer, Query

MEGABYTES = 512


class OwnWhoosh:
    """An index as Whoosh makes it."""

    most: ClassVar[int | None] = None
    exact: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        schema = Schema(
            id=ID(stored=True),
            text=TEXT(analyzer=SpaceSeparatedTokenizer()),
            section=ID(sortable=True),
            year=ID(sortable=True),
        )
        self._index = whoosh_index.create_in(str(folder), schema)
        self._searcher: Any = None

    def build(self, articles: Sequence[Article]) -> None:
        """Write all in one commit, to one segment."""
        writer = self._index.writer(limitmb=MEGABYTES)
        for article in articles:
            writer.add_document(
                id=article.key,
                text=article.text,
                section=article.section,
                year=article.year,
            )
        writer.commit(optimize=True)
        self._searcher = self._index.searcher()

    def search(self, query: Query) -> Answer:
        """Ask for everything in one search."""
        grouped = [FieldFacet(name, maptype=Count) for name in FACETS]
        results = self._searcher.search(_tree(query), limit=TOP, groupedby=grouped)
        return Answer(
            len(results),
            [(hit["id"], hit.score) for hit in results],
            {name: results.groups(name) for name in FACETS},
        )

    def close(self) -> None:
        """Let go of the files."""
        if self._searcher is not None:
            self._searcher.close()
        self._index.close()


def _tree(query: Query) -> whoosh_query.Query:
    if query.kind == "phrase":
        return whoosh_query.Phrase("text", list(query.words))
    words = [whoosh_query.Term("text", word) for word in query.words]
    if len(words) == 1:
        return words[0]
    return whoosh_query.Or(words) if query.kind == "any" else whoosh_query.And(words)
