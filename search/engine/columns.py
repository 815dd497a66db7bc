"""What sorting and counting need of every document, as arrays.

A *facet column* lists (document, ordinal) pairs, one for each value that a document
has; ordinal 0 is "no value". A *number column* holds one int64 per document. Arrays
are read from Whoosh's columns once per segment, which never changes, and joined for
the segments of a searcher, in the searcher's order of document numbers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from search.engine.fields import UNKNOWN_NUMBER, VALUE_SEPARATOR

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The values of one facet.

    Attributes:
        values: ordinal -> value; ordinal 0 is the empty string, "no value".
        documents: shape (pairs,), document numbers, rising.
        ordinals: shape (pairs,), the value of the document at the same place.
        size: how many documents there are.
    """

    values: tuple[str, ...]
    documents: Ints
    ordinals: Ints
    size: int

    def matching(self, chosen: Collection[str]) -> Mask:
        """Return shape (size,): which documents have one of the ``chosen`` values."""
        wanted = [n for n, value in enumerate(self.values) if value in chosen]
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[self.documents[np.isin(self.ordinals, wanted)]] = True
        return mask

    def count(self, among: Mask) -> dict[str, int]:
        """Count the documents of ``among``, shape (size,), under each value they have."""
        found = np.bincount(
            self.ordinals[among[self.documents]], minlength=len(self.values)
        )
        return {self.values[n]: int(found[n]) for n in np.flatnonzero(found)}


def read_facet(reader: IndexReader, name: str) -> FacetColumn:
    """Read the facet ``name`` of one segment."""
    ordinal_of = {"": 0}
    documents: list[int] = []
    ordinals: list[int] = []
    for document, joined in enumerate(_column(reader, name, "")):
        for value in dict.fromkeys(joined.split(VALUE_SEPARATOR)):
            documents.append(document)
            ordinals.append(ordinal_of.setdefault(value, len(ordinal_of)))
    return FacetColumn(
        tuple(ordinal_of),
        np.array(documents, dtype=np.int64),
        np.array(ordinals, dtype=np.int64),
        reader.doc_count_all(),
    )


def join_facets(parts: Sequence[FacetColumn]) -> FacetColumn:
    """Join the columns of segments that follow each other."""
    ordinal_of = {"": 0}
    documents: list[Ints] = [np.empty(0, dtype=np.int64)]
    ordinals: list[Ints] = [np.empty(0, dtype=np.int64)]
    size = 0
    for part in parts:
        known = [ordinal_of.setdefault(v, len(ordinal_of)) for v in part.values]
        documents.append(part.documents + size)
        ordinals.append(np.array(known, dtype=np.int64)[part.ordinals])
        size += part.size
    return FacetColumn(
        tuple(ordinal_of), np.concatenate(documents), np.concatenate(ordinals), size
    )


def read_number(reader: IndexReader, name: str) -> Ints:
    """Read the numbers ``name`` of one segment: shape (documents,), int64."""
    return np.array(list(_column(reader, name, UNKNOWN_NUMBER)), dtype=np.int64)


def _column(reader: IndexReader, name: str, missing: T) -> list[T]:
    if not reader.has_column(name):
        return [missing] * reader.doc_count_all()
    return list(reader.column_reader(name))
