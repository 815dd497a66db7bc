"""Find documents: one pass gives the total, the window asked for and every facet.

``Search`` says what is wanted, a ``Snapshot`` of the index answers, and ``Found`` is
the answer. The query tree is evaluated once, without the chosen facet values. Choices
are masks over all documents, so that each facet can be counted under the choices of the
*other* facets, which is what keeps its counts true when several of its values are chosen.
"""

import fnmatch
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh_query
from whoosh.fields import Schema
from whoosh.reading import MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import SearchContext, Searcher

from search.engine.codec import ArrayCodec, ArraySegment
from search.engine.codec.documents import ArrayDocumentReader
from search.engine.codec.terms import ArrayTermsReader
from search.engine.columns import (
    FacetColumn,
    Ints,
    JointColumn,
    facet_column,
    join_columns,
    number_column,
)
from search.engine.deadlines import Deadline
from search.engine.evaluating import Evaluator
from search.engine.explaining import Reason, explain
from search.engine.fields import KEY, UNKNOWN_NUMBER, Field
from search.engine.histograms import Histogram, Unit, histogram
from search.engine.ladder import Form, Word, forms_of, matched
from search.engine.matches import Matches
from search.engine.segments import SegmentData
from search.engine.snapshot import Documents, Floats, Mask, Part
from search.engine.suggesting import complete, suggest

