"""Formats: what files hold, and where they are wrong."""

import io
import json
import lzma
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from articles.importing import (
    FormatError,
    ReadingOptions,
    Record,
    RecordError,
    build_record,
    open_records,
)
from articles.importing.formats import json_lines


def read(data: bytes, name: str = "articles.jsonl") -> list[Record | RecordError]:
    return list(open_records(io.BytesIO(data), name))


def errors(data: bytes, name: str = "articles.jsonl") -> list[str]:
    return [str(found) for found in read(data, name)]


SAVE = "save the file as UTF-8, or choose its encoding"
FULL = {
    "id": "a-1",
    "title": " عنوان ",
    "subtitle": "تحته",
    "body": "أول\r\nثان",
    "source": "الأطلس",
    "section": "رياضة",
    "published": "2017-01-20T21:43:00+01:00",
    "url": "https://atlas.example/1",
    "language": "ar",
    "authors": ["سعاد", " "],
    "place": "الرباط",
}


def test_a_line_is_an_article() -> None:
    [record] = read(json.dumps(FULL).encode())
    assert record == Record(
        place="line 1",
        body="أول\nثان",
        title="عنوان",
        subtitle="تحته",
        language="ar",
        authors=("سعاد",),
        dateline="الرباط",
        source="الأطلس",
        section="رياضة",
        published=datetime(2017, 1, 20, 21, 43, tzinfo=timezone(timedelta(hours=1))),
        url="https://atlas.example/1",
        origin_id="a-1",
    )


def test_only_the_body_is_needed_and_null_is_absent() -> None:
    data = dict.fromkeys(FULL) | {"body": " نص ", "author": "سعاد", "id": 7}
    [record] = read(json.dumps(data).encode())
    assert record == Record(
        place="line 1", body=" نص ", authors=("سعاد",), origin_id="7"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-08-31", date(2015, 8, 31)),
        ("2015-07-21 02:51:32", datetime(2015, 7, 21, 2, 51, 32)),  # noqa: DTZ001
        (" ", None),
    ],
)
def test_times_are_as_precise_as_given(value: str, expected: object) -> None:
    [record] = read(json.dumps({"body": "x", "published": value}).encode())
    assert isinstance(record, Record)
    assert record.published == expected
    assert type(record.published) is type(expected)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(b"{", "no JSON at character 2", id="cut short"),
        pytest.param(b"[1]", "one object an article", id="no object"),
        pytest.param(b"{}", '"body" is missing', id="no body"),
        pytest.param(b'{"body": " "}', '"body" is missing', id="blank body"),
        pytest.param(b'{"body": 3}', '"body" must be text, not a number', id="number"),
        pytest.param(b'{"body": [1]}', "not a list", id="list"),
        pytest.param(b'{"body": "a"} {}', "after the object", id="two objects"),
        pytest.param(b'{"body": "a", "id": NaN}', "NaN is no JSON", id="NaN"),
        pytest.param(b'{"body": "a", "body": "b"}', "'body' stands twice", id="twice"),
        pytest.param(b'{"body": "a", "author": {}}', "not an object", id="author"),
        pytest.param(b'{"body": "a", "titel": "b"}', "unknown key 'titel'", id="key"),
        pytest.param(rb'{"body": "a\u0000"}', "NUL", id="NUL"),
        pytest.param(rb'{"body": "a\ud800"}', "half a character", id="surrogate"),
        pytest.param(b'{"body": "\xff"}', "not UTF-8", id="encoding"),
        pytest.param(
            b'{"body": "a", "published": "soon"}', "use 2017-01-20", id="date"
        ),
        pytest.param(
            b'{"body": "a", "published": "2020-02-30"}', "use 2017-01-20", id="day"
        ),
        pytest.param(b'{"body": "a", "published": 2020}', "must be text", id="year"),
        pytest.param(b'{"body": "a", "id": true}', "true or false", id="id"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep"),
    ],
)
def test_a_bad_line_is_located_and_costs_no_other(line: bytes, message: str) -> None:
    first, second, third = read(b'{"body": "good"}\n' + line + b'\n{"body": "good"}')
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(second, RecordError)
    assert second.place == "line 2"
    assert message in second.reason
    assert str(second).encode()


def test_blank_lines_count_but_are_passed_over() -> None:
    [record] = read(b'\n \r\n{"body": "x"}\r\n\n')
    assert record.place == "line 3"


def test_a_byte_order_mark_is_no_text() -> None:
    [record] = read(b'\xef\xbb\xbf{"body": "x"}')
    assert isinstance(record, Record)


