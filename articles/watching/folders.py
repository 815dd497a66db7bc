"""Look at a folder: an import of each file that is new and has stopped growing.

A file is taken when two looks found it the same, from a copy of its own; it stays where
it is, and is known by its path, size and time, and by its content. Links are not
followed, neither those in the folder nor those that somebody puts in the way meanwhile:
files are opened within their folders, which stay open.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from articles.importing.keeping import folder, free_megabytes, is_full, shown_name
from articles.imports import Import
from articles.watches import Watch, WatchedFile
from articles.watching.feeds import NO_ROOM
from articles.watching.limits import watching_limits
from articles.watching.making import make_import
from articles.watching.problems import WatchError

NONE_ALLOWED = gettext_noop(
    "No folder may be watched. Name the folders that may, separated by commas, in "
    "NEWSARCHIVE_WATCH_FOLDERS, and start the archive again."
)
NOT_ALLOWED = gettext_noop(
    "%(path)s is not in a folder that may be watched (%(allowed)s). Those are named in "
    "NEWSARCHIVE_WATCH_FOLDERS."
)
NO_FOLDER = gettext_noop("There is no folder %(path)s.")
UNREAD = gettext_noop("Not read: %(files)s")
LINK = gettext_noop("%(file)s is a link, and links are not followed")

PART = 1_048_576
TOLD = 5
"""Files that are named in a problem at most."""


@dataclass(slots=True)
class Looked:
    """What a look at a folder found.

    Attributes:
        imports: of files that are new.
        unread: files that could not be read, and why.
        more: whether there are files left for the next look.
    """

    imports: list[Import] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as a look found it."""

    path: str
    name: str
    where: int
    size: int
    mtime_ns: int


class _ChangedError(Exception):
    """A file changed while it was read."""


def allowed_folder(path: str) -> Path:
    """Return a folder that may be watched, without links in its path.

    Raises:
        WatchError: there is none, or it may not.
    """
    allowed = [Path(one).resolve() for one in settings.WATCH_FOLDERS]
    if not allowed:
        raise WatchError(NONE_ALLOWED)
    try:
        found = Path(path).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise WatchError(NO_FOLDER, path=path) from error
    if not any(found.is_relative_to(one) for one in allowed):
        named = ", ".join(map(str, allowed))
        raise WatchError(NOT_ALLOWED, path=path, allowed=named)
    if not found.is_dir():
        raise WatchError(NO_FOLDER, path=path)
    return found


def look_at_folder(watch: Watch) -> Looked:
    """Make imports of the files that are new; note those that may still grow.

    Raises:
        WatchError: the folder may not be looked at, or the disk is full.
    """
    top = allowed_folder(watch.place)
    known = {file.path: file for file in watch.files.all()}
    looked = Looked()
    most = watching_limits().files
    for seen in _files(top, looked.unread):
        file = known.get(seen.path)
        same = file is not None and (file.size, file.mtime_ns) == (
            seen.size,
            seen.mtime_ns,
        )
        if file is None or not same:
            _note(watch, file, seen)
        elif file.taken is None and seen.size:
            if len(looked.imports) >= most:
                looked.more = True
                break
            try:
                looked.imports += _take(watch, file, seen)
            except _ChangedError:
                continue
            except OSError as error:
                if is_full(error):
                    raise WatchError(NO_ROOM, free=free_megabytes()) from error
                looked.unread.append(f"{seen.path} ({error.strerror})")
    return looked


def unread_problem(files: list[str]) -> tuple[str, dict[str, str]]:
    """Return what to say of files that could not be read."""
    if not files:
        return "", {}
    more = f" (+{len(files) - TOLD})" if len(files) > TOLD else ""
    return UNREAD, {"files": "; ".join(files[:TOLD]) + more}


def _files(top: Path, unread: list[str]) -> Iterator[_Seen]:
    """Yield the files in a folder and in those within it, by name."""

    def cannot(error: OSError) -> None:
        unread.append(f"{_shown(str(error.filename))} ({error.strerror})")

    for path, folders, names, where in os.fwalk(
        top, onerror=cannot, follow_symlinks=False
    ):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        within = os.path.relpath(path, top)
        for name in sorted([*folders, *names]):
            if name.startswith("."):
                continue
            shown = _shown(name if within == "." else f"{within}/{name}")
            try:
                found = os.stat(name, dir_fd=where, follow_symlinks=False)
            except OSError as error:
                unread.append(f"{shown} ({error.strerror})")
                continue
            if stat.S_ISLNK(found.st_mode):
                unread.append(LINK % {"file": shown})
            elif stat.S_ISREG(found.st_mode):
                yield _Seen(shown, name, where, found.st_size, found.st_mtime_ns)


def _note(watch: Watch, file: WatchedFile | None, seen: _Seen) -> None:
    """Keep what a file looks like, to see at the next look whether it still grows."""
    file = file or WatchedFile(watch=watch, path=seen.path)
    file.size, file.mtime_ns, file.taken = seen.size, seen.mtime_ns, None
    file.save()


def _take(watch: Watch, file: WatchedFile, seen: _Seen) -> list[Import]:
    """Make an import of a file, unless its content was imported from here before.

    The copy gets its lasting name in the transaction that notes the file as taken: who
    is killed before leaves a file that the next look writes over.
    """
    kept = folder() / f"watch-{watch.pk}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.digest = _copy(seen, kept)
        with transaction.atomic():
            before = watch.files.filter(digest=file.digest).exists()
            file.taken = timezone.now()
            file.save()
            if before:
                return []
            path = folder() / uuid4().hex
            kept.rename(path)
            return [make_import(watch, path, shown_name(seen.name))]
    finally:
        kept.unlink(missing_ok=True)


def _copy(seen: _Seen, kept: Path) -> str:
    """Copy a file, and return the digest of what is in it.

    Raises:
        _ChangedError: it is not what was seen, or not any more.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    digest = sha256()
    with (
        open(os.open(seen.name, flags, dir_fd=seen.where), "rb") as file,  # noqa: PTH123  Of a folder that is open.
        kept.open("wb") as copy,
    ):
        _check_same(seen, os.fstat(file.fileno()))
        while part := file.read(PART):
            digest.update(part)
            copy.write(part)
        _check_same(seen, os.fstat(file.fileno()))
    return digest.hexdigest()


def _check_same(seen: _Seen, found: os.stat_result) -> None:
    same = (found.st_size, found.st_mtime_ns) == (seen.size, seen.mtime_ns)
    if not (same and stat.S_ISREG(found.st_mode)):
        raise _ChangedError


def _shown(name: str) -> str:
    """Return a path that the database can hold: what is not UTF-8 by its bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
