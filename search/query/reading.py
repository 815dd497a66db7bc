"""Read a query string: what was understood, how to print it, and what was left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search.query.fields import NAMED_FACETS
from search.query.grammar import read
from search.query.nodes import (
    AllOf,
    AnyOf,
    DateRange,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Nothing,
    OneOf,
    Phrase,
    Prefix,
    Wildcard,
    Words,
    all_of,
    any_of,
    has_words,
    kept,
    leaves,
    together,
)
from search.query.notes import Notes, QueryNote
from search.query.printing import printed
from search.query.spelling import cleaned

MOST_PATTERNS = 5
"""Beginnings, wildcards and fuzzy words that are looked for: each is many words."""

_WIDE = re.compile(r"\w[*?]")
_COST_OF_WIDE = 3
"""What a pattern counts as that may be any word with its first letter."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a query string is read.

    Attributes:
        max_length: characters.
        max_words: words, values and dates together.
        max_depth: brackets within brackets, at least one.
    """

    max_length: int
    max_words: int
    max_depth: int = 8


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A part of a query that can be taken out.

    Attributes:
        text: its query string.
        without: the query string of all other parts.
    """

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query string as it was read.

    Attributes:
        root: what it says; None if it is blank.
        notes: what a reader should know about the reading.
    """

    root: Node | None
    notes: tuple[QueryNote, ...] = ()

    @property
    def printed(self) -> str:
        """The query string that is read as the same tree."""
        return printed(self.root)

    @property
    def parts(self) -> tuple[QueryPart, ...]:
        """What stands side by side, in order."""
        if self.root is None or isinstance(self.root, Nothing):
            return ()
        if not isinstance(self.root, Words | AllOf):
            return (QueryPart(self.printed, ""),)
        join = together if isinstance(self.root, Words) else all_of
        nodes = self.root.nodes
        return tuple(
            QueryPart(printed(node), printed(join(nodes[:place] + nodes[place + 1 :])))
            for place, node in enumerate(nodes)
        )

    @property
    def has_words(self) -> bool:
        """Whether anything is wanted that articles can have more or less of."""
        return self.root is not None and has_words(self.root)

    @property
    def fields_named(self) -> frozenset[str]:
        """The facets, source and section, whose values it names."""
        found = leaves(self.root) if self.root else ()
        fields = {leaf.field for leaf in found if isinstance(leaf, OneOf)}
        return NAMED_FACETS & fields


def read_query(text: str, limits: Limits, today: date) -> ReadQuery:
    """Read ``text``; whatever it is, there is a result.

    Args:
        text: the query string.
        limits: how much of it is read.
        today: the day that "last week" is said on.
    """
    if not text.strip():
        return ReadQuery(None)
    notes = Notes()
    typed = text[: limits.max_length]
    root = read(cleaned(typed), max(limits.max_depth, 1), today, notes)
    within = _Within(limits, notes)
    root = within.kept(root)
    if root is None:
        notes.add("empty")
    if len(typed) < len(text) or within.is_cut:
        notes.add("cut", " ".join(within.words))
    return ReadQuery(root or Nothing(), notes.all())


class _Within:
    """Keeps of a tree what is within the limits, from its beginning."""

    def __init__(self, limits: Limits, notes: Notes) -> None:
        self.words: list[str] = []
        """The words that were kept."""
        self.is_cut = False
        self._limits = limits
        self._notes = notes
        self._left = limits.max_words
        self._patterns = 0

    def kept(self, root: Node | None) -> Node | None:
        """Return what of ``root`` is within the limits."""
        root = kept(root, self._keeps) if root else None
        while root and len(printed(root)) > self._limits.max_length:
            self.is_cut = True
            root = _without_last(root)
        return root

    def _keeps(self, leaf: Leaf) -> bool:
        if isinstance(leaf, Prefix | Wildcard | Fuzzy):
            self._patterns += _COST_OF_WIDE if _WIDE.match(leaf.text) else 1
            if self._patterns > MOST_PATTERNS:
                self._notes.add("too_many", printed(leaf))
                return False
        words = _texts(leaf)
        # After what is too much nothing is read, though it were shorter.
        self._left = self._left - len(words) if len(words) <= self._left else -1
        if self._left < 0:
            self.is_cut = True
            return False
        self.words += words
        return True


def _texts(leaf: Leaf) -> Sequence[str]:
    match leaf:
        case Phrase() | Near():
            return leaf.words
        case OneOf():
            return leaf.values
        case DateRange() | Nothing():
            return (printed(leaf),)
    return (leaf.text,)


def _without_last(node: Node) -> Node | None:
    match node:
        case Words():
            return together(node.nodes[:-1])
        case AllOf():
            return all_of(node.nodes[:-1])
        case AnyOf():
            return any_of(node.nodes[:-1])
    return None
