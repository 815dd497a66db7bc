"""The dictionary of Arabic word forms: which lemmas a printed form may have.

It is made of ``dictionary`` once, and mapped into the memory of every process:

* ``forms``, uint64, the packed letters of each form, rising;
* ``begins``, uint32, where the entries of each form begin, and where the last one ends:
  a form that belongs to several lemmas has several entries;
* ``buckets``, bool, whether any form is in each: most forms that are asked for are none,
  and this tells at the cost of one look;
* ``spellings``, uint64, which alef and which final letter each entry is printed with;
* ``lemmas``, uint32, the lemma of each entry, as a number;
* ``certain``, bool, whether anything but the form itself speaks for that lemma;
* ``words``, uint8, the lemmas as UTF-8, one a line, in the order of their numbers;
* ``heads``, uint64, the packed letters of each lemma;
* ``roots``, uint8, the root of each lemma as UTF-8, one a line, empty where it has none;
* ``roles``, uint8, for each lemma ``NOUN``, ``VERB`` or both.

Letters are folded, since newspapers leave hamzas out. What folding would confuse is told
apart by the spelling, where one was printed: أمن (security) is not امن, "grant!".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.analysis import letters
from search.analysis.arabic import dictionary, packing, roots
from search.analysis.arabic.packing import BITS, HALF, I64, U64, code, pack
from search.analysis.arabic.roots import root_of
from search.analysis.ranges import spread
from search.analysis.storage import Arrays, kept_arrays

NOUN, VERB = 1, 2

_BUCKET_BITS = 22


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The arrays described above."""

    forms: U64
    begins: NDArray[np.uint32]
    buckets: NDArray[np.bool_]
    spellings: U64
    lemmas: NDArray[np.uint32]
    certain: NDArray[np.bool_]
    words: tuple[str, ...]
    heads: U64
    roots: tuple[str, ...]
    roles: NDArray[np.uint8]

    def find(self, forms: U64) -> tuple[I64, I64]:
        """Return (asked, entry) pairs, sorted by asked: two arrays of shape (pairs,).

        Args:
            forms: shape (asked,), packed.
        """
        asked = np.flatnonzero(self.buckets[_bucket(forms)])
        place = np.searchsorted(self.forms, forms[asked])
        there = self.forms[np.minimum(place, len(self.forms) - 1)] == forms[asked]
        asked, place = asked[there], place[there]
        row, entry = spread(
            self.begins[place].astype(np.int64), self.begins[place + 1].astype(np.int64)
        )
        return asked[row], entry


@cache
def shipped_lexicon() -> Lexicon:
    """Return the lexicon of simplemma's dictionary and our own list of words."""
    made_of: tuple[Path | str, ...] = (
        *(
            Path(str(module.__file__))
            for module in (dictionary, packing, roots, letters)
        ),
        Path(__file__),
        dictionary.OWN_WORDS,
        version("simplemma"),
    )
    return _lexicon(
        kept_arrays(
            "arabic-lexicon", made_of, lambda: build_arrays(dictionary.entries())
        )
    )


def build_lexicon(entries: Iterable[dictionary.Entry]) -> Lexicon:
    """Make a lexicon in memory."""
    return _lexicon(build_arrays(entries))


def build_arrays(entries: Iterable[dictionary.Entry]) -> Arrays:
    """Make the arrays of a lexicon; forms that cannot be packed are left out."""
    listed = list(entries)
    packed = pack([entry.form for entry in listed])
    words = sorted({entry.lemma for entry in listed})
    number = {word: n for n, word in enumerate(words)}
    rows = np.stack(
        [
            packed.low,
            packed.spelling,
            np.array([number[entry.lemma] for entry in listed], dtype=np.uint64),
            np.array([entry.certain for entry in listed], dtype=np.uint64),
        ],
        axis=1,
    )[(packed.length > 0) & (packed.length <= HALF)]
    rows = np.unique(rows, axis=0)
    # Of equal entries the certain one is kept, which is the last in this order.
    rows = rows[np.append(np.any(rows[1:, :3] != rows[:-1, :3], axis=1), np.True_)]
    forms, begins = np.unique(rows[:, 0], return_index=True)
    buckets = np.zeros(1 << _BUCKET_BITS, dtype=np.bool_)
    buckets[_bucket(forms)] = True
    return {
        "forms": forms,
        "begins": np.append(begins, len(rows)).astype(np.uint32),
        "buckets": buckets,
        "spellings": np.ascontiguousarray(rows[:, 1]),
        "lemmas": rows[:, 2].astype(np.uint32),
        "certain": rows[:, 3].astype(np.bool_),
        "words": _lines(words),
        "heads": pack(words).low,
        "roots": _lines(_roots(words, listed)),
        "roles": _roles(rows[:, 0], rows[:, 2].astype(np.int64), len(words)),
    }


def _lexicon(arrays: Arrays) -> Lexicon:
    words, found = (
        tuple(arrays[name].tobytes().decode().split("\n"))
        for name in ("words", "roots")
    )
    return Lexicon(
        forms=arrays["forms"],
        begins=arrays["begins"],
        buckets=arrays["buckets"],
        spellings=arrays["spellings"],
        lemmas=arrays["lemmas"],
        certain=arrays["certain"],
        words=words,
        heads=arrays["heads"],
        roots=found,
        roles=arrays["roles"],
    )


def _bucket(forms: U64) -> U64:
    """Return a number of ``_BUCKET_BITS`` bits for each form: multiplicative hashing.

    Knuth, "The Art of Computer Programming" 6.4: the odd number is 2 ** 64 divided by
    the golden ratio.
    """
    return (forms * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BUCKET_BITS)


def _lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _roots(lemmas: Iterable[str], entries: Iterable[dictionary.Entry]) -> Iterator[str]:
    is_form = {*letters.fold_all([entry.form for entry in entries])}.__contains__
    return (root_of(lemma, is_form) or "" for lemma in lemmas)


def _roles(forms: U64, lemmas: I64, count: int) -> NDArray[np.uint8]:
    """Tell verbs, which have forms of the imperfect, from nouns, which have not.

    What has the article is a noun too.
    """
    first, article = (
        forms & np.uint64(31),
        forms & np.uint64(1 << 2 * BITS) - np.uint64(1),
    )
    imperfects = np.bincount(lemmas[first == np.uint64(code("ي"))], minlength=count)
    articles = np.bincount(lemmas[article == np.uint64(code("ال"))], minlength=count)
    roles = np.full(count, NOUN | VERB, dtype=np.uint8)
    roles[imperfects == 0] = NOUN
    roles[(imperfects > 1) & (articles == 0)] = VERB
    return roles
