"""What sorting and counting need of every document of a snapshot, as arrays.

A *facet column* has the values of each document, as ordinals; ordinal 0 is "no value".
A *joint column* has the values of several facets as one number, the combination of them
that a document has. A number column holds one int64 per document. They are joined of
those of the segments, in the order of document numbers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.analysis import order_numbers
from search.analysis.ranges import spread
from search.engine.fields import UNKNOWN_NUMBER
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

    @cached_property
    def ranks(self) -> Ints:
        """Shape (documents,): where each stands when they are sorted by their values.

        Values are in a reader's order; of several, the first counts.
        """
        values = self.values
        order = sorted(
            range(1, len(values)), key=lambda o: (order_numbers(values[o]), values[o])
        )
        rank_of = np.full(len(values), UNKNOWN_NUMBER, dtype=np.int64)
        rank_of[order] = np.arange(len(order))
        ranks: Ints = rank_of[self.ordinals]
        if self.starts is None or not self.size:
            return ranks
        return np.minimum.reduceat(ranks, self.starts[:-1])

    def count(self, docs: Docs) -> dict[str, int]:
        """Count those of ``docs``, each once, under each value that they have."""
        counts = self._counts(docs)
        numbers = counts.nonzero()[0]
        values = map(self.values.__getitem__, numbers.tolist())
        return dict(zip(values, counts[numbers].tolist(), strict=True))

    def _counts(self, docs: Docs) -> Ints:
        """Return shape (values,): how many of ``docs`` have each."""
        if self.starts is None:
            ordinals = self.ordinals[docs]
        else:
            _, place = spread(self.starts[docs], self.starts[docs + 1])
            ordinals = self.ordinals[place]
        return np.bincount(ordinals, minlength=len(self.values))


MOST_COMBINATIONS = 512
"""More would cost more to add up than counting each facet by itself."""


@dataclass(frozen=True)
class JointColumn:
    """Several facets that are counted in one pass.

    Attributes:
        facets: facet -> shape (combinations,), which of its values each combination has.
        numbers: shape (documents,), the combination that each document has.
    """

    facets: Mapping[str, Sequence[str]]
    numbers: NDArray[np.uint16]

    def count(self, names: Collection[str], docs: Docs) -> dict[str, dict[str, int]]:
        """Count ``docs`` under each value of the facets ``names``."""
        if not names:
            return {}
        counts = np.bincount(self.numbers[docs])
        there = counts.nonzero()[0]
        combinations = [*zip(there.tolist(), counts[there].tolist(), strict=True)]
        found: dict[str, dict[str, int]] = {name: {} for name in names}
        for name, own in found.items():
            values = self.facets[name]
            for combination, count in combinations:
                value = values[combination]
                own[value] = own.get(value, 0) + count
        return found


def join_columns(columns: Mapping[str, FacetColumn], size: int) -> JointColumn:
    """Join those of ``columns`` that have one value per document and few combinations.

    Args:
        columns: facet -> its column.
        size: how many documents there are.
    """
    numbers = np.zeros(size, dtype=np.int64)
    ordinals: dict[str, Ints] = {}
    for name, column in columns.items():
        values = len(column.values)
        if column.starts is not None or values > MOST_COMBINATIONS:
            continue
        pairs = numbers * values + column.ordinals
        is_there = np.bincount(pairs) > 0
        found = is_there.nonzero()[0]
        if len(found) <= MOST_COMBINATIONS:
            # Combinations that no document has get no number.
            numbers = (np.cumsum(is_there) - 1)[pairs]
            ordinals = {other: own[found // values] for other, own in ordinals.items()}
            ordinals[name] = found % values
    facets = {
        name: [columns[name].values[ordinal] for ordinal in own.tolist()]
        for name, own in ordinals.items()
    }
    # Two bytes for each document stay in the processor's cache.
    return JointColumn(facets, numbers.astype(np.uint16))


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
