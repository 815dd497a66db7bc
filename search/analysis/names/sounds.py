"""From the spelling of a name to its *sounds*, one character each.

Arabic letters are sounds already; what two of them write as one (تش) and what has
several forms (alefs, hamzas on their seats) becomes one. In Latin letters several
letters often write one sound, after French, English or German habits: *ch*, *sh*,
*sch*, *tch*, *ou*, *gu* before *e*. Each of these becomes one character too, a capital
where no small letter is free, so that everything later compares one with one.

=====  ============================  =====  ===================
sound  written                       sound  written
=====  ============================  =====  ===================
S      sh, sch                       K      kh
C      ch                            G      gh
X      tch, tsch                     T, D   th, dh
j      j, dj, dsch, dg before e, i   u      u, ou, oo
k      k, ck, hard c, qu before e    w      w, ou before a vowel
c      soft c                        :      the second of a pair
=====  ============================  =====  ===================

The article is left out, where enough of a word remains: ال of الحموشي, *al-* of
*al-Hammouchi*. Inside a name (عبدالرحمن, *Abdulrahman*) its l becomes what is heard.
A word with anything but Arabic and Latin letters, apostrophes and hyphens is no name,
and has no sounds.
"""

import re
from collections.abc import Sequence

from search.analysis.letters import APOSTROPHES, fold, normalise

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءچگٵ"
"""The sounds of Arabic letters; چ is تش too, and ٵ the alef of the diphthong اي."""

LATIN = "aeiouywhbpfvtTdDszSCXckqKgGjlmnr:'"
"""The sounds of Latin letters; the apostrophe is heard before a first vowel too."""

# Nearly every line: letters that need no thought, and no sign.
_UNUSUAL = re.compile(r"^[ء-غف-يA-Za-z]*+[^ء-غف-يA-Za-z\n].*", re.MULTILINE)
_ARTICLE = re.compile("\nال(?=[ء-ي]{3})")
_LATIN_ARTICLE = re.compile("^[aeu](?:l|([dnrstz]|[sc]h)(?=-\\1))-(?=[a-z]{3})")
# The article inside a name: its l is heard as the letter after it.
_HEARD_ARTICLE = (
    (re.compile("\nعبدال(?=[تثدذرزسشصضطظن])"), "\nعبدا"),
    (re.compile("\nabd([aeiou]+)l(?=[dnrstz])"), r"\nabd\1"),
    (re.compile("(?<=[ء-ي]{2}ا)ل(?=دين$)", re.MULTILINE), ""),
    (re.compile("l(?=din[ea]?$)", re.MULTILINE), ""),
)
_ARABIC_SOUNDS = (
    *(("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ؤ", "و"), ("ئ", "ي")),
    *(("تش", "چ"), ("اي", "ٵي")),
)

_GRAPHEMES = {
    "tsch": "X",
    "tch": "X",
    "dsch": "j",
    "dj": "j",
    "dg": "j",
    "sch": "S",
    "sh": "S",
    "ch": "C",
    "kh": "K",
    "gh": "G",
    "th": "T",
    "dh": "D",
    "ph": "f",
    "ck": "k",
    "qu": "k",
    "gu": "g",
    "c": "k",
    "x": "ks",
    "eau": "o",
    "ou": "u",
    "oo": "u",
    "ee": "i",
    "wsk": "vsk",
    "vic": "viX",
}
# No group, and a letter at the head of each branch: the search skips what has none.
_GRAPHEME = re.compile(
    "tsch|tch|dsch|dj|dg(?=[eiy])|sch|sh|ch|kh|gh|th|dh|ph|ck|qu(?=[eiy])"
    "|gu(?=[eiy])|c(?![eiy])|x|eau|ou|oo|ee|wsk|vic(?![a-z])"
)
_OU_BEFORE_VOWEL = re.compile("ou(?=[aeiy])")
_FIRST_VOWEL = re.compile("\n(?=[eiou])")
_PAIR = re.compile("([bcdfgjklmnprstvzSCXKGTD])\\1")

_OTHERS = {"ٱ": "ا", "پ": "ب", "ژ": "ج", "ڤ": "ف", "ڨ": "گ", "ݣ": "گ", "ڭ": "گ"}
_KNOWN = frozenset("abcdefghijklmnopqrstuvwxyz'أإآؤئ" + ARABIC)


def sounds(word: str) -> str:
    """Return the sounds of ``word``; empty if it is no name."""
    return joined_sounds([word]).removeprefix("\n")


def joined_sounds(words: Sequence[str]) -> str:
    """Return the sounds of ``words`` in one string, a line end before each."""
    text = "\n".join(["", *words])
    if text.count("\n") != len(words):
        text = "\n".join(["", *map(normalise, words)])
    text = _UNUSUAL.sub(lambda line: _plain(line[0]), text).lower()
    text = _ARTICLE.sub("\n", text)
    for letter, sound in _ARABIC_SOUNDS:
        text = text.replace(letter, sound)
    for article, heard in _HEARD_ARTICLE:
        text = article.sub(heard, text)
    text = _OU_BEFORE_VOWEL.sub("w", text)
    text = _GRAPHEME.sub(lambda match: _GRAPHEMES[match[0]], text)
    return _PAIR.sub(r"\1:", _FIRST_VOWEL.sub("\n'", text))


def _plain(word: str) -> str:
    """Return ``word`` in letters that are known; empty if it has others."""
    written = normalise(word).casefold().replace("ç", "ss")
    letters = "".join(map(_letter, written))
    if not _KNOWN.issuperset(letters.replace("-", "")):
        return ""
    return _LATIN_ARTICLE.sub("", letters).replace("-", "")


def _letter(letter: str) -> str:
    letter = _OTHERS.get(letter, letter)
    if letter in _KNOWN or letter == "-":
        return letter
    return "'" if letter in APOSTROPHES else fold(letter)
