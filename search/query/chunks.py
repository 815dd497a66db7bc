"""Read a *chunk*, which no space cuts: its words, patterns and fuzzy words.

A pattern has wildcards: * for any letters, and ? for one where a letter follows, for
elsewhere it asks. A fuzzy word ends with ~, and may say how many letters are wrong.
"""

import re
from collections.abc import Iterator

from search.analysis.letters import APOSTROPHES
from search.query.nodes import Fuzzy, Node, Prefix, Wildcard, WordNode
from search.query.notes import Notes
from search.query.spelling import pieces_in, spelled, words_in

SHORTEST_PATTERN = 2
"""Letters that a pattern must have, beside its wildcards."""

LONGEST_PATTERN = 40
"""Letters and wildcards that a pattern may have."""

SHORTEST_FUZZY = 3
"""Letters that a fuzzy word must have: of fewer, every word is an edit away."""

MOST_EDITS = 2

_EDITS = re.compile(r"~(\d{0,4})(?![\w~])")
_LETTER = re.compile(rf"[^\W_{APOSTROPHES}]")


def runs_in(chunk: str, notes: Notes) -> Iterator[list[Node]]:
    """Yield the words of a chunk that stand together, and each pattern alone."""
    run: list[Node] = []
    for node in _nodes(chunk, notes):
        if isinstance(node, WordNode):
            run.append(node)
            continue
        if run:
            yield run
        run = []
        yield [node]
    if run:
        yield run


def _nodes(chunk: str, notes: Notes) -> Iterator[Node]:
    has_word = False
    end = 0
    for piece in pieces_in(chunk):
        has_word = True
        # The 2 of "word~2" is no word.
        if piece.start >= end:
            edits = _EDITS.match(chunk, piece.end)
            end = edits.end() if edits else piece.end
            yield from _piece(piece.text, edits, notes)
    if "*" in chunk and not has_word:
        notes.add("too_short", chunk)


def _piece(text: str, edits: re.Match[str] | None, notes: Notes) -> Iterator[Node]:
    if "*" in text or "?" in text:
        if len(text) > LONGEST_PATTERN:
            notes.add("too_long", text)
        elif pattern := _pattern(text):
            yield pattern
            return
        else:
            notes.add("too_short", text)
    words = [text] if spelled(text) else words_in(text)
    if edits and len(words) == 1 and int(edits[1] or 1):
        if len(words[0]) >= SHORTEST_FUZZY:
            yield Fuzzy(words[0], min(int(edits[1] or 1), MOST_EDITS))
            return
        notes.add("too_short", f"{text}{edits[0]}")
    yield from map(WordNode, words)


def _pattern(text: str) -> Prefix | Wildcard | None:
    """Return the pattern that ``text`` is; None if it stands for too much.

    It begins with a letter, so that the words that may match it stand together.
    """
    is_wide = not text[0].isalnum() or len(_LETTER.findall(text)) < SHORTEST_PATTERN
    # What Unicode makes of one character may be several words.
    if is_wide or [piece.text for piece in pieces_in(text)] != [text]:
        return None
    beginning = text.removesuffix("*")
    return Prefix(beginning) if not re.search("[*?]", beginning) else Wildcard(text)
