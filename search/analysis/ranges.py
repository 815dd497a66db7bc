"""Ranges of whole numbers, many at once."""

import numpy as np
from numpy.typing import NDArray

_I64 = NDArray[np.int64]


def spread(begins: _I64, ends: _I64) -> tuple[_I64, _I64]:
    """List the whole numbers of each range, with the number of the range.

    ``spread([3, 8], [5, 9])`` is ``[0, 0, 1], [3, 4, 8]``.
    """
    counts = ends - begins
    ranges = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return ranges, np.arange(len(ranges)) + (begins - first)[ranges]