def test_a_line_too_long_for_an_article_is_passed_over(settings: Settings) -> None:
    settings.IMPORTING = {"record_bytes": 40}
    long = b'{"body": "' + b"x" * 100 + b'"}'
    first, second = read(long + b'\n{"body": "y"}')
    assert isinstance(first, RecordError)
    assert 'the limit is 40; change it with IMPORTING["record_bytes"]' in first.reason
    assert isinstance(second, Record)
    assert second.place == "line 2"


def test_a_text_is_one_article() -> None:
    [record] = read("\ufeffأول.\r\n\r\nثان.\n".encode(), "report.TXT")
    assert record == Record(place="line 1", body="أول.\n\nثان.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: the file has no text"),
        (b" \n", "line 1: the file has no text"),
        (
            b"one\ntwo \xff",
            f"line 2: this is not UTF-8 (byte 0xFF at 8): {SAVE}",
        ),
        (b"a\0b", 'line 1: "body" holds a NUL character'),
        (
            b"\xff\xfea\0b",
            f"line 1: this is not UTF-8, nor utf-16 (byte 0x62 at 4): {SAVE}",
        ),
    ],
)
def test_a_bad_text_is_located(data: bytes, message: str) -> None:
    assert errors(data, "report.txt") == [message]


def test_a_text_too_long_for_an_article_is_refused(settings: Settings) -> None:
    settings.IMPORTING = {"record_bytes": 10}
    [message] = errors(b"x" * 11, "report.txt")
    assert "too long" in message


def test_compressed_files_are_read() -> None:
    [record] = read(lzma.compress(b'{"body": "x"}'), "articles.jsonl.xz")
    assert isinstance(record, Record)


def test_a_compressed_file_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    lines = b"".join(
        json.dumps({"body": f"text {n} {n * 7919 % 1000003}"}).encode() + b"\n"
        for n in range(20_000)
    )
    *records, error = read(lzma.compress(lines)[:-2000], "articles.jsonl.xz")
    assert len(records) > 1000
    assert isinstance(error, RecordError)
    assert f"damaged or cut short after {records[-1].place}" in str(error)


@pytest.mark.parametrize("data", [b"not xz at all", b""])
def test_a_damaged_compressed_file_is_told(data: bytes) -> None:
    [message] = errors(data, "articles.jsonl.xz")
    assert "damaged" in message


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("a.pdf", b"text", r"use a \.txt"),
        ("a.txt", b"%PDF-1.7", "this is a PDF: save it as text"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "encrypted Office file: save it as .docx"),
        (
            "a.xml",
            b'<?xml version="1.0"?><office/>',
            "XML of another kind \\(<office>\\)",
        ),
    ],
)
def test_unknown_kinds_of_files_are_refused(name: str, data: bytes, hint: str) -> None:
    with pytest.raises(FormatError, match=hint):
        open_records(io.BytesIO(data), name)


@pytest.mark.parametrize("name", ["a", "a.csv", "a.json", "a.jsonl", "a.xml", "a.zip"])
def test_an_empty_file_is_told(name: str) -> None:
    [error] = read(b"", name)
    assert isinstance(error, RecordError)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (ReadingOptions(encoding="zork"), "'zork' is no encoding: use utf-8"),
        (ReadingOptions(encoding="hex"), "'hex' is no encoding"),
        (ReadingOptions(format="zork"), "'zork' is no format: use"),
        (ReadingOptions(delimiter="::"), "'::' is no delimiter"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: ReadingOptions, hint: str
) -> None:
    with pytest.raises(FormatError, match=hint):
        open_records(io.BytesIO(b"x"), "a.txt", options)


def test_a_format_can_be_forced() -> None:
    options = ReadingOptions(format="text")
    [record] = open_records(io.BytesIO(b'{"body": "x"}'), "a.jsonl", options)
    assert isinstance(record, Record)
    assert record.body == '{"body": "x"}'


def test_positions_count_records_and_errors_and_raw_is_kept() -> None:
    found = read(b'{"body": "one"}\n{\n{"body": "two"}')
    assert [each.position for each in found] == [0, 1, 2]
    assert [each.raw for each in found] == ['{"body": "one"}', "{", '{"body": "two"}']


def test_an_error_carries_what_was_read_for_mending() -> None:
    [error] = read('{"body": "x", "title": "حصاد", "published": "soon"}'.encode())
    assert isinstance(error, RecordError)
    assert error.values == {"title": "حصاد", "body": "x", "published": "soon"}
    mended = build_record({**error.values, "published": "2020-01-01"}, error.place)
    assert mended == Record("line 1", "x", title="حصاد", published=date(2020, 1, 1))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3
)


@given(st.dictionaries(st.sampled_from(json_lines.KEYS) | st.text(), JSON))
def test_any_object_gives_a_record_or_a_located_error(value: dict[str, object]) -> None:
    [found] = read(json.dumps(value).encode())
    assert found.place == "line 1"
