"""Invert a batch of documents: from words in documents to documents of words.

Words are numbered as they come. When all documents are in, the words are sorted, and one
sort of all occurrences by word (stable, so that documents and positions keep their order)
puts the postings where they belong.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung, classify, written_words
from search.engine.fields import UNKNOWN_NUMBER, Field
from search.engine.segments.layout import CLASS_RUNGS, SegmentData
from search.engine.segments.stored import pack_fields
from search.engine.segments.vocabulary import Vocabulary, narrow

Arrays = dict[str, NDArray[Any]]


class Inverter:
    """Documents in, a segment out."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._words = _Numbers()
        self._texts: dict[str, list[list[int]]] = _lists(fields, "text")
        self._values: dict[str, list[Sequence[bytes]]] = _lists(fields, "facet", "key")
        self._numbers: dict[str, list[int]] = _lists(fields, "number")
        self._stored: list[bytes] = []
        self._takers: Mapping[str, Callable[[str, Any], None]] = {
            "text": self._take_text,
            "facet": self._take_values,
            "key": self._take_values,
            "number": self._take_number,
        }

    def __len__(self) -> int:
        return len(self._stored)

    def add(self, document: Mapping[str, Any]) -> None:
        """Add a document: field -> its value, or a sequence of values for a facet."""
        for field in self._fields:
            if take := self._takers.get(field.kind):
                take(field.name, document.get(field.name))
        stored = {
            field.name: value
            for field in self._fields
            if (value := document.get(field.name)) is not None
        }
        self._stored.append(pack_fields(stored))

    def finish(self) -> SegmentData:
        """Return the segment of all documents."""
        order, words = self._words.sorted()
        arrays = words.arrays("words") | class_arrays(words)
        for name, texts in self._texts.items():
            arrays |= _text_arrays(name, texts, order)
        for name, values in self._values.items():
            arrays |= _value_arrays(name, values)
        for name, numbers in self._numbers.items():
            arrays[f"{name}.numbers"] = np.array(numbers, dtype=np.int64)
        arrays |= stored_arrays(self._stored)
        return SegmentData(arrays, segment_meta(self._fields, len(self)))

    def _take_text(self, name: str, value: str | None) -> None:
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name!r} of a document is {value!r}, which is not text")
        words = written_words(value) if value else []
        self._texts[name].append([self._words[word] for word in words])

    def _take_values(self, name: str, value: str | Iterable[str] | None) -> None:
        values = [value] if isinstance(value, str) else list(value or ())
        encoded = [v.encode() for v in dict.fromkeys(values)]
        self._values[name].append(encoded)

    def _take_number(self, name: str, value: int | None) -> None:
        known = UNKNOWN_NUMBER if value is None else value
        self._numbers[name].append(known)


def _lists(fields: Iterable[Field], *kinds: str) -> dict[str, list[Any]]:
    return {field.name: [] for field in fields if field.kind in kinds}


