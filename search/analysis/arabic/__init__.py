"""What an Arabic word may be a form of, for many words at once.

``packing`` makes numbers of words, ``dictionary`` reads and mends simplemma's, ``lexicon``
keeps it as arrays, ``affixes`` lists what is written together with a word, ``lemmatizer``
takes it apart and looks it up, ``stemming`` helps where no dictionary knows it, and
``roots`` finds the consonants that a family of words shares. ``morphology`` comes first
where a database of camel-tools' is installed; the words that it lacks are ours.
"""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from search.analysis.arabic.lemmatizer import lemma_numbers
from search.analysis.arabic.lexicon import Lexicon, shipped_lexicon
from search.analysis.arabic.morphology import Family, installed_morphology
from search.analysis.arabic.stemming import stems
from search.analysis.letters import fold_all

__all__ = ["families_of", "lemmas_of"]


def lemmas_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the lemmas of each of ``words``, which are as written.

    A lemma is in its dictionary form. A word that no dictionary knows has the stems that
    it may have, folded; a word without Arabic letters is its own stem.
    """
    return [lemmas for lemmas, _ in families_of(words)]


def families_of(words: Sequence[str]) -> list[Family]:
    """Return the lemmas and the roots of each of ``words``, which are as written.

    Words that no dictionary knows have no root.
    """
    morphology = installed_morphology()
    if morphology is None:
        return _listed_families(words)
    found = morphology.families_of(words)
    unknown = [
        word for word, family in zip(words, found, strict=True) if family is None
    ]
    listed = iter(_listed_families(unknown))
    return [family or next(listed) for family in found]


def _listed_families(words: Sequence[str]) -> list[Family]:
    """Return the lemmas and the roots that the shipped lexicon gives."""
    lexicon = shipped_lexicon()
    word, lemma = lemma_numbers(words, lexicon)
    counts = np.bincount(word, minlength=len(words)).tolist()
    numbers = iter(lemma.tolist())
    families = _Families(lexicon)
    found = [families[tuple(islice(numbers, count))] for count in counts]
    unknown = [n for n, count in enumerate(counts) if count == 0]
    for n, folded in zip(unknown, fold_all([words[n] for n in unknown]), strict=True):
        found[n] = (stems(folded), ())
    return found


class _Families(dict[tuple[int, ...], Family]):
    """The numbers of lemmas -> these with their roots: most words have them in common."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, numbers: tuple[int, ...]) -> Family:
        roots = (self._lexicon.roots[n] for n in numbers)
        family = (
            tuple(self._lexicon.words[n] for n in numbers),
            tuple(dict.fromkeys(filter(None, roots))),
        )
        self[numbers] = family
        return family
