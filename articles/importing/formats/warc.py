"""WARC (ISO 28500, 1.0 and 1.1): what crawlers keep of the web; HTML responses only.

Each page becomes an article as ``html_pages`` reads it. Requests, pictures and answers
other than 200 are passed over. A compressed WARC is a gzip of many members, and read as
such before it comes here. After a record whose length is wrong reading goes on with the
next that can be found. A page may be chunked (RFC 9112) and compressed (RFC 9110).
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser
from typing import BinaryIO, cast

from articles.importing.encodings import known_encoding
from articles.importing.formats import html_pages
from articles.importing.inputs import Input, bounded_lines
from articles.importing.records import (
    FormatError,
    Found,
    RecordError,
    ValueProblemError,
)

NAME = "warc"

_HTML = ("text/html", "application/xhtml+xml")
_VERSION = b"WARC/1."
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+200\b")
_BLANK = re.compile(rb"\r?\n\r?\n")
_MOST_HEADERS = 65_536
_SKIP = 1_000_000
_UNZIP = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def recognises(source: Input) -> bool:
    """Whether it is a WARC."""
    return source.head.startswith(_VERSION)


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the pages in the WARC."""
    told = False
    for found in _Reading(source).found():
        told = True
        yield found
    if not told:
        yield RecordError(source.at(""), "the archive has no HTML page")


@dataclass(frozen=True, slots=True)
class _Page:
    """The answer of a server."""

    headers: Message
    data: bytes


class _Reading:
    """Reads records one by one, and counts them."""

    def __init__(self, source: Input) -> None:
        self._source = source
        self._lines = bounded_lines(source.stream, _MOST_HEADERS)
        self._number = 0

    def found(self) -> Iterator[Found]:
        stray = False
        while line := next(self._lines, (b"", True))[0]:
            if not line.strip():
                continue
            if not line.startswith(_VERSION):
                if not stray:
                    yield self._error("something stands here that belongs to no record")
                stray = True
                continue
            stray = False
            self._number += 1
            yield from self._record()

    def _record(self) -> Iterator[Found]:
        headers = self._headers()
        length = str(headers.get("Content-Length", "")).strip()
        if not (length.isascii() and length.isdigit()):
            yield self._error("the record does not say its length")
            return
        address = str(headers.get("WARC-Target-URI", "")).strip(" <>")
        is_page = str(headers.get("WARC-Type", "")).strip().lower() == "response"
        limit = self._source.limits.record_bytes + _MOST_HEADERS
        size = int(length)
        data = self._read(min(size, limit + 1)) if is_page else b""
        left = size - len(data)
        if is_page and len(data) < min(size, limit + 1):
            yield self._error("the file is cut short in this record", address)
            return
        if left and not self._skip(left):
            yield self._error("the file is cut short in this record", address)
            return
        if is_page and address.startswith("http"):
            yield from self._answer(data, address)

    def _answer(self, data: bytes, address: str) -> Iterator[Found]:
        end = _BLANK.search(data[:_MOST_HEADERS])
        if not end or not _STATUS.match(data):
            return
        head = data[: end.start()].partition(b"\n")[2]
        headers = BytesHeaderParser().parsebytes(head)
        if not str(headers.get("Content-Type", "")).lower().strip().startswith(_HTML):
            return
        limit = self._source.limits.record_bytes
        try:
            body = _decoded(_Page(headers, data[end.end() :]), limit)
        except ValueProblemError as error:
            yield self._error(str(error), address)
            return
        place = self._place(address)
        page = self._source.inner(
            cast("BinaryIO", io.BytesIO(body)), address, "WARC", within=place
        )
        if not self._source.options.encoding and (charset := _charset(headers)):
            page = replace(page, options=replace(page.options, encoding=charset))
        yield html_pages.read_page(page, {"url": address})

    def _headers(self) -> Message:
        head = b""
        for line, _ in self._lines:
            if not line.strip() or len(head) > _MOST_HEADERS:
                break
            head += line
        return BytesHeaderParser().parsebytes(head)

    def _read(self, size: int) -> bytes:
        return self._source.stream.read(size)

    def _skip(self, size: int) -> bool:
        while size:
            part = len(self._read(min(size, _SKIP)))
            if not part:
                return False
            size -= part
        return True

    def _place(self, address: str = "") -> str:
        shown = f" ({address[:200]})" if address else ""
        return self._source.at(f"record {self._number}{shown}")

    def _error(self, reason: str, address: str = "") -> RecordError:
        return RecordError(self._place(address), reason)


def _charset(headers: Message) -> str:
    kind = str(headers.get("Content-Type", ""))
    name = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    try:
        return known_encoding(name) if name else ""
    except FormatError:
        return ""


def _decoded(page: _Page, limit: int) -> bytes:
    """Return the page itself, out of its chunks and compression.

    Raises:
        ValueProblemError: it cannot be had.
    """
    data = page.data
    if "chunked" in str(page.headers.get("Transfer-Encoding", "")).lower():
        data = _joined(data)
    encoding = str(page.headers.get("Content-Encoding", "")).strip().lower()
    if encoding in {"", "identity"}:
        return data
    if encoding not in _UNZIP:
        raise ValueProblemError(
            f"the page is compressed as {encoding[:20]!a}, which is not read: use gzip"
        )
    try:
        return zlib.decompressobj(_UNZIP[encoding]).decompress(data, limit + 1)
    except zlib.error as error:
        raise ValueProblemError(f"the page is damaged: {error}") from error


def _joined(data: bytes) -> bytes:
    """Join chunks; what is not chunked though it says so stays as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        line_end = data.find(b"\r\n", at)
        size = data[at:line_end].split(b";")[0].strip() if line_end >= 0 else b"?"
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(parts) if parts else data
        if length <= 0:
            return b"".join(parts)
        parts.append(data[line_end + 2 : line_end + 2 + length])
        at = line_end + 2 + length + 2
