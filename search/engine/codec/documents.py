"""The documents of a segment: stored fields, lengths, deletions and columns."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.codec import base

from search.engine.codec.numbers import SIGN
from search.engine.fields import VALUE_SEPARATOR
from search.engine.segments import SegmentData
from search.engine.segments.inverting import starts_of
from search.engine.segments.layout import FacetPairs

_SEPARATOR = VALUE_SEPARATOR.encode()


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """What a segment knows of each document."""

    def __init__(self, data: SegmentData, segment: base.Segment) -> None:
        self._data = data
        self._segment = segment

    def doc_count(self) -> int:
        """Count the documents that are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Count all documents."""
        return self._data.size

    def has_deletions(self) -> bool:
        """Whether a document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this document is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents, rising."""
        return iter(self._segment.deleted_docs())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self._data.stored_fields(docnum)

    def supports_columns(self) -> bool:
        """Say that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether a field can be read by document."""
        return fieldname in self._data.facets or fieldname in self._data.numbers

    def list_columns(self) -> list[str]:
        """Return the fields that can be read by document."""
        return sorted([*self._data.facets, *self._data.numbers])

    def column_reader(
        self,
        fieldname: str,
        column: columns.Column,  # noqa: ARG002  There is one way to read it.
    ) -> columns.ColumnReader:
        """Return the values of a field by document, as Whoosh keeps them in columns."""
        if fieldname in self._data.numbers:
            return NumberColumn(self._data.numbers[fieldname])
        return FacetColumn(self._data.facets[fieldname], self._data.size)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many words a document has in a field; ``default`` if none."""
        lengths = self._lengths(fieldname)
        return int(lengths[docnum]) or default if len(lengths) else default

    def field_length(self, fieldname: str) -> int:
        """Return how many words all documents have in a field."""
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return how many words the shortest document has in a field."""
        lengths = self._lengths(fieldname)
        return int(lengths.min()) if len(lengths) else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return how many words the longest document has in a field."""
        return int(self._lengths(fieldname).max(initial=0))

    def _lengths(self, fieldname: str) -> NDArray[Any]:
        """Return the lengths of a field; none if it is not scored by length."""
        postings = self._data.postings.get(fieldname)
        if postings is None or postings.lengths is None:
            return np.empty(0, dtype=np.int64)
        return postings.lengths


class NumberColumn(columns.ColumnReader):  # type: ignore[misc]
    """A number field by document."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        super().__init__(None, 0, 0, len(numbers))
        self._numbers = numbers.data
        self._reverse = False

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum]) + SIGN

    def sort_key(self, docnum: int) -> int:
        """Return what documents are sorted by."""
        return -self[docnum] if self._reverse else self[docnum]

    def set_reverse(self) -> None:
        """Let sort keys fall where numbers rise."""
        self._reverse = True


class FacetColumn(columns.ColumnReader):  # type: ignore[misc]
    """A facet by document: its values in one string of bytes, with a sign between them."""

    def __init__(self, pairs: FacetPairs, size: int) -> None:
        super().__init__(None, 0, 0, size)
        self._pairs = pairs
        self._starts = starts_of(np.bincount(pairs.docs, minlength=size)).tolist()

    def __getitem__(self, docnum: int) -> bytes:
        own = self._pairs.ordinals[self._starts[docnum] : self._starts[docnum + 1]]
        return _SEPARATOR.join(self._pairs.values[n] for n in own.tolist())
