"""Read a query string into *clauses*, and make a tree of Whoosh's queries of them.

A clause is a run of words that must follow each other, wanted or unwanted; a single
word is a run of one. Each clause is looked for in every text field, and counts by the
weight of the field that has it. Words climb the match ladder up to a rung; unwanted ones
do not go beyond their spelling, for nobody knows what else they would exclude.

A stop word alone is no condition where other words are wanted: an article that has them
all is found without it, and counts more with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from whoosh import query

from search.analysis import Rung, is_stop_word, name_parts, tokenize
from search.engine import Word, WordPhrase, rungs_up_to

FIELD_WEIGHTS = {
    "title": 3.0,
    "subtitle": 2.0,
    "authors": 2.0,
    "place": 1.0,
    "text": 1.0,
}
"""The fields that a word is looked for in, and what a match there counts."""

_MAIN_FIELD = "text"

DEFAULT_RUNG: Rung = "lemma"
"""How far wanted words climb the match ladder."""

NAMES: frozenset[Rung] = frozenset({"name"})
"""The rung that stands beside the ladder."""

Rungs = frozenset[Rung]

STOP_WORD_BOOST = 0.5
"""What a stop word counts beside other words."""

UNWANTED_RUNG: Rung = "folded"
"""How far unwanted ones do."""

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
        words: the wanted words, on the rungs that they climb.
        notes: what a reader should know about the reading.
    """

    tree: query.Query
    words: tuple[Word, ...]
    notes: tuple[QueryNote, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    """A run of words, as written."""

    words: tuple[str, ...]
    wanted: bool
    quoted: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether it is a stop word that stands alone."""
        return len(self.words) == 1 and not self.quoted and is_stop_word(self.words[0])


def parse(
    text: str,
    *,
    max_length: int,
    max_words: int,
    rung: Rung = DEFAULT_RUNG,
    names: bool = True,
) -> ParsedQuery:
    """Read ``text``; whatever it is, there is a result.

    Args:
        text: the query string. Blank finds everything.
        max_length: characters that are read.
        max_words: words that are searched for.
        rung: how far the wanted words climb the match ladder.
        names: whether they are looked for as names in the other script too.
    """
    if not text.strip():
        return ParsedQuery(query.Every(), (), ())
    read = text[:max_length]
    clauses, unclosed = _clauses(read)
    kept = _within(clauses, max_words)
    notes = []
    if not kept:
        notes.append(QueryNote("empty"))
    if len(read) < len(text) or len(kept) < len(clauses):
        read_words = [word for clause in kept for word in clause.words]
        notes.append(QueryNote("cut", " ".join(read_words)))
    if unclosed:
        notes.append(QueryNote("unclosed"))
    wanted = dict.fromkeys(w for clause in kept if clause.wanted for w in clause.words)
    rungs = rungs_up_to(rung) | (NAMES if names else frozenset())
    printed = [form for word in wanted for form in (word, *_parts(word, rungs))]
    words = tuple(Word(_MAIN_FIELD, word, rungs) for word in printed)
    return ParsedQuery(_tree(kept, rungs), words, tuple(notes))


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
    if words := tuple(token.written for token in tokenize(text)):
        yield _Clause(words, wanted, quoted=True)


def _words(text: str, *, wanted: bool) -> Iterator[_Clause]:
    if not wanted:
        # What is unwanted is the whole: -l'eau must not exclude every "l".
        yield from _phrase(text, wanted=False)
        return
    for token in tokenize(text):
        yield _Clause((token.written,), wanted=True)


def _within(clauses: Sequence[_Clause], max_words: int) -> list[_Clause]:
    """Keep the first clauses that have at most ``max_words`` words together."""
    kept: list[_Clause] = []
    for clause in clauses:
        max_words -= len(clause.words)
        if max_words < 0:
            break
        kept.append(clause)
    return kept


def _tree(clauses: Sequence[_Clause], rungs: Rungs) -> query.Query:
    if not clauses:
        return query.NullQuery
    wanted = [clause for clause in clauses if clause.wanted]
    required = [clause for clause in wanted if not clause.is_optional]
    optional = [clause for clause in wanted if clause.is_optional] if required else []
    tree: query.Query = query.Every()
    if wanted:
        tree = query.And([_anywhere(clause, rungs) for clause in required or wanted])
    if optional:
        extra = query.Or([_anywhere(clause, rungs) for clause in optional])
        tree = query.AndMaybe(tree, extra)
    unwanted = [
        _anywhere(c, rungs_up_to(UNWANTED_RUNG)) for c in clauses if not c.wanted
    ]
    return query.AndNot(tree, query.Or(unwanted)) if unwanted else tree


def _anywhere(clause: _Clause, rungs: Rungs) -> query.Query:
    """Look for the clause in every field."""
    return query.Or(
        [
            _in_field(clause, rungs, name, weight)
            for name, weight in FIELD_WEIGHTS.items()
        ]
    )


def _in_field(clause: _Clause, rungs: Rungs, name: str, weight: float) -> query.Query:
    words = [Word(name, word, rungs) for word in clause.words]
    if len(words) > 1:
        return WordPhrase(words, boost=weight)
    word = words[0].with_boost(weight * (STOP_WORD_BOOST if clause.is_optional else 1))
    in_parts = [Word(name, part, rungs) for part in _parts(word.text, rungs)]
    return query.Or([word, WordPhrase(in_parts, boost=weight)]) if in_parts else word


def _parts(word: str, rungs: Rungs) -> tuple[str, ...]:
    """Return the two words of a name that may be printed in one or in two.

    Abdellatif is عبد اللطيف, and عبداللطيف is too.
    """
    parts = name_parts(word) if rungs >= NAMES else ()
    return parts if len(parts) > 1 else ()
