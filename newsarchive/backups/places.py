"""Where backups lie: one folder for each, in a folder that holds nothing else.

A backup is written beside the others under a name that begins with a point, and gets
its own when it is complete: what a killed one leaves is no backup, and is removed by the
next.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsarchive.backups.manifest import NAME, BackupError

_STAMP = "%Y-%m-%dT%H-%M-%S.%fZ"
_BACKUP = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z")
_LOCK = ".lock"
_UNFINISHED = ".unfinished-"
# The root of a volume may have this one, whoever it is for.
_NOT_OURS = frozenset(["lost+found"])


def all_in(place: Path) -> list[Path]:
    """Return the complete backups in a folder, the newest first."""
    found = [
        path
        for path in (place.iterdir() if place.is_dir() else ())
        if _BACKUP.fullmatch(path.name) and (path / NAME).is_file()
    ]
    return sorted(found, reverse=True)


def find(path: Path) -> Path:
    """Return the backup that ``path`` is, or the newest of those in it.

    Raises:
        BackupError: there is none.
    """
    if (path / NAME).exists():
        return path
    if not path.is_dir():
        raise BackupError(f"{path} is no folder: name one that holds backups.")
    if not (found := all_in(path)):
        raise BackupError(f"There is no backup in {path}.")
    return found[0]


def age_of_newest(place: Path) -> timedelta | None:
    """Return how old the newest backup in a folder is; None if there is none."""
    if not (found := all_in(place)):
        return None
    made = datetime.strptime(found[0].name, _STAMP).replace(tzinfo=UTC)
    return datetime.now(UTC) - made


@contextmanager
def unfinished(place: Path, made: datetime) -> Iterator[tuple[Path, Path]]:
    """Give the folder to write a backup in, and the one that it becomes at the end.

    Left by an error, there is neither.

    Raises:
        BackupError: the folder holds other things, or another process writes one there.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_others(place)
    with _alone(place):
        for left in place.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        folder = place / f"{_UNFINISHED}{os.getpid()}"
        folder.mkdir(mode=0o700)
        final = place / made.astimezone(UTC).strftime(_STAMP)
        try:
            yield folder, final
            folder.rename(final)
            sync(place)
        except BaseException:
            # What went wrong is more telling than that its traces cannot be removed.
            with suppress(OSError):
                shutil.rmtree(folder)
            raise


def forget_old(place: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest ``keep``, and return those."""
    removed = all_in(place)[keep:]
    for path in removed:
        # Killed in the middle, this leaves nothing that looks complete.
        gone = path.with_name(f"{_UNFINISHED}{path.name}")
        path.rename(gone)
        shutil.rmtree(gone)
    return removed


def sync(folder: Path) -> None:
    """Have the names in a folder be on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _refuse_others(place: Path) -> None:
    names = {path.name for path in place.iterdir()} - _NOT_OURS
    ours = {
        name
        for name in names
        if name == _LOCK or name.startswith(_UNFINISHED) or _BACKUP.fullmatch(name)
    }
    if names and not ours:
        raise BackupError(
            f"{place} is not empty and holds no backups: name a folder for backups only."
        )


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"Another process writes a backup to {place}. Wait until it is done."
            ) from error
        yield
