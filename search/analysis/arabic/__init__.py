"""What an Arabic word may be a form of, for many words at once.

``packing`` makes numbers of words, ``dictionary`` reads and mends simplemma's, ``lexicon``
keeps it as arrays, ``affixes`` lists what is written together with a word, ``lemmatizer``
takes it apart and looks it up, ``stemming`` helps where no dictionary knows it, and
``roots`` finds the consonants that a family of words shares.
"""

from collections.abc import Sequence

from search.analysis.arabic.lemmatizer import lemma_numbers
from search.analysis.arabic.lexicon import shipped_lexicon
from search.analysis.arabic.stemming import stems
from search.analysis.letters import fold_all

__all__ = ["families_of", "lemmas_of"]


def lemmas_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the lemmas of each of ``words``, which are as written.

    A lemma is in its dictionary form. A word that no dictionary knows has the stems that
    it may have, folded; a word without Arabic letters is its own stem.
    """
    return [lemmas for lemmas, _ in families_of(words)]


def families_of(
    words: Sequence[str],
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the lemmas and the roots of each of ``words``, which are as written.

    Words that the dictionary does not know have no root.
    """
    lexicon = shipped_lexicon()
    word, lemma = lemma_numbers(words, lexicon)
    known: list[list[int]] = [[] for _ in words]
    for number, found in zip(word.tolist(), lemma.tolist(), strict=True):
        known[number].append(found)
    return [
        (
            tuple(lexicon.words[n] for n in numbers) or stems(folded),
            tuple(dict.fromkeys(r for n in numbers if (r := lexicon.roots[n]))),
        )
        for numbers, folded in zip(known, fold_all(words), strict=True)
    ]
