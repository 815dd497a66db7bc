"""Put documents into an index and take them out, one commit at a time.

A commit writes at most one new segment itself. It holds the documents put in, and those of the
segments that are merged into it: merging is in tiers, so that when ``TIER`` segments of
about one size stand side by side, they become one of the next. The number of segments
grows with the logarithm of the number of documents, and each document is rewritten that
many times at most. A commit that a person waits for bounds how many documents it may
rewrite and leaves larger merges to one that nobody waits for. Where several processes
share the documents of a commit, each makes a segment of its own with a ``SegmentWriter``,
and the ``Writer`` adopts these.

The list of segments is Whoosh's table of contents, to which a checksum is added. It is
replaced by a rename: a writer that is killed leaves the last commit as it was, and files
that nothing names, which the next commit removes.
"""

import os
import struct
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, clean_files

from search.engine.codec import ArraySegment, segment_data
from search.engine.fields import KEY, Field, build_schema, with_key
from search.engine.segments import (
    ContainerError,
    Inverter,
    SegmentData,
    forget_words,
    merge_segments,
)

TIER = 8
"""Segments of about one size that may stand side by side."""

INDEX_NAME = "MAIN"

Part = tuple[SegmentData, frozenset[int]]
"""What is merged: a segment, and its deleted documents."""

_MARK = b"newsarc1"
_FOOTER = struct.Struct("<I8s")


class DocumentsError(Exception):
    """One of the documents put into a commit cannot be indexed; nothing was written."""


class Writer:
    """One commit in the making, as a context: left by an error, nothing happens."""

    def __init__(
        self,
        folder: Path,
        fields: Sequence[Field],
        *,
        most_rewritten: int | None,
        release: Callable[[], object],
    ) -> None:
        """Begin a commit; whoever does holds the lock of ``folder``.

        Args:
            folder: of the index.
            fields: of its documents.
            most_rewritten: documents that merging may rewrite; None for any number.
            release: lets go of the lock.
        """
        self._folder = folder
        self._fields = fields
        self._most_rewritten = most_rewritten
        self._release = release
        self._inverter = Inverter(with_key(fields))
        self._numbers: dict[str, int | None] = {}
        self._replaced: set[int] = set()
        self._adopted: list[ArraySegment] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None and (self._numbers or self._adopted):
                self._commit()
        finally:
            self._release()

    def put(self, document: Mapping[str, Any]) -> None:
        """Add ``document``, in place of the one with its key if there is one.

        Facet fields take a sequence of values. Fields that are None are left out.
        """
        number = self._inverter.add(document)
        self.remove(str(document[KEY]))
        self._numbers[str(document[KEY])] = number

    def remove(self, key: str) -> None:
        """Remove the document with this key, if there is one."""
        if (put := self._numbers.get(key)) is not None:
            self._replaced.add(put)
        self._numbers[key] = None

    def adopt(self, segment: ArraySegment) -> None:
        """Add the documents of a segment that a ``SegmentWriter`` made in the folder.

        They take the places of those with their keys, but not in other such segments;
        what is put or removed takes theirs.
        """
        if segment.doc_count():
            self._adopted.append(segment)

    def _commit(self) -> None:
        contents = read_contents(self._folder)
        segments = list(contents.segments)
        keys = {key.encode() for key in self._numbers}
        new = [segment_data(self._folder, s).postings[KEY] for s in self._adopted]
        self._delete(keys.union(*(own.vocabulary for own in new)), segments)
        self._delete(keys, self._adopted)
        segments += self._adopted
        merged = segments_to_merge(
            [segment.doc_count() for segment in segments], most=self._most_rewritten
        )
        replace_segments(
            self._folder,
            self._fields,
            contents,
            kept=[s for n, s in enumerate(segments) if n not in merged],
            merged=[s for n, s in enumerate(segments) if n in merged],
            fresh=self._fresh(),
        )

    def _fresh(self) -> Iterable[Part]:
        if len(self._inverter):
            yield self._finished(), frozenset(self._replaced)

    def _finished(self) -> SegmentData:
        try:
            return self._inverter.finish()
        except (MemoryError, OSError):
            raise
        except Exception as error:
            # Kept in memory, the words that led to this would do so again.
            forget_words()
            raise DocumentsError(f"{type(error).__name__}: {error}") from error

    def _delete(
        self, keys: Collection[bytes], segments: Iterable[ArraySegment]
    ) -> None:
        for segment in segments:
            postings = segment_data(self._folder, segment).postings[KEY]
            for word in postings.vocabulary.among(keys):
                own = postings.postings(postings.term(word))
                for number in postings.docs[own].tolist():
                    segment.delete_document(number)


