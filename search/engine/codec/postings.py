"""A matcher of Whoosh's that walks the postings of one term.

Whoosh skips what cannot be among the best hits by *blocks*, of which it knows the most
that a document in one could score. Here a block is a run of ``BLOCK`` postings, and
what is to be known of blocks is found for all of a term's at once.
"""

import copy
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Format, Frequency, Positions
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.scoring import BaseScorer
from whoosh.system import pack_uint

from search.engine.segments import FieldPostings
from search.engine.segments.inverting import starts_of

BLOCK = 128


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """The documents of a term, rising."""

    def __init__(
        self,
        postings: FieldPostings,
        term: int,
        *,
        field: str,
        format_: Format,
        scorer: BaseScorer | None,
    ) -> None:
        """Begin with the first document of a term of ``field``.

        Args:
            postings: those of the field.
            term: one of its terms.
            field: its name.
            format_: says as what Whoosh encodes a posting.
            scorer: scores documents; None if no scores are asked for.
        """
        self.format = format_
        self.scorer = scorer
        self._postings = postings
        self._number = term
        self._term = field, postings.word(term)
        own = postings.postings(term)
        # Views give Python's own numbers, which is what Whoosh counts with.
        self._docs = postings.docs[own].data
        self._freqs = postings.freqs[own].data
        self._at = 0

    def is_active(self) -> bool:
        """Whether there is a current document."""
        return self._at < len(self._docs)

    def reset(self) -> None:
        """Go back to the first document."""
        self._at = 0

    def copy(self) -> Self:
        """Return a matcher at the same document that moves on its own."""
        return copy.copy(self)

    def id(self) -> int:
        """Return the current document; the last one at the end.

        Whoosh's AndNotMatcher asks at the end too, and only then looks if it is there.
        """
        try:
            return int(self._docs[self._at])
        except IndexError:
            return int(self._docs[-1])

    def all_ids(self) -> Iterator[int]:
        """Return all documents, wherever this matcher is."""
        return iter(self._docs.tolist())

    def weight(self) -> float:
        """Return how often the term is in the current document."""
        return float(self._freqs[self._at])

    def value(self) -> bytes:
        """Return the current posting as Whoosh would have written it."""
        encoded = b""
        if isinstance(self.format, Positions):
            encoded = self.format.encode(self._positions())
        elif isinstance(self.format, Frequency):
            encoded = pack_uint(self._freqs[self._at])
        return encoded

    def value_as(self, astype: str) -> Any:
        """Return the current posting as a type that its format supports."""
        if astype == "positions" and self.supports(astype):
            return self._positions()
        return super().value_as(astype)

    def next(self) -> bool:
        """Go to the next document; return whether a block ends before it."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % BLOCK == 0 or not self.is_active()

    def skip_to(self, id: int) -> None:  # noqa: A002  Whoosh's name
        """Go to the first document that is not before ``id``."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._docs, id, self._at)

    def skip_to_quality(self, minquality: float) -> int:
        """Skip blocks that have nothing better; return how many."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at += BLOCK - self._at % BLOCK
            skipped += 1
        return skipped

    def block_min_length(self) -> int:
        """Return the length of the shortest document in the current block."""
        return self._block_lengths[0][self._block]

    def block_max_length(self) -> int:
        """Return the length of the longest document in the current block."""
        return self._block_lengths[1][self._block]

    def block_max_weight(self) -> float:
        """Return the most that the term is in one document of the current block."""
        return float(self._block_freqs[self._block])

    @property
    def _block(self) -> int:
        """The current block; the last one at the end, where some of Whoosh's ask too."""
        return min(self._at, len(self._docs) - 1) // BLOCK

    def _positions(self) -> list[int]:
        begin = int(self._position_starts[self._at])
        end = begin + int(self._freqs[self._at])
        found: list[int] = self._postings.positions_of(self._number)[begin:end].tolist()
        return found

    @cached_property
    def _position_starts(self) -> NDArray[np.int64]:
        freqs = np.asarray(self._freqs, dtype=np.int64)
        return starts_of(freqs)

    @cached_property
    def _block_freqs(self) -> list[int]:
        freqs: list[int] = np.maximum.reduceat(
            np.asarray(self._freqs), self._block_starts
        ).tolist()
        return freqs

    @cached_property
    def _block_lengths(self) -> tuple[list[int], list[int]]:
        of_field = self._postings.lengths
        docs = np.asarray(self._docs)
        lengths = np.zeros_like(docs) if of_field is None else of_field[docs]
        return (
            np.minimum.reduceat(lengths, self._block_starts).tolist(),
            np.maximum.reduceat(lengths, self._block_starts).tolist(),
        )

    @property
    def _block_starts(self) -> NDArray[np.int64]:
        return np.arange(0, len(self._docs), BLOCK)
