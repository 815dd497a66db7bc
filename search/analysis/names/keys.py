"""The *name key*: one string for all spellings of a name, in both scripts.

It is the skeleton of consonants, in the manner of Soundex and its followers, with
classes so wide that the romanisations of French, English and German meet each other
and the Arabic letter they stand for:

=====  =======================================  ==================================
class  sounds                                   since
=====  =======================================  ==================================
A      any vowel, y, ي or ع at the beginning    Omar عمر, Youssef يوسف
B      b p ب                                    Arabic has no p
F      f v ف, and w or و at the beginning       Wagner فاغنر, Washington واشنطن
T      t d th dh ت ط د ض ذ ث                    Gaddafi, Qadhafi القذافي
S      s z sh ch soft c س ص ش ز ظ               Chaoui, Shawi الشاوي; Haines هاينز
K      k q kh g gh j ك ق خ غ ج                  Gamal, Jamal جمال; Kadhafi, Qadhafi
L M N R H                                       h at the end is not heard
=====  =======================================  ==================================

Of the vowels only the first is kept, and of sounds of one class in a row only one.
Keys are for finding; how well two spellings agree is what ``likeness`` says.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis.names.sounds import ARABIC, LATIN, joined_sounds

CLASSES = "ABFTSKLMNRH"
"""The characters of a key."""

_MEMBERS = {
    "B": "bpب",
    "F": "fvف",
    "T": "tdTDتطدضذث",
    "S": "szScCXسصشزظچ",
    "K": "kqKgGjكقخغجگ",
    "L": "lل",
    "M": "mم",
    "N": "nن",
    "R": "rر",
    "H": "hهح",
}
_AT_THE_BEGINNING = {"A": "aeiouyاٵعيىء'", "F": "wو"}

_END = ord("\n")

# Rules of the skeleton, so that they hold for both scripts alike.
_RULES = (
    # Washington is واشنطن.
    (re.compile("NKT"), "NT"),
    # An n before b is heard as m: Jumblatt جنبلاط.
    (re.compile("NB"), "MB"),
    # One sound in some languages: Chad تشاد, Mozart موتسارت, موزارت.
    (re.compile("TS"), "S"),
    (re.compile("SS+"), "S"),
    (re.compile("MM+"), "M"),
    (re.compile("TT+"), "T"),
)


def name_key(word: str) -> str:
    """Return the key of ``word``, as written; empty for what is no name."""
    return name_keys([word])[0]


def name_keys(words: Sequence[str]) -> list[str]:
    """Return the key of each of ``words``, which are as written."""
    return keys_of_sounds(joined_sounds(words)).split("\n")[1:]


def keys_of_sounds(lines: str) -> str:
    """Return the keys of words of which ``lines`` has the sounds, lined up alike."""
    points = np.frombuffer(lines.encode("utf-16-le"), dtype=np.uint16)
    classes = _INNER[points]
    first = np.flatnonzero(points[:-1] == _END) + 1
    classes[first] = _FIRST[points[first]]
    last = np.append(points[1:] == _END, True)[: len(points)]
    classes[last & (classes == ord("H"))] = 0
    kept = classes[classes != 0]
    again = (kept[1:] == kept[:-1]) & (kept[1:] != _END)
    keys: str = kept[~np.append(False, again)[: len(kept)]].tobytes().decode("ascii")
    for pattern, replacement in _RULES:
        keys = pattern.sub(replacement, keys)
    return keys


def _table(members: dict[str, str]) -> NDArray[np.uint8]:
    table = np.zeros(max(map(ord, ARABIC + LATIN)) + 1, dtype=np.uint8)
    table[ord("\n")] = ord("\n")
    for name, sounds in members.items():
        for sound in sounds:
            table[ord(sound)] = ord(name)
    return table


_INNER = _table(_MEMBERS)
_FIRST = _table(
    {n: _MEMBERS.get(n, "") + _AT_THE_BEGINNING.get(n, "") for n in CLASSES}
)