class _Numbers(dict[str, int]):
    """Word -> its number, in the order in which words come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def sorted(self) -> tuple[NDArray[np.int64], Vocabulary]:
        """Return old number -> new number, and the vocabulary in that order."""
        encoded = [word.encode() for word in self]
        by_bytes = sorted(range(len(encoded)), key=encoded.__getitem__)
        new = np.empty(len(encoded), dtype=np.int64)
        new[by_bytes] = np.arange(len(encoded))
        return new, Vocabulary.of(encoded[n] for n in by_bytes)


def segment_meta(fields: Iterable[Field], documents: int) -> dict[str, Any]:
    """Return what a segment says of itself."""
    return {"documents": documents, "fields": {f.name: f.kind for f in fields}}


def stored_arrays(stored: Sequence[bytes]) -> Arrays:
    """Return the arrays of stored fields."""
    offsets = np.zeros(len(stored) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, stored), np.int64, len(stored)), out=offsets[1:])
    return {
        "stored.bytes": np.frombuffer(b"".join(stored), dtype=np.uint8),
        "stored.offsets": narrow(offsets),
    }


def class_arrays(words: Vocabulary) -> Arrays:
    """Return the classes of every word, and the words of every class."""
    classes = classify([word.decode() for word in words])
    columns: dict[Rung, Iterable[Sequence[str]]] = {
        "folded": ((form,) for form in classes.folded),
        "variant": classes.variants,
        "lemma": classes.lemmas,
        "root": classes.roots,
        "name": ((key,) if key else () for key in classes.name_keys),
    }
    arrays: Arrays = {}
    for rung in CLASS_RUNGS:
        arrays |= _class_table(f"rung.{rung}", columns[rung])
    return arrays


def _class_table(name: str, of_words: Iterable[Sequence[str]]) -> Arrays:
    numbers = _Numbers()
    counts: list[int] = []
    flat: list[int] = []
    for found in of_words:
        counts.append(len(found))
        flat.extend([numbers[each] for each in found])
    order, classes = numbers.sorted()
    own = order[np.array(flat, dtype=np.int64)]
    return class_table_arrays(name, classes, np.array(counts, dtype=np.int64), own)


def class_table_arrays(
    name: str,
    classes: Vocabulary,
    counts: NDArray[np.int64],
    of_words: NDArray[np.int64],
) -> Arrays:
    """Return the table of ``classes`` in both directions.

    Args:
        name: of the table.
        classes: sorted.
        counts: shape (words,), how many classes each word has.
        of_words: shape (sum of counts,), the classes of the words in turn.
    """
    words = np.repeat(np.arange(len(counts)), counts)
    by_class = np.argsort(of_words, kind="stable")
    sizes = np.bincount(of_words, minlength=len(classes))
    return classes.arrays(name) | {
        f"{name}.starts": narrow(starts_of(sizes)),
        f"{name}.members": narrow(words[by_class]),
        f"{name}.word_starts": narrow(starts_of(counts)),
        f"{name}.classes": narrow(of_words),
    }


def starts_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of several runs begins, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _text_arrays(
    name: str, texts: Sequence[Sequence[int]], order: NDArray[np.int64]
) -> Arrays:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    flat = np.fromiter(
        (n for text in texts for n in text), np.int64, int(lengths.sum())
    )
    words = order[flat] if len(flat) else flat
    docs = np.repeat(np.arange(len(texts)), lengths)
    positions = np.arange(len(flat)) - np.repeat(starts_of(lengths)[:-1], lengths)
    by_word = np.argsort(narrow(words), kind="stable")
    words, docs, positions = words[by_word], docs[by_word], positions[by_word]
    return postings_arrays(name, words, docs) | {
        f"{name}.position_starts": narrow(run_starts(words)),
        f"{name}.positions": narrow(positions),
        f"{name}.lengths": narrow(lengths),
    }


def _value_arrays(name: str, values: Sequence[Sequence[bytes]]) -> Arrays:
    vocabulary = sorted({value for found in values for value in found})
    number = {value: n for n, value in enumerate(vocabulary)}
    counts = np.fromiter(map(len, values), np.int64, len(values))
    ordinals = np.array([number[v] for found in values for v in found], dtype=np.int64)
    docs = np.repeat(np.arange(len(values)), counts)
    return value_arrays(name, Vocabulary.of(vocabulary), docs, ordinals)


def value_arrays(
    name: str, values: Vocabulary, docs: NDArray[np.int64], ordinals: NDArray[np.int64]
) -> Arrays:
    """Return the arrays of a facet or a key: (document, value) pairs, by document."""
    by_value = np.argsort(ordinals, kind="stable")
    return (
        values.arrays(f"{name}.words")
        | postings_arrays(name, ordinals[by_value], docs[by_value])
        | {f"{name}.pairs_docs": narrow(docs), f"{name}.pairs_values": narrow(ordinals)}
    )


def postings_arrays(
    name: str, words: NDArray[np.int64], docs: NDArray[np.int64]
) -> Arrays:
    """Return the postings of occurrences, which are sorted by word, then by document."""
    begins = np.flatnonzero(changes(words) | changes(docs))
    freqs = np.diff(np.append(begins, len(words)))
    words, docs = words[begins], docs[begins]
    return {
        f"{name}.terms": narrow(words[changes(words)]),
        f"{name}.starts": narrow(run_starts(words)),
        f"{name}.docs": narrow(docs),
        f"{name}.freqs": narrow(freqs),
    }


def changes(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of ``numbers`` differ from the one before; the first does."""
    changes = np.ones(len(numbers), dtype=np.bool_)
    changes[1:] = numbers[1:] != numbers[:-1]
    return changes


def run_starts(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of equal ``numbers`` begins, and where the last one ends."""
    return np.append(np.flatnonzero(changes(numbers)), len(numbers))
