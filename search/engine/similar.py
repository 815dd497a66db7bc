"""Documents like another: those that share its most telling words.

The words of a document that say most of it are those that it has often and others
seldom, by tf*idf over lemmas, so that a word counts in all of its forms. The best of them
become one query tree, in which each climbs the ladder to its lemma and counts by its
weight, as in Lucene's MoreLikeThis.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from whoosh import query

from search.analysis import is_stop_word, written_words
from search.engine.fields import KEY
from search.engine.ladder import Word
from search.engine.snapshot import Documents, Part

MOST_WORDS = 25
"""Words that say what a document is about."""

SHORTEST = 2
"""Letters of the shortest word that says anything."""

SATURATION = 1.2
"""How soon it stops to matter that a word is repeated: the k1 of BM25."""


def more_like(documents: Documents, key: str) -> query.Query:
    """Return the tree that finds documents like the one named ``key``, and itself.

    It finds nothing if there is no such document, or no word in it that says anything.
    """
    number = documents.number_of(KEY, key.encode())
    if number < 0:
        return query.NullQuery
    part = documents.part_of(number)
    fields = [name for name, kind in part.data.kinds.items() if kind == "text"]
    stored = part.data.stored_fields(number - part.base)
    weights = _telling(documents, part, _words(stored.get(name) for name in fields))
    best = max(weights.values(), default=0.0)
    words = [
        Word(name, word, {"lemma"}, boost=weight / best)
        for word, weight in weights.items()
        for name in fields
    ]
    return query.Or(words) if words else query.NullQuery


def _words(texts: Iterable[str | None]) -> Counter[str]:
    """Count the words of a document that are no stop words."""
    counts = Counter(word for text in texts if text for word in written_words(text))
    return Counter(
        {
            word: often
            for word, often in counts.items()
            if len(word) >= SHORTEST and not is_stop_word(word)
        }
    )


def _telling(
    documents: Documents, part: Part, words: Counter[str]
) -> Mapping[str, float]:
    """Return the most telling words of a document, each with its weight.

    One word stands for all that share a lemma with it, the commonest of the document.
    """
    lemmas: dict[bytes, list[str]] = {}
    for word, _ in sorted(words.items(), key=lambda pair: (-pair[1], pair[0])):
        for lemma in _lemmas(part, word):
            lemmas.setdefault(lemma, []).append(word)
    weights = {
        lemma: _weight(documents, lemma, sum(words[word] for word in forms))
        for lemma, forms in lemmas.items()
    }
    telling: dict[str, float] = {}
    covered: set[str] = set()
    for lemma in sorted(weights, key=lambda lemma: (-weights[lemma], lemma)):
        if len(telling) == MOST_WORDS:
            break
        if not covered.issuperset(lemmas[lemma]):
            word = next(word for word in lemmas[lemma] if word not in covered)
            telling[word] = weights[lemma]
            covered.update(lemmas[lemma])
    return telling


def _lemmas(part: Part, word: str) -> Iterable[bytes]:
    number = part.data.words.find(word.encode())
    return part.data.rungs["lemma"].classes_of(number) if number >= 0 else ()


def _weight(documents: Documents, lemma: bytes, often: int) -> float:
    frequency = min(sum(_frequencies(documents, lemma)), documents.size)
    return (
        often / (often + SATURATION) * math.log((documents.size + 1) / (frequency or 1))
    )


def _frequencies(documents: Documents, lemma: bytes) -> Iterator[int]:
    """Yield the document frequencies of the words of a lemma."""
    for part in documents.parts:
        words = part.data.rungs["lemma"].words_of(lemma)
        for name, kind in part.data.kinds.items():
            if kind == "text" and len(words):
                postings = part.data.postings[name]
                terms = postings.terms_of(words)
                ends = postings.starts[terms + 1].astype(np.int64)
                yield int((ends - postings.starts[terms]).sum())
