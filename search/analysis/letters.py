"""Fold the letters of a word, so that spellings of one word meet in one term.

camel-tools merges the alefs, alef maksura with yeh and teh marbuta with heh, and
brings Unicode to its compatibility form. What newspapers need beyond that is here:
vowel signs, tatweel and invisible marks go, the seats of the hamza become one, as
do Persian and Arabic letters, the digits of every script, case and Latin accents.
The preposition li- hides the article in spelling (للأمن is ل + الأمن): it is undone.
"""

import re
import sys
import unicodedata
from functools import lru_cache

from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)

TATWEEL = "\N{ARABIC TATWEEL}"

_VOWEL_SIGNS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_LATIN_ACCENTS = "\u0300-\u036f"
# Soft hyphen, joiners, direction marks, embeddings and isolates, byte order mark.
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"

MARKS = _VOWEL_SIGNS + _LATIN_ACCENTS + _INVISIBLE + TATWEEL
"""Characters that may stand inside a word without being part of its spelling.

As the inside of a character class of ``re``.
"""

_IGNORED = re.compile(f"[{MARKS}]")

_LETTERS = str.maketrans(
    {
        # Seats of the hamza: شؤون and شئون are one word.
        "ؤ": "ء",
        "ئ": "ء",
        # Persian and Urdu keyboards.
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ھ": "ه",
        "ہ": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ۃ": "ه",
        # Ligatures that Unicode does not decompose.
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }
    | {
        chr(code): str(unicodedata.digit(chr(code)))
        for code in range(128, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Nd"
    }
)

# Two letters must follow the article, or لله and its like would lose their name.
_LI_AND_ARTICLE = re.compile("^[وف]?لل(?=..)")


@lru_cache(maxsize=2**18)
def fold(word: str) -> str:
    """Return the term under which ``word`` is indexed; empty if nothing is left.

    Folding twice is folding once. A final ى becomes ي, never ا.
    """
    folded = normalize_unicode(word)
    folded = _IGNORED.sub("", folded).casefold()
    folded = normalize_teh_marbuta_ar(
        normalize_alef_maksura_ar(normalize_alef_ar(folded))
    ).translate(_LETTERS)
    if not folded.isascii():
        decomposed = _IGNORED.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", decomposed)
    return _LI_AND_ARTICLE.sub("ال", folded)
