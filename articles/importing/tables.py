"""Rows of cells become records: what CSV, TSV and workbooks have in common.

The first row is a header if it names fields, or if the importer says so; without one
columns are called "1", "2" and so on, and guessed by what is in them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any

from articles.importing.building import build
from articles.importing.inputs import Input
from articles.importing.mapping import Field, Mapping, guess_field, guess_mapping
from articles.importing.options import ReadingOptions
from articles.importing.records import Found, RecordError

SAMPLE_ROWS = 20
SAMPLES = 3
_SAMPLE_LENGTH = 200
_URL = re.compile(r"https?://\S+$", re.IGNORECASE)
_DATE = re.compile(r"\D{0,12}\d{1,4}[-/. ]\w{1,10}[-/. ]\d{1,4}.{0,20}")
_BODY_LENGTH, _TITLE_LENGTH = 80, 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        place: where it stands.
        cells: its values.
        raw: its own text.
        problem: what is wrong with it as a whole.
        exact: whether a cell too few or too many is an error.
    """

    place: str
    cells: Sequence[Any]
    raw: str = ""
    problem: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column as a page shows it: its name, the field it is, and what is in it."""

    name: str
    field: Field | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a table are."""

    names: tuple[str, ...]
    has_header: bool
    mapping: Mapping

    def columns(self, rows: Iterable[Row]) -> tuple[Column, ...]:
        """Return the columns with samples from ``rows``."""
        samples: list[list[str]] = [[] for _ in self.names]
        for row in rows:
            for kept, cell in zip(samples, row.cells, strict=False):
                text = str(plain(cell)).strip()
                if text and len(kept) < SAMPLES:
                    kept.append(text[:_SAMPLE_LENGTH])
        return tuple(
            Column(name, self.mapping.field_of(name), tuple(kept))
            for name, kept in zip(self.names, samples, strict=True)
        )


def is_header(cells: Sequence[Any]) -> bool:
    """Whether a row names fields: two, or the only one."""
    named = sum(1 for cell in cells if isinstance(cell, str) and guess_field(cell))
    return named >= min(2, len(cells)) and named > 0


def lay_out(rows: Sequence[Row], options: ReadingOptions) -> Layout | None:
    """Find the columns of a table by its first rows; None if it has no row."""
    sound = [row for row in rows if not row.problem]
    if not sound:
        return None
    first = sound[0].cells
    has_header = options.has_header
    if has_header is None:
        has_header = is_header(first)
    if has_header:
        names = tuple(str(plain(cell)).strip() for cell in first)
        guessed = guess_mapping(names)
    else:
        names = tuple(str(n) for n in range(1, len(first) + 1))
        guessed = _guess_by_cells(names, sound)
    return Layout(names, has_header, options.mapping or guessed)


def read_table(rows: Iterator[Row], source: Input) -> Iterator[Found]:
    """Yield the records of a table."""
    rows = (row for row in rows if row.problem or any(_is_filled(c) for c in row.cells))
    head = list(islice(rows, SAMPLE_ROWS))
    layout = lay_out(head, source.options)
    if layout is None:
        for row in chain(head, rows):
            yield RecordError(
                source.at(row.place), row.problem, raw=source.raw(row.raw)
            )
        return
    if not layout.mapping.has("body", "summary"):
        yield RecordError(
            source.at(head[0].place),
            f"no column is the text of the articles: call one of "
            f'{", ".join(map(ascii, layout.names[:20]))} "body", or choose the columns',
            raw=source.raw(head[0].raw),
            stops=True,
        )
        return
    columns = [
        (i, layout.mapping.field_of(name)) for i, name in enumerate(layout.names)
    ]
    header = layout.has_header
    for row in chain(head, rows):
        if header and not row.problem:
            header = False  # What precedes a header is broken rows.
            continue
        yield _record(row, columns, source)


def plain(cell: Any) -> Any:
    """Return a cell of a workbook as text, as it is shown there."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return cell if isinstance(cell, str) else str(cell)


def _record(row: Row, columns: list[tuple[int, Field | None]], source: Input) -> Found:
    place = source.at(row.place)
    extra = any(_is_filled(cell) for cell in row.cells[len(columns) :])
    if row.problem:
        return RecordError(place, row.problem, raw=source.raw(row.raw))
    if extra or (row.exact and len(row.cells) < len(columns)):
        return RecordError(
            place,
            f"this row has {len(row.cells)} cells, and there are {len(columns)} columns: "
            "put cells with delimiters or line ends in quotes",
            raw=source.raw(row.raw),
        )
    values: dict[str, Any] = {}
    for (_, field), cell in zip(columns, row.cells, strict=False):
        if field is None or not _is_filled(cell):
            continue
        dated = field == "published" and isinstance(cell, datetime | date)
        value = cell if dated else plain(cell)
        if field == "authors" and field in values:
            value = f"{values[field]}; {value}"
        elif field in values:
            continue
        values[field] = value
    return build(values, row.place, source, row.raw)


def _is_filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _guess_by_cells(names: Sequence[str], rows: Sequence[Row]) -> Mapping:
    """Guess the columns of a table without a header: the longest texts are bodies."""
    columns: dict[str, list[str]] = {name: [] for name in names}
    for row in rows:
        for name, cell in zip(names, row.cells, strict=False):
            columns[name].append(str(plain(cell)))
    lengths = {
        name: sum(map(len, cells)) / len(rows) for name, cells in columns.items()
    }
    found: dict[str, str] = {}
    for name, cells in columns.items():
        filled = [cell.strip() for cell in cells if cell.strip()]
        for field, pattern in (("url", _URL), ("published", _DATE)):
            if (
                filled
                and all(map(pattern.fullmatch, filled))
                and field not in found.values()
            ):
                found[name] = field
    texts = sorted((n for n in names if n not in found), key=lengths.__getitem__)
    if texts and lengths[texts[-1]] >= _BODY_LENGTH:
        found[texts.pop()] = "body"
        if texts and lengths[texts[-1]] >= _TITLE_LENGTH:
            found[texts.pop()] = "title"
    return Mapping.of(found)
