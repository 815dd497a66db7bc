"""How alike two spellings of a name sound, whatever their scripts.

The sounds of the two are aligned at the least cost (Wagner and Fischer, 1974). A sound
costs little against those it is often written for, and more against others; one
without a counterpart costs what it would be missed: a short vowel next to nothing, a
consonant much. Between two sounds of one script the cost is that of the way over the
best sound of the other script.

The costs come from one half of a list of 15,898 pairs of names (Arabic, Latin): how
often a sound stands for another where the pairs are aligned by expectation maximisation,
and the costs that put the right word of a newspaper's vocabulary first most often. They
are rounded, and a few were set by hand for names that are often in the news.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis.names.sounds import ARABIC, LATIN, sounds

Codes = NDArray[np.uint8]
Costs = NDArray[np.float32]

LONGEST = 20
"""Sounds of a word that are compared; what is longer is no name."""

SOUNDS = ARABIC + LATIN
"""All sounds; the code of one is its place here, from 1, and 0 is no sound."""

# Latin sound -> Arabic ones: expected, nearly as usual, less usual, seen now and then.
_WRITTEN_FOR = {
    "a": ("اٵة", "عىء", "هي", "و"),
    "e": ("ي", "اٵةهع", "ىء", "و"),
    "i": ("ي", "اٵىءع", "ه", ""),
    "o": ("و", "اٵع", "ء", "ة"),
    "u": ("و", "اٵيع", "ء", ""),
    "y": ("ي", "", "ى", "اٵج"),
    "w": ("و", "", "ف", "غ"),
    "h": ("هح", "ة", "خ", "عء"),
    "b": ("ب", "", "", "ف"),
    "p": ("ب", "", "", "ف"),
    "f": ("ف", "", "", "ب"),
    "v": ("ف", "", "", "وب"),
    "t": ("تط", "", "د", "ثة"),
    "T": ("ث", "ت", "ذط", "دظ"),
    "d": ("دض", "ذ", "", "تطظ"),
    "D": ("ذضظ", "د", "", "ز"),
    "s": ("سص", "ز", "ش", "ث"),
    "z": ("ز", "", "ظذس", "ضصتج"),
    "S": ("ش", "", "چ", "س"),
    "C": ("شچ", "خ", "ك", "جس"),
    "X": ("چ", "", "ش", "جك"),
    "c": ("س", "ك", "چث", "شصت"),
    "k": ("ك", "ق", "چخ", "غجگ"),
    "q": ("ق", "ك", "غ", "جگ"),
    "K": ("خ", "ك", "ق", "ح"),
    "g": ("غجگ", "ق", "ك", "ي"),
    "G": ("غ", "ق", "جگ", "ي"),
    "j": ("ج", "ي", "خ", "هش"),
    "l": ("ل", "", "", ""),
    "m": ("م", "", "", "ن"),
    "n": ("ن", "", "", "م"),
    "r": ("ر", "", "", "غ"),
    "'": ("اٵعء", "", "", ""),
    ":": ("", "", "بتجدرزسشفقكلمن", ""),
}
_STEPS = (0.0, 0.1, 0.2, 0.45)
# What two letters of one script differ in at the least: ط and ت.
_OTHER_LETTER = 0.1

# Sounds that are left out, or are written for each other, more lightly than others.
_WEAK = "aeiouyw':اٵويىةءع"
# What a sound costs that has no counterpart; 1 for those not named.
_MISSED = {
    "a": 0.1,
    "e": 0.04,
    "i": 0.15,
    "o": 0.2,
    "u": 0.12,
    "y": 0.3,
    "w": 0.3,
    "h": 0.25,
    "'": 0.12,
    ":": 0.02,
    "g": 0.6,
    "t": 0.7,
    "d": 0.8,
    "s": 0.7,
    "ا": 0.25,
    "ٵ": 0.1,
    "و": 0.4,
    "ي": 0.3,
    "ى": 0.3,
    "ة": 0.25,
    "ه": 0.35,
    "ع": 0.2,
    "ء": 0.1,
}


def likeness(one: str, other: str) -> float:
    """Return from 0 to 1 how alike ``one`` and ``other`` sound; 1 for the same."""
    first, second = sorted((sounds(one), sounds(other)))
    if first == second:
        return float(bool(first) or one == other)
    if not first:
        return 0.0
    return float(likenesses(codes([first])[0], codes([second]).T)[0])


def codes(lines: Sequence[str]) -> Codes:
    """Return the sounds of words as numbers: (words, sounds), filled up with 0."""
    width = min(max(map(len, lines), default=0), LONGEST) or 1
    cells = np.array(lines, dtype=f"U{width}").view(np.uint32)
    return _CODE_OF[cells.reshape(len(lines), width)]


def is_arabic(code: Codes) -> NDArray[np.bool_]:
    """Return for each code of a sound whether it is one of an Arabic letter."""
    return (code > 0) & (code <= len(ARABIC))


def likenesses(name: Codes, others: Codes) -> Costs:
    """Return how alike ``name`` is to each of ``others``.

    Args:
        name: shape (sounds,).
        others: shape (sounds, words): a column for each.
    """
    name = name[name != 0]
    others = others[others.any(axis=1)].astype(np.intp)
    missing = _MISSING[others]
    # Place by place in the other words: what aligning the sounds so far has cost.
    row = np.zeros((len(others) + 1, others.shape[1]), dtype=np.float32)
    np.cumsum(missing, axis=0, out=row[1:])
    most = np.maximum(_MISSING[name].sum(), row[-1])
    for code in name:
        step = row + _MISSING[code]
        np.minimum(step[1:], row[:-1] + _COST[code][others], out=step[1:])
        for place, missed in enumerate(missing, start=1):
            np.minimum(step[place], step[place - 1] + missed, out=step[place])
        row = step
    alike: Costs = np.clip(1 - row[-1] / most, 0, 1)
    return alike


def _missing() -> Costs:
    return np.array([0, *(_MISSED.get(s, 1.0) for s in SOUNDS)], dtype=np.float32)


def _cost() -> Costs:
    """Return the costs of all sounds against all."""
    unlike = np.maximum(_MISSING[:, None], _MISSING[None, :])
    weak = np.array([False, *(s in _WEAK for s in SOUNDS)])
    both = _MISSING[:, None] + _MISSING[None, :]
    cost = np.where(weak[:, None] == weak[None, :], unlike, both)
    place = {sound: number for number, sound in enumerate(SOUNDS, start=1)}
    for latin, tiers in _WRITTEN_FOR.items():
        for step, letters in zip(_STEPS, tiers, strict=True):
            for letter in letters:
                a, b = place[letter], place[latin]
                cost[a, b] = cost[b, a] = min(step, cost[a, b])
    middle = len(ARABIC) + 1
    over = cost[1:middle, middle:]
    for rows, way in ((slice(1, middle), over), (slice(middle, None), over.T)):
        best = (way[:, None, :] + way[None, :, :]).min(axis=2) + _OTHER_LETTER
        cost[rows, rows] = np.minimum(cost[rows, rows], best)
    np.fill_diagonal(cost, 0)
    cost[0], cost[:, 0] = _MISSING, _MISSING
    return cost.astype(np.float32)


def _code_of() -> Codes:
    """Return the codes of sounds by their code points."""
    table = np.zeros(max(map(ord, SOUNDS)) + 1, dtype=np.uint8)
    table[[ord(sound) for sound in SOUNDS]] = np.arange(1, len(SOUNDS) + 1)
    return table


_CODE_OF = _code_of()
_MISSING = _missing()
_COST = _cost()
