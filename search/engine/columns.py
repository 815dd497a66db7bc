"""What sorting and counting need of every document of a snapshot, as arrays.

A *facet column* has the values of each document, as ordinals; ordinal 0 is "no value".
A number column holds one int64 per document. Both are joined of those of the segments,
in the order of document numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.analysis.ranges import spread
from search.engine.segments.layout import FacetPairs
from search.engine.snapshot import Docs, Documents, Mask

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class FacetColumn:
    """The values of one facet.

    Attributes:
        values: ordinal -> value; ordinal 0 is the empty string, "no value".
        starts: shape (documents + 1,), where the values of each document begin; None if
            every document has exactly one.
        ordinals: shape (values of all documents,), rising by document.
    """

    values: tuple[str, ...]
    starts: Ints | None
    ordinals: Ints

    @property
    def size(self) -> int:
        """How many documents there are."""
        return len(self.ordinals) if self.starts is None else len(self.starts) - 1

    def matching(self, chosen: Collection[str]) -> Mask:
        """Return shape (documents,): which have one of the ``chosen`` values."""
        wanted = np.array([value in chosen for value in self.values], dtype=np.bool_)
        hits: Mask = wanted[self.ordinals]
        if self.starts is None:
            return hits
        # Every document has a value, if only "no value": no run is empty.
        return np.logical_or.reduceat(hits, self.starts[:-1]) if self.size else hits

    def count(self, docs: Docs) -> dict[str, int]:
        """Count those of ``docs``, each once, under each value that they have."""
        if len(docs) * 2 > self.size:
            # Those that are missing are fewer.
            missing = np.ones(self.size, dtype=np.bool_)
            missing[docs] = False
            found = self._all - self._counts(np.flatnonzero(missing))
        else:
            found = self._counts(docs)
        numbers = np.flatnonzero(found)
        counts = found[numbers].tolist()
        return dict(
            zip([self.values[n] for n in numbers.tolist()], counts, strict=True)
        )

    @cached_property
    def _all(self) -> Ints:
        return np.bincount(self.ordinals, minlength=len(self.values))

    def _counts(self, docs: Docs) -> Ints:
        """Return shape (values,): how many of ``docs`` have each."""
        if self.starts is None:
            ordinals = self.ordinals[docs]
        else:
            _, place = spread(self.starts[docs], self.starts[docs + 1])
            ordinals = self.ordinals[place]
        return np.bincount(ordinals, minlength=len(self.values))


def facet_column(documents: Documents, name: str) -> FacetColumn:
    """Return the facet ``name`` over all documents."""
    ordinal_of = {"": 0}
    counts = [np.empty(0, dtype=np.int64)]
    ordinals = [np.empty(0, dtype=np.int64)]
    for part in documents.parts:
        pairs = part.data.facets.get(name)
        own, values = _with_missing(pairs, part.data.size)
        known = [ordinal_of.setdefault(v, len(ordinal_of)) for v in ["", *values]]
        counts.append(own[0])
        ordinals.append(np.array(known, dtype=np.int64)[own[1]])
    per_document = np.concatenate(counts)
    single = bool((per_document == 1).all())
    return FacetColumn(
        tuple(ordinal_of),
        None if single else np.append(0, np.cumsum(per_document)),
        np.concatenate(ordinals),
    )


def _with_missing(
    pairs: FacetPairs | None, size: int
) -> tuple[tuple[Ints, Ints], list[str]]:
    """Return how many values each document has, and the values; 0 for those without."""
    if pairs is None:
        return (np.ones(size, np.int64), np.zeros(size, np.int64)), []
    counts = np.bincount(pairs.docs, minlength=size)
    docs = np.concatenate([pairs.docs.astype(np.int64), np.flatnonzero(counts == 0)])
    ordinals = np.zeros(len(docs), dtype=np.int64)
    ordinals[: len(pairs.ordinals)] = pairs.ordinals.astype(np.int64) + 1
    order = np.argsort(docs, kind="stable")
    values = [value.decode() for value in pairs.values]
    return (np.maximum(counts, 1), ordinals[order]), values


def number_column(documents: Documents, name: str) -> Ints:
    """Return the numbers ``name`` of all documents."""
    own = [part.data.numbers[name] for part in documents.parts]
    return np.concatenate([np.empty(0, dtype=np.int64), *own])
