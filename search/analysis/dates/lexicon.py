"""Look a printed word up: which part of a date it may be.

Clitics come off first (وسبتمبر, للعام, d'avril), and in Latin letters case counts: may
is a verb, and Mars a planet. ``words`` explains the tags.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from search.analysis.dates.names import (
    HIJRI_MONTH_NAMES,
    MONTH_NAMES,
    folded_name,
    is_ambiguous,
    latin_abbreviations,
    latin_month_names,
)
from search.analysis.dates.words import (
    ARABIC_TENS,
    ARABIC_WORDS,
    ENGLISH_WORDS,
    FRENCH_WORDS,
)
from search.analysis.letters import fold, normalise


class Lexeme(NamedTuple):
    """What a word may be in a date.

    Attributes:
        tag: its kind, one of the tags of ``words``.
        value: the number of a month, a weekday or an ordinal, or how far from now.
        word: the word, folded and without clitics.
        skip: how many characters are printed before it in the same word (d'avril).
        dotted: its tag when a full stop follows; empty if it is no abbreviation.
    """

    tag: str
    value: int = 0
    word: str = ""
    skip: int = 0
    dotted: str = ""


_AND = Lexeme("a")
_IN = Lexeme("i")
_OF = Lexeme("f")

# The tags of a name with a small letter, and with a capital. English months have
# capitals, so "may" is a verb; French ones have none, so Mars is a planet.
_BY_CASE = {
    "mars": ("m", "w"),
    "avril": ("M", "m"),
    "mai": ("M", "m"),
    **dict.fromkeys(("march", "april", "may", "august"), ("w", "e")),
}

# آب (August) folds like أب (father).
_AS_WRITTEN = {fold("آب"): "آب"}

_PROCLITICS = frozenset(
    conjunction + preposition
    for conjunction in ("", "و", "ف")
    for preposition in ("", "ب", "ل", "ك")
)
_TANWIN = "\N{ARABIC FATHATAN}"
_ELISION = re.compile(r"(l|d|jusqu|qu|n|s)'(?=.)")

# Two words that are one part of a date, beside the months of two words.
_PAIRS = {
    "أول أمس": ("D", -2),
    "أمس الأول": ("D", -2),
    "بعد غد": ("D", 2),
    "avant hier": ("D", -2),
    "après demain": ("D", 2),
    "ق م": ("B", 0),
    "قبل الميلاد": ("B", 0),
    "avant j": ("B", 0),
}


@lru_cache(maxsize=2**16)
def read_word(printed: str, language: str | None) -> tuple[Lexeme, ...]:
    """Return what a word may be in a date, after its clitics; mostly nothing.

    In a text that is French no word is English, and the other way round.
    """
    word = fold(printed)
    if word.isascii():
        return _read_latin(word, printed, language)
    return _read_arabic(word, printed)


def read_compound(first: str, second: str) -> Lexeme | None:
    """Return what two words are together, such as كانون الثاني."""
    return _compounds().get(f"{first} {second}")


def _read_arabic(word: str, printed: str) -> tuple[Lexeme, ...]:
    words = _arabic()
    for clitics, rest in _without_proclitics(word):
        # لم is not ل and the م of an era.
        if clitics and len(rest) == 1:
            break
        if lexeme := words.get(rest):
            if not normalise(printed).endswith(_AS_WRITTEN.get(rest, "")):
                return ()
            # غدا without its sign is a verb as well.
            if lexeme.tag == "C" and _TANWIN in printed:
                lexeme = lexeme._replace(tag="D")
            conjunction = (_AND,) if clitics.startswith("و") else ()
            preposition = (_IN,) if clitics.endswith("ب") else ()
            return (*conjunction, *preposition, lexeme)
    return ()


def _without_proclitics(word: str) -> Iterator[tuple[str, str]]:
    for length in range(3):
        clitics, rest = word[:length], word[length:]
        if clitics in _PROCLITICS:
            yield clitics, rest
            # للعام is ل and العام.
            if clitics.endswith("ل") and rest.startswith("ل"):
                yield clitics, "ا" + rest


def _read_latin(word: str, printed: str, language: str | None) -> tuple[Lexeme, ...]:
    words = _latin(language)
    if lexeme := words.get(word) or words.get(word.removesuffix("'s")):
        return (_by_case(lexeme, printed),)
    elision = _ELISION.match(word)
    if not elision or not (lexeme := words.get(word[elision.end() :])):
        return ()
    lexeme = _by_case(lexeme, printed[elision.end() :])._replace(skip=elision.end())
    return (_OF, lexeme) if elision[1] == "d" else (lexeme,)


def _by_case(lexeme: Lexeme, printed: str) -> Lexeme:
    small, capital = _BY_CASE.get(lexeme.word) or {
        "e": ("w", "e"),
        "V": ("V", "W"),
    }.get(lexeme.tag, (lexeme.tag, lexeme.tag))
    return lexeme._replace(tag=small if printed[:1].islower() else capital)


@cache
def _arabic() -> Mapping[str, Lexeme]:
    parts = " ".join(_compounds()).split()
    words = {part: Lexeme("x", 0, part) for part in parts}
    words |= _weekdays("ar", "W") | _vocabulary(ARABIC_WORDS) | _arabic_decades()
    return words | {
        name: lexeme for name, lexeme in _arabic_months().items() if " " not in name
    }


@cache
def _compounds() -> Mapping[str, Lexeme]:
    months = {name: lexeme for name, lexeme in _arabic_months().items() if " " in name}
    return months | {
        (pair := folded_name(printed)): Lexeme(tag, value, pair)
        for printed, (tag, value) in _PAIRS.items()
    }


@cache
def _arabic_months() -> dict[str, Lexeme]:
    return {
        (word := folded_name(name)): Lexeme(_tag(name, tag), month, word)
        for tag, system in (("M", MONTH_NAMES), ("H", HIJRI_MONTH_NAMES))
        for month, names in system.items()
        for name in names
    } | {"صفر": Lexeme("0", 2, "صفر")}


def _tag(name: str, tag: str) -> str:
    return tag.lower() if is_ambiguous(name) else tag


def _arabic_decades() -> dict[str, Lexeme]:
    return {
        (word := article + fold(stem) + ending): Lexeme("X", tens, word)
        for tens, stem in ARABIC_TENS.items()
        for article in ("", "ال")
        for ending in ("ات", "يات")
    }


@cache
def _latin(language: str | None) -> Mapping[str, Lexeme]:
    french = {"j": Lexeme("x", 0, "j")} | _weekdays("fr", "V")
    french |= _latin_months("fr", "M") | _vocabulary(FRENCH_WORDS)
    english = _weekdays("en", "W") | _latin_months("en", "E")
    english |= _vocabulary(ENGLISH_WORDS)
    return {"fr": french, "en": english}.get(language or "", french | english)


def _latin_months(language: str, tag: str) -> dict[str, Lexeme]:
    short = latin_abbreviations(language)
    unsure = tag.lower()
    return {
        **{
            n: Lexeme(_tag(n, tag), m, n)
            for n, m in latin_month_names(language).items()
        },
        **{n: Lexeme(unsure, m, n, dotted=unsure) for n, m in short.items()},
        # "Les sept" are seven; "sept." is a month.
        **({"sept": Lexeme("w", 9, "sept", dotted="m")} if language == "fr" else {}),
    }


def _weekdays(language: str, tag: str) -> dict[str, Lexeme]:
    names: Mapping[int, str] = Locale(language).days["format"]["wide"]
    return {
        (word := fold(name)): Lexeme(tag, weekday, word)
        for weekday, name in names.items()
    }


def _vocabulary(rows: Iterable[tuple[str, int, str]]) -> dict[str, Lexeme]:
    return {
        (word := fold(printed)): Lexeme(tag, value, word)
        for tag, value, words in rows
        for printed in words.split()
    }
