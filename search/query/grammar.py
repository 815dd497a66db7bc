"""Join the lexemes of a query string to a tree.

AND joins what stands beside it before OR does, and OR before what stands side by side:
``a b OR c AND d`` is ``a (b OR (c AND d))``. Brackets group. A chunk of several words,
such as Jean-Claude, is a phrase where it is one operand.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import cast

from search.query.lexing import Lexeme, Lexer, Mark
from search.query.nodes import (
    Node,
    OwnRung,
    Phrase,
    WordNode,
    all_of,
    any_of,
    excluded,
    in_field,
    on_rung,
    together,
)
from search.query.notes import Notes
from search.query.spelling import words_in

Nodes = tuple[Node, ...]

_END = Lexeme(")")


def read(text: str, max_depth: int, today: date, notes: Notes) -> Node | None:
    """Return the tree of a cleaned ``text``; None if there is nothing to look for."""
    lexer = Lexer(text, today, notes)
    parser = _Parser(list(lexer.lexemes()), max_depth, notes)
    root = parser.read()
    lone = [*lexer.lone, *parser.lone]
    if root is None:
        # A query that is nothing but operators looks for these words.
        return together(WordNode(word) for text in lone for word in words_in(text))
    for operator in lone:
        notes.add("lone_operator", operator)
    return root


class _Parser:
    """Reads lexemes from the first to the last; each method reads what joins more."""

    def __init__(self, lexemes: list[Lexeme], max_depth: int, notes: Notes) -> None:
        self.lone: list[str] = []
        """Operators that lack an operand."""
        self._lexemes = lexemes
        self._max_depth = max_depth
        self._notes = notes
        self._place = 0
        self._ignored = 0

    def read(self) -> Node | None:
        """Read all of it."""
        return together(self._side_by_side(0))

    def _side_by_side(self, depth: int) -> Iterator[Node]:
        """Read to the bracket that closes, or to the end; outermost, only to the end."""
        while self._place < len(self._lexemes):
            if self._next.kind != ")":
                yield from self._any(depth)
            elif self._ignored:
                self._ignored -= 1
                self._place += 1
            elif depth:
                return
            else:
                self._place += 1

    def _any(self, depth: int) -> Nodes:
        return self._operands("or", any_of, self._all, depth)

    def _all(self, depth: int) -> Nodes:
        return self._operands("and", all_of, self._operand, depth)

    def _operands(
        self,
        operator: str,
        join: Callable[[Iterable[Node]], Node | None],
        read: Callable[[int], Nodes],
        depth: int,
    ) -> Nodes:
        """Read operands with the operator between them."""
        first = read(depth)
        parts = [first] if first else []
        while self._next.kind == operator:
            text = self._next.text
            self._place += 1
            right = read(depth)
            if not right or not parts:
                self.lone.append(text)
            parts += [right] if right else []
        if len(parts) < 2:  # noqa: PLR2004  two are joined
            return parts[0] if parts else ()
        joined = join(map(_one, parts))
        return (joined,) if joined else ()

    def _operand(self, depth: int) -> Nodes:
        """Read an operand, if one is next."""
        lexeme = self._next
        if not lexeme.begins_operand:
            return ()
        self._place += 1
        if lexeme.kind == "operand":
            nodes = lexeme.nodes
        elif depth < self._max_depth:
            inner = together(self._closed(depth + 1))
            nodes = (inner,) if inner else ()
        else:
            return self._too_deep(lexeme, depth)
        if not nodes or not lexeme.marks:
            return nodes
        return (_marked(_one(nodes), lexeme.marks),)

    def _closed(self, depth: int) -> list[Node]:
        nodes = list(self._side_by_side(depth))
        if self._place < len(self._lexemes):
            self._place += 1
        else:
            self._notes.add("unclosed", "(")
        return nodes

    def _too_deep(self, lexeme: Lexeme, depth: int) -> Nodes:
        """Read on as if a bracket were not there, or over what it marks."""
        self._notes.add("too_deep")
        self._ignored += 1
        if not lexeme.marks:
            while self._next.kind == "(" and not self._next.marks:
                self._ignored += 1
                self._place += 1
            return self._operand(depth)
        # What is not wanted must not become wanted.
        outside = self._ignored - 1
        while self._ignored > outside and self._place < len(self._lexemes):
            self._ignored += {"(": 1, ")": -1}.get(self._next.kind, 0)
            self._place += 1
        return ()

    @property
    def _next(self) -> Lexeme:
        return self._lexemes[self._place] if self._place < len(self._lexemes) else _END


def _one(nodes: Nodes) -> Node:
    """Return one operand: what has no space in it is a phrase."""
    if len(nodes) == 1:
        return nodes[0]
    return Phrase(tuple(node.text for node in nodes if isinstance(node, WordNode)))


def _marked(node: Node, marks: Iterable[Mark]) -> Node:
    """Return an operand with what stands before it, the nearest first."""
    for mark in reversed(tuple(marks)):
        if mark.kind == "not":
            node = excluded(node)
        elif mark.kind == "field":
            node = in_field(mark.name, node)
        else:
            node = on_rung(cast("OwnRung", mark.name), node)
    return node
