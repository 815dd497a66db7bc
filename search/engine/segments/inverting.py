"""Invert a batch of documents: from words in documents to documents of words.

Words are numbered as they come. When all documents are in, the words are sorted, and one
sort of all occurrences by word (stable, so that documents and positions keep their order)
puts the postings where they belong.
"""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung
from search.engine.fields import UNKNOWN_NUMBER, Field, Kind
from search.engine.segments.known import KnownWords, Table, known_words
from search.engine.segments.layout import SegmentData, freqs_arrays
from search.engine.segments.stored import pack_values
from search.engine.segments.vocabulary import Vocabulary, narrow, stable_order

Arrays = dict[str, NDArray[Any]]
Ints = NDArray[Any]


class Inverter:
    """Documents in, a segment out."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._known = known_words()
        self._texts = {
            field.name: _Texts(self._known) for field in fields if field.kind == "text"
        }
        others = {field.name: _others(field.kind) for field in fields}
        self._columns: dict[str, _Column] = {
            **self._texts,
            **{name: column for name, column in others.items() if column},
        }
        self._stored: list[bytes] = []

    def __len__(self) -> int:
        return len(self._stored)

    def add(self, document: Mapping[str, Any]) -> int:
        """Add a document: field -> its value, or a sequence of values for a facet.

        Returns:
            its number.

        Raises:
            ValueError: a text is none. Whatever is raised, nothing is added.
        """
        stored = pack_values([document.get(field.name) for field in self._fields])
        read = [
            column.read(name, document.get(name))
            for name, column in self._columns.items()
        ]
        for column, value in zip(self._columns.values(), read, strict=True):
            column.take(value)
        self._stored.append(stored)
        return len(self._stored) - 1

    def finish(self) -> SegmentData:
        """Return the segment of all documents."""
        flat = [np.empty(0, np.uint32), *(text.flat() for text in self._texts.values())]
        numbers, words, places = self._known.words.chosen(np.concatenate(flat))
        arrays = words.arrays("words") | class_arrays(self._known.tables(numbers))
        places = narrow(places)
        for name, column in self._columns.items():
            arrays |= column.arrays(name, places)
        lengths = np.fromiter(map(len, self._stored), np.int64, len(self))
        stored = np.frombuffer(b"".join(self._stored), dtype=np.uint8)
        arrays |= stored_arrays(stored, lengths)
        return SegmentData(arrays, segment_meta(self._fields, len(self)))


class _Column(ABC):
    """The values of one field."""

    @abstractmethod
    def read(self, name: str, value: Any) -> Any:
        """Return what is kept of the value of a document in the field ``name``."""

    @abstractmethod
    def take(self, read: Any) -> None:
        """Keep it."""

    @abstractmethod
    def arrays(self, name: str, places: Ints) -> Arrays:
        """Return the arrays of the field; ``places`` are the new numbers of words."""


class _Texts(_Column):
    def __init__(self, known: KnownWords) -> None:
        self._known = known
        self._lengths = array("I")
        self._flat = array("I")

    def flat(self) -> NDArray[np.uint32]:
        """Return the words of all documents in turn."""
        return np.array(self._flat)

    def read(self, name: str, value: str | None) -> Iterable[int]:
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name!r} of a document is {value!r}, which is not text")
        # Cut to its end here: a text that cannot be cut must not be half taken.
        return array("I", self._known.numbers_of(value) if value else ())

    def take(self, read: Iterable[int]) -> None:
        before = len(self._flat)
        self._flat.extend(read)
        self._lengths.append(len(self._flat) - before)

    def arrays(self, name: str, places: Ints) -> Arrays:
        lengths = np.array(self._lengths)
        words = places[self.flat()]
        docs = np.repeat(narrow(np.arange(len(lengths))), lengths)
        positions = np.arange(len(words)) - np.repeat(starts_of(lengths)[:-1], lengths)
        by_word = stable_order(words)
        words, positions = words[by_word], narrow(positions)[by_word]
        return postings_arrays(name, words, docs[by_word]) | {
            f"{name}.position_starts": narrow(run_starts(words)),
            f"{name}.positions": positions,
            f"{name}.lengths": narrow(lengths),
        }


class _Values(_Column):
    def __init__(self) -> None:
        self._values: list[Sequence[bytes]] = []

    def read(self, name: str, value: str | Iterable[str] | None) -> list[bytes]:  # noqa: ARG002
        values = [value] if isinstance(value, str) else list(value or ())
        return [v.encode() for v in dict.fromkeys(values)]

    def take(self, read: list[bytes]) -> None:
        self._values.append(read)

    def arrays(self, name: str, places: Ints) -> Arrays:  # noqa: ARG002  Its words are its own.
        vocabulary = sorted({value for found in self._values for value in found})
        number = {value: n for n, value in enumerate(vocabulary)}
        counts = np.fromiter(map(len, self._values), np.int64, len(self._values))
        ordinals = np.array(
            [number[v] for found in self._values for v in found], dtype=np.int64
        )
        docs = np.repeat(np.arange(len(counts)), counts)
        return value_arrays(name, Vocabulary.of(vocabulary), docs, ordinals)


class _Numbers(_Column):
    def __init__(self) -> None:
        self._numbers = array("q")

    def read(self, name: str, value: int | None) -> int:  # noqa: ARG002
        return UNKNOWN_NUMBER if value is None else value

    def take(self, read: int) -> None:
        self._numbers.append(read)

    def arrays(self, name: str, places: Ints) -> Arrays:  # noqa: ARG002  It has no words.
        return {f"{name}.numbers": np.array(self._numbers)}


def _others(kind: Kind) -> _Column | None:
    match kind:
        case "facet" | "key":
            return _Values()
        case "number":
            return _Numbers()
        case "text" | "stored":
            return None


def segment_meta(fields: Iterable[Field], documents: int) -> dict[str, Any]:
    """Return what a segment says of itself."""
    return {"documents": documents, "fields": {f.name: f.kind for f in fields}}


def stored_arrays(data: NDArray[np.uint8], lengths: Ints) -> Arrays:
    """Return the arrays of stored fields, of which each document has a length."""
    return {"stored.bytes": data, "stored.offsets": narrow(starts_of(lengths))}


def class_arrays(tables: Mapping[Rung, Table]) -> Arrays:
    """Return the classes on each rung, and the words of every class."""
    arrays: Arrays = {}
    for rung, (classes, words, of_words) in tables.items():
        name = f"rung.{rung}"
        sizes = np.bincount(of_words, minlength=len(classes))
        arrays |= classes.arrays(name) | {
            f"{name}.starts": narrow(starts_of(sizes)),
            f"{name}.members": narrow(words[stable_order(of_words)]),
        }
    return arrays


def starts_of(counts: Ints) -> NDArray[np.int64]:
    """Return where each of several runs begins, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def value_arrays(name: str, values: Vocabulary, docs: Ints, ordinals: Ints) -> Arrays:
    """Return the arrays of a facet or a key: (document, value) pairs, by document."""
    by_value = stable_order(ordinals)
    return (
        values.arrays(f"{name}.words")
        | postings_arrays(name, ordinals[by_value], docs[by_value])
        | {f"{name}.pairs_docs": narrow(docs), f"{name}.pairs_values": narrow(ordinals)}
    )


def postings_arrays(name: str, words: Ints, docs: Ints) -> Arrays:
    """Return the postings of occurrences, which are sorted by word, then by document."""
    begins = np.flatnonzero(changes(words) | changes(docs))
    freqs = np.diff(np.append(begins, len(words)))
    words, docs = words[begins], docs[begins]
    return {
        f"{name}.terms": narrow(words[changes(words)]),
        f"{name}.starts": narrow(run_starts(words)),
        f"{name}.docs": narrow(docs),
    } | freqs_arrays(name, freqs)


def changes(numbers: Ints) -> NDArray[np.bool_]:
    """Return which of ``numbers`` differ from the one before; the first does."""
    changes = np.ones(len(numbers), dtype=np.bool_)
    changes[1:] = numbers[1:] != numbers[:-1]
    return changes


def run_starts(numbers: Ints) -> NDArray[np.int64]:
    """Return where each run of equal ``numbers`` begins, and where the last one ends."""
    return np.append(np.flatnonzero(changes(numbers)), len(numbers))
