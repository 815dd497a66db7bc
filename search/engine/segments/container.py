"""A file of named arrays, written once, mapped by any number of readers, checked.

It begins with a mark; then come the arrays, each at a multiple of ``ALIGNMENT`` bytes;
then a directory in JSON that names them, with type, shape, place and checksum; and at the
end a footer, which says where the directory is. A file that was not written to its end
has no footer, and a changed byte does not fit its checksum.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MARK = b"newsarc1"
VERSION = 2
ALIGNMENT = 64
_FOOTER = struct.Struct("<QQI8s")

Arrays = Mapping[str, NDArray[Any]]


class ContainerError(Exception):
    """A file that is damaged, or was written only in part."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path


def write_container(path: Path, arrays: Arrays, meta: Mapping[str, Any]) -> None:
    """Write ``arrays`` so that ``path`` is there complete, on disk, or is not there."""
    # Whoosh takes what is named like this for a file of the segment: when a writer was
    # killed, the next commit removes what it left.
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        _write(unfinished, arrays, meta)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_container(path: Path) -> tuple[Arrays, Mapping[str, Any]]:
    """Map the arrays of a file, every checksum compared; and return its ``meta``.

    Raises:
        ContainerError: the file is not there, is cut short, or has changed.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise ContainerError(path, f"it cannot be opened ({error})") from error
    listing = _directory(path, mapped)
    if listing["version"] != VERSION:
        what = f"it has version {listing['version']} of the format, not {VERSION}"
        raise ContainerError(path, what)
    arrays = {}
    for name, entry in listing["arrays"].items():
        array = np.frombuffer(
            mapped,
            dtype=np.dtype(entry["dtype"]),
            count=int(np.prod(entry["shape"], dtype=np.int64)),
            offset=entry["offset"],
        ).reshape(entry["shape"])
        if zlib.crc32(array.data) != entry["crc32"]:
            raise ContainerError(path, f"the array {name!r} is damaged")
        arrays[name] = array
    return arrays, listing["meta"]


def _write(path: Path, arrays: Arrays, meta: Mapping[str, Any]) -> None:
    with path.open("wb") as file:
        file.write(MARK)
        directory = {}
        for name, array in arrays.items():
            data = np.ascontiguousarray(array)
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
            directory[name] = {
                "dtype": data.dtype.str,
                "shape": list(data.shape),
                "offset": file.tell(),
                "crc32": zlib.crc32(data.data),
            }
            file.write(data.data)
        listing = {"version": VERSION, "meta": dict(meta), "arrays": directory}
        encoded = json.dumps(listing).encode()
        begin = file.tell()
        file.write(encoded)
        file.write(_FOOTER.pack(begin, len(encoded), zlib.crc32(encoded), MARK))
        file.flush()
        os.fsync(file.fileno())


def _directory(path: Path, mapped: mmap.mmap) -> dict[str, Any]:
    if len(mapped) < len(MARK) + _FOOTER.size or mapped[: len(MARK)] != MARK:
        raise ContainerError(path, "it is no file of arrays")
    begin, length, checksum, mark = _FOOTER.unpack(mapped[-_FOOTER.size :])
    encoded = mapped[begin : begin + length]
    if mark != MARK or zlib.crc32(encoded) != checksum:
        raise ContainerError(path, "it was not written to its end, or is damaged there")
    listing: dict[str, Any] = json.loads(encoded)
    return listing
