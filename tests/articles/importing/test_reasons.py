"""Reasons of failed rows, in the language of whoever looks."""

import gzip
import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from articles.importing import reasons
from articles.importing.formats import FormatError, describe, open_records
from articles.importing.reasons import in_words, shown_place, shown_reason
from articles.importing.records import RecordError
from tests.articles.importing.desk import line, make_import, run

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMITS = {
    "record_bytes": 6000,
    "earliest_year": 1,
    "depth": 20,
    "nesting": 1,
    "members": 3,
    "ratio": 10,
    "ratio_free_bytes": 50_000,
}

# Records, each of which has a reason of its own to be refused.
RECORDS: tuple[dict[str, Any] | str, ...] = (
    {"source": "Atlas"},
    line(1, title=3),
    line(1, title="a\0"),
    line(1, title="a\ud800"),
    line(1, title="x" * 2000),
    {"body": "Nobody says where it is from."},
    {"body": "...", "source": "Atlas"},
    line(1, language="klingon"),
    line(1, url="ftp://x"),
    line(1, published="3000-01-01"),
    line(1, published="2020"),
    line(1, published="soon"),
    line(1, published="0001-01-01T00:00:00+12:00"),
    f'{{"body": "{"x" * 7000}"}}',
)


def zipped(*members: tuple[str, bytes], encrypted: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
        for info in archive.infolist():
            info.flag_bits |= encrypted
    return file.getvalue()


def link_in_tar() -> bytes:
    file = io.BytesIO()
    info = tarfile.TarInfo("a.txt")
    info.type = tarfile.SYMTYPE
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(info)
    return file.getvalue()


def link_in_zip() -> bytes:
    file = io.BytesIO()
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, "b.txt")
    return file.getvalue()


def warc(body: bytes, kind: str = "response", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.example/\r\n"
    return f"{head}Content-Length: {size}\r\n\r\n".encode() + body + b"\r\n\r\n"


def page(encoding: str, body: bytes = b"x") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}"
    return f"{head}\r\n\r\n".encode() + body


def workbook(*rows: list[str], entities: bool = False) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    if entities:
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("xl/a.xml", "<!DOCTYPE a>")
    return file.getvalue()


RSS = "<rss><channel><item><title>A</title>{}</item></channel></rss>"
LINE = b'{"body": "x"}\n'

# Files that cannot be read, or not whole.
FILES: tuple[tuple[str, bytes], ...] = (
    ("a.csv", b"title,body,source\na,b,c,d,e\n"),
    ("a.csv", b"title,summery\na,b\nc,d\n"),
    ("a.csv", b'title,body\na,"b\n'),
    ("a.csv", b'title,body\na,"b\n' + b"c\n" * 4000),
    ("a.csv", b"title,body\na," + b"x" * 140_000 + b"\n"),
    ("a.csv", b"title,body\na,b\xe9\nc,\xd8\xafd\n"),
    ("a.xlsx", workbook()),
    ("a.xlsx", workbook(["body"], ["x"], entities=True)),
    ("a.jsonl", LINE + b"{\n"),
    ("a.jsonl", LINE + b'{"body": "a"} x\n'),
    ("a.jsonl", LINE + b'{"body": "\xff"}\n'),
    ("a.jsonl", LINE + b'{"body": NaN}\n'),
    ("a.jsonl", LINE + b'{"body": "a", "body": "b"}\n'),
    ("a.jsonl", LINE + b'{"body": "a", "titel": "b"}\n'),
    ("a.jsonl", LINE + b"[1]\n"),
    ("a.jsonl", LINE + b'{"a": ' + b"9" * 5000 + b"}\n"),
    ("a.jsonl", LINE + b"[" * 5000 + b"\n"),
    ("a.jsonl", LINE + b'{"timestamp": 9e99, "body": "a"}\n'),
    ("a.json", b'[{"body": "x"}, {"body": "y" "z"}, {"body": "x"}]'),
    ("a.json", b'[{"body": "x"} {"body": "y"}]'),
    ("a.json", b'[{"body": "x"}, {"body": "y"'),
    ("a.json", b'[{"body": "x"}, {"body": '),
    ("a.json", b'[{"body": "x"}, ' + b"[" * 100_000),
    ("a.json", b'[{"body": "x"}, {"a": 1] , {"body": 2'),
    ("a.json", b'[{"body": "x"}'),
    ("a.json", b'{"body":'),
    ("a.xml", RSS.format("<description>b</dscription>").encode()),
    ("a.xml", RSS.format("<description>b").encode()[:60]),
    ("a.xml", RSS.format(f"<description>{'b' * 7000}</description>").encode()),
    ("a.xml", RSS.format("<b>" * 30 + "</b>" * 30).encode()),
    ("a.xml", RSS.format("<description a='" + "x" * 5_000_000).encode()),
    ("a.xml", b"<rss><channel></channel></rss>"),
    ("a.xml", b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + RSS.encode()),
    ("a.xml", RSS.format("<description>a&#1;</description>").encode()),
    ("a.xml", b"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'/>"),
    ("a.xml", b"<?xml version='1.0'?><svg/>"),
    ("a.html", b"<!DOCTYPE html><html><body><p>The harvest began"),
    ("a.html", b"<!DOCTYPE html>"),
    ("a.html", b"<!DOCTYPE html></html>"),
    ("a.warc", warc(b"x", "warcinfo")),
    ("a.warc", warc(b"x") + b"something"),
    ("a.warc", warc(b"x").replace(b"Content-Length: 1", b"Content-Length: x")),
    ("a.warc", warc(b"x", length=9000)),
    ("a.warc", warc(page("br"))),
    ("a.warc", warc(page("gzip", b"not packed at all"))),
    ("a.txt", b" "),
    ("a.txt", b"caf\xc3\xa9 \xff\xff\n" * 50),
    ("a.txt", b"\xff\xfex\0\x00\xd8\x00"),
    ("a.zip", zipped(("../a.txt", b"x"))),
    ("a.zip", zipped(("a.txt", b"x"), encrypted=True)),
    ("a.zip", zipped(("a.pdf", b"%PDF-1.7"))),
    ("a.zip", zipped(("a.odt", b"x"))),
    ("a.zip", zipped(("a.xml", b"<?xml version='1.0'?><svg/>"))),
    ("a.zip", zipped(("a.xlsx", b"x"))),
    ("a.zip", zipped(("a.jsonl", b" \n"))),
    ("a.zip", zipped(("a.zip", zipped(("a.zip", zipped(("a.txt", b"x"))))))),
    ("a.zip", zipped(*((f"{n}.txt", b"x") for n in range(5)))),
    ("a.zip", zipped()),
    ("a.zip", zipped(("a.txt", b"x"))[:-5]),
    ("a.zip", link_in_zip()),
    ("a.tar", link_in_tar()),
    ("a.docx", zipped(("word/document.xml", b"<w/>"))[:40]),
    ("a.jsonl.gz", gzip.compress(LINE * 500)[:-9]),
    ("a.jsonl.gz", gzip.compress(LINE * 90_000)),
    ("a.jsonl.gz", gzip.compress(LINE * 500)[:-8] + b"damaged!"),
    ("a.jsonl.zst", zstd.compress(LINE * 5000)[:9] + b"damaged!" * 4),
)


