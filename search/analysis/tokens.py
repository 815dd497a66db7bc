"""Cut a text as published into words, keeping their places in it.

A word is a run of letters and digits of any script; vowel signs, tatweel, joiners and
direction marks inside it do not cut it. The text is never changed before it is cut,
so that ``text[token.start:token.end]`` is the word as printed, which is what snippets
mark.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis.letters import MARKS, fold

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes:
        term: the folded word, never empty.
        position: how many words stand before it.
        start: offset of its first character in the text.
        end: offset after its last character.
    """

    term: str
    position: int
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` in order."""
    position = 0
    for match in _WORD.finditer(text):
        if term := fold(match[0]):
            yield Token(term, position, match.start(), match.end())
            position += 1
