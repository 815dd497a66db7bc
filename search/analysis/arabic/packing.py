"""Arabic words as numbers, so that many are taken apart at once.

Folded, Arabic has 29 letters: five bits each. Twelve letters fit into one unsigned
64-bit number, the first letter in the lowest bits; cutting a prefix is a shift, cutting
a suffix is a mask, and looking a word up is a search among sorted numbers. A word as
printed may have twice as many letters (clitics and all), and takes two numbers.

Folding forgets which alef or final letter was printed. That is kept beside the letters,
in two bits each, since it tells words apart: أن, إن and آن are three.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analysis.letters import fold

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

LETTERS = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
"""The letters after folding; a letter's code is its place here, from 1."""

BITS = 5
HALF = 12
"""Letters in one number."""
MOST = 2 * HALF
"""Letters in a word that can be packed."""

# A printed letter that folding merges with others -> two bits. The seats of the hamza
# are not told apart: which one is printed is a rule of spelling, often broken.
_SPELLINGS = {"أ": 1, "إ": 2, "آ": 3, "ة": 1}


@dataclass(frozen=True, slots=True)
class Packed:
    """Words as numbers: arrays of shape (words,).

    Attributes:
        low: uint64, letters 0 to 11, five bits each.
        high: uint64, letters 12 to 23.
        length: int64, how many letters; 0 for what cannot be packed: no letter, more
            than ``MOST``, or one that is not in ``LETTERS`` after folding.
        spelling: uint64, two bits for each letter; 0 where folding loses nothing.
    """

    low: U64
    high: U64
    length: I64
    spelling: U64


def pack(words: Sequence[str]) -> Packed:
    """Pack ``words``, which are as written (or folded: their spelling is then 0)."""
    cells = _cells(words)
    low, high, spelling = (np.zeros(len(words), dtype=np.uint64) for _ in range(3))
    printed, known = (np.zeros(len(words), dtype=np.int64) for _ in range(2))
    for place, column in enumerate(cells):
        codes = _CODE_OF[column]
        printed += column != 0
        known += codes != 0
        half = low if place < HALF else high
        half |= codes.astype(np.uint64) << np.uint64(BITS * (place % HALF))
        spelling |= _SPELLING_OF[column].astype(np.uint64) << np.uint64(2 * place % 64)
    packable = (printed == known) & (printed <= MOST)
    for array in (low, high, spelling, printed):
        array[~packable] = 0
    return Packed(low, high, printed, spelling)


def code(letters: str) -> int:
    """Return the number of at most ``HALF`` folded letters."""
    return sum((LETTERS.index(c) + 1) << (BITS * n) for n, c in enumerate(letters))


def unpack(number: int) -> str:
    """Return the folded letters of one number."""
    letters = []
    while number:
        letters.append(LETTERS[(number & 31) - 1])
        number >>= BITS
    return "".join(letters)


def bits(letters: I64) -> U64:
    """Return how many bits so many letters take."""
    return (BITS * letters).astype(np.uint64)


def lowest(letters: I64) -> U64:
    """Return numbers that mask the first letters of a word; ``HALF`` at the most."""
    return (np.uint64(1) << bits(letters)) - np.uint64(1)


def twice(letters: I64) -> U64:
    """Return how many bits the spelling of so many letters takes; 62 at the most."""
    return np.clip(2 * letters, 0, 62).astype(np.uint64)


def places(letters: I64) -> U64:
    """Return numbers that mask the spelling of the first letters of a word."""
    return (np.uint64(1) << twice(letters)) - np.uint64(1)


def part(words: Packed, rows: I64, start: I64, length: I64) -> U64:
    """Return the letters of ``rows`` from ``start`` on, as one number each.

    Args:
        words: where the words are.
        rows: shape (parts,), which word.
        start: shape (parts,), its first letter that is taken.
        length: shape (parts,), how many are taken, 0 to ``HALF``.
    """
    shift = bits(start)
    whole = np.uint64(BITS * HALF)
    low, high = words.low[rows] >> shift, words.high[rows]
    # Shifts of 64 bits and more are undefined: letters from the upper number on.
    upper = np.where(
        shift <= whole,
        high << np.minimum(whole - np.minimum(shift, whole), np.uint64(63)),
        high >> np.minimum(shift - np.minimum(shift, whole), np.uint64(63)),
    )
    return (low | upper) & lowest(length)


def _cells(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the code points of ``words``, a row for each place: (places, words).

    One letter more than can be packed is taken, to show which words are too long.
    """
    width = min(max(map(len, words), default=0), MOST + 1) or 1
    cells = np.array(words, dtype=f"U{width}").view(np.uint32)
    cells = np.ascontiguousarray(cells.reshape(len(words), width).T)
    return np.minimum(cells, len(_CODE_OF) - 1)


def _table(of: dict[str, int]) -> NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for letter, number in of.items():
        table[ord(letter)] = number
    return table


def _codes() -> dict[str, int]:
    """Return the code of every letter that folds to one of ``LETTERS``."""
    printed = [chr(point) for point in range(0x620, 0x6D4)]
    return {
        c: LETTERS.index(fold(c)) + 1 for c in printed if fold(c) and fold(c) in LETTERS
    }


_CODE_OF = _table(_codes())
_SPELLING_OF = _table(_SPELLINGS)
