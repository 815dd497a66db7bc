"""The terms of number fields, as Whoosh's ``NUMERIC`` would have indexed them.

Segments keep numbers as columns. Whoosh's ranges look for terms, which are made here: of
each number one in full, and one for each of the coarser steps that let a range be met
with few terms.
"""

import numpy as np
from numpy.typing import NDArray

from search.engine.fields import UNKNOWN_NUMBER
from search.engine.segments import FieldPostings, Vocabulary
from search.engine.segments.inverting import postings_arrays

SHIFT_STEP = 4
"""Bits between the steps: what ``NUMERIC`` takes if it is not told otherwise."""

_BITS = 64
SIGN = 2**63
"""What is added to a number so that its bytes sort as the numbers do."""


def sortable(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the numbers as Whoosh keeps them in columns and terms."""
    return numbers.view(np.uint64) ^ np.uint64(SIGN)


def number_postings(numbers: NDArray[np.int64]) -> FieldPostings:
    """Return the postings of a field with ``numbers``, one for each document."""
    known = np.flatnonzero(numbers != UNKNOWN_NUMBER)
    keys, words, count = [], [], 0
    for shift in range(0, _BITS, SHIFT_STEP):
        distinct, own = np.unique(
            sortable(numbers[known]) >> np.uint64(shift), return_inverse=True
        )
        words.append(own + count)
        keys.append(_keys(distinct, shift))
        count += len(distinct)
    by_document = np.concatenate(words)
    order = np.argsort(by_document, kind="stable")
    docs = np.tile(known, len(words))
    arrays = postings_arrays("", by_document[order], docs[order])
    flat = np.concatenate(keys)
    vocabulary = Vocabulary(flat.ravel(), np.arange(count + 1) * flat.shape[1])
    return FieldPostings(
        vocabulary,
        *(arrays[f".{part}"] for part in ("terms", "starts", "docs", "freqs")),
    )


def _keys(distinct: NDArray[np.uint64], shift: int) -> NDArray[np.uint8]:
    """Return shape (numbers, 9): the step, then the number with its highest byte first."""
    keys = np.empty((len(distinct), 1 + _BITS // 8), dtype=np.uint8)
    keys[:, 0] = shift
    keys[:, 1:] = distinct.astype(">u8").view(np.uint8).reshape(-1, _BITS // 8)
    return keys
