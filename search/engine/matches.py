"""Sets of documents with scores, and how they are combined, array by array.

``Matches`` have their scores. ``Candidates`` reckon them when it is known which
documents are wanted, so that what others narrow down is not scored before. Of several
ways to the same result each function takes the one that is fast for as many documents as
there are: lists that are searched or sorted while they are short beside the index,
arrays over all documents else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.int64]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Numbers = NDArray[Any]
Places = Docs | slice
"""Which of some documents: their places in the list, or all of it without a copy."""

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents that match.

    Attributes:
        docs: shape (matches,), numbers, rising.
        scores: shape (matches,), float32.
    """

    docs: Docs
    scores: Floats

    def __len__(self) -> int:
        return len(self.docs)

    def boosted(self, boost: float) -> "Matches":
        """Return the same documents with scores multiplied by ``boost``."""
        if boost == 1:
            return self
        return Matches(self.docs, self.scores * np.float32(boost))


NOTHING = Matches(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


def constant(docs: Docs, score: float) -> Matches:
    """Return ``docs``, all with the same score."""
    return Matches(docs, np.full(len(docs), score, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Documents whose scores are reckoned when it is known which are wanted.

    Attributes:
        docs: shape (candidates,), numbers, rising, in any type: long lists stay as
            they are kept.
        score: gives the scores of some of them, by their numbers and their places.
    """

    docs: Numbers
    score: Callable[[Docs, Places], Floats]

    def __len__(self) -> int:
        return len(self.docs)

    @classmethod
    def of(cls, matches: Matches) -> "Candidates":
        """Make candidates of documents that have their scores."""
        return cls(matches.docs, lambda _, places: matches.scores[places])

    def at(self, places: Places) -> Matches:
        """Return the candidates at some places, scored."""
        docs = self.docs[places].astype(np.int64, copy=False)
        return Matches(docs, self.score(docs, places))


def all_of(parts: Sequence[Candidates], size: int) -> Candidates:
    """Return the documents that are in every part, with the sum of their scores.

    Args:
        parts: what is intersected; at least one.
        size: how many documents there are.
    """
    # From the shortest on, each part has fewer documents left to look up.
    docs, *others = sorted((part.docs for part in parts), key=len)
    for other in others:
        docs = docs[_is_among(docs, other, size)]
        if not len(docs):
            break

    def score(wanted: Docs, _: Places) -> Floats:
        scores = np.zeros(len(wanted), dtype=np.float32)
        for part in parts:
            scores += part.score(wanted, places_of(wanted, part.docs, size))
        return scores

    return Candidates(docs, score)


def any_of(parts: Sequence[Matches], size: int) -> Matches:
    """Return the documents that are in any part, with the sum of their scores."""
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:  # noqa: PLR2004  there is nothing to add up
        return parts[0] if parts else NOTHING
    docs, scores = summed(
        np.concatenate([p.docs for p in parts], dtype=np.uint32, casting="unsafe"),
        np.concatenate([part.scores for part in parts]),
        size,
    )
    return Matches(docs, scores)


def summed(docs: Numbers, values: Floats, size: int) -> tuple[Docs, Floats]:
    """Return each of ``docs`` once, rising, with the sum of its ``values``.

    Args:
        docs: shape (values,), uint32.
        values: what is added up.
        size: how many documents there are.
    """
    found = _each_once(docs, size)
    if len(docs) * _FEW < size:
        sums = np.bincount(np.searchsorted(found, docs), values)
        return found, sums.astype(np.float32)
    # Adding is fast where numpy has to change no type on the way.
    spread = np.zeros(size, dtype=np.float32)
    np.add.at(spread, docs.astype(np.int64), values)
    return found, spread[found]


def _each_once(docs: Numbers, size: int) -> Docs:
    if len(docs) * _SORT < size:
        return distinct(np.sort(docs)).astype(np.int64)
    there = np.zeros(size, dtype=np.bool_)
    there[docs.astype(np.int64)] = True
    return there.nonzero()[0]


def distinct(rising: Numbers) -> Numbers:
    """Return each of ``rising`` numbers once."""
    is_new = np.ones(len(rising), dtype=np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=is_new[1:])
    return rising[is_new]


def without(matches: Matches, unwanted: Docs, size: int) -> Matches:
    """Return ``matches`` but for the ``unwanted`` documents."""
    kept = np.ones(size, dtype=np.bool_)
    kept[unwanted] = False
    stay = kept[matches.docs]
    return Matches(matches.docs[stay], matches.scores[stay])


def plus_scores(matches: Matches, extra: Matches, size: int) -> Matches:
    """Return ``matches``, with the scores that ``extra`` gives them added."""
    if not len(matches) or not len(extra):
        return matches
    more = spread_out(extra.docs, extra.scores, size)
    return Matches(matches.docs, matches.scores + more[matches.docs])


def spread_out(docs: Docs, values: Floats, size: int) -> Floats:
    """Return shape (size,), the values of ``docs`` and 0 for others."""
    spread = np.zeros(size, dtype=np.float32)
    spread[docs] = values
    return spread


def kept(matches: Matches, mask: Mask) -> Matches:
    """Return those of ``matches`` that are in a mask over all documents."""
    stay = mask[matches.docs]
    return Matches(matches.docs[stay], matches.scores[stay])


# Sorting so many documents costs as much as looking through a mask over all.
_SORT = 6

# Below this share of all documents an array over all is not worth making.
_FEW = 256

# To search for a number costs as much as to write down so many; places are written
# more slowly than whether a document is there.
_SEARCH = 24
_WRITES = 3


def _is_among(docs: Numbers, others: Numbers, size: int) -> Mask:
    """Return which of ``docs`` are among ``others``, of which there are as many or more."""
    if len(docs) * _SEARCH < len(others):
        # None is beyond the last: where it would be put, there is another.
        asked = docs.astype(others.dtype, copy=False)
        there: Mask = others[np.searchsorted(others[:-1], asked)] == asked
    else:
        mask = np.zeros(size, dtype=np.bool_)
        mask[others.astype(np.int64, copy=False)] = True
        there = mask[docs.astype(np.int64, copy=False)]
    return there


def places_of(docs: Numbers, among: Numbers, size: int) -> Places:
    """Return where ``docs`` are in a list that has all of them."""
    if len(docs) == len(among):
        return ALL
    if len(docs) * _SEARCH < len(among) * _WRITES:
        # In the type of ``among``, which would be copied into that of ``docs`` else.
        return np.searchsorted(among, docs.astype(among.dtype, copy=False))
    place_of = np.empty(size, dtype=np.int32)
    place_of[among.astype(np.int64, copy=False)] = np.arange(len(among), dtype=np.int32)
    places: Docs = place_of[docs].astype(np.int64)
    return places
