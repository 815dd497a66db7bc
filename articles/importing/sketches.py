"""What tells whether two texts are the same, or nearly the same.

A text is taken as its words, without case, punctuation, vowel signs and tatweel. Its
*key* is a hash of them all: texts of one key are the same. Its *shingles* are its runs
of three words; how many of them two texts share, of all that they have, is their
*likeness* (Jaccard's). *Bands* are short digests of shingles (MinHash with locality
sensitive hashing, Broder 1997): texts of likeness .8 share a band 98 times in 100, those
of .3 two times in 100. Whoever shares one is a candidate, whose likeness is then
computed.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import cast

import numpy as np
from numpy.typing import NDArray

BANDS = 10
ROWS = 5
SHINGLE = 3

Hashes = NDArray[np.uint64]
Shingles = NDArray[np.uint32]

_SIGNS = (
    *range(0x610, 0x61B),
    0x640,
    *range(0x64B, 0x660),
    0x670,
    *range(0x6D6, 0x6EE),
    *range(0x200B, 0x2010),
)
_BMP = 0x10000
_OUT, _SIGN = 0, 1
_LETTERS_TOLD_APART = 64

# Fixed, for sketches are kept: odd numbers, as multiplication without loss needs.
_random = np.random.default_rng(1997)
_PLACE = _random.integers(1, 2**63, _LETTERS_TOLD_APART, dtype=np.uint64) | np.uint64(1)
_TIMES = _random.integers(1, 2**32, (BANDS * ROWS, 1), dtype=np.uint32) | np.uint32(1)
_JOIN = _random.integers(1, 2**63, ROWS, dtype=np.uint64) | np.uint64(1)
_STEP = _random.integers(1, 2**63, SHINGLE + 1, dtype=np.uint64) | np.uint64(1)
_HALF = np.uint64(32)
_QUARTER = np.uint32(16)


@dataclass(frozen=True, slots=True)
class TextSketch:
    """What is kept of a text: its key and its bands, as numbers of 64 bits.

    Attributes:
        shingles: not kept, but at hand for whoever compares the text at once.
    """

    key: int
    bands: tuple[int, ...]
    shingles: Shingles = field(compare=False, repr=False)


def sketch(title: str, body: str) -> TextSketch:
    """Return the sketch of an article's text."""
    words = _words(body)
    whole = np.concatenate([_words(title), words])
    digest = blake2b(whole.tobytes(), digest_size=8).digest()
    # A headline may be another, and the article nearly the same.
    made = _shingles(words)
    return TextSketch(int.from_bytes(digest, signed=True), _bands(made), made)


def shingles(body: str) -> Shingles:
    """Return the shingles of a text, each once, for ``likeness``."""
    return distinct(_shingles(_words(body)))


def distinct(shingles: Shingles) -> Shingles:
    """Return shingles, each once, for ``likeness``."""
    return cast("Shingles", np.unique(shingles))


def likeness(one: Shingles, other: Shingles) -> float:
    """Return how much of two texts is the same, from 0 to 1."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _words(text: str) -> Hashes:
    """Return a hash of each word: the sum of its letters, each times what its place is."""
    encoded = _normalised(text).encode("utf-32-le", "surrogatepass")
    letters = _letters().take(np.frombuffer(encoded, np.uint32), mode="clip")
    unsigned = letters != _SIGN
    if not unsigned.all():
        letters = letters[unsigned]
    inside = np.zeros(len(letters) + 1, bool)
    np.not_equal(letters, _OUT, out=inside[1:])
    begins = np.flatnonzero(inside[1:] > inside[:-1])
    if not len(begins):
        return np.zeros(0, np.uint64)
    # What follows a word counts nothing: it may be taken along.
    letters = letters[begins[0] :]
    begins -= begins[0]
    lengths = np.append(begins[1:], len(letters)) - begins
    places = np.arange(len(letters)) - np.repeat(begins, lengths)
    weighed = letters * _PLACE.take(places, mode="clip")
    return cast("Hashes", np.add.reduceat(weighed, begins))


def _normalised(text: str) -> str:
    """Return the NFKC form of a text.

    Few words are in another, and a space joins with nothing: those words are enough.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    return " ".join(
        word
        if unicodedata.is_normalized("NFKC", word)
        else unicodedata.normalize("NFKC", word)
        for word in text.split(" ")
    )


@cache
def _letters() -> Hashes:
    """Return what each character counts for: a letter or digit, a sign, or neither.

    Those beyond the basic plane are few, and one letter all.
    """
    letters = np.zeros(_BMP + 1, np.uint64)
    for code in range(_BMP):
        character = chr(code)
        if character.isalnum():
            letters[code] = ord(character.lower()[0])
    letters[_BMP] = _BMP
    letters[list(_SIGNS)] = _SIGN
    return letters


def _shingles(words: Hashes) -> Shingles:
    """Return the hashes of the runs of words; of a text too short, of all its words."""
    if len(words) < SHINGLE:
        words = np.concatenate([words, np.zeros(SHINGLE - len(words), np.uint64)])
    runs = len(words) - SHINGLE + 1
    mixed = np.zeros(runs, np.uint64)
    for place in range(SHINGLE):
        mixed += words[place : place + runs] * _STEP[place]
    mixed = (mixed ^ (mixed >> _HALF)) * _STEP[SHINGLE]
    return cast("Shingles", (mixed >> _HALF).astype(np.uint32))


def _bands(shingles: Shingles) -> tuple[int, ...]:
    mixed = shingles ^ (shingles >> _QUARTER)
    least = (mixed * _TIMES).min(axis=1).reshape(BANDS, ROWS).astype(np.uint64)
    bands = (least * _JOIN).sum(axis=1, dtype=np.uint64)
    return tuple(bands.astype(np.int64).tolist())
