"""The systems of ``bench.relevance``: each ranks documents for the words of a query.

``Yardstick`` is BM25 over the folded words, as they are or stemmed. ``Prototype`` is the
default ladder by plain BM25, to try weights with. ``Engine`` is the ladder as our engine
has it. What each is given are words as written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from bench import ladder
from bench.bm25 import BM25, Scores
from search.analysis import classify, fold_all, is_stop_word
from search.engine import Field, Index, Search

FIRST = 10

RUNG_WEIGHTS: Mapping[str, float] = {"folded": 0.4, "lemma": 1.0, "root": 0.4}
STOP_WORD_WEIGHT = 0.5
"""What a stop word counts of what another word would."""

Words = Sequence[str]


class System(Protocol):
    """Something that ranks."""

    def first(self, words: Words, *, need_all: bool) -> list[int]:
        """Return the numbers of the first documents, the best first."""


class Yardstick:
    """BM25 over folded words."""

    def __init__(
        self, documents: Sequence[Words], stem: Callable[[str], str] = str
    ) -> None:
        self._stem = cache(stem)
        self._bm25 = BM25([self._terms(words) for words in documents])

    def first(self, words: Words, *, need_all: bool) -> list[int]:
        """Return the numbers of the first documents, the best first."""
        scores = (self._bm25.scores([term]) for term in self._terms(words))
        return _first(scores, need_all=need_all)

    def _terms(self, words: Words) -> list[str]:
        return [self._stem(word) for word in fold_all(words)]


class Prototype:
    """The ladder: a word is scored on each rung, which holds the rungs below it.

    Its score is the sum of the BM25 of the rungs by ``RUNG_WEIGHTS``; that of a stop word
    counts ``STOP_WORD_WEIGHT`` of it.
    """

    def __init__(self, documents: Sequence[Words], language: str) -> None:
        self._language = language
        self._bm25 = BM25(documents)
        self._families: dict[tuple[str, str], list[str]] = {}
        terms = self._bm25.terms
        for term, classes in zip(terms, _classes(terms), strict=True):
            for known in classes:
                self._families.setdefault(known, []).append(term)
        self._scores = cache(self._score)

    def first(self, words: Words, *, need_all: bool) -> list[int]:
        """Return the numbers of the first documents, the best first."""
        return _first(map(self._scores, words), need_all=need_all)

    def _score(self, word: str) -> Scores:
        (classes,) = _classes([word], self._language)
        joined: set[str] = {word}
        total: Scores = np.zeros(1)
        for rung in ("folded", "variant", "lemma", "root"):
            for known in classes:
                if known[0] == rung:
                    joined.update(self._families.get(known, ()))
            if rung in RUNG_WEIGHTS:
                total = total + RUNG_WEIGHTS[rung] * self._bm25.scores(joined)
        stop = is_stop_word(word, self._language)
        return total * (STOP_WORD_WEIGHT if stop else 1.0)


class Engine:
    """Our engine's own ladder, over an index in a folder."""

    def __init__(self, documents: Sequence[Words], language: str, folder: Path) -> None:
        self._language = language
        self._index = Index(folder, [Field("text", "text")])
        with self._index.writer() as writer:
            for number, words in enumerate(documents):
                writer.put({"id": str(number), "text": " ".join(words)})
        self._index.merge()

    def first(self, words: Words, *, need_all: bool) -> list[int]:
        """Return the numbers of the first documents, the best first."""
        if not words:
            return []
        tree = ladder.ranked_tree(words, "text", self._language, need_all=need_all)
        found = self._index.find(Search(tree, limit=FIRST))
        return [int(document.fields["id"]) for document in found.documents]


def _classes(
    terms: Sequence[str], language: str | None = None
) -> Iterator[list[tuple[str, str]]]:
    """Yield rung and name of every class that each term has."""
    if not terms:
        return
    found = classify(terms, language)
    for folded, variants, lemmas, roots in zip(
        found.folded, found.variants, found.lemmas, found.roots, strict=True
    ):
        yield [
            ("folded", folded),
            *(("variant", name) for name in variants),
            *(("lemma", name) for name in lemmas),
            *(("root", name) for name in roots),
        ]


def _first(scores: Iterable[Scores], *, need_all: bool) -> list[int]:
    each = list(scores)
    if not each:
        return []
    total = np.sum(each, axis=0)
    found = np.all([own > 0 for own in each], axis=0) if need_all else total > 0
    order = np.argsort(-total, kind="stable")
    return [int(number) for number in order[found[order]][:FIRST]]
