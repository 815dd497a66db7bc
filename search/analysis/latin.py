"""The lemmas of French and English words, for many words at once.

The dictionaries are simplemma's. Newspapers leave accents off capitals (Etats), and
readers leave them off anywhere, so forms are looked up folded; where a form is known
with just the accents that are printed, it alone counts: côtes are no cotes. A form that
is the lemma of others is a lemma of its own too (meeting, of meetings, beside meet), and
one that is left to itself has the lemma of its plural (présidentielle has présidentiel).

A dictionary is kept as arrays that all processes share, sorted by form; a form that
belongs to several lemmas stands several times:

* ``forms``, bytes, the folded form;
* ``spellings``, uint32, the CRC-32 of the form with its accents, in small letters;
* ``lemmas``, uint32, its lemma, as a number;
* ``words``, uint8, the lemmas as UTF-8, one a line, in the order of their numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import chain
from operator import not_
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from simplemma.strategies.dictionaries.dictionary_factory import (
    DefaultDictionaryFactory,
)

from search.analysis import letters
from search.analysis.letters import fold_all
from search.analysis.ranges import spread
from search.analysis.storage import Arrays, kept_arrays

LANGUAGES = ("fr", "en")

_LONGEST = 30
_FORM = re.compile(f"[a-z']{{1,{_LONGEST}}}")
# The plural of new is not news, nor that of do dos.
_TOO_SHORT = 4
_POSSESSIVE = re.compile("'s?$")


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """The arrays of one language, described above."""

    forms: NDArray[np.bytes_]
    spellings: NDArray[np.uint32]
    lemmas: NDArray[np.uint32]
    words: tuple[str, ...]

    def find(self, forms: Sequence[str], spellings: Sequence[str]) -> list[list[str]]:
        """Return the lemmas of each of ``forms``, which are folded."""
        asked = np.array(forms, dtype=self.forms.dtype)
        word, entry = spread(
            np.searchsorted(self.forms, asked, side="left"),
            np.searchsorted(self.forms, asked, side="right"),
        )
        printed = np.fromiter(map(_digest, spellings), np.uint32, len(spellings))
        exact = self.spellings[entry] == printed[word]
        has_exact = np.zeros(len(forms), dtype=np.bool_)
        has_exact[word[exact]] = True
        kept = exact | ~has_exact[word]
        found: list[list[str]] = [[] for _ in forms]
        for n, lemma in zip(
            word[kept].tolist(), self.lemmas[entry[kept]].tolist(), strict=True
        ):
            found[n].append(self.words[lemma])
        return found


def lemmas_of(
    words: Sequence[str], language: str | None = None
) -> list[tuple[str, ...]]:
    """Return the lemmas of each of ``words``, which are as written, in small letters.

    A word that the dictionary lacks is its own lemma, folded: French words that have one
    form only, such as pays, are not in it.

    Args:
        words: of any script; those that are not Latin are their own lemmas.
        language: "fr" or "en". Without it a word has the lemmas that it has in either,
            with another language it has none but itself.
    """
    lemmas: list[tuple[str, ...]] = [(form,) for form in fold_all(words)]
    languages = LANGUAGES if language is None else {language} & {*LANGUAGES}
    if not languages:
        return lemmas
    # An abbreviation has stops, and is no word: U.S.A, beside the French "il usa".
    rows = [
        n
        for n, (form, *_) in enumerate(lemmas)
        if _FORM.fullmatch(form) and "." not in words[n]
    ]
    forms = [lemmas[n][0] for n in rows]
    spellings = [words[n].casefold() for n in rows]
    by_language = [_find(code, forms, spellings) for code in languages]
    for n, *found in zip(rows, *by_language, strict=True):
        # One that lacks it comes last: children is the form of an English word first.
        found.sort(key=not_)
        lemmas[n] = tuple(dict.fromkeys(chain(*(f or lemmas[n] for f in found))))
    return lemmas


def _find(
    language: str, forms: Sequence[str], spellings: Sequence[str]
) -> list[list[str]]:
    dictionary = _dictionary(language)
    found = dictionary.find(forms, spellings)
    if language == "en":
        bare = [_POSSESSIVE.sub("", form) for form in forms]
        rows = [n for n, form in enumerate(forms) if bare[n] != form and not found[n]]
        owners = dictionary.find([bare[n] for n in rows], [bare[n] for n in rows])
        for n, lemmas in zip(rows, owners, strict=True):
            found[n] = lemmas or [bare[n]]
    return found


@cache
def _dictionary(language: str) -> _Dictionary:
    made_of = (Path(__file__), Path(letters.__file__), version("simplemma"), language)
    arrays = kept_arrays(
        f"latin-{language}", made_of, lambda: _build(_entries(language))
    )
    words = arrays["words"].tobytes().decode().split("\n")
    return _Dictionary(
        arrays["forms"].view(f"S{_LONGEST}"),
        arrays["spellings"],
        arrays["lemmas"],
        tuple(words),
    )


def _build(entries: Iterable[tuple[str, str]]) -> Arrays:
    """Make the arrays of a dictionary of (form, lemma) pairs in small letters."""
    # In their order, not in that of a set, which is another one in every process.
    pairs = [*dict.fromkeys(entries)]
    lemma_of = dict(pairs)
    heads = dict.fromkeys(lemma for form, lemma in pairs if form != lemma)
    plurals = (
        (form, lemma_of.get(f"{form}s", form))
        for form, lemma in pairs
        if form == lemma and len(form) > _TOO_SHORT
    )
    listed = [*pairs, *((head, head) for head in heads), *plurals]
    forms = fold_all([form for form, _ in listed])
    rows = sorted(
        {
            (folded, _digest(form), lemma)
            for folded, (form, lemma) in zip(forms, listed, strict=True)
            if _FORM.fullmatch(folded)
        }
    )
    words = sorted({lemma for *_, lemma in rows})
    number = {word: n for n, word in enumerate(words)}
    return {
        "forms": np.array([form for form, *_ in rows], dtype=f"S{_LONGEST}"),
        "spellings": np.array([spelling for _, spelling, _ in rows], dtype=np.uint32),
        "lemmas": np.array([number[lemma] for *_, lemma in rows], dtype=np.uint32),
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
    }


def _entries(language: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of simplemma's dictionary with their lemmas."""
    dictionary = DefaultDictionaryFactory().get_dictionary(language)
    for form, lemma in dictionary.items():
        yield letters.normalise(form).casefold(), letters.normalise(lemma).casefold()


def _digest(spelling: str) -> int:
    return crc32(spelling.encode())
