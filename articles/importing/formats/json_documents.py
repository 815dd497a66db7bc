"""JSON (RFC 8259): an array of articles, an object with one in it, or one article.

The file is read value by value: an array may be of any length. Of an object, lists of
articles are found down to some depth, as answers of programs have them
(``{"response": {"docs": […]}}``; JSON Feed 1.1 too); an object without any is one article,
or a graph of JSON-LD. After a broken item reading goes on with the next.
"""

import json
import re
from collections.abc import Generator, Iterator
from typing import Any, TextIO

from articles.importing.inputs import Input
from articles.importing.objects import Decoder, is_article, records_of
from articles.importing.records import Found, RecordError, ValueProblemError

NAME = "json"

_CHUNK = 131_072
_DEEPEST = 6
# What a parser says of a value that goes on in the next piece stands near the end.
_NEAR_END = 16
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_SPACE = re.compile(r"\s*")
_BEGINNING = re.compile(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]]|$))")
_CLOSING = {"[": "]", "{": "}"}
# Where brackets do not match, this is where the next item seems to begin.
_NEXT = re.compile(r"[}\]]\s*,(?=\s*\{\s*\")")


class _BrokenError(Exception):
    """The text cannot be read on; the message says why."""


class _TooLongError(Exception):
    """A value is longer than any article."""


class _Cursor:
    """A place in a text that is read as it is needed."""

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._buffer = ""
        self._at = 0
        self._ended = False
        self.line = 1
        self.decoder = Decoder()

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            self._move(_SPACE.match(self._buffer, self._at).end())  # type: ignore[union-attr]
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._fill():
                return ""

    def take(self, *characters: str) -> str:
        """Pass over the next character, which must be one of these.

        Raises:
            _BrokenError: it is another.
        """
        found = self.peek()
        if not found:
            raise _BrokenError("the file is cut short")
        if found not in characters:
            wanted = " or ".join(characters)
            raise _BrokenError(
                f"no JSON: {wanted} is missing before {self._buffer[self._at :][:20]!a}"
            )
        self._move(self._at + 1)
        return found

    def value(self) -> tuple[Any, str]:
        """Read the value that begins here, and return it with its text.

        Raises:
            JSONDecodeError: there is none.
            ValueProblemError, _TooLongError: it is beyond all measure.
        """
        self.peek()
        while True:
            try:
                value, end = self.decoder.decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                cut = (
                    error.msg.startswith("Unterminated string")
                    or error.pos >= len(self._buffer) - _NEAR_END
                )
                if not cut or not self._fill():
                    raise
                continue
            # A number may go on in what is not read yet.
            if end == len(self._buffer) and self._fill():
                continue
            raw = self._buffer[self._at : end]
            self._move(end)
            return value, raw

    def skip(self) -> str:
        """Pass over a value that cannot be read, and return its beginning.

        Raises:
            _BrokenError: nobody can tell where it ends.
        """
        start = self._buffer[self._at : self._at + 1000]
        stack: list[str] = []
        at = self._at
        while True:
            found = _TOKEN.search(self._buffer, at)
            bracket = found.group() if found else ""
            if not found or bracket == '"':
                if not self._fill_or_give_up():
                    return self._resume(start)
                continue
            if bracket in _CLOSING:
                stack.append(_CLOSING[bracket])
            elif bracket in {"]", "}"}:
                if not stack:
                    self._move(found.start())
                    return start
                if stack.pop() != bracket:
                    return self._resume(start)
            elif bracket == "," and not stack:
                self._move(found.start())
                return start
            at = found.end()

    def _resume(self, start: str) -> str:
        found = _NEXT.search(self._buffer, self._at + 1)
        if not found:
            ended = "the file is cut short, or its" if self._ended else "the"
            raise _BrokenError(
                f"{ended} brackets do not match: nothing after it can be read"
            )
        self._move(found.end() - 1)
        return start

    def _fill_or_give_up(self) -> bool:
        try:
            return self._fill()
        except _TooLongError:
            return False

    def _fill(self) -> bool:
        """Read on, and return whether there was more."""
        kept = len(self._buffer) - self._at
        if kept > self._limit:
            raise _TooLongError
        # As much again as is kept: what is tried again and again stays linear.
        more = self._text.read(max(_CHUNK, kept))
        self._ended = not more
        self._buffer = self._buffer[self._at :] + more
        self._at = 0
        return bool(more)

    def _move(self, to: int) -> None:
        self.line += self._buffer.count("\n", self._at, to)
        self._at = to


