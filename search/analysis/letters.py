"""Two forms of a word: *as written*, and *folded*, where spellings meet.

``normalise`` gives a word as written: one Unicode form for each letter, without the
signs that may be printed or not (vowels, Quranic signs, tatweel, joiners, direction
marks). It keeps what tells words apart: hamza, ى and ة, case and accents. على (on) and
علي (Ali) differ as written.

``fold`` merges letters on purpose. camel-tools merges the alefs, alef maksura with yeh
and teh marbuta with heh; what newspapers need beyond that is here: the seats of the
hamza become one, as do Persian and Arabic letters, the digits of every script, case,
Latin accents and ligatures, the shapes of the apostrophe, and the separators inside
numbers and abbreviations. A final ى becomes ي, never ا.

``fold_all`` folds many words at once, for a fraction of the time: they travel as the
lines of one string.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
)

TATWEEL = "\N{ARABIC TATWEEL}"

APOSTROPHES = "'`´\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02be\u02bf\u2032\uff07"
"""What is printed for an apostrophe, and in Latin letters for a hamza or an ain."""

_VOWEL_SIGNS = (
    "\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
)
_HAMZA_SIGNS = "\u0653-\u0655"
_LATIN_ACCENTS = "\u0300-\u036f"
# Soft hyphen, joiners, direction marks, embeddings and isolates, byte order mark.
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"

MARKS = _VOWEL_SIGNS + _HAMZA_SIGNS + _LATIN_ACCENTS + _INVISIBLE + TATWEEL
"""Characters that may stand inside a word without being part of its spelling.

As the inside of a character class of ``re``.
"""

_UNWRITTEN = re.compile(rf"[{_VOWEL_SIGNS}{_INVISIBLE}{TATWEEL}\s]+")
_LONE_HAMZA_SIGN = re.compile(f"[{_HAMZA_SIGNS}]+")
# Unicode composes a hamza with yeh, but newspapers also type it on a dotless one.
_HAMZA_ON_DOTLESS = re.compile("[ىی]\u0654")
_ACCENT = re.compile(f"[{_LATIN_ACCENTS}{_HAMZA_SIGNS}]+")
# What has one Unicode form only and no sign.
_PLAIN = re.compile(r"[!-~ء-غف-يÀ-ÖØ-ßà-öø-ÿœŒ]*")

_LETTERS = (
    {
        # Persian and Urdu keyboards.
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ھ": "ه",
        "ہ": "ه",
        "ە": "ه",
        "ۃ": "ه",
        # The v of فيديو, where it is printed with three dots.
        "ڤ": "ف",
        # Ligatures and letters that Unicode does not decompose.
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }
    | {
        chr(code): str(unicodedata.digit(chr(code)))
        for code in range(128, 0x10000)
        if unicodedata.category(chr(code)) == "Nd"
    }
    | dict.fromkeys(APOSTROPHES, "'")
)
_OTHER_LETTER = re.compile(f"[{''.join(_LETTERS)}]")

_GROUPED_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:[,٬،]\d{3})+(?![\d,٬،])")
_GROUP_SEPARATOR = re.compile("[,٬،]")
_DECIMAL_SEPARATOR = re.compile(r"(?<=\d)[,٫٬،](?=\d)")
_ABBREVIATION = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")


@lru_cache(maxsize=2**18)
def normalise(word: str) -> str:
    """Return ``word`` as written; empty if nothing of it is left.

    NFKC, without vowel and Quranic signs, tatweel, invisible marks and white space. A
    hamza or madda printed apart is composed with its letter.
    """
    if _PLAIN.fullmatch(word):
        return word
    # Signs between a letter and its hamza would keep the two from composing, so they
    # go before composition; hamza signs that found no letter go after it.
    bare = _UNWRITTEN.sub("", unicodedata.normalize("NFKD", word))
    composed = unicodedata.normalize("NFC", _HAMZA_ON_DOTLESS.sub("ئ", bare))
    return unicodedata.normalize("NFC", _LONE_HAMZA_SIGN.sub("", composed))


@lru_cache(maxsize=2**18)
def fold(word: str) -> str:
    """Return the folded form of ``word``; empty if nothing of it is left.

    Folding twice is folding once, and it does not matter whether the word was
    normalised before. A final ى becomes ي, never ا.
    """
    return _join_parts(_fold_letters(normalise(word)))


def fold_all(words: Sequence[str]) -> list[str]:
    """Return the folded form of each of ``words``, which are as written."""
    if not words:
        return []
    folded = _fold_letters("\n".join(words)).split("\n")
    return [word if word.isalnum() else _join_parts(word) for word in folded]


def _fold_letters(text: str) -> str:
    # The seats of the hamza: شؤون and شئون are one word.
    one_hamza = text.casefold().replace("ؤ", "ء").replace("ئ", "ء")
    folded: str = normalize_teh_marbuta_ar(
        normalize_alef_maksura_ar(normalize_alef_ar(one_hamza))
    )
    if folded.isascii():
        return folded
    folded = _ACCENT.sub("", unicodedata.normalize("NFD", folded))
    folded = _OTHER_LETTER.sub(lambda letter: _LETTERS[letter[0]], folded)
    return unicodedata.normalize("NFC", folded)


def _join_parts(word: str) -> str:
    """Take the separators out of numbers and the stops out of abbreviations.

    1,234.5 and ١٬٢٣٤٫٥ become 1234.5, the French 3,5 becomes 3.5, U.S.A becomes usa.
    """
    if _ABBREVIATION.fullmatch(word):
        return word.replace(".", "")
    word = _GROUPED_NUMBER.sub(lambda number: _GROUP_SEPARATOR.sub("", number[0]), word)
    return _DECIMAL_SEPARATOR.sub(".", word)
