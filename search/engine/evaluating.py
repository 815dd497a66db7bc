"""Evaluate a query tree, array by array.

``Evaluator`` walks a tree of Whoosh's query objects and of ``ladder``'s, and gives for
each node the documents that match it, with their scores. Scores are those that Whoosh's
own searcher would give (BM25 as ``whoosh.scoring.BM25F``). Nodes that it does not know
are left to Whoosh's matchers.

A time budget may run out on the way. Then every node gives what it is sure of: fewer
documents than it would find, never others; ``Evaluator.is_partial`` says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.fields import Schema
from whoosh.query import spans

from search.analysis import Rung
from search.engine.deadlines import Deadline
from search.engine.fields import UNKNOWN_NUMBER
from search.engine.ladder import (
    RUNG_WEIGHTS,
    SPELLING,
    Word,
    WordPhrase,
    words_on,
)
from search.engine.matches import (
    ALL,
    NOTHING,
    Candidates,
    Docs,
    Floats,
    Matches,
    Numbers,
    Places,
    all_of,
    any_of,
    constant,
    kept,
    plus_scores,
    spread_out,
    summed,
    without,
)
from search.engine.phrases import Slot, near
from search.engine.snapshot import K1, Documents, Part

Freqs = NDArray[Any]
Terms = Sequence[tuple[Part, NDArray[Any]]]
"""Terms of a field, in each segment that has some."""

Fallback = Callable[[query.Query], Matches]
Expand = Callable[[Part, query.Query, Callable[[], bool]], tuple[Sequence[bytes], bool]]


class Evaluator:
    """Finds the documents that match query trees, in one snapshot."""

    def __init__(
        self,
        documents: Documents,
        schema: Schema,
        fallback: Fallback,
        expand: Expand,
        *,
        deadline: Deadline | None = None,
    ) -> None:
        """Begin.

        Args:
            documents: where to look.
            schema: what fields there are.
            fallback: evaluates nodes that this class does not know.
            expand: names the terms of a segment that a wildcard or fuzzy word, or a
                range of terms, stands for, until it is told to stop; and whether these
                are all.
            deadline: the moment at which to stop.
        """
        self._documents = documents
        self._schema = schema
        self._fallback = fallback
        self._expand_in = expand
        self._deadline = deadline or Deadline()
        self._looked_up: dict[Any, NDArray[Any]] = {}
        self.is_partial = False
        """Whether the time ran out."""
        self.is_cut = False
        """Whether a wildcard or fuzzy word has more terms than were looked for."""

    def evaluate(self, tree: query.Query) -> Matches:
        """Return the documents that match ``tree``; deleted ones are not among them."""
        found = self.node(tree)
        live = self._documents.live
        return found if live is None else kept(found, live)

    def node(self, node: query.Query) -> Matches:
        """Return the documents that match one node of a tree."""
        if node is query.NullQuery or self._is_late():
            return NOTHING
        evaluate = self._NODES.get(type(node))
        return self._fallback(node) if evaluate is None else evaluate(self, node)

    def _is_late(self) -> bool:
        if self._deadline.is_over():
            self.is_partial = True
        return self.is_partial

    # Terms

    def _term(self, node: query.Term) -> Matches:
        return self._candidates(node).at(ALL)

    def _candidates(self, node: query.Query) -> Candidates:
        """Return what matches ``node``, of a word without its scores yet."""
        if type(node) is query.Term:
            return self._candidates_of(node, self._terms(node.fieldname, node.text))
        if type(node) is Word:
            return self._word_candidates(node)
        return Candidates.of(self.node(node))

    def _candidates_of(self, node: query.Term, terms: Terms) -> Candidates:
        docs, freqs = self._frequencies(node.fieldname, terms)
        idf = self._documents.idf(len(docs))

        def score(wanted: Docs, places: Places) -> Floats:
            counts = freqs[places]
            return self._scores(node.fieldname, wanted, counts, idf, node.boost)

        return Candidates(docs, score)

    def _terms(self, fieldname: str, text: str | bytes) -> Terms:
        """Return a term in each segment that has it."""
        if fieldname not in self._schema or self._is_late():
            return ()
        try:
            word = self._schema[fieldname].to_bytes(text)
        except ValueError:
            return ()
        found = []
        for part in self._parts():
            postings = part.data.postings.get(fieldname)
            term = -1 if postings is None else postings.find(word)
            if term >= 0:
                found.append((part, np.array([term])))
        return found

    def _frequencies(self, fieldname: str, terms: Terms) -> tuple[Numbers, Freqs]:
        """Return the documents that have any of ``terms``, and how often."""
        if self._is_late():
            terms = ()
        found = [_frequencies(part, fieldname, numbers) for part, numbers in terms]
        if len(found) == 1:
            return found[0]
        return (
            np.concatenate([np.empty(0, np.uint32), *(docs for docs, _ in found)]),
            np.concatenate([np.empty(0, np.float32), *(freqs for _, freqs in found)]),
        )

    def _scores(
        self, fieldname: str, docs: Docs, freqs: Freqs, idf: float, boost: float
    ) -> Floats:
        """Return BM25 of a word that ``docs`` have as often as ``freqs`` says."""
        counts: Floats = freqs.astype(np.float32)
        norms = self._documents.norms(fieldname)
        if norms is None:
            return counts * np.float32(boost)
        # Step by step in one array, as new ones cost more than what is reckoned.
        scores = norms[docs]
        scores += counts
        np.divide(counts, scores, out=scores)
        scores *= np.float32(boost * idf * (K1 + 1))
        return scores

    # The ladder

    def _word(self, word: Word) -> Matches:
        return self._word_candidates(word).at(ALL)

    def _word_candidates(self, word: Word) -> Candidates:
        """Return the documents of the widest rung; their scores are of each climbed."""
        docs, freqs = self._on_rungs(word, word.rungs)

        def score(wanted: Docs, places: Places) -> Floats:
            scores = np.zeros(len(wanted), dtype=np.float32)
            for weight, rungs in _scored_rungs(word.rungs):
                having, counts = docs, freqs[places]
                if rungs != word.rungs:
                    having, narrow = self._on_rungs(word, rungs)
                    counts = spread_out(having, narrow, self._documents.size)[wanted]
                idf = self._documents.idf_of_word(len(having))
                boost = weight * word.boost
                scores += self._scores(word.fieldname, wanted, counts, idf, boost)
            return scores

        return Candidates(docs, score)

    def _on_rungs(self, word: Word, rungs: frozenset[Rung]) -> tuple[Numbers, Freqs]:
        """Return the documents that have what meets ``word`` on any rung, and how often.

        All the words that meet it count as one.
        """
        return self._frequencies(word.fieldname, self._terms_on(word, rungs))

    def _terms_on(self, word: Word, rungs: frozenset[Rung]) -> Terms:
        if self._is_late():
            return ()
        terms = []
        for part in self._parts():
            postings = part.data.postings.get(word.fieldname)
            if postings is not None:
                numbers = postings.terms_of(self._words_on(part, word, rungs))
                if len(numbers):
                    terms.append((part, numbers))
        return terms

    def _words_on(self, part: Part, word: Word, rungs: frozenset[Rung]) -> NDArray[Any]:
        """Look words up once for all fields."""
        key = (part.base, word.text, word.language, word.without, rungs)
        if key not in self._looked_up:
            self._looked_up[key] = words_on(part, word, rungs)
        return self._looked_up[key]

    # Compounds

    def _and(self, node: query.And) -> Matches:
        unwanted = [q.query for q in node.subqueries if isinstance(q, query.Not)]
        parts = [
            self._candidates(q) for q in node.subqueries if not isinstance(q, query.Not)
        ]
        size = self._documents.size
        if parts:
            found = all_of(parts, size).at(ALL)
        else:
            found = constant(self._documents.every(), 0)
        for child in unwanted if len(found) else ():
            found = without(found, self.node(child).docs, size)
        # A document scores 1 for what it lacks, as with Whoosh.
        found = Matches(found.docs, found.scores + np.float32(len(unwanted)))
        return NOTHING if self.is_partial else found.boosted(node.boost)

    def _or(self, node: query.Or) -> Matches:
        if node.minmatch or node.scale:
            return self._fallback(node)
        parts = [self.node(child) for child in node.subqueries]
        boost = node.boost if len(node.subqueries) > 1 else 1.0
        return any_of(parts, self._documents.size).boosted(boost)

    def _best(self, node: query.DisjunctionMax) -> Matches:
        if node.tiebreak or len(node.subqueries) < 2:  # noqa: PLR2004  a maximum of two
            return self._fallback(node)
        parts = [self.node(child) for child in node.subqueries]
        best = np.full(self._documents.size, -np.inf, dtype=np.float32)
        for part in parts:
            best[part.docs] = np.maximum(best[part.docs], part.scores)
        docs = np.flatnonzero(best > -np.inf)
        return Matches(docs, best[docs]).boosted(node.boost)

    def _not(self, node: query.Not) -> Matches:
        unwanted = self.node(node.query)
        every = constant(self._documents.every(), 1)
        found = without(every, unwanted.docs, self._documents.size)
        return NOTHING if self.is_partial else found

    def _and_not(self, node: query.AndNot) -> Matches:
        wanted, unwanted = self.node(node.a), self.node(node.b)
        found = without(wanted, unwanted.docs, self._documents.size)
        return NOTHING if self.is_partial else found

    def _and_maybe(self, node: query.AndMaybe) -> Matches:
        wanted, extra = self.node(node.a), self.node(node.b)
        return plus_scores(wanted, extra, self._documents.size)

    def _require(self, node: query.Require) -> Matches:
        wanted, required = self.node(node.a), self.node(node.b)
        mask = np.zeros(self._documents.size, dtype=np.bool_)
        mask[required.docs] = True
        return kept(wanted, mask)

    def _constant(self, node: query.ConstantScoreQuery) -> Matches:
        return constant(self.node(node.child).docs, node.score)

    def _every(self, node: query.Every) -> Matches:
        if node.fieldname is None:
            return constant(self._documents.every(), node.boost)
        mask = np.zeros(self._documents.size, dtype=np.bool_)
        for part in self._parts():
            if postings := part.data.postings.get(node.fieldname):
                mask[part.base + postings.docs.astype(np.int64)] = True
            elif node.fieldname in part.data.numbers:
                return self._fallback(node)
        return constant(np.flatnonzero(mask), node.boost)

    # Words one after the other

    def _phrase(self, node: query.Phrase) -> Matches:
        words = [query.Term(node.fieldname, word) for word in node.words]
        if not words:
            return NOTHING
        found = self._near_terms(node.fieldname, words, slop=node.slop, ordered=True)
        return found.boosted(node.boost)

    def _span_near(self, node: spans.SpanNear2) -> Matches:
        fields = {getattr(child, "fieldname", None) for child in node.qs}
        if (
            node.mindist != 1
            or len(fields) > 1
            or not all(type(child) is query.Term for child in node.qs)
        ):
            return self._fallback(node)
        return self._near_terms(
            str(fields.pop()), node.qs, slop=node.slop, ordered=node.ordered
        )

    def _near_terms(
        self, fieldname: str, words: Sequence[query.Term], *, slop: int, ordered: bool
    ) -> Matches:
        terms = [self._terms(fieldname, word.text) for word in words]
        parts = [
            self._candidates_of(word, own)
            for word, own in zip(words, terms, strict=True)
        ]
        return self._near(fieldname, parts, terms, slop=slop, ordered=ordered)

    def _word_phrase(self, node: WordPhrase) -> Matches:
        found = self._near(
            node.field(),
            [self._word_candidates(word) for word in node.words],
            [self._terms_on(word, word.rungs) for word in node.words],
            slop=node.slop,
            ordered=node.ordered,
        )
        return found.boosted(node.boost)

    def _near(
        self,
        fieldname: str,
        parts: Sequence[Candidates],
        terms: Sequence[Terms],
        *,
        slop: int,
        ordered: bool,
    ) -> Matches:
        """Return the documents of all ``parts`` in which their terms stand together."""
        found = all_of(parts, self._documents.size)
        if self._is_late():
            return NOTHING
        if len(terms) == 1 or not len(found):
            return found.at(ALL)
        places = [np.empty(0, dtype=np.int64)]
        for part, *numbers in _in_each_part(terms):
            begin, end = np.searchsorted(
                found.docs, (part.base, part.base + part.data.size)
            )
            postings = part.data.postings[fieldname]
            slots = [Slot(postings, own) for own in numbers]
            docs = found.docs[begin:end] - part.base
            there = near(
                slots,
                docs,
                size=part.data.size,
                slop=slop,
                ordered=ordered,
                is_over=self._is_late,
            )
            places.append(begin + there)
        # Only now is it known which documents need scores.
        return found.at(np.concatenate(places))

    # What stands for several terms

    def _expanded(self, node: query.Query) -> Matches:
        """Evaluate a prefix, wildcard, fuzzy word or range of terms.

        It is no judgement on a document which of many words it has: it scores ``boost``,
        but for a single term, and where scores are asked for. (Whoosh promises the same,
        and keeps it where a segment has three of the terms or more.)
        """
        texts = self.expanded(node)
        terms = [query.Term(node.field(), text, boost=node.boost) for text in texts]
        found = any_of([self._term(term) for term in terms], self._documents.size)
        is_constant = node.constantscore and len(terms) > 1
        return constant(found.docs, node.boost) if is_constant else found

    def expanded(self, node: query.Query) -> list[bytes]:
        """Return the words that a prefix, wildcard or fuzzy word stands for."""
        return sorted(set(self._expand(node)))

    def _expand(self, node: query.Query) -> Iterator[bytes]:
        for part in self._parts():
            texts, is_whole = self._expand_in(part, node, self._is_late)
            self.is_cut |= not is_whole
            yield from texts

    def _number_range(self, node: query.NumericRange) -> Matches:
        mask = np.zeros(self._documents.size, dtype=np.bool_)
        for part in self._parts():
            numbers = part.data.numbers.get(node.fieldname)
            if numbers is None or not node.constantscore:
                return self._fallback(node)
            mask[part.base : part.base + part.data.size] = _in_range(numbers, node)
        return constant(np.flatnonzero(mask), node.boost)

    def _parts(self) -> tuple[Part, ...]:
        return self._documents.parts

    _NODES: ClassVar[Mapping[type, Callable[[Any, Any], Matches]]] = {
        query.Term: _term,
        query.And: _and,
        query.Or: _or,
        query.DisjunctionMax: _best,
        query.Not: _not,
        query.AndNot: _and_not,
        query.AndMaybe: _and_maybe,
        query.Require: _require,
        query.Every: _every,
        query.ConstantScoreQuery: _constant,
        query.Phrase: _phrase,
        query.Prefix: _expanded,
        query.Wildcard: _expanded,
        query.FuzzyTerm: _expanded,
        query.TermRange: _expanded,
        query.NumericRange: _number_range,
        spans.SpanNear2: _span_near,
        Word: _word,
        WordPhrase: _word_phrase,
    }


def _scored_rungs(rungs: frozenset[Rung]) -> Iterator[tuple[float, frozenset[Rung]]]:
    """Yield the weight of each part of a word's score, and the rungs that it is of."""
    for rung, weight in RUNG_WEIGHTS.items():
        if rung == "folded":
            yield weight, rungs & SPELLING
        elif rung in rungs:
            yield weight, rungs - {"root"} if rung == "lemma" else rungs


