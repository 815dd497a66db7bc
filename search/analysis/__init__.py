"""The ground floor: from a string to its language, its tokens and their terms.

``languages`` knows codes, names and directions and guesses the language of a text;
``tokens`` cuts a text as published into words with their places; ``letters`` gives
each word the form under which it is indexed; ``sentences`` finds where sentences end.
Everything here is a pure function of its arguments: no index, no database, no Django.
"""

from search.analysis.languages import (
    direction,
    guess_language,
    is_language,
    language_name,
)
from search.analysis.letters import fold
from search.analysis.sentences import first_sentence, sentence_ends
from search.analysis.tokens import Token, tokenize

__all__ = [
    "Token",
    "direction",
    "first_sentence",
    "fold",
    "guess_language",
    "is_language",
    "language_name",
    "sentence_ends",
    "tokenize",
]
