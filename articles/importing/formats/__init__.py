"""The formats that articles come in.

Each format is a module with one function, ``read(stream) -> records and errors``, that
streams: it holds one record at a time, whatever the size of the file.
"""

import lzma
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO, cast

from articles.importing.formats import json_lines, plain_text
from articles.importing.records import Record, RecordError

Records = Iterator[Record | RecordError]
Reader = Callable[[BinaryIO], Records]

_READERS: dict[str, Reader] = {
    ".txt": plain_text.read,
    ".jsonl": json_lines.read,
}


class FormatError(Exception):
    """The file is of no kind that can be imported."""


def open_records(stream: BinaryIO, name: str) -> Records:
    """Yield what the file ``name`` holds, read from ``stream``.

    Raises:
        FormatError: the name tells no format that is known.
    """
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    if suffixes and suffixes[-1] == ".xz":
        stream = cast("BinaryIO", lzma.open(stream))  # noqa: SIM115  Read while it lasts.
        suffixes.pop()
    reader = _READERS.get(suffixes[-1] if suffixes else "")
    if reader is None:
        raise FormatError(f"{name}: use a .txt, .jsonl, .txt.xz or .jsonl.xz file")
    return _located(reader(stream))


def _located(records: Records) -> Records:
    """Say of a damaged compressed file how far it could be read."""
    place = ""
    try:
        for record in records:
            place = record.place
            yield record
    except (lzma.LZMAError, EOFError) as error:
        after = f"after {place}" if place else "at its beginning"
        yield RecordError("", f"the file is damaged or cut short {after}: {error}")
