"""An index: a folder on disk that is searched and written to.

Any number of processes may search; one at a time writes, holding the folder's lock.
A search always sees the last commit whole: it works on a snapshot, which is replaced
when the folder holds a newer one.
"""

import os
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from whoosh.index import TOC
from whoosh.util.filelock import FileLock, try_for

from search.engine.codec import ArraySegment, segment_data
from search.engine.deadlines import Deadline
from search.engine.fields import Field, build_schema
from search.engine.ladder import Form, Word
from search.engine.searching import Found, Search, Snapshot
from search.engine.segments import ContainerError
from search.engine.similar import more_like
from search.engine.snapshot import Documents
from search.engine.writing import (
    Writer,
    create_contents,
    read_contents,
    replace_segments,
)

OPEN_ATTEMPTS = 10

CURE = "Run 'manage.py rebuild_index' to build it anew from the database."


class IndexDamagedError(Exception):
    """The folder holds an index that cannot be read, or one with other fields."""


class IndexLockedError(Exception):
    """Another process is writing to the index."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the folder of an index holds.

    Attributes:
        documents: that are found.
        segments: files that hold them.
        bytes: the size of the folder.
        committed: when the last commit was made, in seconds since 1970.
    """

    documents: int
    segments: int
    bytes: int
    committed: float


