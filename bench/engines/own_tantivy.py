"""Tantivy, through its Python bindings.

The first hits and the counts are asked for apart, since the bindings do not collect
both at once; the total comes with the counts, which every article has. That leaves
Tantivy free to pass over what cannot be among the first hits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import tantivy

from bench.corpus import Article
from bench.engines import FACETS, TOP
from bench.queries import Answer, Query

HEAP = 1_000_000_000
VALUES = 1_000

_COUNTS = {name: {"terms": {"field": name, "size": VALUES}} for name in FACETS}


class Tantivy:
    """An index on disk, written by one thread."""

    most: ClassVar[int | None] = None
    exact: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", fast=True)
        builder.add_text_field("text", tokenizer_name="whitespace")
        for name in FACETS:
            builder.add_text_field(
                name, fast=True, tokenizer_name="raw", index_option="basic"
            )
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._keys: list[str] = []
        self._searcher: Any = None

    def build(self, articles: Sequence[Article]) -> None:
        """Write all in one commit."""
        self._keys = [article.key for article in articles]
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        for number, article in enumerate(articles):
            writer.add_document(
                tantivy.Document(
                    number=number,
                    text=article.text,
                    section=article.section,
                    year=article.year,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, query: Query) -> Answer:
        """Search for the first hits, then count."""
        tree = self._tree(query)
        hits = self._searcher.search(tree, TOP, count=False).hits
        numbers = self._searcher.fast_field_values("number", [at for _, at in hits])
        counted = self._searcher.aggregate(tree, _COUNTS)
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in group["buckets"]}
            for name, group in counted.items()
        }
        return Answer(
            sum(facets[FACETS[0]].values()),
            [
                (self._keys[number], score)
                for number, (score, _) in zip(numbers, hits, strict=True)
            ],
            facets,
        )

    def close(self) -> None:
        """Let go of the files."""
        self._searcher = None

    def _tree(self, query: Query) -> Any:
        if query.kind == "phrase":
            return tantivy.Query.phrase_query(self._schema, "text", list(query.words))
        words = [
            tantivy.Query.term_query(self._schema, "text", word) for word in query.words
        ]
        if len(words) == 1:
            return words[0]
        occur = tantivy.Occur.Should if query.kind == "any" else tantivy.Occur.Must
        return tantivy.Query.boolean_query([(occur, word) for word in words])
