"""What a backup says of itself: ``manifest.json``, under a checksum of its own."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = 1
NAME = "manifest.json"


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, and the columns that they have in the file."""

    name: str
    columns: tuple[str, ...]
    rows: int
    path: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the backup."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where the numbers of a table go on."""

    name: str
    last: int
    called: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: of the backup.
        made: when the moment was that it shows, in ISO 8601.
        program: the version of the archive.
        postgres: that of the database, as PostgreSQL numbers it.
        migrations: "application.name" of what the schema had been through.
        settings: those on which the rows, the index or their reading hang.
        uploads: the folder in which the files of imports were.
        lost: files of imports that were gone when the backup was made.
        index: the format of the index, if the backup has one.
    """

    format: int
    made: str
    program: str
    postgres: int
    migrations: tuple[str, ...]
    settings: Mapping[str, Any]
    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]
    files: tuple[File, ...]
    uploads: str
    lost: tuple[str, ...]
    index: int | None

    @property
    def bytes(self) -> int:
        """The size of all of its files."""
        return sum(file.bytes for file in self.files)

    def rows(self, table: str) -> int:
        """Return how many rows a table has; none if it is not there."""
        return sum(entry.rows for entry in self.tables if entry.name == table)

    def under(self, folder: str) -> list[File]:
        """Return the files in a folder of the backup."""
        return [file for file in self.files if file.path.startswith(f"{folder}/")]


def written(manifest: Manifest) -> str:
    """Return a manifest as it stands in its file."""
    content = asdict(manifest)
    return json.dumps(
        {"sha256": _checksum(content), **content}, ensure_ascii=False, indent=1
    )


def read(folder: Path) -> Manifest:
    """Return the manifest of the backup in ``folder``.

    Raises:
        BackupError: there is none, it is damaged, or it is of another format.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_bytes())
        checksum = content.pop("sha256")
        found = content["format"]
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no backup: it has no {NAME}.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} is damaged. Use another backup.") from error
    if found != FORMAT:
        raise BackupError(
            f"{folder} is a backup of format {found}; this version of the archive reads "
            f"format {FORMAT}. Restore it with the version that made it."
        )
    if checksum != _checksum(content):
        raise BackupError(f"{path} is damaged. Use another backup.")
    return _manifest(content)


def _manifest(content: dict[str, Any]) -> Manifest:
    tables = [
        Table(**{**table, "columns": tuple(table["columns"])})
        for table in content.pop("tables")
    ]
    sequences = [Sequence(**sequence) for sequence in content.pop("sequences")]
    files = [File(**file) for file in content.pop("files")]
    return Manifest(
        tables=tuple(tables),
        sequences=tuple(sequences),
        files=tuple(files),
        migrations=tuple(content.pop("migrations")),
        lost=tuple(content.pop("lost")),
        **content,
    )


def _checksum(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(plain.encode(errors="surrogatepass")).hexdigest()
