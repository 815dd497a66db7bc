"""Find the words of a vocabulary that a name may be written with.

A *name index* looks under the key of the name and under the keys that differ from it
in one class, aligns the sounds of the words that it finds there with those of the name,
and keeps the best. Of spellings that sound alike, the word that is more frequent comes
first; words that folding or the article alone tells apart are one form, and count once
as long as there are other forms to give.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.analysis.letters import fold
from search.analysis.names.alignment import codes, is_arabic, likenesses
from search.analysis.names.compounds import joined
from search.analysis.names.keys import CLASSES, keys_of_sounds
from search.analysis.names.sounds import joined_sounds, sounds
from search.analysis.names.translations import exonyms

LEAST = 0.85
"""Likeness below which a word is no candidate."""
MARGIN = 0.07
"""How much less than the best a candidate may be alike."""
# What frequency counts beside likeness, for each time that it is e times as high.
_FREQUENT = 0.005
# Of the words that are aligned, those that are looked at more closely.
_LOOKED_AT = 60

_ARTICLE = "ال"
# In one with the name: ElBaradei, Essebsi, Lakhdar.
_GLUED_ARTICLE = re.compile(
    "'?(?:[aeiou]l:?|[ae](?=[dnrstzSC]:)|l(?=a))(?P<name>.{3,})"
)
_SHORTEST = 3

Numbers = NDArray[np.intp]
Script = Literal["other", "any"]


class Candidate(NamedTuple):
    """A word that a name may be written with.

    Attributes:
        word: as the vocabulary has it.
        likeness: from 0 to 1, how well it agrees with the name; 1 for an exonym.
    """

    word: str
    likeness: float


class NameIndex:
    """The words of a vocabulary by how they sound."""

    def __init__(
        self, words: Sequence[str], counts: Sequence[int] | None = None
    ) -> None:
        """Make the index.

        Args:
            words: as written.
            counts: how often each of them is used; if it is not known, an earlier
                word comes before a later one that sounds the same.
        """
        self._words = words
        lines = joined_sounds(words)
        self._codes = np.ascontiguousarray(codes(lines.split("\n")[1:]).T)
        uses = np.ones(len(words)) if counts is None else np.maximum(counts, 1)
        self._bonus = _FREQUENT * np.log(uses)
        self._by_key = _grouped(keys_of_sounds(lines).split("\n")[1:])

    def candidates(
        self, name: str, limit: int = 5, *, script: Script = "other"
    ) -> list[Candidate]:
        """Return the words that ``name`` may be written with, the best first.

        Args:
            name: in Arabic or Latin letters; one name, of one word or of several that
                are written in one too (Abd al-Latif).
            limit: how many words to return at the most.
            script: "other" for words of the other script than the name's, "any" for
                other spellings in its own script too.
        """
        known = set(self._exonyms(name, script))
        alike = self._alike(name, script) | dict.fromkeys(known, 1.0)
        ranked = sorted(
            alike,
            key=lambda n: (n in known, alike[n] + self._bonus[n], -n),
            reverse=True,
        )
        least = max([LEAST, *(alike[n] - MARGIN for n in ranked[:1])])
        chosen = self._of_each_form([n for n in ranked if alike[n] >= least], limit)
        return [Candidate(self._words[n], alike[n]) for n in chosen]

    def _alike(self, name: str, script: Script) -> dict[int, float]:
        """Return the likeness of the words that sound most like ``name``."""
        spelt = sounds(joined(name))
        alike = self._aligned(spelt, script)
        # Albrecht is البرشت in many newspapers: an article by its looks.
        if rest := _behind_article(spelt):
            for number, value in self._aligned(rest, script).items():
                if self._words[number].startswith(_ARTICLE):
                    alike[number] = max(value, alike.get(number, 0))
        return alike

    def _aligned(self, spelt: str, script: Script) -> dict[int, float]:
        name = codes([spelt])[0]
        numbers = self._near(keys_of_sounds("\n" + spelt)[1:])
        if script == "other":
            arabic = is_arabic(self._codes[0, numbers])
            numbers = numbers[arabic != is_arabic(name[:1])]
        values = likenesses(name, self._codes[:, numbers])
        best = np.argsort(-values - self._bonus[numbers])[:_LOOKED_AT]
        return dict(zip(numbers[best].tolist(), values[best].tolist(), strict=True))

    def _near(self, key: str) -> Numbers:
        """Return the words of ``key`` and of the keys near to it."""
        if not key:
            return np.zeros(0, dtype=np.intp)
        keys = {key, *_neighbours(key)}
        found = [self._by_key[near] for near in keys if near in self._by_key]
        return np.concatenate([np.zeros(0, dtype=np.intp), *found])

    def _exonyms(self, name: str, script: Script) -> Iterator[int]:
        """Yield the words that are exonyms of ``name``."""
        arabic = is_arabic(codes([sounds(joined(name))])[0][:1])
        for other in exonyms(name):
            spelt = sounds(joined(other))
            for number in self._by_key.get(keys_of_sounds("\n" + spelt)[1:], ()):
                same = _form(self._words[number]) == _form(joined(other))
                own = is_arabic(self._codes[:1, number]) == arabic
                if same and (script == "any" or not own):
                    yield int(number)

    def _of_each_form(self, numbers: Sequence[int], limit: int) -> list[int]:
        """Return ``limit`` of ``numbers`` in order, as many forms as possible."""
        first: dict[str, int] = {}
        for number in numbers:
            first.setdefault(_form(self._words[number]), number)
        chosen = [*first.values()][:limit]
        others = [number for number in numbers if number not in {*first.values()}]
        kept = {*chosen, *others[: limit - len(chosen)]}
        return [number for number in numbers if number in kept]


def is_spelt_like(name: str, words: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of ``words`` are ``name`` in the other script, by how they sound.

    Args:
        name: one name, in Arabic or Latin letters.
        words: words with the key of the name.
    """
    own = codes([sounds(joined(name))])[0]
    lines = codes(joined_sounds(words).split("\n")[1:])
    others = np.ascontiguousarray(lines.T)
    other_script = is_arabic(others[0]) != is_arabic(own[:1])
    alike: NDArray[np.bool_] = (likenesses(own, others) >= LEAST) & other_script
    return alike


def _grouped(keys: Iterable[str]) -> dict[str, Numbers]:
    numbers: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        numbers.setdefault(key, []).append(number)
    return {key: np.array(own, dtype=np.intp) for key, own in numbers.items()}


def _neighbours(key: str) -> Iterator[str]:
    """Yield what one class put in, left out or changed makes of ``key``."""
    for place in range(len(key) + 1):
        head, tail = key[:place], key[place:]
        yield head + tail[1:]
        for name in CLASSES:
            yield head + name + tail
            yield head + name + tail[1:]


def _behind_article(spelt: str) -> str:
    """Return what follows the article that ``spelt`` may begin with, if enough does."""
    glued = _GLUED_ARTICLE.fullmatch(spelt)
    return glued["name"] if glued else ""


def _form(word: str) -> str:
    """Return what the spellings of one form have in common."""
    folded = fold(word)
    bare = folded.removeprefix(_ARTICLE)
    return bare if len(bare) >= _SHORTEST - 1 else folded
