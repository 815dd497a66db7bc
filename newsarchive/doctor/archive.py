"""Probes of the archive itself, by its own settings and its own eyes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from articles.importing.keeping import folder as uploads_folder
from articles.imports import Import, State
from newsarchive.backups import BackupError, age_of_newest
from newsarchive.backups.restoring import MARK
from newsarchive.doctor.findings import Finding
from search.analysis.arabic.morphology import MorphologyError, installed_morphology
from search.analysis.storage import kept_folder
from search.backends import default_backend
from search.engine import IndexLockedError
from search.status import index_status

BACKUP_AGE = timedelta(days=2)
LOCK_SECONDS = 3.0

_LOCKS = Path("/proc/locks")
_LOCAL = frozenset(["localhost", "127.0.0.1", "[::1]"])


def mistakes() -> Iterator[Finding]:
    """What Django and the archive know of mistakes of deployment."""
    return _checks(databases=None)


def mistakes_of_database() -> Iterator[Finding]:
    """The same, of those that ask the database."""
    return _checks(databases=["default"])


def schema() -> Iterator[Finding]:
    """Tables of another version than the program: nothing that asks them is true."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Finding(
            "error",
            f"The database lacks {len(plan)} migrations, {plan[0][0]} first.",
            "manage.py migrate; then manage.py prepare_index.",
        )
    applied = set(executor.loader.applied_migrations)
    known = set(executor.loader.disk_migrations)
    if later := sorted(f"{app}.{name}" for app, name in applied - known):
        yield Finding(
            "error",
            f"The database has been through {later[0]}, which this version of the "
            "archive does not know.",
            "Install the version that it was used with, or a later one.",
        )


def index() -> Iterator[Finding]:
    """The index must be there, be read, and follow; that takes a worker."""
    with override("en"):
        for problem in index_status().problems:
            yield Finding("error", problem)


def index_lock() -> Iterator[Finding]:
    """Who writes to the index for long keeps all others from it."""
    index = default_backend().index
    if not index.exists():
        return
    try:
        # Held without an error, it is let go at once, and nothing is written.
        with index.writer(wait=LOCK_SECONDS):
            pass
    except IndexLockedError:
        pid = _holder(index.path / "MAIN_WRITELOCK")
        who = f"Process {pid}" if pid else "A process"
        yield Finding(
            "warning",
            f"{who} has been writing to the index for {LOCK_SECONDS:g} s or more.",
            "Wait if it is an import or a rebuild; end it if it hangs: the lock goes "
            "with it.",
        )


def left_building() -> Iterator[Finding]:
    """A rebuild that was killed leaves its folder."""
    index = default_backend().index
    aside = index.aside()
    if aside.exists() and not index.is_being_built():
        yield Finding(
            "warning",
            f"A rebuild of the index was killed, and left {aside.path}.",
            "'manage.py rebuild_index' begins anew and removes it.",
        )


def dictionaries() -> Iterator[Finding]:
    """Without its arrays, every process makes them when it first meets a word."""
    folder = kept_folder()
    if not any(folder.glob("*/*.npy")):
        yield Finding(
            "warning",
            f"The dictionaries are not made yet in {folder}.",
            "'manage.py conflate كتاب كتب' makes them, in some seconds.",
        )


def static_files() -> Iterator[Finding]:
    """Pages without their styles and fonts are what readers see first."""
    root = Path(str(settings.STATIC_ROOT))
    missing = [
        path
        for finder in get_finders()
        for path, storage in finder.list([])
        if not _is_current(root / path, Path(storage.path(path)))
    ]
    if missing:
        yield Finding(
            "error",
            f"{len(missing)} static files are missing from {root} or older than they "
            f"should be, {missing[0]} first.",
            "manage.py collectstatic --noinput",
        )


def morphology() -> Iterator[Finding]:
    """A morphology that was asked for and is not there changes what searches find."""
    named = os.environ.get("CAMELTOOLS_DATA", "")
    folder = Path(named).expanduser()
    if named and not (folder / "catalogue.json").is_file():
        yield Finding(
            "error",
            f"CAMELTOOLS_DATA names {folder}, which has no catalogue.json.",
            "Install the database as the README says, or leave CAMELTOOLS_DATA out.",
        )
        return
    try:
        installed_morphology()
    except MorphologyError as error:
        yield Finding("error", str(error))


def backups() -> Iterator[Finding]:
    """A backup that is old or was never made helps nobody."""
    place = settings.BACKUPS
    if place is None:
        if _is_public():
            yield Finding(
                "warning",
                "No place for backups is named.",
                "Name one in NEWSARCHIVE_BACKUPS, and have 'manage.py backup' run "
                "daily.",
            )
        return
    try:
        age = age_of_newest(place)
    except (OSError, BackupError) as error:
        yield Finding("error", f"The backups cannot be looked at: {error}")
        return
    if age is None:
        yield Finding("error", f"There is no backup in {place}.", "manage.py backup")
    elif age > BACKUP_AGE:
        yield Finding(
            "error",
            f"The newest backup in {place} is {age.days} days old.",
            "'manage.py backup', and see why it does not run daily.",
        )


def broken_off() -> Iterator[Finding]:
    """A restore that was killed left something half done."""
    if (Path(settings.VAR) / MARK).exists():
        yield Finding(
            "error",
            "A restore was broken off.",
            "Run the same 'manage.py restore' again: it goes on by itself.",
        )


def import_files() -> Iterator[Finding]:
    """An import that is not done needs its file."""
    waiting = Import.objects.exclude(state__in=[State.FINISHED, State.UNDONE])
    lost = [
        name
        for name, path in waiting.values_list("name", "path")
        if Path(path).is_relative_to(uploads_folder()) and not Path(path).exists()
    ]
    if lost:
        yield Finding(
            "warning",
            f"The files of {len(lost)} imports that are not done are gone, "
            f"{lost[0]} first.",
            f"Put them back into {uploads_folder()} from a backup, or delete the "
            "imports at the desk.",
        )


def _checks(databases: list[str] | None) -> Iterator[Finding]:
    """Yield what the checks of the database say, or what all others do."""
    tags = None if databases is None else [checks.Tags.database]
    found = checks.run_checks(
        tags=tags, include_deployment_checks=True, databases=databases
    )
    for message in found:
        if message.is_silenced() or (
            # Django's own advice for public sites.
            str(message.id).startswith("security.") and not _is_public()
        ):
            continue
        serious = message.level >= checks.ERROR
        yield Finding(
            "error" if serious else "warning",
            str(message.msg),
            str(message.hint or ""),
            str(message.id or ""),
        )


def _is_public() -> bool:
    return bool(set(settings.ALLOWED_HOSTS) - _LOCAL)


def _is_current(collected: Path, source: Path) -> bool:
    with suppress(OSError):
        there, own = collected.stat(), source.stat()
        return there.st_size == own.st_size or there.st_mtime >= own.st_mtime
    return False


def _holder(lock: Path) -> int | None:
    """Return the process that holds a lock, where the system tells."""
    with suppress(OSError, ValueError, IndexError):
        inode = str(lock.stat().st_ino)
        for line in _LOCKS.read_text().splitlines():
            parts = line.split()
            if parts[1] == "FLOCK" and parts[5].endswith(f":{inode}"):
                return int(parts[4])
    return None
