"""The lemmas of Arabic words as printed, for many words at once.

Every word is read in every way that the tables of ``affixes`` allow: with each prefix
and each suffix that its letters begin and end with. What is left is looked up in the
``Lexicon``; of the readings that are found those with the least cost give the lemmas.
All of it is done on arrays, one step for all words: a *reading* is a row of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analysis.arabic.affixes import PREFIXES, SUFFIXES, Affix
from search.analysis.arabic.lexicon import Lexicon
from search.analysis.arabic.packing import (
    BITS,
    HALF,
    I64,
    U64,
    Packed,
    bits,
    code,
    lowest,
    pack,
    part,
    places,
    twice,
)
from search.analysis.ranges import spread

UNCERTAIN_COST = 4
"""What a form costs for which nothing but itself speaks."""

SLIP_COST = 5
"""What it costs to take a printed ه for the ة of a form."""

_SHORTEST = 2
"""Letters that must be left of a word."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of affixes, sorted by ``key``, as arrays of shape (affixes,)."""

    key: U64
    length: I64
    instead: U64
    added: I64
    cost: I64
    roles: NDArray[np.uint8]
    definite: NDArray[np.bool_]
    teh_marbuta: NDArray[np.bool_]
    any_spelling: NDArray[np.bool_]
    of_lemma: NDArray[np.bool_]


def _table(affixes: Sequence[Affix]) -> _Table:
    affixes = sorted(affixes, key=lambda a: (len(a.text), code(a.text)))
    return _Table(
        np.array([_key(code(a.text), len(a.text)) for a in affixes], dtype=np.uint64),
        np.array([len(a.text) for a in affixes]),
        np.array([code(a.instead) for a in affixes], dtype=np.uint64),
        np.array([len(a.instead) for a in affixes]),
        np.array([a.cost for a in affixes]),
        np.array([a.roles for a in affixes], dtype=np.uint8),
        np.array([a.definite for a in affixes]),
        np.array([a.teh_marbuta for a in affixes]),
        np.array([a.any_spelling for a in affixes]),
        np.array([a.of_lemma for a in affixes]),
    )


def _key(letters: int, length: int) -> int:
    """Return the number under which an affix is found: shorter ones come first."""
    return length << (BITS * HALF) | letters


_P, _S = _table(PREFIXES), _table(SUFFIXES)
_LONGEST = max(len(affix.text) for affix in PREFIXES + SUFFIXES)


@dataclass(frozen=True, slots=True)
class _Readings:
    """Ways to read words, sorted by word: arrays of shape (readings,).

    Attributes:
        word: which word.
        form: what is looked up, packed.
        cost: of both affixes.
        roles: what the affixes may stand with.
        spelling: of ``form``, as far as the print tells.
        length: letters of ``form``.
        inner: whether a suffix follows ``form`` in the word.
        of_lemma: whether ``form`` has to be a lemma.
    """

    word: I64
    form: U64
    cost: I64
    roles: NDArray[np.uint8]
    spelling: U64
    length: I64
    inner: NDArray[np.bool_]
    of_lemma: NDArray[np.bool_]

    def __getitem__(self, chosen: NDArray[np.bool_] | I64) -> "_Readings":
        return _Readings(*(getattr(self, name)[chosen] for name in self.__slots__))


def lemma_numbers(words: Sequence[str], lexicon: Lexicon) -> tuple[I64, I64]:
    """Return (word, lemma) pairs, sorted by word, each once: two arrays (pairs,).

    Words without a reading that the lexicon knows have no pair.
    """
    readings = _read(pack(words))
    row, entry = lexicon.find(readings.form)
    readings = readings[row]
    lemma = lexicon.lemmas[entry].astype(np.int64)
    known = lexicon.spellings[entry]
    slip = _is_teh_marbuta_printed_heh(readings, known)
    cost = readings.cost + SLIP_COST * slip
    cost += np.where(lexicon.certain[entry], 0, UNCERTAIN_COST)
    possible = _same_spelling(readings.spelling, known)
    # Before a suffix ة is written ت: a ه there belongs to the word.
    possible &= ~(slip & readings.inner)
    possible &= ~readings.of_lemma | (readings.form == lexicon.heads[lemma])
    possible &= (readings.roles & lexicon.roles[lemma]) != 0
    word, lemma, cost = readings.word[possible], lemma[possible], cost[possible]
    best = cost == _least(word, cost)
    # Nearly sorted, which a stable sort makes use of.
    pairs = np.sort(word[best] << 32 | lemma[best], kind="stable")
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return pairs >> 32, pairs & 0xFFFFFFFF


def _least(word: I64, cost: I64) -> I64:
    """Return for each reading the least cost of its word; words are sorted."""
    begins = np.flatnonzero(np.append(True, word[1:] != word[:-1])[: len(word)])
    if not len(begins):
        return cost
    least = np.minimum.reduceat(cost, begins)
    return np.repeat(least, np.diff(np.append(begins, len(word))))