MOST_EXPANDED = 1024
"""Terms that a wildcard or a fuzzy word may become."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A number or a facet to sort by. Documents without one come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted.

    Attributes:
        query: a tree of Whoosh's query objects.
        chosen: facet -> values; a document needs one of them in every facet named.
            The empty string stands for documents without a value.
        excluded: facet -> values that a document must not have.
        facets: the facets to count.
        between: number field -> the lowest and the highest number that a document may
            have there; None for no bound.
        histograms: number fields of days -> the unit to count documents by, or "auto".
        sort: what to sort by, the first key first; empty for the best score first.
            Ties fall to the document added last.
        offset: documents of the result to skip.
        limit: documents to give.
        hidden: keys of documents to treat as if they were not in the index.
        budget: seconds after which the search stops with what it has; None for no end.
    """

    query: whoosh_query.Query
    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    excluded: Mapping[str, Collection[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    between: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    histograms: Mapping[str, Unit | Literal["auto"]] = field(default_factory=dict)
    sort: Sequence[SortKey] = ()
    offset: int = 0
    limit: int = 20
    hidden: Collection[str] = ()
    budget: float | None = None


class Document:
    """One document of the result, whose stored fields are read when they are wanted.

    Attributes:
        key: its key.
        score: its score if one was asked for.
    """

    __slots__ = ("_documents", "_fields", "_number", "key", "score")

    def __init__(
        self, documents: Documents, number: int, key: str, score: float
    ) -> None:
        self.key = key
        self.score = score
        self._documents = documents
        self._number = number
        self._fields: Mapping[str, Any] | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The stored fields: field -> its value as it was put in."""
        if self._fields is None:
            part = self._documents.part_of(self._number)
            self._fields = part.data.stored_fields(self._number - part.base)
        return self._fields


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        total: documents that match, exactly.
        documents: those of the window.
        facets: facet -> value -> documents with it, under the other facets' choices; of
            an excluded value, those that would come back with it.
        histograms: number field -> documents by time.
        is_partial: the time budget ran out; there may be more documents.
        is_cut: a wildcard or fuzzy word has more terms than were looked for.
    """

    total: int
    documents: tuple[Document, ...]
    facets: Mapping[str, Mapping[str, int]]
    histograms: Mapping[str, Histogram] = field(default_factory=dict)
    is_partial: bool = False
    is_cut: bool = False


_Choice = tuple[str, bool, Mask]
"""A facet, whether its values are wanted, and the documents that this lets through."""


class Snapshot:
    """The index as one commit left it. It never changes; threads may share it."""

    def __init__(
        self,
        segments: Sequence[ArraySegment],
        documents: Documents,
        schema: Schema,
        commit: str,
        fields: Sequence[Field],
    ) -> None:
        self.documents = documents
        self.commit = commit
        self._segments = segments
        self._schema = schema
        self._whole: Searcher | None = None
        self._expansions: dict[tuple[int, str], tuple[Sequence[bytes], bool]] = {}
        self._facets: dict[str, FacetColumn] = {
            f.name: facet_column(documents, f.name) for f in fields if f.kind == "facet"
        }
        self._numbers: dict[str, Ints] = {
            f.name: number_column(documents, f.name)
            for f in fields
            if f.kind == "number"
        }

    def without(self, keys: Collection[str]) -> "Snapshot":
        """Return the snapshot as if the documents with these keys were deleted.

        ``Search.hidden`` hides them from what is found; this, from words and counts too.
        """
        numbers = [self.documents.number_of(KEY, key.encode()) for key in keys]
        there = [number for number in numbers if number >= 0]
        if not there:
            return self
        fewer = copy(self)
        fewer.documents = self.documents.without(there)
        return fewer

    def find(self, search: Search) -> Found:
        """Answer ``search``."""
        evaluator = self._evaluator(Deadline(search.budget))
        matches = self._matching(evaluator, search)
        masks = self._masks(search)
        chosen = _under_all(matches, [mask for _, _, mask in masks])
        together = self._counted_together(search, chosen)
        facets = {
            name: together.get(name)
            or self._counts(name, matches, chosen, masks, search)
            for name in search.facets
        }
        window = self._window(search, chosen)
        return Found(
            total=len(chosen),
            documents=self._documents_at(chosen, window),
            facets=facets,
            histograms={
                name: histogram(self._numbers[name][chosen.docs], unit)
                for name, unit in search.histograms.items()
            },
            is_partial=evaluator.is_partial,
            is_cut=evaluator.is_cut,
        )

    def total(self, search: Search) -> int:
        """Count what ``search`` finds, and nothing else."""
        matches = self._matching(self._evaluator(Deadline(search.budget)), search)
        masks = [mask for _, _, mask in self._masks(search)]
        return len(_under_all(matches, masks))

    def forms(
        self,
        word: Word,
        fields: Collection[str] = (),
        *,
        deadline: Deadline | None = None,
    ) -> list[Form]:
        """Return the words of the index that meet ``word``, the commonest first.

        Args:
            word: what they meet.
            fields: where a document may have them, if not in the word's field only.
            deadline: when to stop, with those that are found by then.
        """
        return forms_of(self.documents, word, fields, deadline or Deadline())

    def matched(
        self,
        words: Sequence[Word],
        patterns: Sequence[whoosh_query.Query] = (),
        *,
        deadline: Deadline | None = None,
    ) -> Mapping[str, int]:
        """Return the words of the index that meet one of ``words``, with its place.

        Args:
            words: words of a query.
            patterns: beginnings, wildcards and fuzzy words of it, which come after.
            deadline: when to stop, with those that are found by then.
        """
        found = dict(matched(self.documents, words, deadline or Deadline()))
        evaluator = self._evaluator(deadline or Deadline())
        for place, pattern in enumerate(patterns, len(words)):
            for text in evaluator.expanded(pattern):
                found.setdefault(text.decode(), place)
        return found

    def suggest(self, text: str, *, deadline: Deadline | None = None) -> str | None:
        """Return a query string as it was probably meant; None if it is right.

        After the ``deadline`` the words that are left are taken for right.
        """
        return suggest(self.documents, text, deadline or Deadline())

    def complete(
        self, prefix: str, limit: int = 10, *, deadline: Deadline | None = None
    ) -> list[Form]:
        """Return words that begin as the last one typed does, the commonest first."""
        return complete(self.documents, prefix, limit, deadline or Deadline())

    def explain(self, search: Search, key: str) -> tuple[Reason, ...]:
        """Return what of the query of ``search`` is in a document, and what it counts.

        Nothing, if the query does not find it.
        """
        document = self.documents.number_of(KEY, key.encode())
        if document < 0 or key in search.hidden:
            return ()
        evaluator = self._evaluator(Deadline(search.budget))
        return explain(evaluator, self.documents, search.query, document)

    def document(self, key: str) -> Document | None:
        """Return the document with this key; None if there is no such."""
        number = self.documents.number_of(KEY, key.encode())
        if number < 0:
            return None
        return Document(self.documents, number, key, 0.0)

    def _masks(self, search: Search) -> list[_Choice]:
        """Return which documents each choice and each exclusion lets through."""
        chosen: list[_Choice] = [
            (name, True, self._facets[name].matching(values))
            for name, values in search.chosen.items()
        ]
        excluded: list[_Choice] = [
            (name, False, ~self._facets[name].matching(values))
            for name, values in search.excluded.items()
        ]
        return chosen + excluded

    @cached_property
    def _joint(self) -> JointColumn:
        """What facets of one value are counted by; 2 bytes a document, once."""
        return join_columns(self._facets, self.documents.size)

    def _counted_together(
        self, search: Search, chosen: Matches
    ) -> Mapping[str, Mapping[str, int]]:
        """Count the values of facets of which none is chosen or excluded."""
        narrowed = {*search.chosen, *search.excluded}
        names = self._joint.facets.keys() & {*search.facets} - narrowed
        return self._joint.count(names, chosen.docs)

    def _counts(
        self,
        name: str,
        matches: Matches,
        chosen: Matches,
        masks: Sequence[_Choice],
        search: Search,
    ) -> Mapping[str, int]:
        """Count the values of a facet as if none of it were chosen."""
        column = self._facets[name]
        if not any(facet == name for facet, _, _ in masks):
            return column.count(chosen.docs)
        others = [mask for facet, _, mask in masks if facet != name]
        own = [mask for facet, wanted, mask in masks if facet == name and not wanted]
        among = _under_all(matches, others)
        counts = column.count(_under_all(among, own).docs)
        if name not in search.excluded:
            return counts
        without = column.count(among.docs)
        back = {v: without[v] for v in search.excluded[name] if v in without}
        return counts | back

    def _evaluator(self, deadline: Deadline) -> Evaluator:
        return Evaluator(
            self.documents,
            self._schema,
            self._fallback,
            self._expand,
            deadline=deadline,
        )

    def _matching(self, evaluator: Evaluator, search: Search) -> Matches:
        matches = evaluator.evaluate(search.query)
        for name, (low, high) in search.between.items():
            numbers = self._numbers[name][matches.docs]
            inside = numbers != UNKNOWN_NUMBER
            if low is not None:
                inside &= numbers >= low
            if high is not None:
                inside &= numbers <= high
            matches = Matches(matches.docs[inside], matches.scores[inside])
        if not search.hidden:
            return matches
        hidden = [self.documents.number_of(KEY, key.encode()) for key in search.hidden]
        shown = ~np.isin(matches.docs, hidden)
        return Matches(matches.docs[shown], matches.scores[shown])

    def _window(self, search: Search, matches: Matches) -> Ints:
        """Return the places in ``matches`` of the documents that are wanted, in order."""
        end = search.offset + search.limit
        if search.sort:
            return self._order(search.sort, matches.docs)[search.offset : end]
        places = _best(matches.scores, end)
        # Of equal scores the last: stable order, turned round.
        order = np.argsort(matches.scores[places], kind="stable")[::-1]
        return places[order[search.offset : end]]

    def _order(self, sort: Sequence[SortKey], docs: Ints) -> Ints:
        """Return places in ``docs`` in the order wanted."""
        keys: list[NDArray[Any]] = [-docs]
        for key in reversed(sort):
            numbers = self._places(key.field)[docs]
            unknown = numbers == UNKNOWN_NUMBER
            keys += [np.where(unknown, 0, -numbers if key.descending else numbers)]
            keys += [unknown]
        return np.lexsort(keys)

    def _places(self, field: str) -> Ints:
        """Return shape (documents,): a number that sorts every document by ``field``."""
        facet = self._facets.get(field)
        return self._numbers[field] if facet is None else facet.ranks

    def _documents_at(self, matches: Matches, places: Ints) -> tuple[Document, ...]:
        docs = matches.docs[places]
        return tuple(
            map(
                Document,
                repeat(self.documents),
                docs.tolist(),
                self.documents.keys(KEY, docs),
                matches.scores[places].tolist(),
            )
        )

    # What Whoosh's own objects do

    @cached_property
    def _searchers(self) -> list[tuple[Searcher, Part]]:
        """Whoosh's searchers of the segments, which know the statistics of all."""
        if not self._segments:
            return []
        readers = [
            SegmentReader(None, self._schema, segment, codec=_Opened(part.data))
            for segment, part in zip(self._segments, self.documents.parts, strict=True)
        ]
        # Leaves hold it weakly, and ask it for statistics.
        self._whole = Searcher(MultiReader(readers), weighting=BM25F())
        leaves = [leaf for leaf, _ in self._whole.leaf_searchers()]
        return list(zip(leaves, self.documents.parts, strict=True))

    def _fallback(self, node: whoosh_query.Query) -> Matches:
        docs: list[int] = []
        scores: list[float] = []
        for searcher, part in self._searchers:
            matcher = node.matcher(
                searcher, SearchContext(weighting=searcher.weighting)
            )
            while matcher.is_active():
                docs.append(matcher.id() + part.base)
                scores.append(matcher.score())
                matcher.next()
        return Matches(np.array(docs, np.int64), np.array(scores, np.float32))

    def _expand(
        self, part: Part, node: whoosh_query.Query, is_late: Callable[[], bool]
    ) -> tuple[Sequence[bytes], bool]:
        """Return what a pattern stands for in a segment, and whether that is all.

        A page asks for the same pattern in each field, and on each rung.
        """
        known = (part.base, repr(node))
        if known in self._expansions:
            return self._expansions[known]
        found: list[bytes] = []
        is_whole = True
        for text in self._tried(part, node):
            if is_late():
                return found, False
            if text is not None:
                is_whole = len(found) < MOST_EXPANDED
                if not is_whole:
                    break
                found.append(text)
        if len(self._expansions) >= _MOST_EXPANSIONS:
            self._expansions.clear()
        self._expansions[known] = found, is_whole
        return found, is_whole

    def _tried(self, part: Part, node: whoosh_query.Query) -> Iterator[bytes | None]:
        """Yield each word that a pattern stands for, and None for one that it does not."""
        searcher = next(s for s, own in self._searchers if own.data is part.data)
        reader = searcher.reader()
        if type(node) is not whoosh_query.Wildcard or node.text[:1] in "*?[":
            for text in node._btexts(reader):  # noqa: SLF001  how they expand
                yield text if isinstance(text, bytes) else text.encode()
            return
        # As Whoosh does, but that it can be stopped between words that do not fit.
        fits = re.compile(fnmatch.translate(node.text)).match
        begun = _BEFORE_SIGNS.split(node.text, maxsplit=1)[0]
        for word in reader.expand_prefix(node.fieldname, begun):
            yield word if fits(word.decode()) else None


_BEFORE_SIGNS = re.compile(r"[*?\[]")

_MOST_EXPANSIONS = 256
"""Patterns of which a snapshot remembers what they stand for."""


class _Opened(ArrayCodec):
    """Readers of arrays that are open, whose file may be gone."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data

    def terms_reader(self, *_place: object) -> ArrayTermsReader:
        """Return the reader of the segment's terms."""
        return ArrayTermsReader(self._data)

    def per_document_reader(
        self, _storage: object, segment: ArraySegment
    ) -> ArrayDocumentReader:
        """Return the reader of the segment's documents."""
        return ArrayDocumentReader(self._data, segment)


_BLOCKS = 16
"""Scores of which the best is taken first."""


def _best(scores: Floats, count: int) -> Ints:
    """Return the places of the ``count`` best scores, rising, and perhaps of some more.

    All that are as good as the last of them are there.
    """
    if not 0 < count < len(scores):
        return np.arange(len(scores) if count else 0)
    # As many scores are at least as good as the block that comes last among the best.
    rows = len(scores) // _BLOCKS
    if rows > count:
        blocks = scores[: rows * _BLOCKS].reshape(_BLOCKS, rows)
        pool = blocks.max(axis=0)
    else:
        pool = scores
    least = np.partition(pool, len(pool) - count)[len(pool) - count]
    best: Ints = (scores >= least).nonzero()[0]
    return best


def _under_all(matches: Matches, masks: Collection[Mask]) -> Matches:
    """Return those of ``matches`` that lie under every mask."""
    for mask in masks:
        stay = mask[matches.docs]
        matches = Matches(matches.docs[stay], matches.scores[stay])
    return matches
