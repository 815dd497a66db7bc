"""Read a query string into *clauses*, and make a tree of Whoosh's queries of them.

A clause is a run of words that must follow each other, wanted or unwanted; a single
word is a run of one. Each clause is looked for in every text field, and counts by the
weight of the field that has it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from whoosh import query

from search.analysis import tokenize
from search.engine import term_of

FIELD_WEIGHTS = {
    "title": 3.0,
    "subtitle": 2.0,
    "authors": 2.0,
    "place": 1.0,
    "text": 1.0,
}
"""The fields that a word is looked for in, and what a match there counts."""

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_OPENING = "".join(_QUOTES)
_CHUNK = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:(?P<quote>[{_OPENING}])|(?P<text>[^\s{_OPENING}]+))"
)


@dataclass(frozen=True, slots=True)
class QueryNote:
    """What of a query string was read otherwise than typed.

    Attributes:
        kind: ``empty``: it has no word at all; ``cut``: only its beginning was read;
            ``unclosed``: a quotation mark has no partner and was left out.
        text: for ``cut``, the words that were read.
    """

    kind: Literal["empty", "cut", "unclosed"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query string as it was read.

    Attributes:
        tree: what the engine looks for.
        terms: the wanted terms, to mark them in texts.
        notes: what a reader should know about the reading.
    """

    tree: query.Query
    terms: frozenset[str]
    notes: tuple[QueryNote, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    terms: tuple[str, ...]
    wanted: bool


def parse(text: str, *, max_length: int, max_words: int) -> ParsedQuery:
    """Read ``text``; whatever it is, there is a result.

    Args:
        text: the query string. Blank finds everything.
        max_length: characters that are read.
        max_words: words that are searched for.
    """
    if not text.strip():
        return ParsedQuery(query.Every(), frozenset(), ())
    read = text[:max_length]
    clauses, unclosed = _clauses(read)
    kept = _within(clauses, max_words)
    notes = []
    if not kept:
        notes.append(QueryNote("empty"))
    if len(read) < len(text) or len(kept) < len(clauses):
        words = [term for clause in kept for term in clause.terms]
        notes.append(QueryNote("cut", " ".join(words)))
    if unclosed:
        notes.append(QueryNote("unclosed"))
    terms = frozenset(t for clause in kept if clause.wanted for t in clause.terms)
    return ParsedQuery(_tree(kept), terms, tuple(notes))


def _clauses(text: str) -> tuple[list[_Clause], bool]:
    """Return the clauses of ``text`` without repetitions, and whether a quote is open."""
    clauses: dict[_Clause, None] = {}
    unclosed = False
    position = 0
    while match := _CHUNK.search(text, position):
        position = match.end()
        wanted = match["minus"] is None
        if match["quote"]:
            end = text.find(_QUOTES[match["quote"]], position)
            if end < 0:
                unclosed = True
                continue
            clauses |= dict.fromkeys(_phrase(text[position:end], wanted=wanted))
            position = end + 1
        else:
            clauses |= dict.fromkeys(_words(match["text"], wanted=wanted))
    return list(clauses), unclosed


def _phrase(text: str, *, wanted: bool) -> Iterator[_Clause]:
    if terms := tuple(term_of(token.written) for token in tokenize(text)):
        yield _Clause(terms, wanted)


def _words(text: str, *, wanted: bool) -> Iterator[_Clause]:
    if not wanted:
        # What is unwanted is the whole: -l'eau must not exclude every "l".
        yield from _phrase(text, wanted=False)
        return
    for token in tokenize(text):
        yield _Clause((term_of(token.written),), wanted=True)


def _within(clauses: Sequence[_Clause], max_words: int) -> list[_Clause]:
    """Keep the first clauses that have at most ``max_words`` words together."""
    kept: list[_Clause] = []
    for clause in clauses:
        max_words -= len(clause.terms)
        if max_words < 0:
            break
        kept.append(clause)
    return kept


def _tree(clauses: Sequence[_Clause]) -> query.Query:
    if not clauses:
        return query.NullQuery
    wanted = [_anywhere(clause) for clause in clauses if clause.wanted]
    unwanted = [_anywhere(clause) for clause in clauses if not clause.wanted]
    tree = query.And(wanted) if wanted else query.Every()
    return query.AndNot(tree, query.Or(unwanted)) if unwanted else tree


def _anywhere(clause: _Clause) -> query.Query:
    """Look for the clause in every field."""
    return query.Or(
        [
            query.Term(name, clause.terms[0], boost=weight)
            if len(clause.terms) == 1
            else query.Phrase(name, list(clause.terms), boost=weight)
            for name, weight in FIELD_WEIGHTS.items()
        ]
    )
