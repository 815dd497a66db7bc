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

from collections.abc import Sequence
from itertools import chain, compress
from typing import NamedTuple

from search.analysis import arabic, latin
from search.analysis.languages import script
from search.analysis.letters import fold_all
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
    written_in = script(language) if language else None
    is_arabic = [_FIRST_ARABIC <= term[0] <= _LAST_ARABIC for term in terms]
    others = [
        term
        for term, arabic_letters in zip(terms, is_arabic, strict=True)
        if not arabic_letters
    ]
    listed = iter(latin.lemmas_of(others, language if written_in == "Latn" else None))
    if language == "ar" or written_in != "Arab":
        found = iter(arabic.families_of([*compress(terms, is_arabic)]))
    else:
        found = (((form,), ()) for form in compress(folded, is_arabic))
    families = [
        next(found) if arabic_letters else (next(listed), ())
        for arabic_letters in is_arabic
    ]
    return [lemmas for lemmas, _ in families], [roots for _, roots in families]


def _variants(
    folded: Sequence[str], lemmas: Sequence[Words], variants: Variants
) -> list[Words]:
    """Return the names of the groups that each term is of, itself or by a lemma."""
    names = variants.names
    distinct = list(set(chain.from_iterable(lemmas)))
    of_lemmas = {
        lemma: names[form]
        for lemma, form in zip(distinct, fold_all(distinct), strict=True)
        if form in names
    }
    found: list[Words] = []
    for form, words in zip(folded, lemmas, strict=True):
        of_word = {of_lemmas[word] for word in words if word in of_lemmas}
        if form in names:
            of_word.add(names[form])
        found.append(tuple(sorted(of_word)))
    return found
