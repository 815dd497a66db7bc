"""Write a backup while the archive is in use.

All rows are read in one snapshot of the database. The index, if it is wanted, is that of
the same moment: the snapshot is begun while nobody can commit to the index, whose files
never change, and are linked aside meanwhile. Files of imports are those that the rows
name; they never change either.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection, IsolationLevel, sql

from articles.importing.keeping import folder as uploads_folder
from articles.importing.keeping import is_full
from newsarchive.backups import catalogue
from newsarchive.backups.files import Folder
from newsarchive.backups.fingerprint import (
    fingerprint,
    program_version,
    variants_file,
)
from newsarchive.backups.manifest import (
    FORMAT,
    NAME,
    BackupError,
    Manifest,
    Table,
    written,
)
from newsarchive.backups.places import sync, unfinished
from search.backends import default_backend
from search.engine import IndexDamagedError, IndexLockedError

DATABASE, UPLOADS, INDEX = "database", "uploads", "index"
VARIANTS = "variants.txt"

_STANDARD = (
    # How values are written must not depend on the server's settings.
    "SET DateStyle = 'ISO, YMD'",
    "SET TimeZone = 'UTC'",
    "SET IntervalStyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    # A backup takes as long as it takes.
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    manifest: Manifest


def make(place: Path, *, with_index: bool = False) -> Made:
    """Write a backup to a folder of its own in ``place``.

    Raises:
        BackupError: it cannot be written; then there is nothing of it.
    """
    try:
        return _make(place, with_index=with_index)
    except psycopg.Error as error:
        raise BackupError(
            f"The database does not give its rows: {str(error).strip()}"
        ) from error
    except OSError as error:
        raise BackupError(_problem(place, error)) from error


def _make(place: Path, *, with_index: bool) -> Made:
    made = datetime.now(UTC)
    with unfinished(place, made) as (path, final):
        folder = Folder(path)
        with (
            _index_aside(with_index) as index,
            _session() as connection,
            connection.transaction(),
        ):
            with _index_still(with_index):
                _begin(connection)
                _link(index)
            manifest = _write(folder, connection, index, made)
        with folder.written(NAME) as file:
            file.write(written(manifest).encode())
        for each in (*path.rglob("*/"), path):
            if each.is_dir():
                sync(each)
    return Made(final, manifest)


@contextmanager
def _session() -> Iterator[Connection[Any]]:
    """Open a connection of the backup's own, which sees one moment only."""
    parameters = connections.create_connection(DEFAULT_DB_ALIAS).get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for setting in _STANDARD:
            connection.execute(setting)
        yield connection


def _begin(connection: Connection[Any]) -> None:
    """Take the snapshot, and keep others from changing or emptying the tables."""
    names = [sql.Identifier(name) for name in catalogue.tables(connection)]
    if not names:
        raise BackupError("The database is empty: there is nothing to back up.")
    # TRUNCATE heeds no snapshot.
    connection.execute(
        sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.SQL(", ").join(names))
    )


def _write(
    folder: Folder, connection: Connection[Any], index: Path | None, made: datetime
) -> Manifest:
    columns = catalogue.tables(connection)
    tables = [_dump(folder, connection, name, columns[name]) for name in columns]
    lost = _copy_uploads(folder, connection) if "articles_import" in columns else []
    if index:
        for file in sorted(index.iterdir()):
            folder.copy(file, f"{INDEX}/{file.name}")
    variants = variants_file()
    if variants and variants.is_file():
        folder.copy(variants, VARIANTS)
    prints = fingerprint()
    return Manifest(
        format=FORMAT,
        made=made.isoformat(timespec="seconds"),
        program=program_version(),
        postgres=connection.info.server_version,
        migrations=catalogue.migrations(connection, columns),
        settings=prints,
        tables=tuple(tables),
        # After the rows: a number may be left out, and is never given twice.
        sequences=tuple(catalogue.sequences(connection)),
        files=tuple(folder.files),
        uploads=str(uploads_folder()),
        lost=tuple(lost),
        index=prints["format of the index"] if index else None,
    )


def _dump(
    folder: Folder, connection: Connection[Any], name: str, columns: tuple[str, ...]
) -> Table:
    path = f"{DATABASE}/{name}.copy.zst"
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    rows = 0
    with (
        folder.compressed(path) as file,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for block in copy:
            # Line ends within values are escaped.
            rows += bytes(block).count(b"\n")
            file.write(block)
    return Table(name, columns, rows, path)


def _copy_uploads(folder: Folder, connection: Connection[Any]) -> list[str]:
    """Copy the files that imports name; return those that are gone."""
    uploads, lost = uploads_folder(), []
    imports = connection.execute("SELECT path FROM articles_import ORDER BY id")
    for path in sorted({Path(row[0]) for row in imports}):
        # What lies elsewhere is somebody else's: a watched folder, a shell's file.
        if path.is_relative_to(uploads):
            name = path.relative_to(uploads).as_posix()
            try:
                folder.copy(path, f"{UPLOADS}/{name}")
            except FileNotFoundError:
                lost.append(name)
    return lost


@contextmanager
def _index_aside(wanted: bool) -> Iterator[Path | None]:  # noqa: FBT001  Its one question.
    """Give a folder for the files of the index, on the same disk."""
    if not wanted:
        yield None
        return
    index = default_backend().index.path
    aside = index.with_name(f"{index.name}.backup-{os.getpid()}")
    for left in index.parent.glob(f"{index.name}.backup-*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        aside.mkdir(mode=0o700)
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _index_still(wanted: bool) -> Iterator[None]:  # noqa: FBT001  Its one question.
    """Keep others from committing to the index."""
    if not wanted:
        yield
        return
    index = default_backend().index
    if not index.exists():
        raise BackupError(
            "There is no search index to back up. Run 'manage.py prepare_index', or "
            "leave out --with-index: restoring builds one."
        )
    try:
        with index.writer():
            yield
    except (IndexDamagedError, IndexLockedError) as error:
        raise BackupError(str(error)) from error


def _link(aside: Path | None) -> None:
    if aside is None:
        return
    for file in default_backend().index.path.iterdir():
        if file.suffix in {".toc", ".arrays"}:
            try:
                (aside / file.name).hardlink_to(file)
            except OSError as error:
                # Some disks of networks have no links.
                if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}:
                    raise
                shutil.copyfile(file, aside / file.name)


def _problem(place: Path, error: OSError) -> str:
    if is_full(error):
        free = 0
        with suppress(OSError):
            free = shutil.disk_usage(place).free // 2**20
        return (
            f"The backup does not fit: {place} has {free} MB left. What was written of "
            "it is removed. Make room, or name a folder on another disk."
        )
    name = error.filename or place
    return f"The backup cannot be written: {name}: {error.strerror}."
