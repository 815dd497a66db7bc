"""Bring a backup back: check it, prepare the schema, load, and compare.

Nothing is touched before the whole backup has been read and found whole. Then the schema
is brought to where the backup's was, the rows are loaded in one transaction, and the
schema is brought on to where this version of the archive has it. A mark in the folder of
the installation says which backup is being restored: whoever is killed on the way
restores it again, and is not told that the installation has articles.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection as django_connection
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import Connection, sql

from articles.importing.keeping import folder as uploads_folder
from newsarchive.backups import catalogue, loading
from newsarchive.backups.checking import check
from newsarchive.backups.files import pieces
from newsarchive.backups.fingerprint import fingerprint, program_version
from newsarchive.backups.making import INDEX, UPLOADS
from newsarchive.backups.manifest import BackupError, File, Manifest
from search import outbox
from search.backends import default_backend
from search.engine import IndexDamagedError
from search.engine.segments import FORMAT

MARK = "restoring.json"
_COUNTED = {"articles_article": "article(s)", "auth_user": "user(s)"}
"""What an installation that is not empty has."""

_SPARE = 64 * 2**20

Told = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back.

    Attributes:
        rows: of all tables.
        uploads: files of imports.
        documents: that the index has.
        rebuilt: whether the index was built anew.
    """

    rows: int
    uploads: int
    documents: int
    rebuilt: bool


def restore(
    folder: Path, *, told: Told, agreed: Callable[[str], bool] | None = None
) -> Restored:
    """Bring the installation to what the backup in ``folder`` shows.

    Args:
        folder: of the backup.
        told: is told what is being done.
        agreed: is asked whether what there is may be lost; None if it may not.

    Raises:
        BackupError: it cannot be, and why; rows are as they were unless it says that
            they are loaded.
    """
    told(f"Reading {folder} ...")
    manifest = check(folder)
    try:
        return _Restoring(folder, manifest, told).run(agreed)
    except psycopg.OperationalError as error:
        raise BackupError(
            f"The database does not answer any more: {str(error).strip()}. When it "
            "does, restore again."
        ) from error
    except OSError as error:
        name = error.filename or settings.VAR
        raise BackupError(
            f"{name}: {error.strerror}. Mend that, and restore again."
        ) from error


