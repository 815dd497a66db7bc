"""Plain text: one article in a file, a paragraph a line."""

from collections.abc import Iterator
from typing import BinaryIO

from articles.importing.records import (
    Record,
    RecordError,
    ValueProblemError,
    text_value,
)

MAX_BYTES = 5_000_000


def read(stream: BinaryIO) -> Iterator[Record | RecordError]:
    """Yield the one article of the file: UTF-8, with or without a byte order mark."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield RecordError(
            "", f"longer than {MAX_BYTES:,} bytes: too long for an article"
        )
        return
    try:
        body = text_value("text", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        yield RecordError(f"line {line}", "this is not UTF-8: save the file as UTF-8")
        return
    except ValueProblemError as error:
        yield RecordError("", str(error))
        return
    if not body.strip():
        yield RecordError("line 1", "the file has no text")
        return
    yield Record(place="line 1", body=body.strip("\n"))