def _in_each_part(terms: Sequence[Terms]) -> Iterator[tuple[Any, ...]]:
    """Yield each segment that has some of all ``terms``, with those of each."""
    first, *others = ({part.base: (part, own) for part, own in of} for of in terms)
    for base, (part, own) in first.items():
        if all(base in other for other in others):
            yield part, own, *(other[base][1] for other in others)


def _frequencies(
    part: Part, fieldname: str, terms: NDArray[Any]
) -> tuple[Numbers, Freqs]:
    """Return the documents of a segment that have any of ``terms``, and how often.

    Documents are uint32 or wider, so that all of a snapshot can be compared.
    """
    postings = part.data.postings[fieldname]
    begins, ends = postings.starts[terms].tolist(), postings.starts[terms + 1].tolist()
    runs = [*map(slice, begins, ends)]
    docs: Numbers = postings.docs[runs[0]].astype(np.uint32, copy=False)
    freqs = postings.freqs[runs[0]]
    if len(runs) > 1:
        docs, freqs = summed(
            np.concatenate([postings.docs[run] for run in runs], dtype=np.uint32),
            np.concatenate([postings.freqs[run] for run in runs], dtype=np.float32),
            part.data.size,
        )
    return (docs + np.uint32(part.base) if part.base else docs), freqs


def _in_range(
    numbers: NDArray[np.int64], node: query.NumericRange
) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = numbers != UNKNOWN_NUMBER
    if node.start is not None:
        inside &= numbers > node.start if node.startexcl else numbers >= node.start
    if node.end is not None:
        inside &= numbers < node.end if node.endexcl else numbers <= node.end
    return inside
