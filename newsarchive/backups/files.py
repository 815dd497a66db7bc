"""Files that are hashed on their way, so that each is read or written once."""

import hashlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from newsarchive.backups.manifest import BackupError, File

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 2**20
_LEVEL = 3


class _Hashed(io.RawIOBase):
    """A file that is written, with the hash of what was."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.sum = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.sum.update(data)
        written = self._file.write(data)
        self.size += written
        return written


class Folder:
    """A folder that a backup is written to: readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[File] = []

    @contextmanager
    def written(self, name: str) -> Iterator[io.RawIOBase]:
        """Write a file, and note it when it is on disk."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "xb", opener=_private) as file:
            hashed = _Hashed(file)
            yield hashed
            file.flush()
            os.fsync(file.fileno())
        self.files.append(File(name, hashed.size, hashed.sum.hexdigest()))

    @contextmanager
    def compressed(self, name: str) -> Iterator[zstd.ZstdFile]:
        """Write a file compressed."""
        with self.written(name) as file:
            # It is written to, and asked for nothing else.
            packed = zstd.ZstdFile(cast("BinaryIO", file), "wb", level=_LEVEL)
            with packed:
                yield packed

    def copy(self, source: Path, name: str) -> None:
        """Copy a file."""
        with source.open("rb") as file, self.written(name) as copy:
            while piece := file.read(PIECE):
                copy.write(piece)


def verified(folder: Path, file: File) -> None:
    """Read a file of a backup to its end.

    Raises:
        BackupError: it is not as it was when the backup was made.
    """
    for _piece in pieces(folder, file):
        pass


def pieces(folder: Path, file: File) -> Iterator[bytes]:
    """Yield the bytes of a file of a backup; at the end it is known to be whole.

    Raises:
        BackupError: it is not as it was when the backup was made.
    """
    found, size = hashlib.sha256(), 0
    path = folder / file.path
    try:
        with path.open("rb") as opened:
            while piece := opened.read(PIECE):
                found.update(piece)
                size += len(piece)
                yield piece
    except FileNotFoundError as error:
        raise BackupError(f"{path} is missing. Use another backup.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    if size != file.bytes:
        raise BackupError(
            f"{path} is damaged: it has {size} bytes and had {file.bytes}. "
            "Use another backup."
        )
    if found.hexdigest() != file.sha256:
        raise BackupError(
            f"{path} is damaged: its content is not what was written. "
            "Use another backup."
        )


def unpacked(path: Path) -> Iterator[bytes]:
    """Yield what is compressed in a file.

    Raises:
        BackupError: it cannot be.
    """
    try:
        # Of nothing, nothing is written.
        if path.stat().st_size == 0:
            return
        with zstd.open(path, "rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except (zstd.ZstdError, EOFError) as error:
        raise BackupError(f"{path} is damaged: {error}. Use another backup.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
