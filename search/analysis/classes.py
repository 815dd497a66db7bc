"""The classes that a term belongs to: what the rungs of the match ladder join.

Two words meet on a rung if they have a class of it in common. ``classify`` gives the
classes of many terms at once, as columns, for an index gives each of its terms its
classes when the term enters a segment:

* *folded*: the spelling without what newspapers write one way or another;
* *variants*: the press variants that the word, or one of its lemmas, is a spelling of;
* *lemmas*: the words of the dictionary that it may be a form of;
* *roots*: the roots of these, for Arabic;
* *name key*: how it sounds, in Arabic or Latin letters.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from search.analysis import arabic, latin
from search.analysis.languages import script
from search.analysis.letters import fold, fold_all
from search.analysis.names import name_keys
from search.analysis.variants import Variants, default_variants

Words = tuple[str, ...]

_FIRST_ARABIC, _LAST_ARABIC = "\u0620", "\u08c9"


class Classes(NamedTuple):
    """The classes of terms, one entry of each column for each term.

    Attributes:
        folded: the folded form; never empty.
        variants: names of groups of press variants; mostly none.
        lemmas: dictionary forms; at least one.
        roots: Arabic roots; none for other words and for those without one.
        name_keys: the key under which its spellings in other scripts are found; empty
            if it has none.
    """

    folded: list[str]
    variants: list[Words]
    lemmas: list[Words]
    roots: list[Words]
    name_keys: list[str]


def classify(
    terms: Sequence[str],
    language: str | None = None,
    *,
    variants: Variants | None = None,
) -> Classes:
    """Return the classes of ``terms``, which are words as written.

    Args:
        terms: in any order and of any script.
        language: that of the terms, if it is known. Without it a Latin word has the
            lemmas that it has in French and in English, and one of Arabic letters those
            that it has in Arabic; so have words of another script than the language's.
        variants: the press variants; those of the archive by default.
    """
    folded = fold_all(terms)
    lemmas, roots = _families(terms, folded, language)
    return Classes(
        folded=folded,
        variants=_variants(folded, lemmas, variants or default_variants()),
        lemmas=lemmas,
        roots=roots,
        name_keys=name_keys(terms),
    )


def _families(
    terms: Sequence[str], folded: Sequence[str], language: str | None
) -> tuple[list[Words], list[Words]]:
    """Return the lemmas and the roots of each term."""
    lemmas: list[Words] = [(form,) for form in folded]
    roots: list[Words] = [()] * len(terms)
    written_in = script(language) if language else None
    arabic_rows = [
        n for n, term in enumerate(terms) if _FIRST_ARABIC <= term[0] <= _LAST_ARABIC
    ]
    if language == "ar" or written_in != "Arab":
        found = arabic.families_of([terms[n] for n in arabic_rows])
        for n, family in zip(arabic_rows, found, strict=True):
            lemmas[n], roots[n] = family
    if len(arabic_rows) < len(terms):
        is_arabic = {*arabic_rows}
        others = [n for n in range(len(terms)) if n not in is_arabic]
        latin_language = language if written_in == "Latn" else None
        listed = latin.lemmas_of([terms[n] for n in others], latin_language)
        for n, words in zip(others, listed, strict=True):
            lemmas[n] = words
    return lemmas, roots


def _variants(
    folded: Sequence[str], lemmas: Sequence[Words], variants: Variants
) -> list[Words]:
    """Return the names of the groups that each term is of, itself or by a lemma."""
    names = variants.names
    by_lemmas = _NamesByLemmas(names)
    found = [by_lemmas[words] for words in lemmas]
    for n, form in enumerate(folded):
        if form in names and (name := names[form]) not in found[n]:
            found[n] = tuple(sorted((name, *found[n])))
    return found


class _NamesByLemmas(dict[Words, Words]):
    """Lemmas -> names of groups of variants: many terms have the same lemmas."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, lemmas: Words) -> Words:
        found = {name for word in lemmas if (name := self._names.get(fold(word)))}
        names = self[lemmas] = tuple(sorted(found))
        return names
