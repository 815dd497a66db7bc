"""Say why a document was found: which words, in which forms, where, and what it counted.

The score of a document is the sum of those of the *leaves* of the query tree: words,
phrases and patterns. ``explain`` evaluates each leaf by itself and looks the document up
in what it found, so that what is told is what was counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query

from search.analysis import Rung
from search.engine.evaluating import Evaluator
from search.engine.ladder import LADDER, Word, WordPhrase, words_on
from search.engine.matches import Matches
from search.engine.snapshot import Documents, Part


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A form that a document has.

    Attributes:
        form: a word as written.
        rung: the narrowest rung that joins it to the word of the query; None where no
            rung does: it fits a pattern.
        count: how often the document has it in the field.
    """

    form: str
    rung: Rung | None
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One leaf of the query that a document has.

    Attributes:
        field: where.
        text: the word, phrase or pattern as it was looked for.
        occurrences: the forms that are there, the most frequent first. Of a phrase, the
            forms of its words anywhere in the field.
        score: what it adds to the document's score.
    """

    field: str
    text: str
    occurrences: tuple[Occurrence, ...]
    score: float


def explain(
    evaluator: Evaluator, documents: Documents, tree: query.Query, document: int
) -> tuple[Reason, ...]:
    """Return the leaves of ``tree`` that ``document`` has, what counts most first.

    None if the tree does not find it.

    Args:
        evaluator: of the snapshot.
        documents: those of the snapshot.
        tree: the query.
        document: the number of a document.
    """
    if _place_in(evaluator.evaluate(tree), document) is None:
        return ()
    part = documents.part_of(document)
    reasons = []
    for leaf in _scored_leaves(tree):
        found = evaluator.node(leaf)
        if evaluator.is_partial:
            # What is known by then is told; a part of a leaf would be no part of it.
            break
        place = _place_in(found, document)
        if place is not None:
            words = leaf.words if isinstance(leaf, WordPhrase) else (leaf,)
            occurrences = [
                occurrence
                for word in words
                for occurrence in _occurrences(
                    evaluator, part, word, document - part.base
                )
            ]
            occurrences.sort(key=lambda one: (-one.count, one.form))
            reasons.append(
                Reason(
                    leaf.field() or "",
                    _text(leaf),
                    tuple(dict.fromkeys(occurrences)),
                    float(found.scores[place]),
                )
            )
    return tuple(sorted(reasons, key=lambda reason: -reason.score))


def _place_in(matches: Matches, document: int) -> int | None:
    place = int(np.searchsorted(matches.docs, document))
    is_there = place < len(matches.docs) and matches.docs[place] == document
    return place if is_there else None


def _scored_leaves(tree: query.Query) -> Iterator[query.Query]:
    if isinstance(tree, query.AndNot | query.Require):
        yield from _scored_leaves(tree.a)
    elif isinstance(tree, query.AndMaybe):
        yield from _scored_leaves(tree.a)
        yield from _scored_leaves(tree.b)
    elif isinstance(tree, query.And | query.Or):
        for child in tree:
            yield from _scored_leaves(child)
    elif isinstance(tree, Word | WordPhrase | query.Term | query.MultiTerm):
        yield tree


def _text(leaf: query.Query) -> str:
    if isinstance(leaf, WordPhrase):
        return " ".join(word.text for word in leaf.words)
    return _bytes(leaf.text).decode()


def _occurrences(
    evaluator: Evaluator, part: Part, word: query.Query, document: int
) -> Iterator[Occurrence]:
    """Yield the forms of a word that a document of a segment has."""
    postings = part.data.postings.get(word.field())
    if postings is None:
        return
    seen: set[int] = set()
    for rung, numbers in _numbers(evaluator, part, word):
        for term in postings.terms_of(numbers).tolist():
            if term in seen:
                continue
            seen.add(term)
            own = postings.postings(term)
            place = int(np.searchsorted(postings.docs[own], document))
            if place < own.stop - own.start and postings.docs[own][place] == document:
                count = int(postings.freqs[own][place])
                yield Occurrence(postings.word(term).decode(), rung, count)


def _numbers(
    evaluator: Evaluator, part: Part, leaf: query.Query
) -> Iterator[tuple[Rung | None, NDArray[Any]]]:
    """Yield the numbers of the words that a leaf stands for, the narrowest rung first."""
    if isinstance(leaf, Word):
        for rung in (*LADDER, "name"):
            if rung in leaf.rungs:
                yield rung, words_on(part, leaf, [rung])
        return
    is_pattern = isinstance(leaf, query.MultiTerm)
    texts = evaluator.expanded(leaf) if is_pattern else [_bytes(leaf.text)]
    found = [part.data.words.find(text) for text in texts]
    yield None, np.unique([number for number in found if number >= 0]).astype(np.int64)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
