"""Trees of the engine's queries, made of fields and values instead of a query string.

For programs, which know what they look for and where. Words are looked for in fields that
each have a weight, ``FIELD_WEIGHTS`` by default; ``value`` and its like look for the exact
values of facets, ``between`` for numbers. ``all_of``, ``any_of``, ``but_not``, ``among``
and ``preferring`` join trees.

Beginnings, ends and parts of words are those of words as written: each letter stands for
all that are folded to it, so that case, accents, hamzas and alefs make no difference.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import TypeAlias

from whoosh import query

from search.analysis import Rung, fold, is_stop_word, normalise, tokenize
from search.engine import Word, WordPhrase
from search.query.fields import DEFAULT_RUNG, FIELD_WEIGHTS

Tree: TypeAlias = query.Query
Weights: TypeAlias = Mapping[str, float]

EXACT_RUNG: Rung = "folded"
"""How far the words of an exact phrase climb the match ladder."""

_ARABIC = range(0x620, 0x6D4)
_LETTERS = (range(0x21, 0x250), range(0x370, 0x530), _ARABIC)
"""Latin, Greek, Cyrillic and Arabic: where letters fold to others."""

_GLOB = re.compile(r"[*?\[]")
_WILDCARDS = ("*", "?")


def everything() -> Tree:
    """Find every document."""
    return query.Every()


def nothing() -> Tree:
    """Find no document."""
    return query.NullQuery


def all_of(trees: Iterable[Tree]) -> Tree:
    """Find what all of ``trees`` find: everything, if there are none."""
    parts = list(trees)
    wanted = [tree for tree in parts if not isinstance(tree, query.Not)]
    unwanted = [tree.query for tree in parts if isinstance(tree, query.Not)]
    if len(parts) == 1:
        return parts[0]
    tree = _joined(query.And, wanted) if wanted else everything()
    return query.AndNot(tree, _joined(query.Or, unwanted)) if unwanted else tree


def any_of(trees: Iterable[Tree]) -> Tree:
    """Find what any of ``trees`` finds: nothing, if there are none."""
    parts = list(trees)
    return _joined(query.Or, parts) if parts else nothing()


def but_not(tree: Tree) -> Tree:
    """Find what ``tree`` does not."""
    return query.Not(tree)


def among(tree: Tree, allowed: Tree) -> Tree:
    """Find what both find, scored by ``tree`` alone."""
    return query.Require(tree, allowed)


def preferring(tree: Tree, better: Tree) -> Tree:
    """Find what ``tree`` finds; what ``better`` finds too scores more."""
    return query.AndMaybe(tree, better)


def only_in(tree: Tree, name: str) -> Tree:
    """Look for the words of ``tree`` in one field, whatever its weight."""

    def narrowed(node: Tree) -> Tree:
        if isinstance(node, query.Wildcard | query.FuzzyTerm):
            return node if node.field() == name else nothing()
        if not isinstance(node, Word | WordPhrase):
            return node
        return node.with_boost(1.0) if node.field() == name else nothing()

    return tree.accept(narrowed)


def words(text: str, weights: Weights = FIELD_WEIGHTS, boost: float = 1.0) -> Tree:
    """Look for every word of ``text``, and for words that meet it.

    Stop words are no condition beside other words. Blank text finds everything, text
    without a word nothing.
    """
    found = _words(text)
    if not found:
        return nothing() if text.strip() else everything()

    def anywhere(word: str) -> Tree:
        return any_of(
            Word(name, word, DEFAULT_RUNG).with_boost(weight * boost)
            for name, weight in weights.items()
        )

    telling = [word for word in found if not is_stop_word(word)]
    tree = all_of(anywhere(word) for word in telling or found)
    optional = [word for word in found if is_stop_word(word)] if telling else []
    if not optional:
        return tree
    return preferring(tree, any_of(anywhere(word) for word in optional))


def phrase(text: str, weights: Weights = FIELD_WEIGHTS) -> Tree:
    """Look for the words of ``text`` one after the other, however they are spelled."""
    found = _words(text)
    if not found:
        return nothing()

    def in_field(name: str, weight: float) -> Tree:
        nodes = [Word(name, word, EXACT_RUNG) for word in found]
        if len(nodes) == 1:
            return nodes[0].with_boost(weight)
        return WordPhrase(nodes, boost=weight)

    return any_of(in_field(name, weight) for name, weight in weights.items())


def words_starting(text: str, weights: Weights = FIELD_WEIGHTS) -> Tree:
    """Look for words that begin as those of ``text`` do, one for each."""
    return _each_word(text, weights, lambda name, word: _globs(name, word, after="*"))


def words_ending(text: str, weights: Weights = FIELD_WEIGHTS) -> Tree:
    """Look for words that end as those of ``text`` do, one for each."""
    return _each_word(text, weights, lambda name, word: _globs(name, word, before="*"))


def words_containing(text: str, weights: Weights = FIELD_WEIGHTS) -> Tree:
    """Look for words that those of ``text`` are a part of, one for each."""
    return _each_word(
        text, weights, lambda name, word: _globs(name, word, before="*", after="*")
    )


def words_matching(pattern: str, weights: Weights = FIELD_WEIGHTS) -> Tree:
    """Look for words that match ``pattern``, where * is any letters and ? is one."""
    return any_of(chain.from_iterable(_globs(name, pattern) for name in weights))


def words_like(
    text: str, weights: Weights = FIELD_WEIGHTS, *, edits: int, prefix: int
) -> Tree:
    """Look for words that ``edits`` wrong letters lead to, one for each of ``text``.

    Args:
        text: the words.
        weights: the fields.
        edits: letters that may be missing, wrong or too many.
        prefix: letters at the beginning of a word that must be right.
    """

    def like(name: str, word: str) -> Iterator[Tree]:
        for spelling in dict.fromkeys((word, word.lower(), word.capitalize())):
            yield query.FuzzyTerm(
                name, spelling, maxdist=edits, prefixlength=min(prefix, len(spelling))
            )

    return _each_word(text, weights, like)


def words_spelled_like(
    text: str, weights: Weights = FIELD_WEIGHTS, *, edits: int, prefix: int
) -> Tree:
    """Look for words like ``text``, one word, and for those that fold to it.

    An Arabic word may begin with any letter that folds to its first: an alef without
    its hamza is no wrong letter.
    """
    folded = fold(text)
    firsts = _spellings().get(folded[:1], "") if folded[:1] in map(chr, _ARABIC) else ""
    spelled = [first + folded[1:] for first in firsts]
    found = [
        words_like(spelling, weights, edits=edits, prefix=prefix)
        for spelling in dict.fromkeys((text, folded, *spelled))
    ]
    return any_of([words_matching(text, weights), *found])


def value(name: str, text: str) -> Tree:
    """Look for the documents that have this value in a facet, or this key."""
    return query.Term(name, text)


def value_starting(name: str, text: str) -> Tree:
    """Look for values of a facet that begin with ``text``."""
    return query.Prefix(name, text)


def value_ending(name: str, text: str) -> Tree:
    """Look for values of a facet that end with ``text``."""
    return query.Wildcard(name, f"*{_escaped(text)}")


def value_containing(name: str, text: str) -> Tree:
    """Look for values of a facet that ``text`` is a part of."""
    return query.Wildcard(name, f"*{_escaped(text)}*")


def value_like(name: str, text: str, *, edits: int, prefix: int) -> Tree:
    """Look for values of a facet that ``edits`` wrong letters lead to."""
    return query.FuzzyTerm(
        name, text, maxdist=edits, prefixlength=min(prefix, len(text))
    )


def value_between(
    name: str, low: str | None, high: str | None, *, above: bool, below: bool
) -> Tree:
    """Look for values of a facet from ``low`` to ``high``, in the order of their letters.

    Args:
        name: of the facet.
        low: the first value; None for no bound.
        high: the last value; None for no bound.
        above: whether ``low`` itself is left out.
        below: whether ``high`` itself is left out.
    """
    return query.TermRange(name, low, high, above, below)


def between(
    name: str,
    low: int | None,
    high: int | None,
    *,
    above: bool = False,
    below: bool = False,
) -> Tree:
    """Look for numbers from ``low`` to ``high``; of what is unknown neither is true.

    Args:
        name: of the number.
        low: the least; None for no bound.
        high: the greatest; None for no bound.
        above: whether ``low`` itself is left out.
        below: whether ``high`` itself is left out.
    """
    return query.NumericRange(name, low, high, above, below)


def wanted_words(tree: Tree) -> tuple[Word, ...]:
    """Return the words that ``tree`` scores, each once whatever its field."""
    return tuple({(w.text, w.rungs): w for w in _wanted(tree)}.values())


def _wanted(tree: Tree) -> Iterator[Word]:
    if isinstance(tree, Word):
        yield tree
    elif isinstance(tree, WordPhrase):
        yield from tree.words
    elif isinstance(tree, query.AndNot | query.Require):
        yield from _wanted(tree.a)
    elif not isinstance(tree, query.Not) and not tree.is_leaf():
        yield from chain.from_iterable(_wanted(child) for child in tree.children())


def _joined(kind: Callable[[Sequence[Tree]], Tree], trees: Sequence[Tree]) -> Tree:
    return trees[0] if len(trees) == 1 else kind(trees)


def _words(text: str) -> list[str]:
    """Return the words of ``text`` as written, each once for each time it stands there."""
    return [token.written for token in tokenize(text)]


def _each_word(
    text: str, weights: Weights, make: Callable[[str, str], Iterable[Tree]]
) -> Tree:
    """Look for every word of ``text`` in any field, as ``make`` does in one."""
    found = _words(text)
    if not found:
        return nothing()
    return all_of(
        any_of(chain.from_iterable(make(name, word) for name in weights))
        for word in found
    )


def _globs(
    name: str, word: str, *, before: str = "", after: str = ""
) -> Iterator[Tree]:
    """Yield the patterns that words must match; together they have every spelling.

    A pattern that begins with a letter is looked up in the order of terms, one that
    begins with a set of letters in all of them: first letters are told apart.
    """
    sets = [
        letter if letter in _WILDCARDS else _spellings().get(letter, letter)
        for letter in fold(word) or word
    ]
    for first in sets[0] if not before else [sets[0]]:
        rest = "".join(map(_one_of, [first, *sets[1:]]))
        yield query.Wildcard(name, f"{before}{rest}{after}")


@cache
def _spellings() -> Mapping[str, str]:
    """Return letter -> the letters that are folded to it, itself among them."""
    found: dict[str, str] = {}
    for code in chain.from_iterable(_LETTERS):
        letter = chr(code)
        if letter.isalpha() and normalise(letter) == letter:
            found[fold(letter)] = found.get(fold(letter), "") + letter
    return found


def _one_of(letters: Collection[str]) -> str:
    text = "".join(letters)
    if text in _WILDCARDS:
        # Words have none: it is one of a pattern.
        return text
    return _escaped(text) if len(text) == 1 else f"[{text}]"


def _escaped(text: str) -> str:
    return _GLOB.sub(lambda special: f"[{special[0]}]", text)
