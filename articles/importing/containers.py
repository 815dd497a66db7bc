"""Collections of files: what lies in them, member by member.

ZIP (PKWARE's APPNOTE) is read from its end, TAR (POSIX ustar and pax, GNU) as it comes.
Nothing is ever written by the name that it has in a collection; a file that must be read
from its end lies in a nameless temporary file for a while. What leads out of a collection,
links and encrypted members are reported and not read.
"""

import io
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from articles.importing.compressions import check_ratio, count_unpacked
from articles.importing.inputs import Input
from articles.importing.records import DamagedError, RecordError

_READ = 65_536
_SPOOL_IN_MEMORY = 8_000_000
_ENCRYPTED = 0x1
_KIND_OF_FILE, _LINK = 0o170000, 0o120000
_TAR_MAGIC = slice(257, 262)

# What collections of articles have beside them, and nobody wants to be told of.
_PASSED_OVER = frozenset((
    ".css", ".js", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg",
    ".ico", ".bmp", ".tif", ".tiff", ".woff", ".woff2", ".ttf", ".otf", ".eot",
    ".mp3", ".mp4", ".webm", ".ogg", ".wav", ".db", ".dtd", ".xsd", ".xsl", ".md5",
    ".sha256",
))  # fmt: skip


def is_zip(source: Input) -> bool:
    """Whether it is a ZIP, of whatever."""
    return source.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(source: Input) -> bool:
    """Whether it is a TAR."""
    return source.head[_TAR_MAGIC] == b"ustar"


def from_its_end(source: Input) -> Input:
    """Return a ZIP that can be read from its end, as ZIPs must be.

    Raises:
        DamagedError: it is larger than may be laid on disk.
    """
    return source if source.file else replace(source, file=_spooled(source))


def open_zip(source: Input) -> zipfile.ZipFile:
    """Open a ZIP for reading.

    Raises:
        DamagedError: it is none.
    """
    try:
        return zipfile.ZipFile(cast("BinaryIO", source.file))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise DamagedError(error) from error


def members_of_zip(source: Input) -> Iterator[Input | RecordError]:
    """Yield the files in a ZIP.

    Raises:
        DamagedError: its directory cannot be read.
    """
    with open_zip(source) as archive:
        for info in archive.infolist():
            if info.is_dir() or _is_passed_over(info.filename):
                continue
            problem = _name_problem(info.filename)
            # The upper half holds a Unix file's mode; a link is one kind.
            if (info.external_attr >> 16) & _KIND_OF_FILE == _LINK:
                problem = "a link, which is not followed"
            if info.flag_bits & _ENCRYPTED:
                problem = "encrypted: unpack it with its password first"
            yield from _member(
                source,
                info.filename,
                "ZIP",
                problem,
                lambda i=info: _open_member(archive, i, source),  # type: ignore[misc]
            )


def members_of_tar(source: Input) -> Iterator[Input | RecordError]:
    """Yield the files in a TAR, as they come.

    Raises:
        DamagedError: it cannot be read on.
    """
    try:
        with tarfile.open(fileobj=source.stream, mode="r|") as archive:
            for info in archive:
                # The module keeps what it has seen, and a long archive has many.
                archive.members = []  # type: ignore[attr-defined]
                if info.isdir() or _is_passed_over(info.name):
                    continue
                problem = _name_problem(info.name)
                if not info.isreg():
                    problem = "a link or device, which is not followed"
                yield from _member(
                    source,
                    info.name,
                    "TAR",
                    problem,
                    lambda i=info: cast("BinaryIO", archive.extractfile(i)),  # type: ignore[misc]
                )
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError) as error:
        raise DamagedError(error) from error


class _Member(io.RawIOBase):
    """A member of a ZIP, unpacked within the limits."""

    def __init__(self, stream: BinaryIO, packed: int, source: Input) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._source = source
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            zlib.error,
            lzma.LZMAError,
        ) as error:
            raise DamagedError(error) from error
        self._unpacked += len(data)
        count_unpacked(self._source.spent, len(data), self._source.limits)
        check_ratio(self._packed, self._unpacked, self._source.limits)
        view[: len(data)] = data
        return len(data)


def open_part(archive: zipfile.ZipFile, name: str, source: Input) -> BinaryIO:
    """Open a part of a workbook or Word file, within the limits.

    Raises:
        KeyError: there is none of this name.
        DamagedError: it cannot be read.
    """
    return _open_member(archive, archive.getinfo(name), source)


def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Input
) -> BinaryIO:
    try:
        stream = cast("BinaryIO", archive.open(info))
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise DamagedError(error) from error
    return cast(
        "BinaryIO",
        io.BufferedReader(_Member(stream, info.compress_size, source), _READ),
    )


def _member(
    source: Input, name: str, kind: str, problem: str, opened: Callable[[], BinaryIO]
) -> Iterator[Input | RecordError]:
    shown = (
        name.encode("utf-8", "replace")
        .decode()
        .replace("\0", "\N{SYMBOL FOR NULL}")[:200]
    )
    place = source.at(shown)
    source.spent.members += 1
    if source.spent.members > source.limits.members:
        raise DamagedError(source.limits.raising("members"), "of too many files")
    if problem:
        yield RecordError(place, problem)
        return
    try:
        member = source.inner(opened(), shown, kind, within=place)
    except DamagedError as error:
        yield RecordError(place, f"the file is {error.what}: {error}")
    else:
        yield member


def _name_problem(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if (
        path.is_absolute()
        or ".." in path.parts
        or (path.parts[:1] and path.parts[0].endswith(":"))
    ):
        return "its name leads out of the collection, so it is not read: rename it"
    return ""


def _is_passed_over(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = (
        path.name.startswith(("._", ".DS_Store", "Thumbs.db"))
        or "__MACOSX" in path.parts
    )
    return hidden or path.suffix.lower() in _PASSED_OVER


class _Spool(tempfile.SpooledTemporaryFile[bytes]):
    """A temporary file without a name, that goes when nobody reads it any more."""

    def __del__(self) -> None:
        self.close()


def _spooled(source: Input) -> BinaryIO:
    """Lay a stream in a temporary file without a name."""
    limits = source.limits
    spool = _Spool(_SPOOL_IN_MEMORY)
    left = limits.spooled_bytes
    while data := source.stream.read(min(_READ, left + 1)):
        left -= len(data)
        if left < 0:
            raise DamagedError(limits.raising("spooled_bytes"), "too large")
        spool.write(data)
    spool.seek(0)
    return cast("BinaryIO", spool)
