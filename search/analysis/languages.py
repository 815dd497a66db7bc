"""Languages: their names, their directions, and which one a text is in.

A language is its ISO 639 code of two or three letters, as a ``str``. Names and
directions are CLDR's, through Babel; the guess is lingua's, among the languages that
newspapers of the archive's world are written in.
"""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

GUESSED = ("ar", "fa", "ur", "fr", "en", "es", "de", "it", "pt", "nl", "tr", "ru", "he")
"""The languages that ``guess_language`` tells apart."""

_GUESS_LENGTH = 2000


def guess_language(text: str) -> str | None:
    """Return the code of the language that ``text`` is most likely in.

    None when the text has no word to go by. Only its beginning is looked at.
    """
    found = _detector().detect_language_of(text[:_GUESS_LENGTH])
    return str(found.iso_code_639_1.name).lower() if found else None


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
        return Locale.parse(get_global("likely_subtags").get(code, code)).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


@cache
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").languages)


@cache
def _detector() -> LanguageDetector:
    codes = [getattr(IsoCode639_1, code.upper()) for code in GUESSED]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
