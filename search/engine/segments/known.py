"""The words that this process has met: their numbers and their classes.

Batches of one archive share most of their words. What stands between two spaces is cut
once, and ``classify`` is asked for each word once. Words and classes are numbered as they
come. When too much is known, the next batch begins anew.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung, classify, default_variants
from search.analysis.ranges import spread
from search.analysis.tokens import pieces, words_of_piece
from search.engine.segments.layout import CLASS_RUNGS
from search.engine.segments.vocabulary import Vocabulary

MOST_PIECES = 2**19
"""What may be known when a batch begins: with all that belongs to it about 250 MB."""

LONGEST_PIECE = 30
"""Characters of what is kept: words are repeated, lines of rubbish are not."""

Ints = NDArray[Any]

Table = tuple[Vocabulary, Ints, Ints]
"""Classes, sorted; and the pairs of a word and its class, by word."""


class Names(dict[str, int]):
    """Names, numbered in the order in which they come.

    Attributes:
        listed: the names in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.listed: list[str] = []
        self._lock = Lock()

    def __missing__(self, name: str) -> int:
        with self._lock:
            # Another thread may have come before.
            if name not in self:
                self.listed.append(name)
                self[name] = len(self.listed) - 1
        return self[name]

    def chosen(self, numbers: Ints) -> tuple[Ints, Vocabulary, Ints]:
        """Choose the names with ``numbers``, of which any may be there often.

        Returns:
            the numbers of these names, in the order of their bytes; the names; and
            number -> place among them.
        """
        is_chosen = np.zeros(len(self.listed), dtype=np.bool_)
        is_chosen[numbers] = True
        # UTF-8 keeps the order of code points.
        chosen = np.flatnonzero(is_chosen).tolist()
        chosen.sort(key=self.listed.__getitem__)
        places = np.zeros(len(self.listed), dtype=np.int32)
        places[chosen] = np.arange(len(chosen), dtype=np.int32)
        names = Vocabulary.of(self.listed[number].encode() for number in chosen)
        return np.array(chosen, dtype=np.int64), names, places


class KnownWords:
    """Words, numbered as they come, and their classes."""

    def __init__(self) -> None:
        """Know nothing, but the press variants on which classes depend."""
        self.words = Names()
        self.variants = default_variants()
        self.pieces = _Pieces(self.words)
        self._rungs = {rung: _Classes() for rung in CLASS_RUNGS}
        self._classified = 0
        self._lock = Lock()

    def numbers_of(self, text: str) -> Iterable[int]:
        """Return the number of each word of ``text``, in order."""
        return chain.from_iterable(map(self.pieces.__getitem__, pieces(text)))

    def tables(self, words: Ints) -> dict[Rung, Table]:
        """Return the classes of ``words``, which are numbers, on each rung."""
        with self._lock:
            self._classify()
            return {rung: self._rungs[rung].table(words) for rung in CLASS_RUNGS}

    def _classify(self) -> None:
        fresh = self.words.listed[self._classified :]
        found = classify(fresh, variants=self.variants)
        self._classified += len(fresh)
        self._rungs["folded"].add([(form,) for form in found.folded])
        self._rungs["variant"].add(found.variants)
        self._rungs["lemma"].add(found.lemmas)
        self._rungs["root"].add(found.roots)
        self._rungs["name"].add([(key,) if key else () for key in found.name_keys])


class _Pieces(dict[str, Sequence[int]]):
    """What stands between two spaces -> the numbers of its words."""

    def __init__(self, words: Names) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, piece: str) -> Sequence[int]:
        numbers = tuple([self._words[word] for word in words_of_piece(piece)])
        if len(piece) <= LONGEST_PIECE:
            self[piece] = numbers
        return numbers


class _Classes:
    """The classes of words on one rung."""

    def __init__(self) -> None:
        self._names = Names()
        self._starts = array("Q", [0])
        self._of_words = array("I")

    def add(self, of_words: Sequence[Sequence[str]]) -> None:
        """Add those of the next words."""
        flat = map(self._names.__getitem__, chain.from_iterable(of_words))
        self._of_words.extend(flat)
        counts = np.fromiter(map(len, of_words), np.int64, len(of_words))
        ends = self._starts[-1] + np.cumsum(counts)
        self._starts.frombytes(ends.tobytes())

    def table(self, words: Ints) -> Table:
        """Return the classes of ``words``."""
        starts = np.array(self._starts, dtype=np.int64)
        row, place = spread(starts[words], starts[words + 1])
        of_words = np.array(self._of_words)[place]
        _, classes, places = self._names.chosen(of_words)
        return classes, row, places[of_words]


_known = KnownWords()


def known_words() -> KnownWords:
    """Return what this process knows, for one batch."""
    global _known  # noqa: PLW0603  A batch that is not ready yet keeps the old one.
    if len(_known.pieces) > MOST_PIECES or _known.variants is not default_variants():
        _known = KnownWords()
    return _known


def forget_words() -> None:
    """Begin anew with the next batch: a word that cannot be classified is known too."""
    global _known  # noqa: PLW0603  As above.
    _known = KnownWords()
