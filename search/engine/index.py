"""An index: a folder on disk that is searched and written to.

Any number of processes may search; one at a time writes, holding the folder's lock.
A search always sees the last commit whole: it works on a snapshot, which is replaced
when the folder holds a newer one.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.scoring import BM25F
from whoosh.util.filelock import FileLock, try_for

from search.engine.fields import Field, build_schema
from search.engine.searching import ColumnCache, Found, Search, Snapshot
from search.engine.writing import Writer, merge_all

_WRITING = {
    # Whoosh copies the single file of a compound segment into memory to open it;
    # separate files are mapped.
    "compound": False,
    # Megabytes of postings that are sorted in memory, as Whoosh counts them.
    "limitmb": 64,
}

OPEN_ATTEMPTS = 10

CURE = "Run 'manage.py rebuild_index' to build it anew from the database."


class IndexDamagedError(Exception):
    """The folder holds an index that cannot be read, or one with other fields."""


class IndexLockedError(Exception):
    """Another process is writing to the index."""


class Index:
    """A folder of documents with given fields."""

    def __init__(self, path: Path, fields: Iterable[Field]) -> None:
        """Name the folder; nothing is read or made before it is used."""
        self.path = path
        self.fields = tuple(fields)
        self._facets = frozenset(f.name for f in self.fields if f.kind == "facet")
        self._columns = ColumnCache()
        self._snapshot: Snapshot | None = None
        # Whoosh's readers share file positions: one search at a time in a process.
        self._lock = threading.RLock()

    def exists(self) -> bool:
        """Whether the folder holds an index."""
        return any(self.path.glob("*.toc"))

    def count(self) -> int:
        """Count the documents."""
        with self._lock:
            return int(self._current().searcher.doc_count())

    def find(self, search: Search) -> Found:
        """Answer ``search`` from the last commit.

        Raises:
            IndexDamagedError: the folder cannot be read.
        """
        with self._lock:
            return self._current().find(search)

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
        try:
            writer = self._open().writer(timeout=wait, delay=0.02, **_WRITING)
        except whoosh_index.LockError as error:
            raise self._busy(wait) from error
        return Writer(writer, facets=self._facets, most_rewritten=most_rewritten)

    def clear(self, *, wait: float = 60.0) -> None:
        """Remove every document, and whatever an unreadable index left in the folder.

        Raises:
            IndexLockedError: another process wrote to the index all that time.
        """
        with self._locked(wait):
            # Tables of contents go first: without one, segments are not an index.
            for file in [*self.path.glob("*.toc"), *self.path.glob("MAIN_*.*")]:
                file.unlink()
            self._create()

    def close(self) -> None:
        """Let go of the files; the next search opens them again."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
            self._snapshot = None

    def merge(self, *, wait: float = 60.0) -> None:
        """Make one segment of all, without the removed documents."""
        writer = self._open().writer(timeout=wait, delay=0.02, **_WRITING)
        writer.commit(mergetype=merge_all)

    def _open(self) -> whoosh_index.FileIndex:
        if not self.exists():
            with self._locked(60.0):
                # Another process may have made it while this one waited.
                if not self.exists():
                    self._create()
        with self._damage_named():
            index, names = self._open_listed()
        if names != build_schema(self.fields).names():
            raise IndexDamagedError(
                f"{self.path} holds documents with other fields than this version "
                f"of the archive uses. {CURE}"
            )
        return index

    def _open_listed(self) -> tuple[whoosh_index.FileIndex, list[str]]:
        """Open the last commit, and read the names of its fields.

        Whoosh looks for the newest list of segments each time and then reads it; a
        writer may replace it in between.
        """
        attempts = OPEN_ATTEMPTS
        while True:
            try:
                index = whoosh_index.open_dir(str(self.path))
                return index, index.schema.names()
            except FileNotFoundError:
                attempts -= 1
                if not attempts:
                    raise
                time.sleep(0.02)

    def _create(self) -> None:
        whoosh_index.create_in(str(self.path), build_schema(self.fields)).close()

    @contextmanager
    def _locked(self, wait: float) -> Iterator[None]:
        """Hold the lock that Whoosh's writers hold."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / "MAIN_WRITELOCK"))
        if not try_for(lock.acquire, timeout=wait, delay=0.02):
            raise self._busy(wait)
        try:
            yield
        finally:
            lock.release()

    def _busy(self, wait: float) -> IndexLockedError:
        return IndexLockedError(
            f"Another process has been writing to {self.path} for {wait:g} s. "
            "Try again when it is done."
        )

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Whoosh reports damage by whatever the damaged bytes make it stumble over.
            raise IndexDamagedError(f"{self.path} cannot be read. {CURE}") from error

    def _current(self) -> Snapshot:
        """Return the snapshot of the last commit.

        Every commit is opened afresh. Whoosh's own ``Searcher.refresh`` would keep the
        segments that a merge replaced, and with them every document twice.
        """
        if self._snapshot is None or self._snapshot.commit != self._last_commit():
            fresh = self._take()
            if self._snapshot is not None:
                self._snapshot.close()
            self._snapshot = fresh
        return self._snapshot

    def _take(self) -> Snapshot:
        """Open the last commit with all of its files.

        A writer deletes the files of merged segments, but only after it has replaced
        the list of segments: what was opened while the list stayed the same is whole.
        """
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
            snapshot.close()
        # Somebody commits all the time: keep them from it for as long as it takes.
        with self._locked(60.0):
            return self._open_snapshot(self._last_commit())

    def _open_snapshot(self, commit: str) -> Snapshot:
        index = self._open()
        with self._damage_named():
            searcher = index.searcher(weighting=BM25F())
            try:
                return Snapshot(searcher, self._columns, commit, self.fields)
            except BaseException:
                searcher.close()
                raise

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