def _read(packed: Packed) -> _Readings:
    """Read every word with each prefix and each suffix that it has."""
    prefixed, prefix = _beginnings(packed)
    suffixed, suffix = _endings(packed)
    begins = np.searchsorted(suffixed, prefixed, side="left")
    ends = np.searchsorted(suffixed, prefixed, side="right")
    left, right = spread(begins, ends)
    word, prefix, suffix = prefixed[left], prefix[left], suffix[right]
    left_over = packed.length[word] - _P.length[prefix] - _S.length[suffix]
    whole = left_over + _P.added[prefix] + _S.added[suffix]
    possible = np.flatnonzero(
        (left_over > 0)
        & (whole >= _SHORTEST)
        & (whole <= HALF)
        & ((_P.roles[prefix] & _S.roles[suffix]) != 0)
        & ~(_P.definite[prefix] & _S.definite[suffix])
        & _is_printed_as_affix(packed, word, prefix, suffix)
    )
    word, prefix, suffix, left_over = (
        a[possible] for a in (word, prefix, suffix, left_over)
    )
    return _Readings(
        word,
        _form(packed, word, prefix, suffix, left_over),
        _P.cost[prefix] + _S.cost[suffix],
        _P.roles[prefix] & _S.roles[suffix],
        _spelling(packed, word, prefix, suffix, left_over),
        left_over + _P.added[prefix] + _S.added[suffix],
        _S.length[suffix] > 0,
        _S.of_lemma[suffix],
    )


def _is_printed_as_affix(
    packed: Packed, word: I64, prefix: I64, suffix: I64
) -> NDArray[np.bool_]:
    """Whether affixes are printed with bare letters: no pronoun is ة, no article أل."""
    spelling = packed.spelling[word]
    before = spelling & places(_P.length[prefix])
    after = spelling >> twice(packed.length[word] - _S.length[suffix])
    bare: NDArray[np.bool_] = ((before == 0) | _P.any_spelling[prefix]) & (
        (after == 0) | _S.any_spelling[suffix]
    )
    return bare


def _form(packed: Packed, word: I64, prefix: I64, suffix: I64, left_over: I64) -> U64:
    """Put what an affix leaves, and what stands for it, together."""
    added = _P.added[prefix]
    form = part(packed, word, _P.length[prefix], left_over) << bits(added)
    form |= _P.instead[prefix]
    return form | _S.instead[suffix] << bits(added + left_over)


def _spelling(
    packed: Packed, word: I64, prefix: I64, suffix: I64, left_over: I64
) -> U64:
    """Return the spelling of what is left; letters put in a place tell nothing."""
    cut = packed.spelling[word] >> twice(_P.length[prefix])
    added = _P.added[prefix]
    kept = (cut & places(left_over)) << twice(added)
    last = added + left_over + _S.added[suffix] - 1
    return kept | (_S.teh_marbuta[suffix].astype(np.uint64) << twice(last))


def _beginnings(packed: Packed) -> tuple[I64, I64]:
    """Return (word, prefix) pairs, sorted by word."""
    return _pairs(packed, _P, lambda length: packed.low & lowest(np.array(length)))


def _endings(packed: Packed) -> tuple[I64, I64]:
    """Return (word, suffix) pairs, sorted by word."""
    rows = np.arange(len(packed.length))
    tail_length = np.minimum(packed.length, _LONGEST)
    tail = part(packed, rows, packed.length - tail_length, tail_length)
    return _pairs(
        packed, _S, lambda length: tail >> bits(np.maximum(tail_length - length, 0))
    )


def _pairs(
    packed: Packed, table: _Table, letters: Callable[[int], U64]
) -> tuple[I64, I64]:
    """Find the affixes of each length that words have; letters(length) are theirs."""
    words: list[I64] = []
    affixes: list[I64] = []
    for length in np.unique(table.length):
        longer = np.flatnonzero(packed.length > length)
        keys = letters(int(length))[longer] | np.uint64(_key(0, int(length)))
        begins = np.searchsorted(table.key, keys, side="left")
        ends = np.searchsorted(table.key, keys, side="right")
        row, affix = spread(begins, ends)
        words.append(longer[row])
        affixes.append(affix)
    word, affix = np.concatenate(words), np.concatenate(affixes)
    order = np.argsort(word, kind="stable")
    return word[order], affix[order]


def _same_spelling(printed: U64, known: U64) -> NDArray[np.bool_]:
    """Whether what was printed allows for the form as the lexicon knows it.

    Where nothing was printed that folding merges, it may be any.
    """
    low_bits = np.uint64(0x5555555555555555)
    told = (printed | printed >> np.uint64(1)) & low_bits
    same: NDArray[np.bool_] = ((printed ^ known) & (told | told << np.uint64(1))) == 0
    return same


def _is_teh_marbuta_printed_heh(readings: _Readings, known: U64) -> NDArray[np.bool_]:
    """Whether the form as the lexicon knows it ends in ة, and was printed with ه."""
    last = readings.length - 1
    letter = (readings.form >> bits(last)) & np.uint64(31)
    told = ((readings.spelling ^ known) >> twice(last)) & np.uint64(1)
    slip: NDArray[np.bool_] = (letter == np.uint64(code("ه"))) & (told != 0)
    return slip
