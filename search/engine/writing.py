"""Put documents into an index and take them out, one commit at a time.

Segments are merged in tiers: when a commit finds ``TIER`` segments of about one size,
they become one segment of the next. The number of segments grows with the logarithm
of the number of documents, and each document is rewritten that many times at most.
A commit that a person waits for bounds how many documents it may rewrite and leaves
larger merges to one that nobody waits for.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from whoosh.codec.base import Segment
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engine.fields import KEY, VALUE_SEPARATOR

TIER = 8
"""Segments of about one size that may stand side by side."""


class Writer:
    """One commit in the making, as a context: left by an error, nothing happens."""

    def __init__(
        self,
        writer: SegmentWriter,
        *,
        facets: frozenset[str],
        most_rewritten: int | None,
    ) -> None:
        self._writer = writer
        self._facets = facets
        self._most_rewritten = most_rewritten
        self._documents: dict[str, Mapping[str, Any] | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None or not self._documents:
            self._writer.cancel()
            return
        try:
            self._write()
        except BaseException:
            self._writer.cancel()
            raise
        self._writer.commit(mergetype=self._merge)

    def put(self, document: Mapping[str, Any]) -> None:
        """Add ``document``, in place of the one with its key if there is one.

        Facet fields take a sequence of values. Fields that are None are left out.
        """
        self._documents[str(document[KEY])] = document

    def remove(self, key: str) -> None:
        """Remove the document with this key, if there is one."""
        self._documents[key] = None

    def _write(self) -> None:
        searcher = self._writer.searcher()
        for key in self._documents:
            number = searcher.document_number(id=key)
            if number is not None:
                self._writer.delete_document(number)
        for document in self._documents.values():
            if document is not None:
                self._writer.add_document(**self._prepared(document))

    def _prepared(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: VALUE_SEPARATOR.join(value) if name in self._facets else value
            for name, value in document.items()
            if value is not None
        }

    def _merge(self, writer: SegmentWriter, segments: list[Segment]) -> list[Segment]:
        """Rewrite some segments through ``writer``; return those that stay as they are."""
        sizes = [segment.doc_count() for segment in segments]
        merged = segments_to_merge(sizes, most=self._most_rewritten)
        for number in merged:
            reader = SegmentReader(writer.storage, writer.schema, segments[number])
            writer.add_reader(reader)
            reader.close()
        return [segment for n, segment in enumerate(segments) if n not in merged]


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


def merge_all(writer: SegmentWriter, segments: Iterable[Segment]) -> list[Segment]:
    """Rewrite every segment, as Whoosh's ``mergetype``."""
    for segment in segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return []


def _tier(size: int) -> int:
    tier = 0
    while size >= TIER:
        size //= TIER
        tier += 1
    return tier
