"""What a segment holds, as objects over its arrays."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung
from search.engine.segments.container import Arrays, read_container, write_container
from search.engine.segments.stored import unpack_values
from search.engine.segments.vocabulary import Vocabulary, narrow, stable_order

Ints = NDArray[Any]

CLASS_RUNGS: tuple[Rung, ...] = ("folded", "variant", "lemma", "root", "name")
"""The rungs on which words have classes; as written a word is its own."""


MANY = 2**8 - 1
"""From here on a frequency is kept apart, since a byte holds no more."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Frequencies of postings, of which few are too large for a byte.

    Attributes:
        low: shape (postings,), 8 bits; ``MANY`` where there is more to know.
        places: the numbers of these postings, rising.
        high: their frequencies.
    """

    low: Ints
    places: Ints
    high: Ints

    def __getitem__(self, run: slice) -> Ints:
        """Return the frequencies of a run of postings."""
        own = self.low[run]
        places = self.places.data
        begin, end = bisect_left(places, run.start), bisect_left(places, run.stop)
        if begin == end:
            return own
        freqs = own.astype(self.high.dtype)
        freqs[self.places[begin:end] - run.start] = self.high[begin:end]
        return freqs


def freqs_arrays(name: str, freqs: Ints) -> dict[str, Ints]:
    """Return the arrays of the frequencies of a field."""
    places = np.flatnonzero(freqs >= MANY)
    return {
        f"{name}.freqs": np.minimum(freqs, MANY).astype(np.uint8),
        f"{name}.many": narrow(places),
        f"{name}.many_freqs": narrow(freqs[places]),
    }


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """The postings of one field; a term is named by its place in ``terms``.

    Attributes:
        vocabulary: the words that ``terms`` numbers.
        terms: shape (terms,), word numbers, rising.
        starts: shape (terms + 1,), where the postings of each term begin.
        docs: shape (postings,), document numbers, rising within a term.
        freqs: shape (postings,), how often the term is in the document.
        position_starts: shape (terms + 1,); None where no positions are kept.
        positions: shape (sum of freqs,); None where no positions are kept.
        lengths: shape (documents,), words of each document; None if not scored.
    """

    vocabulary: Vocabulary
    terms: Ints
    starts: Ints
    docs: Ints
    freqs: Ints | Frequencies
    position_starts: Ints | None = None
    positions: Ints | None = None
    lengths: Ints | None = None

    def find(self, word: bytes) -> int:
        """Return the term that is ``word``, or -1."""
        return self.term(self.vocabulary.find(word))

    def term(self, word: int) -> int:
        """Return the term with this word number, or -1."""
        # np.searchsorted would first make ``terms`` as wide as a Python number is.
        terms = self.terms.data
        place = bisect_left(terms, word)
        there = place < len(terms) and terms[place] == word
        return place if there else -1

    def terms_of(self, words: Ints) -> Ints:
        """Return the terms among the ``words``, which are numbers."""
        if not len(self.terms):
            return np.empty(0, dtype=np.int64)
        # In the type of ``terms``, which would be copied into that of ``words`` else.
        known = words[words <= self.terms[-1]].astype(self.terms.dtype, copy=False)
        places = np.searchsorted(self.terms, known)
        found: Ints = places[self.terms[places] == known]
        return found

    def postings(self, term: int) -> slice:
        """Return where the postings of a term are in ``docs`` and ``freqs``."""
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    def positions_of(self, term: int) -> Ints:
        """Return the positions of a term, those of each posting in turn."""
        if self.positions is None or self.position_starts is None:
            msg = "this field has no positions"
            raise LookupError(msg)
        begin, end = self.position_starts[term], self.position_starts[term + 1]
        return self.positions[int(begin) : int(end)]

    def word(self, term: int) -> bytes:
        """Return the word of a term."""
        return self.vocabulary[int(self.terms[term])]


@dataclass(frozen=True)
class ClassTable:
    """The classes of words on one rung.

    Attributes:
        words: how many words there are.
        classes: the names of the classes.
        starts: shape (classes + 1,), where the words of each class begin.
        members: word numbers, rising within a class.
    """

    words: int
    classes: Vocabulary
    starts: Ints
    members: Ints

    @cached_property
    def of_members(self) -> NDArray[np.int32]:
        """Shape (members,): the class in which each member stands."""
        sizes: Ints = np.diff(self.starts.astype(np.int64))
        return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)

    @cached_property
    def of_words(self) -> Ints:
        """The numbers of the classes of each word in turn, rising."""
        return self.of_members[stable_order(self.members)]

    @cached_property
    def word_starts(self) -> NDArray[np.int64]:
        """Shape (words + 1,): where the classes of each word begin in ``of_words``."""
        counts = np.bincount(self.members, minlength=self.words)
        return np.append(0, np.cumsum(counts))

    def words_of(self, name: bytes) -> Ints:
        """Return the numbers of the words of a class; none if there is no such."""
        number = self.classes.find(name)
        if number < 0:
            return self.members[:0]
        return self.members[int(self.starts[number]) : int(self.starts[number + 1])]

    def classes_of(self, word: int) -> list[bytes]:
        """Return the names of the classes of a word."""
        begin, end = int(self.word_starts[word]), int(self.word_starts[word + 1])
        return [self.classes[int(n)] for n in self.of_words[begin:end]]


@dataclass(frozen=True, slots=True)
class FacetPairs:
    """The values of a facet: pairs of document and value, by document."""

    values: Vocabulary
    docs: Ints
    ordinals: Ints


class SegmentData:
    """The arrays of a segment."""

    def __init__(self, arrays: Arrays, meta: Mapping[str, Any]) -> None:
        self._arrays = arrays
        self._meta = meta
        self.size: int = meta["documents"]
        """Documents, the deleted ones among them."""
        self.kinds: Mapping[str, str] = meta["fields"]
        """Field -> its kind."""

    @cached_property
    def words(self) -> Vocabulary:
        """The words of all text fields."""
        return self._vocabulary("words")

    @cached_property
    def postings(self) -> Mapping[str, FieldPostings]:
        """Indexed field -> its postings."""
        return {
            name: self._postings(name, kind)
            for name, kind in self.kinds.items()
            if f"{name}.terms" in self._arrays
        }

    @cached_property
    def facets(self) -> Mapping[str, FacetPairs]:
        """Facet -> its values."""
        return {
            name: FacetPairs(
                self.postings[name].vocabulary,
                self._arrays[f"{name}.pairs_docs"],
                self._arrays[f"{name}.pairs_values"],
            )
            for name, kind in self.kinds.items()
            if kind == "facet"
        }

    @cached_property
    def numbers(self) -> Mapping[str, NDArray[np.int64]]:
        """Number field -> shape (documents,), int64."""
        return {
            name: self._arrays[f"{name}.numbers"]
            for name, kind in self.kinds.items()
            if kind == "number"
        }

    @cached_property
    def rungs(self) -> Mapping[Rung, ClassTable]:
        """Rung -> the classes of words on it."""
        return {
            rung: ClassTable(
                len(self.words),
                self._vocabulary(f"rung.{rung}"),
                self._arrays[f"rung.{rung}.starts"],
                self._arrays[f"rung.{rung}.members"],
            )
            for rung in CLASS_RUNGS
        }

    def keys(self, name: str, documents: Ints) -> list[str]:
        """Return the keys of documents, from the key field ``name``."""
        # Every document has one key, so the pairs are as the documents are.
        numbers = self._arrays[f"{name}.pairs_values"][documents]
        words = self.postings[name].vocabulary.words_at(numbers)
        return [word.decode() for word in words]

    def stored_fields(self, document: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        begin, end = self._arrays["stored.offsets"][document : document + 2].tolist()
        data: bytes = self._arrays["stored.bytes"][begin:end].tobytes()
        return {
            name: value
            for name, value in zip(self.kinds, unpack_values(data), strict=True)
            if value is not None
        }

    def array(self, name: str) -> NDArray[Any]:
        """Return an array by its name in the file."""
        return self._arrays[name]

    def write(self, path: Path) -> None:
        """Write the segment to a file."""
        write_container(path, self._arrays, self._meta)

    def _vocabulary(self, name: str) -> Vocabulary:
        return Vocabulary(
            self._arrays[f"{name}.bytes"], self._arrays[f"{name}.offsets"]
        )

    def _postings(self, name: str, kind: str) -> FieldPostings:
        own = self.words if kind == "text" else self._vocabulary(f"{name}.words")
        terms, starts, docs = (
            self._arrays[f"{name}.{part}"] for part in ("terms", "starts", "docs")
        )
        optional = ("position_starts", "positions", "lengths")
        kept = (self._arrays.get(f"{name}.{part}") for part in optional)
        return FieldPostings(own, terms, starts, docs, self._freqs(name), *kept)

    def _freqs(self, name: str) -> Ints | Frequencies:
        low, places, high = (
            self._arrays[f"{name}.{part}"] for part in ("freqs", "many", "many_freqs")
        )
        return Frequencies(low, places, high) if len(places) else low


def open_segment(path: Path) -> SegmentData:
    """Map the segment in a file.

    Raises:
        ContainerError: it is damaged.
    """
    return SegmentData(*read_container(path))
