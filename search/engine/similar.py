"""Documents like another: those that share its most telling words.

The words of a document that say most of it are those that it has often and others
seldom, by tf*idf over lemmas, so that a word counts in all of its forms. The best of them
become one query tree, in which each climbs the ladder to its lemma and counts by its
weight, as in Lucene's MoreLikeThis. If the time is over before they are known, nothing
is like it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from whoosh import query

from search.analysis import is_stop_word, written_words
from search.engine.deadlines import Deadline
from search.engine.fields import KEY
from search.engine.frequencies import class_sums, summed, text_fields
from search.engine.ladder import Word
from search.engine.snapshot import Documents, Part

MOST_WORDS = 25
"""Words that say what a document is about."""

MOST_FIELDS = 2
"""Fields that are looked into: those with most words. The others say little more."""

SHORTEST = 2
"""Letters of the shortest word that says anything."""

SATURATION = 1.2
"""How soon it stops to matter that a word is repeated: the k1 of BM25."""


def more_like(documents: Documents, key: str, deadline: Deadline) -> query.Query:
    """Return the tree that finds documents like the one named ``key``, and itself.

    It finds nothing if there is no such document, or no word in it that says anything,
    or none is known before the deadline.
    """
    number = documents.number_of(KEY, key.encode())
    if number < 0 or deadline.is_over():
        return query.NullQuery
    part = documents.part_of(number)
    fields = _largest(part, text_fields(part.data))
    stored = part.data.stored_fields(number - part.base)
    counts = _words(stored.get(name) for name in fields)
    weights = _telling(documents, part, counts, deadline)
    best = max(weights.values(), default=0.0)
    words = [
        _word(part, name, word, weight / best)
        for word, weight in weights.items()
        for name in fields
    ]
    return query.Or(words) if words else query.NullQuery


def _largest(part: Part, fields: Iterable[str]) -> list[str]:
    """Return the fields of a segment that have most words."""
    postings = part.data.postings
    sizes = {name: len(postings[name].docs) for name in fields if name in postings}
    return sorted(sizes, key=lambda name: -sizes[name])[:MOST_FIELDS]


def _word(part: Part, field: str, text: str, boost: float) -> Word:
    """Return the node of a word that a segment has."""
    # Its lemmas are in the segment. To analyse 25 words one by one takes 40 ms.
    word = Word(field, "", {"lemma"}, boost=boost)
    word.text = text
    number = part.data.words.find(text.encode())
    word.classes = {"lemma": tuple(part.data.rungs["lemma"].classes_of(number))}
    return word


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
    documents: Documents, part: Part, words: Counter[str], deadline: Deadline
) -> Mapping[str, float]:
    """Return the most telling words of a document, each with its weight.

    One word stands for all that share a lemma with it, the commonest of the document.
    None is told where there is no time to weigh them all.
    """
    lemmas: dict[int, list[str]] = {}
    for word, _ in sorted(words.items(), key=lambda pair: (-pair[1], pair[0])):
        for lemma in _lemmas(part, word):
            lemmas.setdefault(lemma, []).append(word)
    weights = {}
    for lemma, forms in lemmas.items():
        if deadline.is_over():
            return {}
        often = sum(words[word] for word in forms)
        weights[lemma] = _weight(documents, part, lemma, often)
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


def _lemmas(part: Part, word: str) -> Iterable[int]:
    """Return the numbers of the lemmas of a word, in its segment."""
    number = part.data.words.find(word.encode())
    if number < 0:
        return ()
    table = part.data.rungs["lemma"]
    begin, end = table.word_starts[number : number + 2].tolist()
    found: list[int] = table.of_words[begin:end].tolist()
    return found


def _weight(documents: Documents, part: Part, lemma: int, often: int) -> float:
    """Return tf*idf of a lemma of a segment that a document has so ``often``."""
    frequency = int(class_sums(part.data, "lemma")[lemma])
    others = [other for other in documents.parts if other is not part]
    if others:
        name = part.data.rungs["lemma"].classes[lemma]
        frequency += summed(others, "lemma", name)
    rarity = math.log((documents.size + 1) / min(frequency, documents.size))
    return often / (often + SATURATION) * rarity
