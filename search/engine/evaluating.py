"""Evaluate a query tree, array by array.

``Evaluator`` walks a tree of Whoosh's query objects and of ``ladder``'s, and gives for
each node the documents that match it, with their scores. Scores are those that Whoosh's
own searcher would give (BM25 as ``whoosh.scoring.BM25F``). Nodes that it does not know
are left to Whoosh's matchers.

A time budget may run out on the way. Then every node gives what it is sure of: fewer
documents than it would find, never others; ``Evaluator.is_partial`` says so.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.fields import Schema
from whoosh.query import spans

from search.analysis import Rung
from search.engine.fields import UNKNOWN_NUMBER
from search.engine.ladder import (
    RUNG_WEIGHTS,
    SPELLING,
    Word,
    WordPhrase,
    words_on,
)
from search.engine.matches import (
    NOTHING,
    Candidates,
    Docs,
    Floats,
    Matches,
    all_of,
    any_of,
    constant,
    kept,
    plus_scores,
    without,
)
from search.engine.phrases import Slot, near
from search.engine.snapshot import K1, Documents, Part

MOST_EXPANDED = 1024
"""Terms that a wildcard or a fuzzy word may become."""

# Below this share of a segment, arrays over all of it cost more than sorting.
_SPARSE = 64

Fallback = Callable[[query.Query], Matches]
Expand = Callable[[Part, query.Query], Iterable[bytes]]


class Evaluator:
    """Finds the documents that match query trees, in one snapshot."""

    def __init__(
        self,
        documents: Documents,
        schema: Schema,
        fallback: Fallback,
        expand: Expand,
        *,
        deadline: float | None = None,
    ) -> None:
        """Begin.

        Args:
            documents: where to look.
            schema: what fields there are.
            fallback: evaluates nodes that this class does not know.
            expand: names the terms of a segment that a wildcard or fuzzy word, or a
                range of terms, stands for.
            deadline: the moment, of ``time.monotonic``, at which to stop.
        """
        self._documents = documents
        self._schema = schema
        self._fallback = fallback
        self._expand_in = expand
        self._deadline = deadline
        self._looked_up: dict[Any, NDArray[Any]] = {}
        self.is_partial = False
        """Whether the time ran out."""
        self.is_cut = False
        """Whether a wildcard or fuzzy word has more terms than were looked for."""
        self._nodes: Mapping[type, Callable[[Any], Matches]] = {
            query.Term: self._term,
            query.And: self._and,
            query.Or: self._or,
            query.DisjunctionMax: self._best,
            query.Not: self._not,
            query.AndNot: self._and_not,
            query.AndMaybe: self._and_maybe,
            query.Require: self._require,
            query.Every: self._every,
            query.ConstantScoreQuery: self._constant,
            query.Phrase: self._phrase,
            query.Prefix: self._expanded,
            query.Wildcard: self._expanded,
            query.FuzzyTerm: self._expanded,
            query.TermRange: self._expanded,
            query.NumericRange: self._number_range,
            spans.SpanNear2: self._span_near,
            Word: self._word,
            WordPhrase: self._word_phrase,
        }

    def evaluate(self, tree: query.Query) -> Matches:
        """Return the documents that match ``tree``; deleted ones are not among them."""
        found = self.node(tree)
        live = self._documents.live
        return found if live is None else kept(found, live)

    def node(self, node: query.Query) -> Matches:
        """Return the documents that match one node of a tree."""
        if node is query.NullQuery or self._is_late():
            return NOTHING
        evaluate = self._nodes.get(type(node), self._fallback)
        return evaluate(node)

    def _is_late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.is_partial = True
        return self.is_partial

    # Terms

    def _term(self, node: query.Term) -> Matches:
        docs, freqs = self._occurrences(node)
        idf = self._documents.idf(len(docs))
        scores = self._scores(node.fieldname, docs, freqs, idf) if len(docs) else freqs
        return Matches(docs, scores).boosted(node.boost)

    def _candidates(self, node: query.Query) -> Candidates:
        """Return what matches ``node``, of a term without its scores yet."""
        if type(node) is not query.Term:
            return Candidates.of(self.node(node))
        docs, freqs = self._occurrences(node)
        idf = self._documents.idf(len(docs))

        def scores_at(place: Docs) -> Floats:
            scores = self._scores(node.fieldname, docs[place], freqs[place], idf)
            return scores if node.boost == 1 else scores * np.float32(node.boost)

        return Candidates(docs, scores_at)

    def _occurrences(self, node: query.Term) -> tuple[Docs, Floats]:
        """Return the documents that have a term, and how often."""
        if node.fieldname not in self._schema or self._is_late():
            return NOTHING.docs, NOTHING.scores
        try:
            text = self._schema[node.fieldname].to_bytes(node.text)
        except ValueError:
            return NOTHING.docs, NOTHING.scores
        numbers = [
            (part, _term_of(part, node.fieldname, text)) for part in self._parts()
        ]
        return self._frequencies(
            node.fieldname, [(part, n) for part, n in numbers if n is not None]
        )

    def _union(
        self, fieldname: str, terms: Sequence[tuple[Part, NDArray[Any]]]
    ) -> Matches:
        """Return the documents that have any of ``terms``, which count as one word."""
        docs, freqs = self._frequencies(fieldname, terms)
        idf = self._documents.idf_of_word(len(docs))
        return Matches(docs, self._scores(fieldname, docs, freqs, idf))

    def _frequencies(
        self, fieldname: str, terms: Iterable[tuple[Part, NDArray[Any]]]
    ) -> tuple[Docs, Floats]:
        found = [_frequencies(part, fieldname, numbers) for part, numbers in terms]
        if len(found) == 1:
            return found[0]
        return (
            np.concatenate([np.empty(0, np.int64), *(docs for docs, _ in found)]),
            np.concatenate([np.empty(0, np.float32), *(freqs for _, freqs in found)]),
        )

    def _scores(self, fieldname: str, docs: Docs, freqs: Floats, idf: float) -> Floats:
        """Return BM25 of a word that ``docs`` have as often as ``freqs`` says."""
        if not self._documents.is_scored(fieldname):
            return freqs
        norms = self._documents.norms(fieldname)[docs]
        scores: Floats = np.float32(idf * (K1 + 1)) * freqs / (freqs + norms)
        return scores

    # The ladder

    def _word(self, word: Word) -> Matches:
        """Score each rung that is climbed, and give the documents of the widest."""
        widest = self._on_rungs(word, word.rungs)
        if not len(widest.docs):
            return NOTHING
        found = Matches(widest.docs, np.zeros(len(widest.docs), dtype=np.float32))
        for weight, rungs in _scored_rungs(word.rungs):
            part = widest if rungs == word.rungs else self._on_rungs(word, rungs)
            found = plus_scores(found, part.boosted(weight), self._documents.size)
        return found.boosted(word.boost)

    def _on_rungs(self, word: Word, rungs: frozenset[Rung]) -> Matches:
        """Return the documents that have a word that meets ``word`` on any of ``rungs``."""
        terms = []
        for part in self._parts():
            postings = part.data.postings.get(word.fieldname)
            if postings is not None:
                numbers = postings.terms_of(self._words_on(part, word, rungs))
                if len(numbers):
                    terms.append((part, numbers))
        return self._union(word.fieldname, terms)

    def _words_on(self, part: Part, word: Word, rungs: frozenset[Rung]) -> NDArray[Any]:
        """Look words up once for all fields."""
        key = (part.base, word.text, word.language, rungs)
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
        found = all_of(parts, size) if parts else constant(self._documents.every(), 0)
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
        def terms(word: query.Term) -> Callable[[Part], NDArray[Any] | None]:
            return lambda part: _term_of(part, fieldname, word.text.encode())

        return self._near(
            fieldname,
            [self._candidates(word) for word in words],
            [terms(word) for word in words],
            slop=slop,
            ordered=ordered,
        )

    def _word_phrase(self, node: WordPhrase) -> Matches:
        fieldname = node.field()
        parts = [Candidates.of(self._word(word)) for word in node.words]

        def terms(word: Word) -> Callable[[Part], NDArray[Any]]:
            return lambda part: part.data.postings[fieldname].terms_of(
                self._words_on(part, word, word.rungs)
            )

        found = self._near(
            fieldname,
            parts,
            [terms(word) for word in node.words],
            slop=node.slop,
            ordered=node.ordered,
        )
        return found.boosted(node.boost)

    def _near(
        self,
        fieldname: str,
        parts: Sequence[Candidates],
        terms: Sequence[Callable[[Part], NDArray[Any] | None]],
        *,
        slop: int,
        ordered: bool,
    ) -> Matches:
        """Return the documents of all ``parts`` in which their terms stand together."""
        found = all_of(parts, self._documents.size)
        if len(terms) == 1 or not len(found) or self._is_late():
            return NOTHING if self.is_partial else found
        mask = np.zeros(self._documents.size, dtype=np.bool_)
        for part in self._parts():
            begin, end = np.searchsorted(
                found.docs, (part.base, part.base + part.data.size)
            )
            candidates = found.docs[begin:end] - part.base
            numbers = [of(part) for of in terms]
            if len(candidates) and all(n is not None and len(n) for n in numbers):
                postings = part.data.postings[fieldname]
                slots = [Slot(postings, n) for n in numbers if n is not None]
                mask[
                    part.base
                    + near(
                        slots,
                        candidates,
                        size=part.data.size,
                        slop=slop,
                        ordered=ordered,
                    )
                ] = True
        return kept(found, mask)

    # What stands for several terms

    def _expanded(self, node: query.Query) -> Matches:
        """Evaluate a prefix, wildcard, fuzzy word or range of terms.

        It is no judgement on a document which of many words it has: it scores ``boost``,
        but for a single term, and where scores are asked for. (Whoosh promises the same,
        and keeps it where a segment has three of the terms or more.)
        """
        texts = sorted(set(self._expand(node)))
        terms = [query.Term(node.field(), text, boost=node.boost) for text in texts]
        found = any_of([self._term(term) for term in terms], self._documents.size)
        is_constant = node.constantscore and len(terms) > 1
        return constant(found.docs, node.boost) if is_constant else found

    def _expand(self, node: query.Query) -> Iterator[bytes]:
        for part in self._parts():
            for count, text in enumerate(self._expand_in(part, node)):
                if count >= MOST_EXPANDED or self._is_late():
                    self.is_cut = True
                    break
                yield text

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


def _scored_rungs(rungs: frozenset[Rung]) -> Iterator[tuple[float, frozenset[Rung]]]:
    """Yield the weight of each part of a word's score, and the rungs that it is of."""
    for rung, weight in RUNG_WEIGHTS.items():
        if rung == "folded":
            yield weight, rungs & SPELLING
        elif rung in rungs:
            yield weight, rungs - {"root"} if rung == "lemma" else rungs


