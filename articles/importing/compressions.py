"""Compressed files, unpacked piece by piece within the limits.

Read as specified: gzip (RFC 1952), xz (the .xz File Format), bzip2 and Zstandard (RFC
8878), each also as several streams one after the other. What is unpacked is counted, so
that a file that unpacks to far more than any text does is stopped.
"""

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from articles.importing.inputs import Input, Spent
from articles.importing.limits import Limits
from articles.importing.records import DamagedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_READ = 65_536
_XZ_MEMORY = 256_000_000


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gunzip:
    """zlib's object with the interface that the other decompressors have."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(
            self._inner.unconsumed_tail + data, max(max_length, 0)
        )


def _unxz() -> _Decompressor:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


_COMPRESSIONS: tuple[tuple[bytes, str, str, Callable[[], _Decompressor]], ...] = (
    (b"\x1f\x8b\x08", "gzip", ".gz", _Gunzip),
    (b"\xfd7zXZ\0", "xz", ".xz", _unxz),
    (b"BZh", "bzip2", ".bz2", bz2.BZ2Decompressor),
    (b"\x28\xb5\x2f\xfd", "zstd", ".zst", cast("Callable[[], _Decompressor]", zstd.ZstdDecompressor)),
)  # fmt: skip
_SUFFIXES = {suffix: kind for _, kind, suffix, _ in _COMPRESSIONS} | {".tgz": "gzip"}


def compression_of_name(name: str) -> str:
    """Return the compression that a name promises, "" for none."""
    return _SUFFIXES.get(PurePosixPath(name).suffix.lower(), "")


def decompressed(source: Input) -> Input | None:
    """Return what is in a compressed file; None if it is not compressed."""
    for magic, kind, _, make in _COMPRESSIONS:
        if source.head.startswith(magic):
            raw = _Decompressed(source, make)
            stream = cast("BinaryIO", io.BufferedReader(raw, _READ))
            path = PurePosixPath(source.name)
            name = f"{path.stem}.tar" if path.suffix.lower() == ".tgz" else path.stem
            return source.inner(
                stream, name if compression_of_name(source.name) else source.name, kind
            )
    return None


class _Decompressed(io.RawIOBase):
    """A compressed stream, unpacked piece by piece within the limits."""

    def __init__(self, source: Input, make: Callable[[], _Decompressor]) -> None:
        super().__init__()
        self._stream = source.stream
        self._limits = source.limits
        self._spent = source.spent
        self._make = make
        self._inner: _Decompressor | None = make()
        self._ahead = b""
        self._packed = self._unpacked = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._next(len(view))
        except (
            OSError,
            EOFError,
            ValueError,
            zlib.error,
            lzma.LZMAError,
            zstd.ZstdError,
        ) as error:
            raise DamagedError(error) from error
        self._unpacked += len(data)
        count_unpacked(self._spent, len(data), self._limits)
        check_ratio(self._packed, self._unpacked, self._limits)
        view[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        """Return some of what is unpacked, b"" at the end of the last stream."""
        while self._inner is not None:
            packed = self._more() if self._inner.needs_input else b""
            data = self._inner.decompress(packed, size)
            if self._inner.eof:
                self._follow(self._inner.unused_data)
            elif not data and not packed:
                raise EOFError("the end of the compressed stream is missing")
            if data:
                return data
        return b""

    def _more(self) -> bytes:
        data, self._ahead = self._ahead, b""
        if not data:
            data = self._stream.read(_READ)
            self._packed += len(data)
        return data

    def _follow(self, unused: bytes) -> None:
        """Go on with the next stream in the file, if there is one."""
        self._ahead = unused.lstrip(b"\0")
        while not self._ahead and (more := self._more()):
            self._ahead = more.lstrip(b"\0")
        self._inner = self._make() if self._ahead else None


def count_unpacked(spent: Spent, size: int, limits: Limits) -> None:
    """Count what is unpacked of a file.

    Raises:
        DamagedError: it is too much.
    """
    spent.expanded += size
    if spent.expanded > limits.expanded_bytes:
        raise DamagedError(limits.raising("expanded_bytes"), "too large unpacked")


def check_ratio(packed: int, unpacked: int, limits: Limits) -> None:
    """Compare the sizes of a compressed stream so far.

    Raises:
        DamagedError: no text is compressed so well.
    """
    if unpacked > limits.ratio_free_bytes and unpacked > packed * limits.ratio:
        raise DamagedError(
            f"it unpacks to more than {limits.ratio} times its size, as no text does: "
            f"{limits.raising('ratio')}",
            "no honest one",
        )
