"""Print a query tree as the query string that is read as it.

OR joins more than standing side by side does, and AND joins more than OR: brackets are
printed where they are needed, and around the outermost operands, so that what is printed
is not nested deeper than what may be typed.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date

from search.query.nodes import (
    AllOf,
    AnyOf,
    DateRange,
    Excluded,
    Fuzzy,
    InField,
    Near,
    Node,
    OneOf,
    OwnRung,
    Phrase,
    Prefix,
    Wildcard,
    WordNode,
    Words,
)
from search.query.spelling import operator, spelled

_RUNGS: dict[OwnRung | None, str] = {None: "", "written": "=", "root": "~~"}
_SIDE_BY_SIDE, _ANY, _ALL, _ONE = range(4)
_PLAIN_VALUE = re.compile(r"\w[\w.-]*")


def printed(node: Node | None) -> str:
    """Return the query string of ``node``, which is read as the same tree."""
    match node:
        case None:
            return ""
        case Words() | AnyOf():
            around = _ANY if isinstance(node, Words) else _ALL
            shown = (_clearly(child, around) for child in node.nodes)
            return (" " if isinstance(node, Words) else " OR ").join(shown)
    return _shown(node, _SIDE_BY_SIDE)


def _clearly(node: Node, around: int) -> str:
    """Return an operand of the outermost nodes, with brackets for the eye if it has none."""
    text = _shown(node, around)
    is_bare = isinstance(node, AnyOf | AllOf) and "(" not in text
    return f"({text})" if is_bare else text


def _shown(node: Node, around: int) -> str:
    """Return ``node`` as an operand of what joins as much as ``around``."""
    match node:
        case Words():
            binds, text = _SIDE_BY_SIDE, " ".join(_each(node.nodes, _ANY))
        case AnyOf():
            binds, text = _ANY, " OR ".join(_each(node.nodes, _ALL))
        case AllOf():
            binds, text = _ALL, " AND ".join(_each(node.nodes, _ONE))
        case _:
            return _one(node)
    return f"({text})" if binds < around else text


def _each(nodes: Iterable[Node], around: int) -> Iterable[str]:
    return (_shown(node, around) for node in nodes)


def _one(node: Node) -> str:
    match node:
        case Excluded():
            return f"-{_shown(node.node, _ONE)}"
        case InField():
            return f"{node.field}:{_shown(node.node, _ONE)}"
        case OneOf():
            return f"{node.field}:{_values(node.values)}"
        case DateRange():
            return f"date:{_days(node)}"
    return _words(node)


def _words(node: Node) -> str:
    match node:
        case WordNode() | Phrase() | Near():
            return f"{_RUNGS[node.rung]}{_bare_or_quoted(node)}"
        case Prefix():
            return f"{node.text}*"
        case Wildcard():
            return node.text
        case Fuzzy():
            edits = "" if node.edits == 1 else node.edits
            return f"{_bare(node.text)}~{edits}"
    return "()"


def _bare_or_quoted(node: WordNode | Phrase | Near) -> str:
    if isinstance(node, WordNode):
        return _bare(node.text)
    words = " ".join(spelled(word) or word for word in node.words)
    distance = f"~{node.distance}" if isinstance(node, Near) else ""
    return f'"{words}"{distance}'


def _bare(word: str) -> str:
    """Return a word outside quotation marks, where it must not be an operator.

    Names of sites may begin with a minus.
    """
    text = spelled(word) or word
    return f"\\{text}" if operator(text) or text.startswith("-") else text


def _values(values: tuple[str, ...]) -> str:
    shown = [_value(value) for value in values]
    return shown[0] if len(shown) == 1 else f"({' OR '.join(shown)})"


def _value(value: str) -> str:
    is_plain = _PLAIN_VALUE.fullmatch(value) and not operator(value)
    return value if is_plain else f'"{value}"'


def _days(days: DateRange) -> str:
    if days.said:
        return _value(days.said)
    if days.first and days.first == days.last:
        return days.first.isoformat()
    low, high = _from(days.first), _until(days.last)
    return low if low == high else f"{low}..{high}"


def _from(day: date | None) -> str:
    if day is None:
        return ""
    if day.day > 1:
        return day.isoformat()
    return day.isoformat()[: 4 if day.month == 1 else 7]


def _until(day: date | None) -> str:
    if day is None:
        return ""
    if day.day < calendar.monthrange(day.year, day.month)[1]:
        return day.isoformat()
    return day.isoformat()[: 4 if day.month == 12 else 7]  # noqa: PLR2004  December
