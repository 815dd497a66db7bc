"""Where words stand near each other in documents.

An occurrence is one number, the document and the position in it, so that a word's
occurrences are a sorted array and what stands after each is found by searching. A *span*
is what several words cover, from its first to its last position.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.analysis.ranges import spread
from search.engine.segments import FieldPostings

Ints = NDArray[np.int64]

_BITS = 32
"""Bits of an occurrence that are its position."""


class Slot(NamedTuple):
    """A place in a phrase: any of some terms of a field may stand there."""

    postings: FieldPostings
    terms: NDArray[Any]


def near(slots: Sequence[Slot], docs: Ints, *, slop: int, ordered: bool) -> Ints:
    """Return those of ``docs`` in which a word of each slot stands near that of the last.

    Args:
        slots: in the order of the phrase.
        docs: documents that have a word of every slot, rising.
        slop: how far a word may stand from those before it; 1 is right beside them.
        ordered: whether it must stand after them.
    """
    first = _occurrences(slots[0], docs)
    begin, end = first, first
    for slot in slots[1:]:
        there = _occurrences(slot, docs)
        if slop == 1 and ordered:
            begin, end = _right_after(begin, end, there)
        else:
            begin, end = _within(begin, end, there, slop, ordered=ordered)
    return np.unique(end >> _BITS)


def _occurrences(slot: Slot, docs: Ints) -> Ints:
    """Return the occurrences of any term of a slot in ``docs``, rising."""
    postings, terms = slot
    starts = postings.starts[terms].astype(np.int64)
    row, place = spread(starts, postings.starts[terms + 1].astype(np.int64))
    freqs = postings.freqs[place].astype(np.int64)
    # The positions of a term follow each other as its postings do.
    ends = np.cumsum(freqs)
    before = (ends - freqs)[np.searchsorted(row, np.arange(len(terms)))]
    begins = ends - freqs + (_position_starts(postings, terms) - before)[row]
    of_term = postings.docs[place].astype(np.int64)
    wanted = _is_among(of_term, docs)
    of, number = spread(begins[wanted], (begins + freqs)[wanted])
    positions = _positions(postings)[number].astype(np.int64)
    found = (of_term[wanted][of] << _BITS) + positions
    return np.sort(found) if len(terms) > 1 else found


def _is_among(numbers: Ints, docs: Ints) -> NDArray[np.bool_]:
    """Return which of ``numbers`` are in ``docs``, which rise."""
    place = np.searchsorted(docs, numbers)
    place[place == len(docs)] = 0
    there: NDArray[np.bool_] = docs[place] == numbers
    return there


def _position_starts(postings: FieldPostings, terms: NDArray[Any]) -> Ints:
    if postings.position_starts is None:
        msg = "words have no positions in this field"
        raise LookupError(msg)
    starts: Ints = postings.position_starts[terms].astype(np.int64)
    return starts


def _positions(postings: FieldPostings) -> NDArray[Any]:
    return postings.positions if postings.positions is not None else np.empty(0)


def _right_after(begin: Ints, end: Ints, there: Ints) -> tuple[Ints, Ints]:
    place = np.searchsorted(there, end + 1)
    place[place == len(there)] = 0
    follows = there[place] == end + 1 if len(there) else np.zeros(len(end), np.bool_)
    return begin[follows], end[follows] + 1


def _within(
    begin: Ints, end: Ints, there: Ints, slop: int, *, ordered: bool
) -> tuple[Ints, Ints]:
    """Join spans with the occurrences that stand at most ``slop`` from them."""
    spans = [_joined(begin, end, there, end + 1, end + slop)]
    if not ordered:
        # Not before the document's first position.
        earliest = np.maximum(begin - slop, begin >> _BITS << _BITS)
        spans.append(_joined(begin, end, there, earliest, begin - 1))
    both = np.unique(np.concatenate(spans, axis=1), axis=1)
    return both[0], both[1]


def _joined(
    begin: Ints, end: Ints, there: Ints, first: Ints, last: Ints
) -> NDArray[Any]:
    row, place = spread(
        np.searchsorted(there, first, side="left"),
        np.searchsorted(there, np.maximum(last, first - 1), side="right"),
    )
    return np.stack(
        [np.minimum(begin[row], there[place]), np.maximum(end[row], there[place])]
    )
