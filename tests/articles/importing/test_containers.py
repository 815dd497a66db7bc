"""Compressions and collections: limits, and what is not to be trusted."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from articles.importing import Record, RecordError, describe, open_records

LINE = b'{"body": "x"}\n'


def read(data: bytes, name: str = "file") -> list[Record | RecordError]:
    return list(open_records(io.BytesIO(data), name))


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(*members: tuple[str, bytes | None]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if data is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(data or b"")
            archive.addfile(info, io.BytesIO(data or b""))
    return stream.getvalue()


@pytest.mark.parametrize(
    "compress",
    [gzip.compress, bz2.compress, lzma.compress],
    ids=["gzip", "bzip2", "xz"],
)
def test_streams_one_after_the_other_are_one_file(
    compress: Callable[[bytes], bytes],
) -> None:
    assert len(read(compress(LINE) + compress(LINE), "a.jsonl.gz")) == 2


def test_a_name_that_promises_compression_may_be_wrong() -> None:
    assert isinstance(read(LINE, "a.jsonl.gz")[0], Record)
    assert isinstance(read(gzip.compress(LINE), "a.jsonl")[0], Record)


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["/etc/a.txt", "a/../../b.txt", "..\\b.txt", "C:\\b.txt"]
)
def test_names_that_lead_out_are_reported(
    make: Callable[..., bytes], name: str
) -> None:
    error, record = read(make((name, b"text"), ("good.txt", b"text")))
    assert isinstance(error, RecordError)
    assert "leads out of the collection" in error.reason
    assert isinstance(record, Record)
    assert record.place == "good.txt, line 1"


def test_links_are_not_followed() -> None:
    [error] = read(tarred(("a.txt", None)))
    assert str(error) == "a.txt: a link or device, which is not followed"
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    [error] = read(stream.getvalue())
    assert str(error) == "a.txt: a link, which is not followed"


def test_an_encrypted_member_is_told() -> None:
    data = bytearray(zipped(("a.txt", b"text")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    [error] = read(bytes(data))
    assert "encrypted: unpack it with its password" in str(error)


def test_a_damaged_member_costs_no_other() -> None:
    data = bytearray(zipped(("a.txt", b"text " * 99), ("b.txt", b"text")))
    data[40] ^= 0xFF
    error, record = read(bytes(data))
    assert isinstance(error, RecordError)
    assert error.place == "a.txt"
    assert "damaged" in error.reason
    assert isinstance(record, Record)


def test_pictures_and_rubbish_are_passed_over() -> None:
    data = zipped(("a.png", b"x"), ("__MACOSX/._a.txt", b"x"), ("a.txt", b"text"))
    assert [found.place for found in read(data)] == ["a.txt, line 1"]


@pytest.mark.parametrize("data", [zipped(), tarred()], ids=["zip", "tar"])
def test_an_empty_collection_is_told(data: bytes) -> None:
    [error] = read(data)
    assert isinstance(error, RecordError)


@pytest.mark.parametrize(
    ("limit", "value", "data"),
    [
        ("ratio", 10, gzip.compress(LINE * 10_000)),
        ("expanded_bytes", 10_000, gzip.compress(LINE * 20_000)),
        ("ratio", 10, zipped(("a.jsonl", LINE * 10_000))),
        ("members", 1, zipped(("a.txt", b"text"), ("b.txt", b"text"))),
        ("nesting", 2, gzip.compress(gzip.compress(gzip.compress(LINE)))),
        ("spooled_bytes", 50, gzip.compress(zipped(("a.txt", b"text")))),
        ("record_bytes", 3, zipped(("a.txt", b"text"))),
    ],
    # Compressed bytes have the time in them: tests are not named by them.
    ids=[
        *("ratio of gzip", "expanded_bytes", "ratio of zip", "members"),
        *("nesting", "spooled_bytes", "record_bytes"),
    ],
)
def test_limits_are_named_with_how_to_change_them(
    settings: Settings, limit: str, value: int, data: bytes
) -> None:
    settings.IMPORTING = {limit: value, "ratio_free_bytes": 1000}
    error = read(data, "a.jsonl")[-1]
    assert isinstance(error, RecordError)
    assert f'the limit is {value:,}; change it with IMPORTING["{limit}"]' in str(error)


def test_a_misspelt_limit_is_refused(settings: Settings) -> None:
    settings.IMPORTING = {"ration": 1}
    with pytest.raises(TypeError):
        read(LINE)


def test_a_collection_in_which_nothing_can_be_read_is_described() -> None:
    found = describe(io.BytesIO(zipped(("a.pdf", b"%PDF"))), "a.zip")
    assert (found.format, found.error) == (
        "",
        "the file is of no use: there is no file in it that can be read",
    )


def test_a_collection_that_cannot_be_sought_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    [record] = open_records(Pipe(zipped(("a.txt", b"text"))), "a.zip")
    assert isinstance(record, Record)
