"""Names of two words that may be printed in one: عبد اللطيف, عبداللطيف, Abdellatif.

Where words climb to names, such a name is looked for in the other form too.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.analysis import Rung, fold, name_parts
from search.query.fields import NAMES


def parts_of(word: str, rungs: frozenset[Rung]) -> tuple[str, ...]:
    """Return the two words of a name that may be printed in one or in two."""
    parts = name_parts(word) if rungs >= NAMES else ()
    return parts if len(parts) > 1 else ()


def joints(words: Sequence[str], rungs: frozenset[Rung]) -> Iterator[int]:
    """Yield the places of words that are a name with the one after them."""
    last = -1
    for place, (one, two) in enumerate(pairwise(words)):
        if place == last or not (one and two and rungs >= NAMES):
            continue
        if name_parts(one + two) == (fold(one), fold(two)):
            last = place + 1
            yield place


def joined(words: Sequence[str], place: int) -> str:
    """Return the word at a place and the one after it in one."""
    return words[place] + words[place + 1]


def ways(words: Sequence[str], rungs: frozenset[Rung]) -> list[tuple[str, ...]]:
    """Return the ways in which a phrase may be printed, with its names in one word or two."""
    firsts = set(joints(words, rungs))
    in_one = tuple(
        joined(words, place) if place in firsts else word
        for place, word in enumerate(words)
        if place - 1 not in firsts
    )
    in_two = tuple(part for word in words for part in parts_of(word, rungs) or (word,))
    return list(dict.fromkeys((tuple(words), in_one, in_two)))
