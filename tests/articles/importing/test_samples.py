"""The samples of fixtures/imports: each format, in three languages, whole and broken."""

import io
import json
from contextlib import suppress
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing import (
    FORMAT_NAMES,
    FormatError,
    Record,
    RecordError,
    describe,
    open_records,
)
from search.analysis import guess_language

SAMPLES = Path(__file__).parents[3] / "fixtures" / "imports"
EXPECTED = ".expected.json"
# Of text, and of the last cell of a table without quotes, nobody can tell that it is cut.
SILENT = {".txt", ".tsv", ".csv"}
NAMES = sorted(p.name for p in SAMPLES.iterdir() if not p.name.endswith(EXPECTED))
TELLING = [name for name in NAMES if Path(name).suffix not in SILENT]


def read(data: bytes, name: str) -> list[Record | RecordError]:
    return list(open_records(io.BytesIO(data), name))


def shown(found: Record | RecordError) -> dict[str, object]:
    """Return what a record or an error says, without what it leaves open."""
    values: dict[str, object] = {}
    for field in fields(found):
        value = getattr(found, field.name)
        if field.compare and value not in ("", (), None):
            if isinstance(value, date):
                value = value.isoformat()
            values[field.name] = list(value) if isinstance(value, tuple) else value
    return values


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_its_records(name: str) -> None:
    found = read((SAMPLES / name).read_bytes(), name)
    expected = json.loads((SAMPLES / f"{name}{EXPECTED}").read_text(encoding="utf-8"))
    assert [shown(each) for each in found] == expected
    assert [each.position for each in found] == list(range(len(found)))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_known_by_its_content(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert [shown(f) for f in read(data, "file")] == [
        shown(f) for f in read(data, name)
    ]


def test_every_format_has_samples_in_three_languages() -> None:
    languages: dict[str, set[str | None]] = {name: set() for name in FORMAT_NAMES}
    for name in NAMES:
        data = (SAMPLES / name).read_bytes()
        format_ = describe(io.BytesIO(data), name).format
        for found in read(data, name):
            if isinstance(found, Record):
                languages[format_].add(guess_language(found.body))
    assert all(found >= {"ar", "fr", "en"} for found in languages.values()), languages


@pytest.mark.parametrize(
    ("name", "format_", "nesting", "member"),
    [
        ("press.zip", "text", ("ZIP",), "press/almanara.txt"),
        ("press.tar.gz", "nitf", ("gzip", "TAR"), "press/almanara-nitf.xml"),
        ("mixed.jsonl.zst", "json lines", ("zstd",), ""),
        ("three-sheets.xlsx", "xlsx", (), ""),
        ("almanara.docx", "docx", (), ""),
    ],
)
def test_a_description_says_what_lies_in_what(
    name: str, format_: str, nesting: tuple[str, ...], member: str
) -> None:
    with (SAMPLES / name).open("rb") as stream:
        found = describe(stream, name)
    assert (found.format, found.nesting, found.member) == (format_, nesting, member)
    assert found.error == ""


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("almanara-windows-1256.csv", "cp1256", ";"),
        ("almanara-iso-8859-6.tsv", "iso8859-6", "\t"),
        ("courrier-windows-1252.csv", "cp1252", ";"),
        ("ledger-utf-8-bom.csv", "utf-8-sig", ","),
        ("ledger-utf-16.tsv", "utf-16", "\t"),
    ],
)
def test_a_description_says_how_a_table_is_written(
    name: str, encoding: str, delimiter: str
) -> None:
    with (SAMPLES / name).open("rb") as stream:
        found = describe(stream, name)
    assert (found.format, found.encoding, found.delimiter, found.has_header) == (
        "csv",
        encoding,
        delimiter,
        True,
    )
    assert {column.field for column in found.columns} >= {"title", "body", "published"}
    assert all(column.samples for column in found.columns)


class Variants:
    """Broken variants of a file: bytes flipped, cut, put in, taken out and repeated."""

    STEPS = st.lists(
        st.tuples(
            st.sampled_from(["flip", "cut", "insert", "remove", "repeat"]),
            st.floats(0, 1),
            st.binary(min_size=1, max_size=6),
        ),
        min_size=1,
        max_size=4,
    )

    @staticmethod
    def of(data: bytes, steps: list[tuple[str, float, bytes]]) -> bytes:
        for step, where, extra in steps:
            at = int(where * len(data))
            size = extra[0] + 1
            if step == "flip" and at < len(data):
                data = data[:at] + bytes([data[at] ^ (extra[0] or 1)]) + data[at + 1 :]
            elif step == "cut":
                data = data[:at]
            elif step == "insert":
                data = data[:at] + extra + data[at:]
            elif step == "remove":
                data = data[:at] + data[at + size :]
            elif step == "repeat":
                data = data[: at + size] + data[at:]
        return data


@settings(
    max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.sampled_from(NAMES), Variants.STEPS)
def test_broken_files_give_records_and_located_errors(
    name: str, steps: list[tuple[str, float, bytes]]
) -> None:
    data = Variants.of((SAMPLES / name).read_bytes(), steps)
    try:
        found = read(data, name)
        describe(io.BytesIO(data), name)
    except FormatError:
        return
    assert found, "not even an error"
    for each in found:
        assert str(each).encode()
        assert each.raw.encode() is not None
        if isinstance(each, Record):
            assert each.place
            assert each.body.strip()
        else:
            assert each.reason
            assert each.place or each.stops


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_cut_short_gives_no_half_article(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(TELLING))
    whole = (SAMPLES / name).read_bytes()
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    bodies = {found.body for found in read(whole, name) if isinstance(found, Record)}
    try:
        found = read(cut, name)
    except FormatError:
        return
    assert {each.body for each in found if isinstance(each, Record)} <= bodies


@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.txt", "a.csv.xz", "a"]))
def test_any_bytes_give_records_or_located_errors(data: bytes, name: str) -> None:
    with suppress(FormatError):
        for found in read(data, name):
            assert isinstance(found, Record) or found.reason
