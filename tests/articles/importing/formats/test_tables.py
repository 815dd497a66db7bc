"""Tables in text and workbooks: delimiters, quotes, headers, and rows that are wrong."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from pytest_django.fixtures import Settings

from articles.importing import (
    Mapping,
    ReadingOptions,
    Record,
    RecordError,
    describe,
    open_records,
)

UNEVEN = "and there are 2 columns: put cells with delimiters or line ends in quotes"


def read(text: str | bytes, **options: Any) -> list[Record | RecordError]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(open_records(io.BytesIO(data), "a.csv", ReadingOptions(**options)))


def bodies(text: str | bytes, **options: Any) -> list[str]:
    return [f.body if isinstance(f, Record) else str(f) for f in read(text, **options)]


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_dialect_is_found(delimiter: str, quote: str, end: str) -> None:
    rows = [["title", "body"], ["A", f"b{delimiter} c"], ["D", "e, f; g|h"]]
    cells = ([f"{quote}{cell}{quote}" for cell in row] for row in rows)
    text = end.join(delimiter.join(row) for row in cells) + end
    assert bodies(text) == [f"b{delimiter} c", "e, f; g|h"]


def test_a_row_that_is_wrong_costs_no_other() -> None:
    text = 'title,body\nA,b c\nD,e,f\nG\nH,"i j\nK,l m\n'
    assert bodies(text) == [
        "b c",
        f"line 3: this row has 3 cells, {UNEVEN}",
        f"line 4: this row has 1 cells, {UNEVEN}",
        'line 5: a quote (") begins here and does not end, or the file is cut short',
        "l m",
    ]


def test_places_are_lines_and_raw_is_the_row() -> None:
    first, second = read('title,body\nA,"b\nc"\nD,e\n')
    assert (first.place, second.place) == ("line 2", "line 4")
    assert first.raw == 'A,"b\nc"\n'


def test_a_cell_of_a_megabyte_is_read_and_a_larger_row_is_named(
    settings: Settings,
) -> None:
    settings.IMPORTING = {"record_bytes": 2_000_000}
    text = f'title,body\nA,"{"x" * 1_000_000}"\nB,"{"y" * 3_000_000}"\nC,d\n'
    first, error, last = read(text)
    assert isinstance(first, Record)
    assert len(first.body) == 1_000_000
    assert "line 3: too long for an article: the limit is 2,000,000" in str(error)
    assert isinstance(last, Record)


def test_a_byte_of_another_encoding_is_located() -> None:
    good, bad = read(b"title,body\nA,b\nC,caf\xe9\n", encoding="utf-8")
    assert isinstance(good, Record)
    assert str(bad).startswith('line 3: "body" holds a byte (0xE9) at 3')


def test_columns_can_be_chosen() -> None:
    mapping = Mapping.of({"x": "body", "y": "published"})
    [record] = read(
        "x;y\nA;3/4/2020\n", mapping=mapping, has_header=True, date_order="mdy"
    )
    assert isinstance(record, Record)
    assert (record.body, record.published) == ("A", date(2020, 3, 4))


def test_columns_of_a_table_without_a_header_are_numbers() -> None:
    mapping = Mapping.of({"2": "body"})
    assert bodies("A;b\nC;d\n", mapping=mapping, has_header=False) == ["b", "d"]


def test_without_a_column_for_the_text_the_columns_are_named() -> None:
    [error] = read("title,date\nA,2020-01-01\n")
    assert isinstance(error, RecordError)
    assert error.stops
    assert "no column is the text of the articles: call one of 'title', 'date'" in str(
        error
    )


def test_prose_is_no_table() -> None:
    text = "One, two, three.\nFour, five, six.\nSeven, eight, nine.\nTen, eleven, twelve.\n"
    assert describe(io.BytesIO(text.encode()), "a.txt").format == "text"


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_cells_of_a_workbook_are_what_they_show() -> None:
    [record] = read(
        workbook(["id", "title", "text", "date"], [7.0, 2020, True, date(2020, 1, 2)])
    )
    assert isinstance(record, Record)
    assert (record.origin_id, record.title, record.body) == ("7", "2020", "true")
    assert record.published == date(2020, 1, 2)
    assert record.place == "sheet Sheet, row 2"


def test_a_workbook_that_would_take_too_much_memory_is_refused(
    settings: Settings,
) -> None:
    settings.IMPORTING = {"workbook_bytes": 1000}
    [error] = read(workbook(["text"], ["a"]))
    assert 'IMPORTING["workbook_bytes"]' in str(error)
