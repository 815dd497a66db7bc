"""Find documents: one pass gives the total, the window asked for and every facet.

``Search`` says what is wanted, a ``Snapshot`` of the index answers, and ``Found`` is
the answer. The query tree is walked once, without the chosen facet values: what it
matches is an array of document numbers with their scores. Choices are masks over all
documents, so that each facet can be counted under the choices of the *other* facets,
which is what keeps its counts true when several of its values are chosen.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh_query
from whoosh.matching import Matcher
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F
from whoosh.searching import SearchContext, Searcher

from search.engine.columns import (
    FacetColumn,
    Ints,
    Mask,
    join_facets,
    read_facet,
    read_number,
)
from search.engine.fields import KEY, UNKNOWN_NUMBER, Field

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A number to sort by. Documents without one come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted.

    Attributes:
        query: a tree of Whoosh's query objects.
        chosen: facet -> values; a document needs one of them in every facet named.
            The empty string stands for documents without a value.
        facets: the facets to count.
        sort: what to sort by, the first key first; empty for the best score first.
            Ties fall to the document added last.
        offset: documents of the result to skip.
        limit: documents to give.
        hidden: keys of documents to treat as if they were not in the index.
    """

    query: whoosh_query.Query
    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: Sequence[SortKey] = ()
    offset: int = 0
    limit: int = 20
    hidden: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the result: its stored fields, and its score if one was asked for."""

    fields: Mapping[str, Any]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        total: documents that match, exactly.
        documents: those of the window.
        facets: facet -> value -> documents with it, under the other facets' choices.
    """

    total: int
    documents: tuple[Document, ...]
    facets: Mapping[str, Mapping[str, int]]


class Snapshot:
    """The index as one commit left it, with its columns. It never changes."""

    def __init__(
        self,
        searcher: Searcher,
        columns: "ColumnCache",
        commit: str,
        fields: Iterable[Field],
    ) -> None:
        """Open every file that a search may want; Whoosh itself opens them one by one.

        A writer may delete them as soon as it has merged their segment.
        """
        self.searcher = searcher
        self.commit = commit
        self._facets: dict[str, FacetColumn] = {}
        self._numbers: dict[str, Ints] = {}
        for known in fields:
            if known.kind == "facet":
                self._facets[known.name] = columns.facet(searcher, known.name)
            elif known.kind == "number":
                self._numbers[known.name] = columns.number(searcher, known.name)
        for _, reader in _segments(searcher):
            if reader.doc_count_all():
                reader.stored_fields(0)
                for name in searcher.schema.scorable_names():
                    reader.doc_field_length(0, name)

    def find(self, search: Search) -> Found:
        """Answer ``search``."""
        documents, scores = self._matching(search)
        choices = {
            name: self._facets[name].matching(values)
            for name, values in search.chosen.items()
        }
        kept = _all_of(choices.values(), documents)
        order = self._order(search.sort, documents[kept], scores[kept])
        window = slice(search.offset, search.offset + search.limit)
        return Found(
            total=int(np.count_nonzero(kept)),
            documents=tuple(
                Document(self.searcher.stored_fields(int(number)), float(score))
                for number, score in zip(
                    documents[kept][order][window],
                    scores[kept][order][window],
                    strict=True,
                )
            ),
            facets={
                name: self._count(name, documents, choices) for name in search.facets
            },
        )

    def close(self) -> None:
        """Let go of the files."""
        self.searcher.close()

    def _matching(self, search: Search) -> tuple[Ints, Scores]:
        """Walk the query: document numbers, rising, and the score of each."""
        weighting = None if search.sort else self.searcher.weighting
        documents: list[int] = []
        scores: list[float] = []
        hidden = set(self._numbers_of(search.hidden))
        for matcher, base in self._matchers(search.query, weighting):
            while matcher.is_active():
                number = matcher.id() + base
                if number not in hidden:
                    documents.append(number)
                    scores.append(matcher.score() if weighting else 0.0)
                matcher.next()
        return np.array(documents, dtype=np.int64), np.array(scores, dtype=np.float64)

    def _matchers(
        self, query: whoosh_query.Query, weighting: BM25F | None
    ) -> Iterator[tuple[Matcher, int]]:
        context = SearchContext(weighting=weighting)
        for leaf, base in self.searcher.leaf_searchers():
            yield query.matcher(leaf, context), base

    def _numbers_of(self, keys: Collection[str]) -> Iterator[int]:
        for key in keys:
            number = self.searcher.document_number(**{KEY: key})
            if number is not None:
                yield number

    def _order(self, sort: Sequence[SortKey], documents: Ints, scores: Scores) -> Ints:
        """Return positions in ``documents`` in the order wanted."""
        keys: list[NDArray[Any]] = [-documents]
        for key in reversed(sort):
            numbers = self._numbers[key.field][documents]
            unknown = numbers == UNKNOWN_NUMBER
            keys += [np.where(unknown, 0, -numbers if key.descending else numbers)]
            keys += [unknown]
        if not sort:
            keys.append(-scores)
        return np.lexsort(keys)

    def _count(
        self, name: str, documents: Ints, choices: Mapping[str, Mask]
    ) -> dict[str, int]:
        others = [mask for facet, mask in choices.items() if facet != name]
        among = np.zeros(self.searcher.doc_count_all(), dtype=np.bool_)
        among[documents[_all_of(others, documents)]] = True
        return self._facets[name].count(among)


class ColumnCache:
    """Columns by segment, so that a new snapshot reads those of new segments only."""

    def __init__(self) -> None:
        self._facets: dict[tuple[str, str], FacetColumn] = {}
        self._numbers: dict[tuple[str, str], Ints] = {}

    def facet(self, searcher: Searcher, name: str) -> FacetColumn:
        """Return the facet ``name`` over all documents of ``searcher``."""
        parts = {
            segment: self._facets.get((name, segment)) or read_facet(reader, name)
            for segment, reader in _segments(searcher)
        }
        self._facets = {k: v for k, v in self._facets.items() if k[0] != name}
        self._facets |= {(name, segment): part for segment, part in parts.items()}
        return join_facets(list(parts.values()))

    def number(self, searcher: Searcher, name: str) -> Ints:
        """Return the numbers ``name`` over all documents of ``searcher``."""
        parts: dict[str, Ints] = {}
        for segment, reader in _segments(searcher):
            known = self._numbers.get((name, segment))
            parts[segment] = read_number(reader, name) if known is None else known
        self._numbers = {k: v for k, v in self._numbers.items() if k[0] != name}
        self._numbers |= {(name, segment): part for segment, part in parts.items()}
        return np.concatenate([np.empty(0, dtype=np.int64), *parts.values()])


def _segments(searcher: Searcher) -> Iterator[tuple[str, IndexReader]]:
    """Yield the name and the reader of every segment; an empty index has none."""
    for leaf, _ in searcher.leaf_searchers():
        reader = leaf.reader()
        if reader.segment() is not None:
            yield str(reader.segment().segment_id()), reader


def _all_of(masks: Collection[Mask], documents: Ints) -> Mask:
    """Return shape (len(documents),): which of them lie under every mask."""
    kept = np.ones(len(documents), dtype=np.bool_)
    for mask in masks:
        kept &= mask[documents]
    return kept
