"""A sorted list of words in two arrays, which is searched without being unpacked."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

_APART = 64


class Vocabulary(Sequence[bytes]):
    """Words as UTF-8, each once, sorted by their bytes."""

    __slots__ = ("_bytes", "_marks", "_offsets")

    def __init__(self, data: NDArray[np.uint8], offsets: NDArray[Any]) -> None:
        self._bytes = data.data
        self._offsets = offsets
        self._marks: list[bytes] | None = None

    @classmethod
    def of(cls, words: Iterable[bytes]) -> "Vocabulary":
        """Make a vocabulary of sorted ``words``."""
        listed = list(words)
        offsets = np.zeros(len(listed) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, listed), np.int64, len(listed)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(listed), dtype=np.uint8), narrow(offsets))

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what is kept of it, under names that begin with ``name``."""
        return {
            f"{name}.bytes": np.frombuffer(self._bytes, dtype=np.uint8),
            f"{name}.offsets": self._offsets,
        }

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...

    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...

    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not 0 <= number < len(self._offsets) - 1:
            raise IndexError(number)
        return bytes(self._bytes[self._offsets[number] : self._offsets[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        whole = bytes(self._bytes)
        return (whole[a:b] for a, b in pairwise(self._offsets.tolist()))

    def words_at(self, numbers: NDArray[Any]) -> list[bytes]:
        """Return the words with these numbers."""
        begins = self._offsets[numbers].tolist()
        ends = self._offsets[numbers.astype(np.int64) + 1].tolist()
        return [
            bytes(self._bytes[begin:end])
            for begin, end in zip(begins, ends, strict=True)
        ]

    def find(self, word: bytes) -> int:
        """Return the number of ``word``, or -1."""
        place = self.place(word)
        return place if place < len(self) and self[place] == word else -1

    def among(self, words: Collection[bytes]) -> list[int]:
        """Return the numbers of those of ``words`` that are here."""
        # To find one, a word is read at each halving.
        if len(words) * len(self).bit_length() < len(self):
            return [number for word in words if (number := self.find(word)) >= 0]
        return [number for number, word in enumerate(self) if word in words]

    def place(self, word: bytes) -> int:
        """Return the number of the first word that is not before ``word``."""
        # Every so many words one is kept at hand, to come near at once.
        if self._marks is None:
            self._marks = [self[n] for n in range(0, len(self), _APART)]
        mark = bisect_left(self._marks, word)
        return bisect_left(
            self, word, max(mark - 1, 0) * _APART, min(mark * _APART, len(self))
        )


def narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return whole ``numbers``, none negative, in the narrowest type that holds them."""
    most = int(numbers.max()) if numbers.size else 0
    return numbers.astype(np.min_scalar_type(most), copy=False)


def stable_order(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Return the order of whole ``numbers``, none negative and of 32 bits at most.

    Equal ones stay as they are.
    """
    # numpy counts numbers of 16 bits where it would compare longer ones.
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> 16).astype(np.uint16)
    if not high.any():
        return order
    return order[np.argsort(high[order], kind="stable")]