class Index:
    """A folder of documents with given fields."""

    def __init__(self, path: Path, fields: Iterable[Field]) -> None:
        """Name the folder; nothing is read or made before it is used."""
        self.path = path
        self.fields = tuple(fields)
        self._snapshot: Snapshot | None = None
        self._lock = threading.RLock()

    def exists(self) -> bool:
        """Whether the folder holds an index."""
        return any(self.path.glob("*.toc"))

    def count(self) -> int:
        """Count the documents."""
        return self._current().documents.count

    def state(self) -> IndexState:
        """Tell what the folder holds.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        documents = self._current().documents
        size, committed = 0, 0.0
        for path in self.path.iterdir():
            # A commit that is made meanwhile removes files.
            with suppress(FileNotFoundError):
                found = path.stat()
                size += found.st_size
                if path.suffix == ".toc":
                    committed = max(committed, found.st_mtime)
        return IndexState(documents.count, len(documents.parts), size, committed)

    def snapshot(self) -> Snapshot:
        """Return the last commit, for questions that must be answered by the same one.

        Raises:
            IndexDamagedError: the folder cannot be read.
        """
        return self._current()

    def find(self, search: Search) -> Found:
        """Answer ``search`` from the last commit.

        Raises:
            IndexDamagedError: the folder cannot be read.
        """
        return self._current().find(search)

    def totals(self, searches: Iterable[Search]) -> list[int]:
        """Count what each of ``searches`` finds, all in one commit."""
        snapshot = self._current()
        return [snapshot.total(search) for search in searches]

    def forms(self, word: Word) -> list[Form]:
        """Return the words of the index that meet ``word``, the commonest first."""
        return self._current().forms(word)

    def matched(self, words: Sequence[Word]) -> Mapping[str, int]:
        """Return the words of the index that meet one of ``words``, with its place."""
        return self._current().matched(words)

    def suggest(self, text: str) -> str | None:
        """Return a query string as it was probably meant; None if it is right."""
        return self._current().suggest(text)

    def complete(self, prefix: str, limit: int = 10) -> list[Form]:
        """Return words that begin as the last one typed does, the commonest first."""
        return self._current().complete(prefix, limit)

    def more_like(
        self,
        key: str,
        limit: int = 5,
        chosen: Mapping[str, Collection[str]] | None = None,
        hidden: Collection[str] = (),
        *,
        budget: float | None = None,
    ) -> Found:
        """Find documents like the one with this key; none if there is no such.

        Args:
            key: of the document, which is not among those found.
            limit: how many to give.
            chosen: facet -> values, of which a document found has one.
            hidden: keys of documents that are not to be found.
            budget: seconds after which to stop with what there is; None for no end.
        """
        snapshot = self._current()
        deadline = Deadline(budget)
        tree = more_like(snapshot.documents, key, deadline)
        search = Search(
            tree,
            chosen=chosen or {},
            limit=limit,
            hidden={key, *hidden},
            budget=deadline.left,
        )
        found = snapshot.find(search)
        return replace(found, is_partial=found.is_partial or deadline.was_met)

    def writer(
        self, *, wait: float = 60.0, most_rewritten: int | None = None
    ) -> Writer:
        """Begin a commit.

        Args:
            wait: seconds to wait for another process to finish its own.
            most_rewritten: documents that merging may rewrite; None for any number.

        Raises:
            IndexLockedError: another process wrote all that time.
        """
        lock = self._acquire(wait)
        try:
            self._make_or_check()
        except BaseException:
            lock.release()
            raise
        return Writer(
            self.path,
            self.fields,
            most_rewritten=most_rewritten,
            release=lock.release,
        )

    def clear(self, *, wait: float = 60.0) -> None:
        """Remove every document, and whatever an unreadable index left in the folder.

        Raises:
            IndexLockedError: another process wrote to the index all that time.
        """
        with self._locked(wait):
            # Tables of contents go first: without one, segments are not an index. The
            # last goes last, or what it replaced would be the index for a moment.
            tables = sorted(self.path.glob("*.toc"), key=lambda f: (len(f.name), f))
            for file in [*tables, *self.path.glob("MAIN_*.*")]:
                file.unlink()
            self._create()

    def close(self) -> None:
        """Let go of the files; the next search opens them again."""
        with self._lock:
            self._snapshot = None

    def merge(self, *, wait: float = 60.0) -> None:
        """Make one segment of all, without the removed documents.

        Raises:
            IndexLockedError: another process wrote to the index all that time.
        """
        with self._locked(wait):
            self._make_or_check()
            contents = read_contents(self.path)
            segments = contents.segments
            if len(segments) > 1 or any(s.has_deletions() for s in segments):
                replace_segments(
                    self.path, self.fields, contents, kept=(), merged=segments
                )

    def aside(self) -> "Index":
        """Return the index beside this one, in which a new one is built."""
        return Index(self.path.with_name(f"{self.path.name}.building"), self.fields)

    @contextmanager
    def rebuilding(self) -> Iterator["Index"]:
        """Build a new index aside; left without an error, it takes this one's place.

        Searches go on: they see what was here until all of the new one is.

        Raises:
            IndexLockedError: another process is building one.
        """
        other = self.aside()
        lock = self._building_lock()
        if not lock.acquire():
            raise IndexLockedError(
                f"Another process is building {other.path}. Try again when it is done."
            )
        try:
            other.clear()
            yield other
            other.merge()
            self._take_from(other)
            shutil.rmtree(other.path)
        finally:
            lock.release()

    def is_being_built(self) -> bool:
        """Whether a process is building a new index aside, and is alive."""
        if not self.aside().exists():
            return False
        lock = self._building_lock()
        if lock.acquire():
            lock.release()
            return False
        return True

    def _building_lock(self) -> FileLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(str(self.path.with_name(f"{self.path.name}.building.lock")))

    def _take_from(self, other: "Index", wait: float = 60.0) -> None:
        # Another index of the same class: its private parts are ours.
        with self._locked(wait), other._locked(wait):  # noqa: SLF001
            segments = other._contents().segments  # noqa: SLF001
            try:
                contents = self._contents()
            except Exception:  # noqa: BLE001  whatever is damaged here, it goes
                self._create()
                contents = self._contents()
            for segment in segments:
                # Linked, so that whoever is killed here leaves both whole.
                name = segment.file_name()
                os.link(other.path / name, self.path / name)
            replace_segments(self.path, self.fields, contents, kept=segments)

    def _make_or_check(self) -> None:
        """Make an index where there is none; see that an old one is whole and ours."""
        if not self.exists():
            self._create()
        with self._damage_named():
            contents = self._contents()
            for segment in contents.segments:
                segment_data(self.path, segment)
        self._check_fields(contents.schema.names())

    def _check_fields(self, names: list[str]) -> None:
        if names != build_schema(self.fields).names():
            raise IndexDamagedError(
                f"{self.path} holds documents with other fields than this version "
                f"of the archive uses. {CURE}"
            )

    def _contents(self) -> TOC:
        """Read the last commit's table of contents.

        Whoosh looks for the newest one and then reads it; a writer may replace it in
        between.
        """
        attempts = OPEN_ATTEMPTS
        while True:
            try:
                return read_contents(self.path)
            except FileNotFoundError:
                attempts -= 1
                if not attempts:
                    raise
                time.sleep(0.02)

    def _create(self) -> None:
        create_contents(self.path, self.fields)

    @contextmanager
    def _locked(self, wait: float) -> Iterator[None]:
        """Hold the lock that Whoosh's writers hold."""
        lock = self._acquire(wait)
        try:
            yield
        finally:
            lock.release()

    def _acquire(self, wait: float) -> FileLock:
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / "MAIN_WRITELOCK"))
        if not try_for(lock.acquire, timeout=wait, delay=0.02):
            raise IndexLockedError(
                f"Another process has been writing to {self.path} for {wait:g} s. "
                "Try again when it is done."
            )
        return lock

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except ContainerError as error:
            raise IndexDamagedError(f"{error}. {CURE}") from error
        except Exception as error:
            # What is missing is in the message of the error.
            raise IndexDamagedError(
                f"{self.path} cannot be read ({error}). {CURE}"
            ) from error

    def _current(self) -> Snapshot:
        """Return the snapshot of the last commit."""
        with self._lock:
            if self._snapshot is None or self._snapshot.commit != self._last_commit():
                self._snapshot = self._take()
            return self._snapshot

    def _take(self) -> Snapshot:
        """Open the last commit with all of its files.

        A writer deletes the files of merged segments, but only after it has replaced
        the table of contents: what was opened while that stayed the same is whole.
        """
        if not self.exists():
            with self._locked(60.0):
                self._make_or_check()
        for _ in range(OPEN_ATTEMPTS):
            commit = self._last_commit()
            try:
                snapshot = self._open_snapshot(commit)
            except IndexDamagedError:
                if commit and commit == self._last_commit():
                    raise
                continue
            if commit == self._last_commit():
                return snapshot
        # Somebody commits all the time: keep them from it for as long as it takes.
        with self._locked(60.0):
            return self._open_snapshot(self._last_commit())

    def _open_snapshot(self, commit: str) -> Snapshot:
        with self._damage_named():
            contents = self._contents()
        self._check_fields(contents.schema.names())
        segments: list[ArraySegment] = contents.segments
        with self._damage_named():
            documents = Documents(
                [
                    (segment_data(self.path, s), frozenset(s.deleted_docs()))
                    for s in segments
                ]
            )
            return Snapshot(segments, documents, contents.schema, commit, self.fields)

    def _last_commit(self) -> str:
        """Name the commit that the folder holds, by the files that list its segments.

        Their number alone is not enough, since an index that is built anew counts from
        the beginning again. Empty while there is none, or while it is being replaced.
        """
        try:
            with os.scandir(self.path) as entries:
                listed = [
                    f"{entry.name} {entry.inode()} {entry.stat().st_mtime_ns}"
                    for entry in entries
                    if entry.name.endswith(".toc")
                ]
        except FileNotFoundError:
            return ""
        return " ".join(sorted(listed))
