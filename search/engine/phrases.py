"""Where words stand near each other in documents.

An occurrence is one number, the place of its document among those that are looked at and
the position in it, so that a word's occurrences are a sorted array and what stands after
each is found by searching. A *span* is what several words cover, from its first to its
last position.
"""

from collections.abc import Callable, Sequence
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

_BLOCK = 512
"""Documents that are looked at together for words in any order: what two words that both
are common make of each other there is many times what they are."""


def _never() -> bool:
    return False


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


def near(  # noqa: PLR0913  what a phrase is looked for by
    slots: Sequence[Slot],
    docs: Ints,
    *,
    size: int,
    slop: int,
    ordered: bool,
    is_over: Callable[[], bool] = _never,
) -> Ints:
    """Return the places of those ``docs`` in which words of all slots stand together.

    Rising, each once.

    Args:
        slots: in the order of the phrase.
        docs: documents that have a word of every slot, rising.
        size: how many documents there are.
        slop: how far a word may stand from those before it; 1 is right beside them.
        ordered: whether it must stand after them.
        is_over: whether to stop, with what is found by then.
    """
    every = np.arange(len(docs))
    if not len(docs):
        return every
    if slop == 1 and ordered:
        return _in_a_row(slots, docs, every, size, is_over)
    occurrences: list[Ints] = []
    for slot in slots:
        if is_over():
            return every[:0]
        occurrences.append(_occurrences(slot, docs, every, size))
    together = _in_order if ordered else _in_any_order
    found = [every[:0]]
    for first in range(0, len(docs), _BLOCK):
        if is_over():
            break
        ends = (first << _BITS, (first + _BLOCK) << _BITS)
        block = [own[slice(*np.searchsorted(own, ends))] for own in occurrences]
        found.append(together(block, slop, is_over) >> _BITS)
    return distinct(np.concatenate(found))


def _in_a_row(
    slots: Sequence[Slot],
    docs: Ints,
    rows: Ints,
    size: int,
    is_over: Callable[[], bool],
) -> Ints:
    """Return the ``rows`` of ``docs`` that have each slot right after the one before."""
    begins: Ints | None = None
    # The rarest first: the positions of others are read where these may still stand.
    for number, slot in sorted(enumerate(slots), key=_rarity):
        if is_over():
            return rows[:0]
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


def _in_order(
    occurrences: Sequence[Ints], slop: int, is_over: Callable[[], bool]
) -> Ints:
    """Return where spans end whose words follow each other, rising."""
    ends, *others = occurrences
    for there in others:
        if is_over():
            return ends[:0]
        # Where a span begins is nothing to those that come after it.
        before = np.searchsorted(ends, there - slop), np.searchsorted(ends, there)
        ends = there[before[0] < before[1]]
    return ends


def _in_any_order(
    occurrences: Sequence[Ints], slop: int, is_over: Callable[[], bool]
) -> Ints:
    """Return where spans end whose words stand beside each other, rising."""
    begin = end = occurrences[0]
    for there in occurrences[1:]:
        if is_over():
            return end[:0]
        begin, end = _within(begin, end, there, slop)
    return np.sort(end)


def _within(begin: Ints, end: Ints, there: Ints, slop: int) -> tuple[Ints, Ints]:
    """Join spans with the occurrences that stand at most ``slop`` from them."""
    # Not before the document's first position.
    earliest = np.maximum(begin - slop, begin >> _BITS << _BITS)
    after = _joined(begin, end, there, end + 1, end + slop)
    before = _joined(begin, end, there, earliest, begin - 1)
    begin, end = np.concatenate([after, before], axis=1)
    order = np.lexsort((end, begin))
    begin, end = begin[order], end[order]
    is_new = np.ones(len(begin), dtype=np.bool_)
    is_new[1:] = (begin[1:] != begin[:-1]) | (end[1:] != end[:-1])
    return begin[is_new], end[is_new]


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
