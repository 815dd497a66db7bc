"""Numbers that sort as a reader sorts titles.

``order_numbers`` gives the first ``LETTERS`` letters of a title as whole numbers of 63
bits, to be compared one after the other: digits come before Arabic letters, these before
Latin ones, and other scripts last. Spelling that search does not tell apart makes no
difference, nor does the article before the first word: القطار stands under ق.
"""

import re

from search.analysis.letters import fold
from search.analysis.tokens import written_words

_PER_NUMBER = 9
_NUMBERS = 3

LETTERS = _PER_NUMBER * _NUMBERS
"""Letters of a title that are compared."""

# Seven bits a letter: 0 is the end of a title, 1 the space between words.
_BITS = 7
_ALPHABET = " 0123456789ءابتثجحخدذرزسشصضطظعغفقكلمنهويabcdefghijklmnopqrstuvwxyz"
_RANKS = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
_OTHER = 2**_BITS - 1

_LEADING_ARTICLE = re.compile(r"^ال(?=\w{2})")


def order_numbers(title: str) -> tuple[int, ...]:
    """Return the place of ``title`` among others, shape (3,), each from 0 to 2**63 - 1."""
    text = " ".join(fold(word) for word in written_words(title))
    text = _LEADING_ARTICLE.sub("", text)
    ranks = [_RANKS.get(letter, _OTHER) for letter in text[:LETTERS]]
    ranks += [0] * (LETTERS - len(ranks))
    return tuple(
        _number(ranks[start : start + _PER_NUMBER])
        for start in range(0, LETTERS, _PER_NUMBER)
    )


def _number(ranks: list[int]) -> int:
    number = 0
    for rank in ranks:
        number = number << _BITS | rank
    return number
