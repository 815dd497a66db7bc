"""BM25 by its formula, over all documents at once: the yardstick of ``bench.relevance``.

    idf = ln(1 + (N - df + 0.5) / (df + 0.5))
    score = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))

A word of a query stands for one term or for several. Several count as one: tf is the sum
of their frequencies, and df the number of documents that have any of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75

Scores = NDArray[np.float64]


class BM25:
    """The terms of some documents, to score these by."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._count = len(documents)
        lengths = np.array([len(terms) for terms in documents], dtype=np.float64)
        self._norms = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0))
        found: dict[str, list[tuple[int, int]]] = {}
        for number, terms in enumerate(documents):
            for term, frequency in Counter(terms).items():
                found.setdefault(term, []).append((number, frequency))
        self._postings = {term: np.array(pairs).T for term, pairs in found.items()}

    @property
    def terms(self) -> list[str]:
        """Every term, once."""
        return list(self._postings)

    def scores(self, terms: Iterable[str]) -> Scores:
        """Return the score of each document for one word, which ``terms`` stand for."""
        frequencies = np.zeros(self._count)
        for term in terms:
            if term in self._postings:
                numbers, counts = self._postings[term]
                frequencies[numbers] += counts
        having = int(np.count_nonzero(frequencies))
        idf = np.log(1 + (self._count - having + 0.5) / (having + 0.5))
        scores: Scores = idf * frequencies * (K1 + 1) / (frequencies + self._norms)
        return scores
