"""Tables in text: CSV (RFC 4180) and TSV, with whatever delimiter and quotes.

The delimiter is the one that cuts the first rows into equally many cells. A row is read
for itself: one that has too many cells, or a quote that never ends, costs no other.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TextIO

from articles.importing.inputs import Input
from articles.importing.records import Found
from articles.importing.tables import (
    SAMPLE_ROWS,
    Layout,
    Row,
    is_header,
    lay_out,
    read_table,
)

NAME = "csv"

_DELIMITERS = ",;\t|"
_SUFFIXES = frozenset([".csv", ".tsv", ".tab"])
_HEAD_CHARACTERS = 60_000
_SURE_ROWS, _SURE_CELLS = 4, 3
_PROSE = re.compile(r"^ \S")

# The module's own limit is one for the whole process; rows are bounded here instead.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: what stands between cells.
        quote: what stands around cells.
        even: of its first rows, the part that have the commonest number of cells.
        cells: that number.
    """

    delimiter: str
    quote: str = '"'
    even: float = 0.0
    cells: int = 1


def recognises(source: Input) -> bool:
    """Whether it is a table: it has a header that names fields, or its rows are even."""
    text = source.head_text
    if text.lstrip().startswith(("<", "{", "[")):
        return False
    named = PurePosixPath(source.name).suffix.lower() in _SUFFIXES
    first = text.lstrip().partition("\n")[0]
    if not named and not any(
        mark in first for mark in source.options.delimiter or _DELIMITERS
    ):
        return False
    dialect = find_dialect(source)
    rows = _sample(text, dialect, whole=source.whole)
    if not rows:
        return False
    if named or source.options.delimiter:
        return True
    if dialect.cells > 1 and is_header(rows[0]):
        return sum(bool(cell.strip()) for cell in rows[0]) > 1
    prose = any(_PROSE.match(cell) for row in rows for cell in row)
    return (
        len(rows) >= _SURE_ROWS
        and dialect.cells >= _SURE_CELLS
        and dialect.even == 1.0
        and not prose
    )


def find_dialect(source: Input) -> Dialect:
    """Return how the table is written, by its first rows."""
    given = source.options.delimiter or ""
    return _find_dialect(source.head_text, source.whole, given)


@lru_cache(maxsize=4)
def _find_dialect(text: str, whole: bool, given: str) -> Dialect:  # noqa: FBT001  Cached.
    quotes = '"' if '"' in text or "'" not in text else "\"'"
    best = Dialect(given or ",")
    best_key: tuple[float, ...] = (-1.0,)
    for delimiter in given or _DELIMITERS:
        for quote in quotes:
            tried = Dialect(delimiter, quote)
            rows = _sample(text, tried, whole=whole)
            if not rows:
                continue
            [(cells, count)] = Counter(map(len, rows)).most_common(1)
            even = count / len(rows)
            quoted = sum(cell[:1] == quote for row in rows for cell in row)
            key = (
                is_header(rows[0]) and len(rows[0]) > 1,
                cells > 1,
                even,
                -quoted,
                cells,
            )
            if key > best_key:
                best, best_key = Dialect(delimiter, quote, even, cells), key
    return best


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the table."""
    return read_table(_rows(source), source)


def layout(source: Input) -> tuple[Layout | None, list[Row]]:
    """Return what the columns are, and the first rows."""
    rows: list[Row] = []
    for row in _rows(source):
        rows.append(row)
        if len(rows) == SAMPLE_ROWS:
            break
    return lay_out(rows, source.options), rows


def _sample(text: str, dialect: Dialect, *, whole: bool) -> list[list[str]]:
    text = text[:_HEAD_CHARACTERS]
    reader = csv.reader(
        text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
    )
    rows = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    if (
        len(rows) > 1
        and len(rows) <= SAMPLE_ROWS
        and not (whole and len(text) < _HEAD_CHARACTERS)
    ):
        rows.pop()
    return [row for row in rows if any(cell.strip() for cell in row)]


class _UnendingError(Exception):
    """A row is longer than any article."""


class _Lines:
    """The lines of a table, as a reader of rows asks for them; they can be given back."""

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._back: list[str] = []
        self._size = 0
        self.number = 0
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else self._text.readline(self._limit + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        if self._size > self._limit:
            raise _UnendingError
        return line

    def begin(self) -> None:
        """Begin a row with the next line."""
        self.number += len(self.taken)
        self.taken = []
        self._size = 0
        self.ended = False

    def give_back(self) -> None:
        """Keep of the row that was begun its first line only, and pass over its rest."""
        first, *others = self.taken
        self._back += reversed(others)
        while not first.endswith("\n") and (more := self._text.readline(self._limit)):
            first = more
        self.taken = self.taken[:1]


def _rows(source: Input) -> Iterator[Row]:
    dialect = find_dialect(source)
    lines = _Lines(source.text(), source.limits.record_bytes)
    reader = _reader(lines, dialect)
    while True:
        lines.begin()
        problem = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _UnendingError:
            problem = _unending(lines, dialect, source)
            lines.give_back()
            reader = _reader(lines, dialect)
        except csv.Error as error:
            problem = f"this is no row of a table: {error}"
            reader = _reader(lines, dialect)
        # A row that the end of the file ends is one whose quote does not.
        if lines.ended:
            problem, cells = _unending(lines, dialect, source), []
            lines.give_back()
            reader = _reader(lines, dialect)
        if not lines.number and cells:
            cells[0] = cells[0].removeprefix("\ufeff")
        yield Row(f"line {lines.number + 1}", cells, "".join(lines.taken), problem)


def _reader(lines: _Lines, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def _unending(lines: _Lines, dialect: Dialect, source: Input) -> str:
    quote = f"a quote ({dialect.quote}) begins here and does not end"
    if lines.ended:
        return f"{quote}, or the file is cut short"
    why = f"too long for an article: {source.limits.raising('record_bytes')}"
    return f"{quote}, or the row is {why}" if len(lines.taken) > 1 else why
