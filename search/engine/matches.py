"""Sets of documents with scores, and how they are combined, array by array."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.int64]
Floats = NDArray[np.float32]


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
        docs: shape (candidates,), numbers, rising.
        scores_at: gives the scores of the candidates at some places.
    """

    docs: Docs
    scores_at: Callable[[Docs], Floats]

    def __len__(self) -> int:
        return len(self.docs)

    @classmethod
    def of(cls, matches: Matches) -> "Candidates":
        """Make candidates of documents that have their scores."""
        return cls(matches.docs, matches.scores.__getitem__)


def all_of(parts: Sequence[Candidates], size: int) -> Matches:
    """Return the documents that are in every part, with the sum of their scores.

    Args:
        parts: what is intersected; at least one.
        size: how many documents there are.
    """
    first, *others = ordered = sorted(parts, key=len)
    docs = first.docs
    places = [np.arange(len(docs))]
    for other in others:
        if not len(docs):
            return NOTHING
        place, there = _find(docs, other.docs, size)
        docs = docs[there]
        places = [*(own[there] for own in places), place]
    scores = np.zeros(len(docs), dtype=np.float32)
    for part, place in zip(ordered, places, strict=True):
        scores += part.scores_at(place)
    return Matches(docs, scores)


def any_of(parts: Sequence[Matches], size: int) -> Matches:
    """Return the documents that are in any part, with the sum of their scores."""
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:  # noqa: PLR2004  there is nothing to add up
        return parts[0] if parts else NOTHING
    total = sum(map(len, parts))
    if total * _SPARSE < size:
        docs, place = np.unique(
            np.concatenate([part.docs for part in parts]), return_inverse=True
        )
        scores = np.bincount(place, np.concatenate([part.scores for part in parts]))
        return Matches(docs, scores.astype(np.float32))
    sums = np.zeros(size, dtype=np.float32)
    there = np.zeros(size, dtype=np.bool_)
    for part in parts:
        sums[part.docs] += part.scores
        there[part.docs] = True
    docs = np.flatnonzero(there)
    return Matches(docs, sums[docs])


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
    if len(matches) == len(extra) and np.array_equal(matches.docs, extra.docs):
        return Matches(matches.docs, matches.scores + extra.scores)
    more = np.zeros(size, dtype=np.float32)
    more[extra.docs] = extra.scores
    return Matches(matches.docs, matches.scores + more[matches.docs])


def kept(matches: Matches, mask: NDArray[np.bool_]) -> Matches:
    """Return those of ``matches`` that are in a mask over all documents."""
    stay = mask[matches.docs]
    return Matches(matches.docs[stay], matches.scores[stay])


# Below this share of all documents, arrays over all of them cost more than sorting.
_SPARSE = 64


def _find(docs: Docs, among: Docs, size: int) -> tuple[Docs, NDArray[np.bool_]]:
    """Return where those of ``docs`` are that are ``among`` others, and which are."""
    if len(docs) * _SPARSE < size:
        place = np.searchsorted(among, docs)
        place[place == len(among)] = 0
        there = among[place] == docs if len(among) else np.zeros(len(docs), np.bool_)
        return place[there], there
    place_of = np.full(size, -1, dtype=np.int32)
    place_of[among] = np.arange(len(among), dtype=np.int32)
    places = place_of[docs]
    there = places >= 0
    return places[there].astype(np.int64), there
