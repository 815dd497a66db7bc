"""Put the rows of a backup into the database: in one transaction, or not at all.

What triggers would do to rows was done when they were first written, and is in the
backup itself: the ledger, the outbox, the audit. They are switched off meanwhile, which
the owner of the tables may, and no other session sees. Foreign keys are checked at the
end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, Cursor, sql

from newsarchive.backups import catalogue
from newsarchive.backups.files import unpacked
from newsarchive.backups.manifest import BackupError, Manifest, Sequence, Table

LOCK_SECONDS = 10

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""

# Jobs that were at work belong to workers that are no more. What they did stands in
# the rows, from which the worker takes it up; begun anew, they would do it twice.
_END_JOBS = """
    UPDATE procrastinate_jobs SET status = 'failed', abort_requested = false
    WHERE status = 'doing'
"""
_NO_WORKERS = "DELETE FROM procrastinate_workers"

_MOVE = """
    UPDATE articles_import SET path = %(new)s || substr(path, length(%(old)s) + 1)
    WHERE starts_with(path, %(old)s || '/')
"""


def others(connection: Connection[Any]) -> int:
    """Count the other programs that are connected to the database."""
    row = connection.execute(_OTHERS).fetchone()
    return int(row[0]) if row else 0


def load(
    connection: Connection[Any],
    folder: Path,
    manifest: Manifest,
    uploads: Path,
    told: Callable[[str], object],
) -> list[Table]:
    """Replace all rows by those of a backup; return the tables that were left out.

    Args:
        connection: in autocommit mode.
        folder: of the backup, which is known to be whole.
        manifest: of the backup.
        uploads: where the files of imports are from now on.
        told: is told the name of each table when it is loaded.

    Raises:
        BackupError: the database does not take the rows; it is as it was.
    """
    try:
        with connection.transaction():
            return _load(connection, folder, manifest, uploads, told)
    except psycopg.errors.LockNotAvailable as error:
        raise BackupError(
            "Another program uses the tables. Stop the site and the worker, and restore "
            "again."
        ) from error
    except psycopg.Error as error:
        raise BackupError(
            f"The database does not take the rows: {str(error).strip()}. "
            "It is as it was."
        ) from error


def _load(
    connection: Connection[Any],
    folder: Path,
    manifest: Manifest,
    uploads: Path,
    told: Callable[[str], object],
) -> list[Table]:
    connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    connection.execute("SET LOCAL statement_timeout = 0")
    there = catalogue.tables(connection)
    given = {table.name: table for table in manifest.tables}
    with _without_triggers(connection, there):
        _empty(connection, there)
        for name in catalogue.in_order(connection, there):
            if name in given:
                _fill(connection, folder, given[name])
                told(name)
        _number(connection, manifest.sequences)
        _settle(connection, there, manifest.uploads, str(uploads))
    return [table for name, table in given.items() if name not in there]


def _settle(
    connection: Connection[Any], there: Mapping[str, object], old: str, new: str
) -> None:
    """Make true what was so of the old installation only."""
    # An old schema may not have them yet.
    if "procrastinate_jobs" in there:
        connection.execute(_END_JOBS)
    if "procrastinate_workers" in there:
        connection.execute(_NO_WORKERS)
    if "articles_import" in there:
        connection.execute(_MOVE, {"old": old, "new": new})


@contextmanager
def _without_triggers(
    connection: Connection[Any], names: Mapping[str, object]
) -> Iterator[None]:
    _each(connection, "ALTER TABLE {} DISABLE TRIGGER USER", names)
    yield
    # What is still to be checked is checked now: a table on which something is left
    # cannot be altered.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _each(connection, "ALTER TABLE {} ENABLE TRIGGER USER", names)


def _each(
    connection: Connection[Any], statement: LiteralString, names: Iterable[str]
) -> None:
    for name in names:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _empty(connection: Connection[Any], names: Mapping[str, object]) -> None:
    tables = sql.SQL(", ").join(map(sql.Identifier, names))
    connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))


def _fill(connection: Connection[Any], folder: Path, table: Table) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
    )
    with connection.cursor() as cursor:
        _copy(cursor, statement, folder / table.path)
        if cursor.rowcount != table.rows:
            raise BackupError(
                f"{folder / table.path} has {cursor.rowcount} rows and had {table.rows}. "
                "The database is as it was; use another backup."
            )


def _copy(cursor: Cursor[Any], statement: sql.Composed, path: Path) -> None:
    with cursor.copy(statement) as copy:
        for piece in unpacked(path):
            copy.write(piece)


def _number(connection: Connection[Any], sequences: tuple[Sequence, ...]) -> None:
    there = {sequence.name for sequence in catalogue.sequences(connection)}
    for sequence in sequences:
        if sequence.name in there:
            connection.execute(
                "SELECT setval(quote_ident(%s)::regclass, %s, %s)",
                [sequence.name, sequence.last, sequence.called],
            )