def recognises(source: Input) -> bool:
    """Whether it is JSON: it begins as an object, or an array of something, does."""
    return _BEGINNING.match(source.head_text) is not None


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the file."""
    return _Reading(source).records()


class _Reading:
    """Reads one file, and counts its items."""

    def __init__(self, source: Input) -> None:
        self._source = source
        self._cursor = _Cursor(source.text(), source.limits.record_bytes)
        self._number = 0

    def records(self) -> Iterator[Found]:
        try:
            while opening := self._cursor.peek():
                if opening == "[":
                    yield from self._items()
                elif opening == "{":
                    yield from self._document()
                else:
                    self._cursor.take("{", "[")
        except _BrokenError as error:
            yield self._error(str(error), stops=True)
        except json.JSONDecodeError as error:
            yield self._error(_no_json(error), stops=True)
        except ValueProblemError as error:
            yield self._error(str(error), stops=True)
        except _TooLongError:
            yield self._error(self._too_long(), stops=True)

    def _document(self) -> Iterator[Found]:
        before = self._number
        place = self._place(before + 1)
        value, problems = yield from self._object(0)
        if self._number == before:
            self._number += 1
            raw = json.dumps(value, ensure_ascii=False)
            yield from records_of(value, place, self._source, raw, problems)

    def _items(self) -> Iterator[Found]:
        """Yield the records of an array from its bracket on."""
        self._cursor.take("[")
        if self._cursor.peek() == "]":
            self._cursor.take("]")
            return
        while True:
            yield from self._item()
            if self._cursor.take(",", "]") == "]":
                return

    def _item(self) -> Iterator[Found]:
        place = self._place()
        cursor = self._cursor
        try:
            value, raw = cursor.value()
        except (json.JSONDecodeError, ValueProblemError, _TooLongError) as error:
            reason = (
                _no_json(error)
                if isinstance(error, json.JSONDecodeError)
                else str(error)
            )
            kept = cursor.skip()
            yield RecordError(
                self._source.at(place),
                reason or self._too_long(),
                raw=self._source.raw(kept),
            )
        else:
            yield from records_of(
                value, place, self._source, raw, cursor.decoder.problems
            )

    def _object(
        self, depth: int
    ) -> Generator[Found, None, tuple[dict[str, Any], list[str]]]:
        """Yield the records of lists in an object, and return what else is in it."""
        cursor = self._cursor
        kept: dict[str, Any] = {}
        problems: list[str] = []
        size = 0
        cursor.take("{")
        if cursor.peek() == "}":
            cursor.take("}")
            return kept, problems
        value: Any
        while True:
            if cursor.peek() != '"':
                cursor.take('"')
            key, _ = cursor.value()
            cursor.take(":")
            opening = cursor.peek()
            if opening == "{" and depth < _DEEPEST:
                value, inner = yield from self._object(depth + 1)
                problems += inner
            elif key == "@graph" and (graph := self._graph()) is not None:
                value = graph
                problems += cursor.decoder.problems
            elif opening == "[" and depth < _DEEPEST:
                value = yield from self._list()
            else:
                value, raw = cursor.value()
                problems += cursor.decoder.problems
                size += len(raw)
            if key in kept:
                problems.append(f"the key {key[:40]!a} stands twice in an object")
            if size <= self._source.limits.record_bytes:
                kept[key] = value
            else:
                problems.append(self._too_long())
            if cursor.take(",", "}") == "}":
                return kept, problems

    def _list(self) -> Generator[Found, None, list[Any]]:
        """Yield the records of a list of articles, or return a list of other things."""
        cursor = self._cursor
        cursor.take("[")
        others: list[Any] = []
        size = 0
        if cursor.peek() == "]":
            cursor.take("]")
            return others
        while True:
            place = self._place(self._number + 1)
            value, raw = cursor.value()
            if is_article(value, self._source.options):
                self._number += 1
                problems = list(cursor.decoder.problems)
                yield from records_of(value, place, self._source, raw, problems)
                if cursor.take(",", "]") == "]":
                    return others
                while True:
                    yield from self._item()
                    if cursor.take(",", "]") == "]":
                        return others
            size += len(raw)
            if size <= self._source.limits.record_bytes:
                others.append(value)
            if cursor.take(",", "]") == "]":
                return others

    def _graph(self) -> Any:
        """Return a graph as a whole, since its objects name each other; None if it is long."""
        try:
            value, _ = self._cursor.value()
        except _TooLongError:
            return None
        return value

    def _place(self, number: int | None = None) -> str:
        if number is None:
            self._number += 1
        self._cursor.peek()
        return f"item {number or self._number}, line {self._cursor.line}"

    def _error(self, reason: str, *, stops: bool) -> RecordError:
        return RecordError(
            self._source.at(f"line {self._cursor.line}"), reason, stops=stops
        )

    def _too_long(self) -> str:
        return f"too long for an article: {self._source.limits.raising('record_bytes')}"


def _no_json(error: json.JSONDecodeError) -> str:
    near = error.doc[error.pos : error.pos + 20]
    if not near.strip():
        return "the file is cut short in the middle of a value"
    return f"no JSON at {near!a}: {error.msg}"
