"""All segments of one commit, seen as one list of documents.

Documents are numbered through: those of the second segment follow those of the first.
Statistics are over all segments and count deleted documents, as Whoosh's do, until a
merge has purged them.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.engine.segments import SegmentData

Docs = NDArray[np.int64]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

K1, B = 1.2, 0.75
"""The parameters of BM25, as Whoosh has them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of the snapshot.

    Attributes:
        data: its arrays.
        base: the number of its first document.
        deleted: numbers of its deleted documents, counted within it.
    """

    data: SegmentData
    base: int
    deleted: frozenset[int]


class Documents:
    """The segments of a commit, with what scoring needs of all of them."""

    def __init__(self, segments: Sequence[tuple[SegmentData, frozenset[int]]]) -> None:
        parts: list[Part] = []
        base = 0
        for data, deleted in segments:
            parts.append(Part(data, base, deleted))
            base += data.size
        self.parts = tuple(parts)
        self._bases = [part.base for part in parts]
        self.size = base
        """Documents, the deleted ones among them."""
        self._norms: dict[str, Floats | None] = {}

    @cached_property
    def live(self) -> Mask | None:
        """Shape (size,): which documents are not deleted; None if all are there."""
        if not any(part.deleted for part in self.parts):
            return None
        live = np.ones(self.size, dtype=np.bool_)
        for part in self.parts:
            live[part.base + np.fromiter(part.deleted, np.int64)] = False
        return live

    @property
    def count(self) -> int:
        """How many documents are not deleted."""
        return self.size - sum(len(part.deleted) for part in self.parts)

    def only_live(self, docs: Docs) -> Docs:
        """Return those of ``docs`` that are not deleted."""
        return docs if self.live is None else docs[self.live[docs]]

    def without(self, numbers: Iterable[int]) -> "Documents":
        """Return these documents as if those with ``numbers`` were deleted."""
        taken: dict[int, set[int]] = {}
        for number in numbers:
            part = self.part_of(number)
            taken.setdefault(part.base, set()).add(number - part.base)
        return Documents(
            [
                (part.data, part.deleted | taken.get(part.base, frozenset()))
                for part in self.parts
            ]
        )

    def every(self) -> Docs:
        """Return all documents that are not deleted."""
        return np.arange(self.size) if self.live is None else np.flatnonzero(self.live)

    def number_of(self, field: str, key: bytes) -> int:
        """Return the document that has ``key`` in a key field, or -1."""
        for part in reversed(self.parts):
            postings = part.data.postings[field]
            term = postings.find(key)
            if term >= 0:
                for doc in reversed(postings.docs[postings.postings(term)].tolist()):
                    if doc not in part.deleted:
                        return part.base + int(doc)
        return -1

    def keys(self, field: str, docs: Docs) -> list[str]:
        """Return the keys of ``docs``, from a key field."""
        if len(self.parts) == 1:
            return self.parts[0].data.keys(field, docs)
        found = np.empty(len(docs), dtype=np.object_)
        for part in self.parts:
            inside = (docs >= part.base) & (docs < part.base + part.data.size)
            found[inside] = part.data.keys(field, docs[inside] - part.base)
        return found.tolist()

    def part_of(self, document: int) -> Part:
        """Return the segment that has a document."""
        return self.parts[bisect_right(self._bases, document) - 1]

    def idf(self, frequency: int) -> float:
        """Return the inverse document frequency of a term, as Whoosh reckons it."""
        return math.log((self.size or 1) / (frequency + 1)) + 1

    def idf_of_word(self, frequency: int) -> float:
        """Return that of a word on the ladder, which goes to 0 for those that all have.

        Robertson and Spärck Jones's, made positive; as Lucene has it.
        """
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def norms(self, field: str) -> Floats | None:
        """Return shape (size,): what BM25 adds to the frequency of a term of ``field``.

        None where terms count by their frequency alone.
        """
        # As long as the snapshot is there, norms of its fields are: 4 bytes a document.
        if field not in self._norms:
            self._norms[field] = self._reckoned_norms(field)
        return self._norms[field]

    def _reckoned_norms(self, field: str) -> Floats | None:
        if all(part.data.kinds.get(field) != "text" for part in self.parts):
            return None
        lengths = np.concatenate([*self._lengths(field)])
        average = float(lengths.sum(dtype=np.float64)) / self.size or 1.0
        norms = K1 * ((1 - B) + B * lengths / np.float32(average))
        return norms.astype(np.float32)

    def _lengths(self, field: str) -> Iterator[Floats]:
        for part in self.parts:
            postings = part.data.postings.get(field)
            known = postings.lengths if postings else None
            size = part.data.size
            yield (
                np.zeros(size, np.float32)
                if known is None
                else known.astype(np.float32)
            )