def _term_of(part: Part, fieldname: str, text: bytes) -> NDArray[Any] | None:
    """Return the term of a segment that is ``text``, in an array; None if there is none."""
    postings = part.data.postings.get(fieldname)
    term = postings.find(text) if postings else -1
    return np.array([term]) if term >= 0 else None


def _frequencies(
    part: Part, fieldname: str, terms: NDArray[Any]
) -> tuple[Docs, Floats]:
    """Return the documents of a segment that have any of ``terms``, and how often."""
    postings = part.data.postings[fieldname]
    if len(terms) == 1:
        own = postings.postings(int(terms[0]))
        docs = postings.docs[own].astype(np.int64)
        return docs + part.base, postings.freqs[own].astype(np.float32)
    starts, ends = postings.starts[terms].tolist(), postings.starts[terms + 1].tolist()
    runs = [slice(*run) for run in zip(starts, ends, strict=True)]
    docs = np.concatenate([postings.docs[run] for run in runs])
    freqs = np.concatenate([postings.freqs[run] for run in runs])
    if len(docs) * _SPARSE < part.data.size:
        found, of = np.unique(docs, return_inverse=True)
        sums = np.bincount(of, freqs)
        return found.astype(np.int64) + part.base, sums.astype(np.float32)
    sums = np.bincount(docs, freqs)
    found = np.flatnonzero(sums > 0)
    return found + part.base, sums[found].astype(np.float32)


def _in_range(
    numbers: NDArray[np.int64], node: query.NumericRange
) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = numbers != UNKNOWN_NUMBER
    if node.start is not None:
        inside &= numbers > node.start if node.startexcl else numbers >= node.start
    if node.end is not None:
        inside &= numbers < node.end if node.endexcl else numbers <= node.end
    return inside
