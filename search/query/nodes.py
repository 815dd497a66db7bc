"""What a query string says, as a tree: it does not depend on how its words are read.

Leaves are words, phrases, patterns of words, values of facets and stretches of days.
``Words`` holds what stands side by side; ``AllOf``, ``AnyOf``, ``Excluded`` and
``InField`` are what operators and fields make of their operands.

Build compounds by ``together``, ``all_of``, ``any_of``, ``excluded``, ``in_field`` and
``on_rung``: they keep one tree for one meaning, without a compound of one node, one in
another of its kind, or a node twice in one compound.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

OwnRung = Literal["written", "root"]
"""The rungs that a reader may give a word whatever the others climb to."""


@dataclass(frozen=True, slots=True)
class WordNode:
    """A word as written; ``rung`` is its own, if it has one."""

    text: str
    rung: OwnRung | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other. One word between quotation marks is one, too."""

    words: tuple[str, ...]
    rung: OwnRung | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or more, in any order, none further than ``distance`` from the others."""

    words: tuple[str, ...]
    distance: int
    rung: OwnRung | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with ``text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words that match ``text``, where * is any letters and ? is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that ``edits`` wrong letters lead to."""

    text: str
    edits: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Documents that have one of ``values`` in a facet, as a reader names them."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Documents of the days from ``first`` to ``last``; None for no bound.

    ``said`` has the reader's words where they mean other days tomorrow.
    """

    first: date | None
    last: date | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What a query says in which there is nothing to look for."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands side by side. Whether all of it is wanted, the reading says."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """What AND joins: all of it, in every reading."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What OR joins."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """What must not be found."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class InField:
    """What is looked for in one text field, by the name that readers give it."""

    field: str
    node: "Node"


Pattern: TypeAlias = Prefix | Wildcard | Fuzzy
Leaf: TypeAlias = WordNode | Phrase | Near | Pattern | OneOf | DateRange | Nothing
Compound: TypeAlias = Words | AllOf | AnyOf
Node: TypeAlias = Leaf | Compound | Excluded | InField


def together(nodes: Iterable[Node]) -> Node | None:
    """Return what says ``nodes`` side by side; None if there are none."""
    return _joined(Words, nodes)


def all_of(nodes: Iterable[Node]) -> Node | None:
    """Return what says all of ``nodes``; None if there are none."""
    return _joined(AllOf, nodes)


def any_of(nodes: Iterable[Node]) -> Node | None:
    """Return what says any of ``nodes``; None if there are none."""
    return _joined(AnyOf, nodes)


def excluded(node: Node) -> Node:
    """Return what says that ``node`` is not wanted."""
    return node.node if isinstance(node, Excluded) else Excluded(node)


def in_field(field: str, node: Node) -> Node:
    """Return what says ``node`` in a field; a field inside it is nearer to its words."""
    match node:
        case Excluded():
            return excluded(in_field(field, node.node))
        case InField() | OneOf() | DateRange():
            return node
    return InField(field, node)


def on_rung(rung: OwnRung, node: Node) -> Node:
    """Return ``node`` with its words on a rung of their own, unless they have one."""
    match node:
        case WordNode() | Phrase() | Near():
            return node if node.rung else replace(node, rung=rung)
        case Words() | AllOf() | AnyOf():
            nodes = (on_rung(rung, child) for child in node.nodes)
            return _joined(type(node), nodes) or node
        case Excluded():
            return excluded(on_rung(rung, node.node))
        case InField():
            return in_field(node.field, on_rung(rung, node.node))
    return node


def kept(node: Node, keep: Callable[[Leaf], bool]) -> Node | None:
    """Return ``node`` with the leaves that ``keep`` says, asked in order."""
    match node:
        case Words() | AllOf() | AnyOf():
            nodes = (kept(child, keep) for child in node.nodes)
            return _joined(type(node), (child for child in nodes if child))
        case Excluded():
            inner = kept(node.node, keep)
            return excluded(inner) if inner else None
        case InField():
            inner = kept(node.node, keep)
            return in_field(node.field, inner) if inner else None
    return node if keep(node) else None


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of ``node`` in order."""
    match node:
        case Words() | AllOf() | AnyOf():
            for child in node.nodes:
                yield from leaves(child)
        case Excluded() | InField():
            yield from leaves(node.node)
        case _:
            yield node


def wanted_leaves(
    node: Node, field: str | None = None
) -> Iterator[tuple[Leaf, str | None]]:
    """Yield the leaves that are not excluded, each with the field that it stands in."""
    match node:
        case Words() | AllOf() | AnyOf():
            for child in node.nodes:
                yield from wanted_leaves(child, field)
        case InField():
            yield from wanted_leaves(node.node, node.field)
        case Excluded():
            pass
        case _:
            yield node, field


def has_words(node: Node) -> bool:
    """Whether anything of ``node`` can be scored: a wanted word, phrase or pattern."""
    return any(
        not isinstance(leaf, OneOf | DateRange | Nothing)
        for leaf, _ in wanted_leaves(node)
    )


def _joined(kind: type[Compound], nodes: Iterable[Node]) -> Node | None:
    parts: dict[Node, None] = {}
    for node in nodes:
        parts |= dict.fromkeys(node.nodes if isinstance(node, kind) else (node,))
    if len(parts) > 1:
        return kind(tuple(parts))
    return next(iter(parts), None)
