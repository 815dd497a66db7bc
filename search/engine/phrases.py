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


def near(
    slots: Sequence[Slot], docs: Ints, *, size: int, slop: int, ordered: bool
) -> Ints:
    """Return those of ``docs`` in which a word of each slot stands near that of the last.

    A document comes as often as it has the phrase.

    Args:
        slots: in the order of the phrase.
        docs: documents that have a word of every slot, rising.
        size: how many documents there are.
        slop: how far a word may stand from those before it; 1 is right beside them.
        ordered: whether it must stand after them.
    """
    wanted = np.zeros(size, dtype=np.bool_)
    wanted[docs] = True
    first = _occurrences(slots[0], wanted)
    begin, end = first, first
    for slot in slots[1:]:
        there = _occurrences(slot, wanted)
        if slop == 1 and ordered:
            begin, end = _right_after(begin, end, there)
        else:
            begin, end = _within(begin, end, there, slop, ordered=ordered)
    return end >> _BITS


def _occurrences(slot: Slot, docs: NDArray[np.bool_]) -> Ints:
    """Return the occurrences of any term of a slot in a mask of ``docs``, rising."""
    postings, terms = slot
    starts, ends = postings.starts[terms].tolist(), postings.starts[terms + 1].tolist()
    runs = [slice(*run) for run in zip(starts, ends, strict=True)]
    of_term = np.concatenate([postings.docs[run] for run in runs])
    freqs = np.concatenate([postings.freqs[run] for run in runs])
    wanted = np.flatnonzero(docs[of_term])
    # The positions of a term follow each other as its postings do.
    before = np.zeros(len(freqs) + 1, dtype=np.int64)
    np.cumsum(freqs, out=before[1:])
    counts = np.subtract(ends, starts)
    first = np.cumsum(counts) - counts
    shift = np.repeat(_position_starts(postings, terms) - before[first], counts)[wanted]
    row, number = spread(before[wanted] + shift, before[wanted + 1] + shift)
    positions = _positions(postings)[number].astype(np.int64)
    found = (of_term[wanted].astype(np.int64)[row] << _BITS) + positions
    return np.sort(found) if len(terms) > 1 else found


def _position_starts(postings: FieldPostings, terms: NDArray[Any]) -> Ints:
    if postings.position_starts is None:
        msg = "words have no positions in this field"
        raise LookupError(msg)
    starts: Ints = postings.position_starts[terms].astype(np.int64)
    return starts


def _positions(postings: FieldPostings) -> NDArray[Any]:
    return postings.positions if postings.positions is not None else np.empty(0)


def _right_after(begin: Ints, end: Ints, there: Ints) -> tuple[Ints, Ints]:
    if len(there) < len(end):
        # The shorter list is looked up in the longer one.
        follows = _found(end, there - 1)
    else:
        follows = np.flatnonzero(_is_in(there, end + 1))
    return begin[follows], end[follows] + 1


def _found(sorted_numbers: Ints, wanted: Ints) -> Ints:
    """Return where ``wanted`` numbers, which rise, are among others, each time."""
    _, place = spread(
        np.searchsorted(sorted_numbers, wanted, side="left"),
        np.searchsorted(sorted_numbers, wanted, side="right"),
    )
    return place


def _is_in(sorted_numbers: Ints, asked: Ints) -> NDArray[np.bool_]:
    if not len(sorted_numbers):
        return np.zeros(len(asked), np.bool_)
    place = np.searchsorted(sorted_numbers, asked)
    place[place == len(sorted_numbers)] = 0
    there: NDArray[np.bool_] = sorted_numbers[place] == asked
    return there


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
