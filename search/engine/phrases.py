"""Where words stand near each other in documents.

An occurrence is one number, the place of its document among those that are looked at and
the position in it, so that a word's occurrences are a sorted array and what stands after
each is found by searching. A *span* is what several words cover, from its first to its
last position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis.ranges import spread
from search.engine.matches import Places, distinct, places_of
from search.engine.segments import FieldPostings

Ints = NDArray[np.int64]

_BITS = 32
"""Bits of an occurrence that are its position."""


@dataclass(frozen=True)
class Slot:
    """A place in a phrase: any of some terms of a field may stand there."""

    postings: FieldPostings
    terms: NDArray[Any]

    @cached_property
    def runs(self) -> list[slice]:
        """Where the postings of each term are."""
        starts = self.postings.starts
        begins, ends = starts[self.terms].tolist(), starts[self.terms + 1].tolist()
        return [*map(slice, begins, ends)]

    @cached_property
    def sizes(self) -> list[int]:
        """How many postings each term has."""
        return [run.stop - run.start for run in self.runs]


def near(
    slots: Sequence[Slot], docs: Ints, *, size: int, slop: int, ordered: bool
) -> Ints:
    """Return the places of those ``docs`` in which words of all slots stand together.

    Rising, each once.

    Args:
        slots: in the order of the phrase.
        docs: documents that have a word of every slot, rising.
        size: how many documents there are.
        slop: how far a word may stand from those before it; 1 is right beside them.
        ordered: whether it must stand after them.
    """
    every = np.arange(len(docs))
    if not len(docs):
        return every
    if slop == 1 and ordered:
        return _in_a_row(slots, docs, every, size)
    begin = end = _occurrences(slots[0], docs, every, size)
    for slot in slots[1:]:
        there = _occurrences(slot, docs, every, size)
        begin, end = _within(begin, end, there, slop, ordered=ordered)
    return np.unique(end >> _BITS)


def _in_a_row(slots: Sequence[Slot], docs: Ints, rows: Ints, size: int) -> Ints:
    """Return the ``rows`` of ``docs`` that have each slot right after the one before."""
    begins: Ints | None = None
    # The rarest first: the positions of others are read where these may still stand.
    for number, slot in sorted(enumerate(slots), key=_rarity):
        # Where the phrase begins if the word is in its place in it.
        there = _occurrences(slot, docs[rows], rows, size) - number
        if begins is None:
            begins = there
        elif len(begins) < len(there):
            begins = begins[_is_in(there, begins)]
        else:
            begins = there[_is_in(begins, there)]
        rows = distinct((begins + number) >> _BITS)
        if not len(rows):
            break
    return rows


def _rarity(numbered: tuple[int, Slot]) -> int:
    return sum(numbered[1].sizes)


def _occurrences(slot: Slot, docs: Ints, rows: Ints, size: int) -> Ints:
    """Return the occurrences in ``docs`` of any term of a slot, rising.

    Args:
        slot: its terms.
        docs: documents, rising.
        rows: shape (docs,), what they are known by in an occurrence, rising.
        size: how many documents there are.
    """
    postings, runs = slot.postings, slot.runs
    of_terms, freqs = postings.docs[runs[0]], postings.freqs[runs[0]]
    shifts = _shifts(slot)
    if len(runs) == 1:
        wanted = places_of(docs, of_terms, size)
    else:
        of_terms = np.concatenate([postings.docs[run] for run in runs], dtype=np.int64)
        freqs = np.concatenate([postings.freqs[run] for run in runs])
        row_of = np.full(size, -1)
        row_of[docs] = rows
        rows = row_of[of_terms]
        wanted = (rows >= 0).nonzero()[0]
        rows = rows[wanted]
        shifts = np.repeat(shifts, slot.sizes)[wanted]
    begins = _sums_before(freqs, wanted) + shifts
    row, number = spread(begins, begins + freqs[wanted])
    found: Ints = (rows << _BITS)[row] + _positions(postings)[number]
    return np.sort(found) if len(runs) > 1 else found


def _shifts(slot: Slot) -> Ints:
    """Return how much further on positions are than if no other terms had any."""
    starts, terms = slot.postings.position_starts, slot.terms
    if starts is None:
        msg = "words have no positions in this field"
        raise LookupError(msg)
    begins: Ints = starts[terms].astype(np.int64)
    if len(terms) > 1:
        counts = starts[terms + 1] - begins
        begins -= np.cumsum(counts) - counts
    return begins


def _sums_before(numbers: NDArray[Any], places: Places) -> Ints:
    """Return the sum of all ``numbers`` before each of some ``places``, which rise."""
    if isinstance(places, slice):
        sums = numbers.astype(np.int64)
        before = np.cumsum(sums) - sums
    else:
        # One sum for each place is many times as fast as a running sum over all.
        sums = np.add.reduceat(numbers, places, dtype=np.int64)
        before = np.cumsum(sums) - sums
        before += numbers[: places[0]].sum(dtype=np.int64)
    return before


def _positions(postings: FieldPostings) -> NDArray[Any]:
    return postings.positions if postings.positions is not None else np.empty(0)


def _is_in(sorted_numbers: Ints, asked: Ints) -> NDArray[np.bool_]:
    # None is beyond the last: where it would be put, there is another.
    places = np.searchsorted(sorted_numbers[:-1], asked)
    there: NDArray[np.bool_] = sorted_numbers[places] == asked
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
