"""Languages: their names, their directions, and which one a text is in.

A language is its ISO 639 code of two or three letters, as a ``str``. Names and
directions are CLDR's, through Babel; the guess is lingua's, among the languages that
newspapers of the archive's world are written in. Articles that quote, or that are printed
in two languages, are guessed paragraph by paragraph.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

GUESSED = ("ar", "fa", "ur", "fr", "en", "es", "de", "it", "pt", "nl", "tr", "ru", "he")
"""The languages that ``guess_language`` tells apart."""

_GUESS_LENGTH = 2000

# Shorter paragraphs (names, headings) are guessed wrong too often.
_FEWEST_LETTERS = 40
_LETTER = re.compile(r"[^\W\d_]")
_PARAGRAPH = re.compile(r"\S[^\n]*")


class Paragraph(NamedTuple):
    """A paragraph of a text, which ends where its line does.

    Attributes:
        start: offset of its first character in the text.
        end: offset after its last character.
        language: its code; None if neither it nor its text has a word to go by.
    """

    start: int
    end: int
    language: str | None


def guess_language(text: str) -> str | None:
    """Return the code of the language that ``text`` is most likely in.

    None when the text has no word to go by. Only its beginning is looked at.
    """
    found = _detector().detect_language_of(text[:_GUESS_LENGTH])
    return str(found.iso_code_639_1.name).lower() if found else None


def paragraph_languages(text: str, language: str | None = None) -> Iterator[Paragraph]:
    """Yield the paragraphs of ``text`` with the language of each.

    A short one has the language of the text, unless its letters run the other way.

    Args:
        text: as published.
        language: that of the text, where it is known; else it is guessed.
    """
    whole = language or guess_language(text)
    for match in _PARAGRAPH.finditer(text):
        printed = match[0].rstrip()
        yield Paragraph(
            match.start(), match.start() + len(printed), _guess(printed, whole)
        )


def _guess(paragraph: str, whole: str | None) -> str | None:
    guess = guess_language(paragraph)
    if guess is None or whole is None:
        return guess or whole
    is_short = len(_LETTER.findall(paragraph)) < _FEWEST_LETTERS
    return whole if is_short and direction(guess) == direction(whole) else guess


def is_language(code: str) -> bool:
    """Whether ``code`` is the ISO 639 code of a language that has a name."""
    return code in _codes()


def language_name(code: str, display: str | None = None) -> str:
    """Return the name of a language, in the language ``display`` or in itself.

    A code without a known name is its own name.
    """
    try:
        locale = Locale(display or code)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    name: str = locale.languages.get(code, code)
    return name if display else name[:1].upper() + name[1:]


def direction(code: str) -> str:
    """Return "rtl" for languages written from right to left, else "ltr"."""
    try:
        return Locale.parse(_likely(code)).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


def script(code: str) -> str | None:
    """Return the ISO 15924 code of the script of a language, such as "Arab"."""
    try:
        parts = parse_locale(_likely(code))
    except ValueError:
        return None
    return parts[2]


def _likely(code: str) -> str:
    """Return a language with the script and the territory that it most likely has."""
    likely: str = get_global("likely_subtags").get(code, code)
    return likely


@cache
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").languages)


@cache
def _detector() -> LanguageDetector:
    codes = [getattr(IsoCode639_1, code.upper()) for code in GUESSED]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