class SegmentWriter(Writer):
    """Makes a segment that belongs to no index before a ``Writer`` adopts it.

    So that several processes can share the documents of one commit. The writer holds the
    lock from before they read what they put: a commit removes files that it does not know.
    """

    def __init__(self, folder: Path, fields: Sequence[Field]) -> None:
        """Begin a segment in the ``folder`` of an index with these ``fields``."""
        super().__init__(folder, fields, most_rewritten=0, release=lambda: None)
        self.segment = ArraySegment(INDEX_NAME)
        """The segment; complete when the context is left."""

    def _commit(self) -> None:
        segments = _written(self._folder, self._fields, [*self._fresh()])
        self.segment = next(iter(segments), self.segment)


class _Storage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder, in which tables of contents are checked and on disk.

    Whoosh reads a table from its beginning, and leaves alone what stands after it.
    """

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002  Whoosh's signature
        """Give a table of contents its name, once it is complete and on disk."""
        with Path(self.folder, oldname).open("r+b") as file:
            checksum = zlib.crc32(file.read())
            file.write(_FOOTER.pack(checksum, _MARK))
            file.flush()
            os.fsync(file.fileno())
        # So are then the names of the segments that it lists.
        _sync(Path(self.folder))
        super().rename_file(oldname, newname, safe=safe)


def create_contents(folder: Path, fields: Sequence[Field]) -> None:
    """Make an index without documents of a folder that has none."""
    TOC.create(_Storage(str(folder)), build_schema(fields), INDEX_NAME)
    _sync(folder)


def read_contents(folder: Path) -> TOC:
    """Return the table of contents of the last commit.

    Raises:
        ContainerError: it is damaged.
        FileNotFoundError: there is none, or a writer has just replaced it.
    """
    generation = TOC._latest_generation(FileStorage(str(folder)), INDEX_NAME)  # noqa: SLF001  it has no public name
    path = folder / TOC._filename(INDEX_NAME, generation)  # noqa: SLF001
    written = path.read_bytes()
    checksum, mark = _FOOTER.unpack(written[-_FOOTER.size :].rjust(_FOOTER.size))
    if mark == _MARK and checksum != zlib.crc32(written[: -_FOOTER.size]):
        raise ContainerError(path, "the list of segments is damaged")
    in_memory = RamStorage()
    in_memory.files[path.name] = written
    try:
        return TOC.read(in_memory, INDEX_NAME, generation)
    except Exception as error:
        # Whoosh reports damage by whatever the damaged bytes make it stumble over.
        what = "the list of segments was not written to its end, or is damaged"
        raise ContainerError(path, what) from error


def replace_segments(  # noqa: PLR0913  all that a commit is made of
    folder: Path,
    fields: Sequence[Field],
    contents: TOC,
    *,
    kept: Iterable[ArraySegment],
    merged: Iterable[ArraySegment] = (),
    fresh: Iterable[Part] = (),
) -> None:
    """Commit: the segments ``kept``, and one that is made of the others."""
    storage = _Storage(str(folder))
    parts = [(segment_data(folder, s), frozenset(s.deleted_docs())) for s in merged]
    segments = [*kept, *_written(folder, fields, [*parts, *fresh])]
    generation = contents.generation + 1
    TOC(build_schema(fields), segments, generation).write(storage, INDEX_NAME)
    _sync(folder)
    clean_files(storage, INDEX_NAME, generation, segments)
    # Whoosh does not look for tables that a killed writer left unfinished.
    for unfinished in folder.glob("*.toc.*"):
        unfinished.unlink()


def _written(
    folder: Path, fields: Sequence[Field], parts: Sequence[Part]
) -> Iterator[ArraySegment]:
    """Write the one segment that ``parts`` become, if they have a document."""
    data = parts[0][0] if len(parts) == 1 and not parts[0][1] else None
    data = data or (merge_segments(parts, with_key(fields)) if parts else None)
    if data is not None and data.size:
        segment = ArraySegment(INDEX_NAME, data.size)
        data.write(folder / segment.file_name())
        yield segment


def segments_to_merge(sizes: Sequence[int], *, most: int | None) -> frozenset[int]:
    """Choose which of the segments with ``sizes`` documents become one.

    Empty segments always go. Of full tiers the smallest is merged first, and with it
    what it then fills, as long as no more than ``most`` documents are rewritten.
    """
    chosen = {number for number, size in enumerate(sizes) if size == 0}
    by_tier = sorted((_tier(size), n) for n, size in enumerate(sizes) if size)
    rewritten = carried = 0
    for _, group in groupby(by_tier, key=lambda pair: pair[0]):
        members = [number for _, number in group]
        documents = sum(sizes[number] for number in members)
        if len(members) + carried < TIER:
            carried = 0
            continue
        if most is not None and rewritten + documents > most:
            break
        chosen.update(members)
        rewritten += documents
        # What was merged so far becomes one more segment of the next tier.
        carried = 1
    return frozenset(chosen)


def _sync(folder: Path) -> None:
    """Have the names of files on disk before anything relies on them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tier(size: int) -> int:
    tier = 0
    while size >= TIER:
        size //= TIER
        tier += 1
    return tier
