"""How far many words are from one, in slips of the pen, computed for all at once.

The distance is that of Damerau and Levenshtein in its restricted form ("optimal string
alignment", Boytsov 2011, "Indexing methods for approximate dictionary searching"): a
letter too many, too few, or another one, or two neighbours exchanged. A slip between two
letters that writers of Arabic confuse costs less (``CONFUSIONS``). Costs are whole
numbers: ``SLIP`` is one slip, and so chosen that the number of slips can be read from
the cost of up to ``MOST_SLIPS``.

Before anything is computed, a *signature* of 64 bits says which letters a word has. A
slip takes at most one letter away and brings at most one, and most words differ by more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SLIP = 4
"""The cost of one slip."""

CONFUSION = 3
"""The cost of one between letters that sound alike: three are more than two slips."""

MOST_SLIPS = 2

CONFUSIONS = ("ضظ", "ذزد", "ثسصت", "تط", "قك", "دض", "حه", "غخ", "ءا", "جغ")
"""Letters that are taken for each other.

Sounds that fell together in spoken Arabic (ض and ظ; ذ with ز or د; ث with س or ت), the
emphatic ones beside their plain partners, and the hamza left out or put on an alef. ه and
ة, ى and ي and the alefs are one letter each in folded words.
"""

Signatures = NDArray[np.uint64]
Letters = NDArray[np.uint32]
Costs = NDArray[np.int16]

_BIT = np.uint64(1) << np.arange(64, dtype=np.uint64)
_PADDING = 0


def letters_of(word: str) -> Letters:
    """Return shape (letters,), the code points of a word."""
    return np.frombuffer(word.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def signatures_of(letters: Letters, starts: NDArray[np.int64]) -> Signatures:
    """Return the signature of each of several words: a bit for each letter in it.

    Arabic letters have a bit each, and so have Latin ones.

    Args:
        letters: of all words in turn.
        starts: shape (words + 1,), where each begins. None may be empty.
    """
    if len(starts) < 2:  # noqa: PLR2004  there is no word
        return np.empty(0, dtype=np.uint64)
    return np.bitwise_or.reduceat(_BIT[letters & 63], starts[:-1])


def may_be_near(
    signatures: Signatures, lengths: NDArray[np.uint8], word: Letters, slips: int
) -> NDArray[np.int64]:
    """Return the places of the words that may be within ``slips`` of ``word``."""
    own = np.bitwise_or.reduce(_BIT[word & 63])
    gone = np.bitwise_count(own & ~signatures)
    come = np.bitwise_count(signatures & ~own)
    shortest = max(len(word) - slips, 0)
    near = (lengths >= shortest) & (lengths <= len(word) + slips)
    return np.flatnonzero(near & (gone <= slips) & (come <= slips))


def costs(word: Letters, others: Sequence[str], slips: int) -> Costs:
    """Return shape (others,), what it costs to make ``word`` of each of ``others``.

    What costs more than ``slips`` may be given any cost above that.
    """
    if not others:
        return np.empty(0, dtype=np.int16)
    table = _padded(others)
    lengths = np.fromiter(map(len, others), np.int64, len(others))
    width = table.shape[0]
    far = np.int16((slips + 1) * SLIP)
    # One row for each letter of ``word``, over the letters of all others at once; the
    # last three rows are kept. Cells further than ``slips`` off the diagonal are far.
    rows = [np.full((width + 1, len(others)), far, dtype=np.int16) for _ in range(3)]
    rows[1][:] = np.arange(width + 1, dtype=np.int16)[:, None] * SLIP
    for at, letter in enumerate(word.tolist(), start=1):
        before, last, row = rows
        row[:] = far
        row[0] = at * SLIP
        price = _substitution(table, letter)
        first, end = max(1, at - slips), min(width, at + slips)
        for n in range(first, end + 1):
            best = np.minimum(last[n - 1] + price[n - 1], last[n] + SLIP)
            np.minimum(best, row[n - 1] + SLIP, out=best)
            if at > 1 and n > 1:
                swapped = (table[n - 2] == letter) & (table[n - 1] == word[at - 2])
                np.minimum(best, np.where(swapped, before[n - 2] + SLIP, best), best)
            np.minimum(best, far, out=row[n])
        rows = [last, row, before]
    found: Costs = rows[1][lengths, np.arange(len(others))]
    return found


def _padded(words: Sequence[str]) -> Letters:
    """Return shape (longest word, words): the letters of each word, padded at its end."""
    width = max(map(len, words))
    flat = "".join(word.ljust(width, chr(_PADDING)) for word in words)
    return np.ascontiguousarray(letters_of(flat).reshape(len(words), width).T)


def _substitution(table: Letters, letter: int) -> Costs:
    """Return what it costs to have ``letter`` for each letter of ``table``."""
    price = np.full(table.shape, SLIP, dtype=np.int16)
    for other in _confused_with(chr(letter)):
        price[table == ord(other)] = CONFUSION
    price[table == letter] = 0
    return price


def _confused_with(letter: str) -> set[str]:
    return {other for group in CONFUSIONS if letter in group for other in group} - {
        letter
    }