# What only a disk, a database or an archive's own edition of a library says.
NOT_BY_A_FILE = [
    "this is no row of a table: %(problem)s",
    "it cannot be read: %(problem)s",
    "The file cannot be read: %(reason)s",
    'new row for relation "%(table)s" violates check constraint "%(rule)s"',
]


@pytest.fixture
def reasons_given(tmp_path: Path, settings: Settings) -> list[str]:
    """Read every file, and return why what is not read is not."""
    settings.IMPORTING = LIMITS
    found = [row.reason for row in run(make_import(tmp_path, *RECORDS)).rows.all()]
    for name, data in FILES:
        try:
            records = list(open_records(io.BytesIO(data), name))
        except FormatError as error:
            found.append(str(error))
        else:
            found += [one.reason for one in records if isinstance(one, RecordError)]
    unreadable = io.BytesIO(zipped(("a.pdf", b"%PDF-1.7")))
    found.append(describe(unreadable, "a.zip").error)
    return [reason for reason in found if reason]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_reason_is_given_in_the_language_of_whoever_looks(
    reasons_given: list[str], language: str
) -> None:
    with translation.override(language):
        for reason in reasons_given:
            assert in_words(reason) != reason, reason
            # What was put in is in the translation, too.
            assert all(n in in_words(reason) for n in re.findall(r"\d{3,}", reason))
    with translation.override("en"):
        assert [in_words(reason) for reason in reasons_given] == reasons_given


@pytest.mark.django_db
def test_every_reason_that_is_known_is_one_that_is_given(
    reasons_given: list[str],
) -> None:
    # Reasons stand within others, and beside them.
    begin, end = re.compile("^|: |; |the row is "), re.compile("; |$")
    pieces = {
        reason[one.end() : other.start()]
        for reason in reasons_given
        for one in begin.finditer(reason)
        for other in end.finditer(reason, one.end())
    }
    known = reasons._patterns(reasons._TEXTS)
    left = [
        text for text, known_by in known if not any(map(known_by.fullmatch, pieces))
    ]
    assert left == NOT_BY_A_FILE


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        pytest.param("line 3", "السطر 3", id="line"),
        pytest.param(
            "press.zip, item 2, line 4", "press.zip، العنصر 2، السطر 4", id="in"
        ),
        pytest.param("sheet أخبار, row 2", "الورقة أخبار، الصف 2", id="sheet"),
        pytest.param(
            "record 7 (http://a.example/b)", "السجل 7 (http://a.example/b)", id="page"
        ),
    ],
)
def test_places_are_in_the_language_of_whoever_looks(place: str, shown: str) -> None:
    with translation.override("ar"):
        plain = re.sub("[\u2066\u2069]", "", shown_place(place))
        assert plain == shown
    with translation.override("en"):
        assert shown_place(place) == place


def test_dates_and_names_of_fields_stay_whole_where_letters_run_from_the_right() -> (
    None
):
    reason = "\"published\" is 'soon': use 2017-01-20, or 2017-01-20T21:43:00+01:00"
    with translation.override("ar"):
        shown = shown_reason(reason)
    assert "\u20662017-01-20\u2069" in shown
    assert "\u20662017-01-20T21:43:00+01:00\u2069" in shown
    assert shown.count("\u2066") == shown.count("\u2069")
    with translation.override("fr"):
        assert "\u2066" not in shown_reason(reason)


def test_several_reasons_are_translated_one_by_one() -> None:
    year = (
        '"published" is of the year 3000: the limit is 2100; change it with X in '
        "settings, or leave it empty if it is not known"
    )
    reason = f'"body" is missing or empty; something new; {year}'
    with translation.override("fr"):
        shown = in_words(reason)
    assert shown.startswith("« body » manque ou est vide; something new; « published »")
    assert "3000" in shown
    assert "year" not in shown
    with translation.override("en"):
        assert in_words(reason) == reason


def test_what_is_not_known_is_shown_as_it_was_written() -> None:
    with translation.override("ar"):
        assert in_words("something that an old version said") == (
            "something that an old version said"
        )


@given(st.text())
def test_any_text_is_shown(text: str) -> None:
    with translation.override("en"):
        assert in_words(text) == text