class _Restoring:
    def __init__(self, folder: Path, manifest: Manifest, told: Told) -> None:
        self._folder = folder
        self._manifest = manifest
        self._told = told
        self._mark = Path(settings.VAR) / MARK
        self._uploads = uploads_folder()

    def run(self, agreed: Callable[[str], bool] | None) -> Restored:
        manifest = self._manifest
        self._refuse_newer()
        self._refuse_full_disk()
        with _session() as connection:
            begun = self._was_begun()
            _refuse_others(connection)
            if not begun:
                _refuse_full(connection, agreed)
            self._mark.write_text(json.dumps({"made": manifest.made}))
            # Killed after the rows were in, it had begun to bring the schema on.
            loaded = begun and self._is_ahead(connection)
            if not loaded:
                self._prepare_schema(connection)
                gone = _uploads_named(connection, self._uploads)
                self._bring_uploads()
                self._load(connection)
                self._remove(gone - _uploads_named(connection, self._uploads))
        self._bring_schema_on()
        rebuilt = self._bring_index()
        restored = self._compare(rebuilt=rebuilt)
        self._tell_differences()
        self._mark.unlink()
        return restored

    def _refuse_newer(self) -> None:
        """Refuse what a later version of the archive made."""
        known = {f"{app}.{name}" for app, name in _loader().disk_migrations}
        if unknown := sorted(set(self._manifest.migrations) - known):
            raise BackupError(
                f"The backup is of version {self._manifest.program} of the archive and "
                f"this is {program_version()}, which does not know {unknown[0]}. "
                "Install that version or a later one, and restore with it."
            )

    def _refuse_full_disk(self) -> None:
        Path(settings.VAR).mkdir(parents=True, exist_ok=True)
        manifest = self._manifest
        needed = sum(
            file.bytes for file in (*manifest.under(UPLOADS), *manifest.under(INDEX))
        )
        free = shutil.disk_usage(settings.VAR).free
        if needed + _SPARE > free:
            raise BackupError(
                f"{settings.VAR} has {free // 2**20} MB left; uploads and index need "
                f"{(needed + _SPARE) // 2**20}. Make room, or name another folder in "
                "NEWSARCHIVE_VAR."
            )

    def _was_begun(self) -> bool:
        """Whether this backup was being restored when that was broken off."""
        try:
            begun = json.loads(self._mark.read_text())
        except (FileNotFoundError, ValueError):
            return False
        return isinstance(begun, dict) and begun.get("made") == self._manifest.made

    def _is_ahead(self, connection: Connection[Any]) -> bool:
        applied = catalogue.migrations(connection, catalogue.tables(connection))
        return set(applied) > set(self._manifest.migrations)

    def _prepare_schema(self, connection: Connection[Any]) -> None:
        """Bring the tables to where they were when the backup was made."""
        wanted = set(self._manifest.migrations)
        applied = set(catalogue.migrations(connection, catalogue.tables(connection)))
        if later := sorted(applied - wanted):
            raise BackupError(
                f"The database has been through {later[0]}, and the backup is older. "
                "Restore it into an empty database, which is brought up to date "
                "afterwards: name one in DATABASE_URL, or, for the embedded one, an "
                "empty folder in NEWSARCHIVE_VAR."
            )
        if applied != wanted:
            self._told("Preparing the tables ...")
            # Without signals: what they add to the tables is in the backup.
            executor = MigrationExecutor(django_connection)
            executor.migrate([_node(name) for name in self._manifest.migrations])
            connections.close_all()

    def _bring_uploads(self) -> None:
        files = self._manifest.under(UPLOADS)
        if files:
            self._told(f"Bringing {len(files)} uploaded file(s) ...")
        for file in files:
            name = file.path.removeprefix(f"{UPLOADS}/")
            _bring(self._folder, file, self._uploads / name)

    def _load(self, connection: Connection[Any]) -> None:
        self._told("Loading the rows ...")
        left_out = loading.load(
            connection, self._folder, self._manifest, self._uploads, lambda _name: None
        )
        for table in left_out:
            self._told(
                f"Left out: {table.name} ({table.rows} rows), which is no table of "
                "the archive."
            )
        connection.execute("ANALYZE")

    def _remove(self, gone: set[Path]) -> None:
        """Remove the files of imports that are no more."""
        for path in gone:
            path.unlink(missing_ok=True)

    def _bring_schema_on(self) -> None:
        ContentType.objects.clear_cache()
        call_command("migrate", interactive=False, verbosity=0)
        connections.close_all()

    def _bring_index(self) -> bool:
        """Bring the index, or build one; return whether it was built."""
        if self._manifest.index == FORMAT:
            self._told("Bringing the index ...")
            self._carry_index()
            try:
                outbox.drain()
                if outbox.agrees():
                    return False
            except IndexDamagedError:
                pass
            self._told("The index of the backup does not fit.")
        self._told("Building the index ...")
        outbox.rebuild()
        outbox.drain()
        return True

    def _carry_index(self) -> None:
        index = default_backend().index
        new = index.path.with_name(f"{index.path.name}.restoring")
        old = index.path.with_name(f"{index.path.name}.replaced")
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
        for file in self._manifest.under(INDEX):
            name = file.path.removeprefix(f"{INDEX}/")
            _bring(self._folder, file, new / name)
        index.close()
        if index.path.exists():
            index.path.rename(old)
        new.rename(index.path)
        shutil.rmtree(old, ignore_errors=True)

    def _compare(self, *, rebuilt: bool) -> Restored:
        """See that what was promised is there."""
        manifest = self._manifest
        with _session() as connection:
            there = catalogue.tables(connection)
            for table in manifest.tables:
                if table.name in there and table.name not in _CHANGING:
                    _refuse_fewer(connection, table.name, table.rows)
        documents = default_backend().index.count()
        if not outbox.agrees():
            raise BackupError(
                "The rows are loaded, and the index does not agree with them. "
                "Run 'manage.py rebuild_index'."
            )
        return Restored(
            rows=sum(table.rows for table in manifest.tables if table.name in there),
            uploads=len(manifest.under(UPLOADS)),
            documents=documents,
            rebuilt=rebuilt,
        )

    def _tell_differences(self) -> None:
        """Say which settings are not those of the backup, and what that means."""
        for name, now in fingerprint().items():
            then = self._manifest.settings.get(name)
            if then != now and (meaning := _MEANINGS.get(name)):
                self._told(meaning.format(then=then, now=now))


