"""Workbooks, XLSX (ECMA-376, Office Open XML: SpreadsheetML): a row is an article.

Each sheet is a table of its own, with its own header row. Dates are those of the cells;
a cell that shows midnight only is a day. Read by openpyxl, row by row; the words that
sheets share (``sharedStrings``) are in memory, which ``workbook_bytes`` bounds.
"""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from articles.importing.containers import is_zip, open_part, open_zip
from articles.importing.inputs import Input
from articles.importing.records import DamagedError, Found, RecordError
from articles.importing.sniffing import zip_names
from articles.importing.tables import SAMPLE_ROWS, Layout, Row, lay_out, read_table

NAME = "xlsx"

_WORKBOOK = "xl/workbook.xml"
_PROLOG = 65_536


def recognises(source: Input) -> bool:
    """Whether it is a workbook."""
    return is_zip(source) and _WORKBOOK in zip_names(source)


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of all sheets.

    Raises:
        DamagedError: it cannot be read on.
    """
    rows = 0
    for sheet in _sheets(source):
        for found in read_table(_filled(_rows(sheet)), source):
            rows += 1
            yield found
    if not rows:
        yield RecordError(source.at(""), "the workbook has no rows")


def layout(source: Input) -> tuple[Layout | None, list[Row]]:
    """Return what the columns of the first sheet with rows are, and its first rows."""
    for sheet in _sheets(source):
        rows: list[Row] = []
        for row in _filled(_rows(sheet)):
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
        if rows:
            return lay_out(rows, source.options), rows
    return None, []


def _sheets(source: Input) -> Iterator[Any]:
    from openpyxl import load_workbook  # noqa: PLC0415  Seldom needed, and slow to import.

    archive = open_zip(source)
    _check(archive, source)
    try:
        with warnings.catch_warnings():
            # It warns of what it passes over: print settings, extensions.
            warnings.simplefilter("ignore")
            book = load_workbook(archive.fp, read_only=True, data_only=True)
    except Exception as error:  # It raises whatever broken parts lead to.
        raise DamagedError(error) from error
    yield from book.worksheets


def _rows(sheet: Any) -> Iterator[Row]:
    rows = iter(sheet.iter_rows())
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(rows, None)
                values = [_value(cell) for cell in cells or ()]
        except Exception as error:  # As above.
            raise DamagedError(error) from error
        if cells is None:
            return
        if cells:
            number = next((c.row for c in cells if hasattr(c, "row") and c.row), 0)
            raw = "\t".join("" if value is None else str(value) for value in values)
            yield Row(f"sheet {sheet.title}, row {number}", values, raw, exact=False)


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    return (row for row in rows if any(cell not in (None, "") for cell in row.cells))


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, datetime) and value.time() == time():
        shown = str(getattr(cell, "number_format", "")).lower()
        return value if "h" in shown else value.date()
    return value


def _check(archive: zipfile.ZipFile, source: Input) -> None:
    """Refuse what would take too much memory, and entities, which workbooks have none of.

    Raises:
        DamagedError: there is such a thing in it.
    """
    parts = [
        info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))
    ]
    size = sum(info.file_size for info in parts)
    if size > source.limits.workbook_bytes:
        raise DamagedError(
            source.limits.raising("workbook_bytes"), "too large unpacked"
        )
    for info in parts:
        with open_part(archive, info.filename, source) as part:
            start = part.read(_PROLOG).replace(b"\0", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise DamagedError(
                    f"{info.filename} declares entities", "not to be trusted"
                )
