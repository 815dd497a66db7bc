"""How far many words are from one, in slips of the pen, computed for all at once.

The distance is that of Damerau and Levenshtein in its restricted form ("optimal string
alignment", Boytsov 2011, "Indexing methods for approximate dictionary searching"): a
letter too many, too few, or another one, or two neighbours exchanged. A slip between two
letters that writers of Arabic confuse costs less (``CONFUSIONS``). Costs are whole
numbers: ``SLIP`` is one slip, and so chosen that what costs no more than ``slips`` of
them is that many slips, for up to ``MOST_SLIPS``.

Before anything is computed, a *signature* of 64 bits says which letters a word has. A
slip takes at most one letter away and brings at most one, and most words differ by more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analysis.ranges import spread
from search.engine.segments import Vocabulary

MOST_SLIPS = 2

SLIP = 4
"""The cost of one slip."""

CONFUSION = 3
"""The cost of one between letters that are confused: three of them are too many."""

CONFUSIONS = ("ضظ", "ذزد", "ثسصت", "تط", "قك", "دض", "حه", "غخج", "ءا")
"""Letters that are taken for each other.

Sounds that fell together in spoken Arabic (ض and ظ; ذ with ز or د; ث with س or ت), the
emphatic ones beside their plain partners, and the hamza left out or put on an alef. The
alefs are one letter in folded words, as are teh marbuta and heh, and ى and ي.
"""

Ints = NDArray[np.int64]
Letters = NDArray[np.uint32]
Costs = NDArray[np.int16]

_BIT = np.uint64(1) << np.arange(64, dtype=np.uint64)
_CONTINUED, _LEADING = 0x80, 0xC0


def letters_of(word: str) -> Letters:
    """Return shape (letters,), the code points of a word."""
    return np.frombuffer(word.encode("utf-32-le"), dtype="<u4")


@dataclass(frozen=True, slots=True)
class Signatures:
    """What a vocabulary is searched by, the shortest words first.

    Attributes:
        words: shape (words,), their numbers.
        lengths: shape (words,), letters; rising.
        bits: shape (words,), a bit for each letter that is in the word. Arabic letters
            have one each, and so have Latin ones.
    """

    words: NDArray[np.int32]
    lengths: NDArray[np.int16]
    bits: NDArray[np.uint64]

    def near(self, word: Letters, slips: int) -> Ints:
        """Return the numbers of words that may be within ``slips`` of ``word``."""
        first, end = np.searchsorted(
            self.lengths, (len(word) - slips, len(word) + slips + 1)
        )
        own, bits = np.bitwise_or.reduce(_BIT[word & 63]), self.bits[first:end]
        gone, come = np.bitwise_count(own & ~bits), np.bitwise_count(bits & ~own)
        near = np.flatnonzero((gone <= slips) & (come <= slips))
        return self.words[first:end][near].astype(np.int64)


def signatures(vocabulary: Vocabulary) -> Signatures:
    """Return the signatures of ``vocabulary``, which has no empty word."""
    if not len(vocabulary):
        return Signatures(
            np.empty(0, np.int32), np.empty(0, np.int16), np.empty(0, np.uint64)
        )
    letters, lengths = _letters(vocabulary, np.arange(len(vocabulary)))
    starts = np.cumsum(lengths) - lengths
    bits = np.bitwise_or.reduceat(_BIT[letters & 63], starts)
    order = np.argsort(lengths, kind="stable")
    return Signatures(
        order.astype(np.int32),
        np.minimum(lengths[order], np.iinfo(np.int16).max).astype(np.int16),
        bits[order],
    )


def costs(word: Letters, vocabulary: Vocabulary, others: Ints, slips: int) -> Costs:
    """Return shape (others,), what it costs to make ``word`` of each of ``others``.

    What costs more than ``slips`` do may be given any cost above that.
    """
    if not len(others):
        return np.empty(0, dtype=np.int16)
    letters, lengths = _letters(vocabulary, others)
    table = np.zeros((len(others), int(lengths.max())), dtype=np.uint32)
    table[np.arange(table.shape[1]) < lengths[:, None]] = letters
    cells = _Cells(word, np.ascontiguousarray(table.T), slips)
    last = cells.last_row()
    found: Costs = last[lengths, np.arange(len(others))]
    return found


def weighed(cost: int) -> float:
    """Return how many slips a cost is, a confusion counted as half of one."""
    slips = -(-cost // SLIP)
    return slips - (slips * SLIP - cost) / 2


@dataclass(frozen=True, slots=True)
class _Cells:
    """The table of the dynamic program, whose cells are arrays over all other words.

    Attributes:
        word: letters, a row for each.
        table: shape (letters of the longest other word, others), a column for each.
        slips: how far off the diagonal cells are filled; the others are too far.
    """

    word: Letters
    table: Letters
    slips: int

    def last_row(self) -> Costs:
        """Return shape (letters + 1, others), what the beginnings of the others cost."""
        width, others = self.table.shape
        far = np.int16((self.slips + 1) * SLIP)
        before = row = np.empty((0, others), dtype=np.int16)
        last = np.full((width + 1, others), far, dtype=np.int16)
        last[: self.slips + 1] = np.arange(self.slips + 1)[: width + 1, None] * SLIP
        for at in range(1, len(self.word) + 1):
            row = np.full((width + 1, others), far, dtype=np.int16)
            if at <= self.slips:
                row[0] = at * SLIP
            for n in range(max(1, at - self.slips), min(width, at + self.slips) + 1):
                best = last[n - 1] + self._price(at, n)
                np.minimum(best, last[n] + SLIP, out=best)
                np.minimum(best, row[n - 1] + SLIP, out=best)
                if at > 1 and n > 1:
                    swapped = before[n - 2] + SLIP
                    swapped[~self._are_swapped(at, n)] = far
                    np.minimum(best, swapped, out=best)
                np.minimum(best, far, out=row[n])
            before, last = last, row
        return last

    def _price(self, at: int, n: int) -> Costs:
        """Return what it costs to have one letter for another."""
        letter, others = self.word[at - 1], self.table[n - 1]
        price = np.full(len(others), SLIP, dtype=np.int16)
        for confused in _CONFUSED.get(chr(letter), ()):
            price[others == ord(confused)] = CONFUSION
        price[others == letter] = 0
        return price

    def _are_swapped(self, at: int, n: int) -> NDArray[np.bool_]:
        swapped: NDArray[np.bool_] = (self.table[n - 2] == self.word[at - 1]) & (
            self.table[n - 1] == self.word[at - 2]
        )
        return swapped


_CONFUSED: dict[str, set[str]] = {
    letter: {other for group in CONFUSIONS if letter in group for other in group}
    for letter in "".join(CONFUSIONS)
}


def _letters(vocabulary: Vocabulary, numbers: Ints) -> tuple[Letters, Ints]:
    """Return the letters of some words in turn, and how many each has."""
    arrays = vocabulary.arrays("words")
    encoded, offsets = arrays["words.bytes"], arrays["words.offsets"].astype(np.int64)
    _, places = spread(offsets[numbers], offsets[numbers + 1])
    taken = encoded[places]
    sizes = offsets[numbers + 1] - offsets[numbers]
    # In UTF-8 every byte that does not continue a letter begins one.
    begins = (taken & _LEADING) != _CONTINUED
    lengths = np.add.reduceat(begins, np.cumsum(sizes) - sizes, dtype=np.int64)
    return letters_of(taken.tobytes().decode()), lengths