_CHANGING = frozenset(
    [
        # Where migrations add, or where what was due has been done since.
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
        "procrastinate_workers",
        "search_outboxentry",
    ]
)

_MEANINGS = {
    "time zone": "NEWSARCHIVE_TIME_ZONE was {then} and is {now}: times are shown so.",
    "SEARCH": "SEARCH was {then} and is {now} in the settings.",
    "press variants": (
        "The file of press variants is another than it was: NEWSARCHIVE_VARIANTS "
        "names it, and the backup has a copy, variants.txt."
    ),
    "secret": "SECRET_KEY is another than it was: everybody signs in again.",
}


def _loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def _node(name: str) -> tuple[str, str]:
    label, _, migration = name.partition(".")
    return label, migration


@contextmanager
def _session() -> Iterator[Connection[Any]]:
    # What Django keeps open would count as another program.
    connections.close_all()
    parameters = django_connection.get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as connection:
        yield connection


def _refuse_others(connection: Connection[Any]) -> None:
    if number := loading.others(connection):
        raise BackupError(
            f"{number} other program(s) use the database. Stop the site and the worker, "
            "and restore again."
        )


def _refuse_full(
    connection: Connection[Any], agreed: Callable[[str], bool] | None
) -> None:
    """Refuse an installation that has something, unless that may be lost."""
    there = catalogue.tables(connection)
    counts = {
        name: _count(connection, name) if name in there else 0 for name in _COUNTED
    }
    if not any(counts.values()):
        return
    found = " and ".join(f"{counts[name]} {what}" for name, what in _COUNTED.items())
    if agreed is None:
        raise BackupError(
            f"This installation has {found}. Restore into an empty one, or with "
            "--replace, which removes them for good."
        )
    if not agreed(found):
        raise BackupError("Nothing was changed.")


def _refuse_fewer(connection: Connection[Any], table: str, rows: int) -> None:
    if (found := _count(connection, table)) != rows:
        raise BackupError(
            f"{table} has {found} rows, and the backup {rows}: something changed them "
            "meanwhile. Stop the site and the worker, and restore again with --replace."
        )


def _count(connection: Connection[Any], table: str) -> int:
    counted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = connection.execute(counted).fetchone()
    return int(row[0]) if row else 0


def _uploads_named(connection: Connection[Any], folder: Path) -> set[Path]:
    """Return the files in ``folder`` that imports name."""
    if "articles_import" not in catalogue.tables(connection):
        return set()
    rows = connection.execute("SELECT path FROM articles_import").fetchall()
    return {path for (name,) in rows if (path := Path(name)).is_relative_to(folder)}


def _bring(folder: Path, file: File, target: Path) -> None:
    """Copy a file of a backup to its place, where it is whole or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.restoring")
    with partial.open("wb") as copy:
        for piece in pieces(folder, file):
            copy.write(piece)
    partial.chmod(0o600)
    partial.rename(target)
