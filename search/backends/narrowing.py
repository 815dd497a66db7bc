"""Read and write filters as strings, which ``narrow`` and ``query_facet`` take.

They are what Django people know from other engines::

    source:atlas                          a facet has the value
    title:"night train"                   an exact value, or a phrase
    title:night*   year:*19   title:*ai*  beginning, end, part
    published_on:[2019-01-01 TO *]        from and to, {2019-01-01 TO *} without the ends
    source:(atlas OR "la voile")          any of these
    language:*                            there is a value
    title__fuzzy:trian                    any lookup, with a value or a list: ["a", "b"]
    NOT year:2019, -year:2019             not; AND, OR and parentheses join
    train                                 without a field: what a reader types

``read`` gives Haystack's tree of filters, and ``write`` what ``read`` understands.
"""

import json
import re
from datetime import date
from typing import Any

from django.utils.encoding import force_str
from haystack.backends import SearchNode
from haystack.constants import FILTER_SEPARATOR
from haystack.exceptions import SearchBackendError
from haystack.inputs import AutoQuery, BaseInput, Exact, Not

from search.backends.filters import CONTENT

_SPACE = re.compile(r"\s*")
_OR = re.compile(r"OR\b")
_AND = re.compile(r"AND\b")
_NOT = re.compile(r"NOT\b|-(?=[\w(])")
_OPENING = re.compile(r"\(")
_CLOSING = re.compile(r"\)")
_EVERYTHING = re.compile(r"\*:\*")
_FIELD = re.compile(r"(\w+):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RANGE = re.compile(
    r"(?P<above>[\[{])\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+?)\s*(?P<below>[\]}])",
    re.IGNORECASE,
)
_BARE = re.compile(r"[^\s()]+")
_ESCAPE = re.compile(r"\\(.)")
_SPECIAL = re.compile(r'(["\\])')

_READER = "reader"
"""The lookup that stands for what a reader types."""


def read(text: str, field: str = CONTENT) -> SearchNode:
    """Read the filters in ``text``; what names no field is looked for in ``field``.

    Raises:
        SearchBackendError: they cannot be read.
    """
    return _Reader(text, field).read()


def write(field: str, lookup: str, value: Any) -> str:
    """Return a filter as a string."""
    if isinstance(value, Not):
        return f"NOT {write(field, lookup, value.query_string)}"
    if isinstance(value, Exact):
        lookup = "exact"
    elif isinstance(value, BaseInput) and not value.post_process:
        lookup = _READER
    if isinstance(value, BaseInput | str):
        text = _quoted(force_str(value))
    elif hasattr(value, "__iter__"):
        text = json.dumps(list(value), default=_plain, ensure_ascii=False)
    else:
        text = _quoted(_plain(value))
    return f"{field}{FILTER_SEPARATOR}{lookup}:{text}"


class _Reader:
    """Reads from the left to the right: OR joins less than AND, and AND than NOT."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._position = 0
        self._field = field

    def read(self) -> SearchNode:
        """Read all of it; nothing is no filter."""
        if self._at_end():
            return SearchNode()
        node = self._joined_by_or()
        if self._position < len(self._text):
            raise self._wrong()
        return node

    def _joined_by_or(self) -> SearchNode:
        parts = [self._joined_by_and()]
        while self._take(_OR):
            parts.append(self._joined_by_and())
        return parts[0] if len(parts) == 1 else SearchNode(parts, SearchNode.OR)

    def _joined_by_and(self) -> SearchNode:
        parts = [self._one()]
        while self._take(_AND) or not (self._at_end() or self._sees(_OR, _CLOSING)):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else SearchNode(parts)

    def _one(self) -> SearchNode:
        if self._take(_NOT):
            return SearchNode([self._one()], negated=True)
        if self._take(_EVERYTHING):
            return SearchNode()
        if self._take(_OPENING):
            return self._closed()
        if found := self._take(_FIELD):
            outer, self._field = self._field, found[1]
            node = self._closed() if self._take(_OPENING) else self._value()
            self._field = outer
            return node
        return self._value()

    def _closed(self) -> SearchNode:
        node = self._joined_by_or()
        if not self._take(_CLOSING):
            raise self._wrong()
        return node

    def _value(self) -> SearchNode:
        if found := self._take(_QUOTED):
            return self._filter("exact", _ESCAPE.sub(r"\1", found[1]))
        if found := self._take(_RANGE):
            return self._range(found)
        if self._text.startswith("[", self._position):
            return self._filter("in", self._list())
        found = self._take(_BARE)
        if not found:
            raise self._wrong()
        text = found[0]
        if text == "*":
            return self._filter("range", (None, None))
        if self._field == CONTENT:
            return self._filter(_READER, text)
        stars = text.startswith("*"), text.endswith("*")
        lookup = {
            (True, True): "contains",
            (True, False): "endswith",
            (False, True): "startswith",
        }.get(stars, CONTENT)
        return self._filter(lookup, text.strip("*"))

    def _filter(self, lookup: str, value: Any) -> SearchNode:
        name, _, named = self._field.partition(FILTER_SEPARATOR)
        lookup = named or lookup
        if lookup == _READER:
            return SearchNode([(name, AutoQuery(value))])
        return SearchNode([(f"{name}{FILTER_SEPARATOR}{lookup}", value)])

    def _range(self, found: re.Match[str]) -> SearchNode:
        low, high = (
            None if found[end] == "*" else found[end].strip('"')
            for end in ("low", "high")
        )
        if low is None and high is None:
            return self._filter("range", (None, None))
        parts = []
        if low is not None:
            lookup = "gt" if found["above"] == "{" else "gte"
            parts.append(self._filter(lookup, low))
        if high is not None:
            lookup = "lt" if found["below"] == "}" else "lte"
            parts.append(self._filter(lookup, high))
        return SearchNode(parts)

    def _list(self) -> list[Any]:
        try:
            values, self._position = json.JSONDecoder().raw_decode(
                self._text, self._position
            )
        except ValueError as error:
            raise self._wrong() from error
        return list(values)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Step over white space and ``pattern``, if it is next."""
        found = pattern.match(self._text, self._start())
        if found:
            self._position = found.end()
            self._position = self._start()
        return found

    def _sees(self, *patterns: re.Pattern[str]) -> bool:
        return any(pattern.match(self._text, self._start()) for pattern in patterns)

    def _at_end(self) -> bool:
        return self._start() == len(self._text)

    def _start(self) -> int:
        found = _SPACE.match(self._text, self._position)
        return found.end() if found else self._position

    def _wrong(self) -> SearchBackendError:
        rest = self._text[self._position :]
        return SearchBackendError(
            f"{self._text!r} cannot be read from {rest!r} on. Write filters as "
            'field:value, field:"a value" or field:[from TO to], joined by AND, OR, NOT.'
        )


def _quoted(text: str) -> str:
    return '"{}"'.format(_SPECIAL.sub(r"\\\1", text))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else force_str(value)
