"""The terms of a segment: looked up, walked in order, and described."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from search.engine.codec.numbers import number_postings
from search.engine.codec.postings import ArrayMatcher
from search.engine.fields import UNKNOWN_NUMBER
from search.engine.segments import FieldPostings, SegmentData

_DESCRIBED_AT_ONCE = 1024

Term = tuple[str, bytes]


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of all indexed fields, in the order of their names."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data
        self._of_numbers: dict[str, FieldPostings] = {}

    def __contains__(self, term: Term) -> bool:
        postings, number = self._find(*term)
        return postings is not None and number >= 0

    def indexed_field_names(self) -> list[str]:
        """Return the names of fields that have terms, sorted."""
        texts = {name for name, own in self._data.postings.items() if len(own.terms)}
        numbers = {
            name
            for name, column in self._data.numbers.items()
            if (column != UNKNOWN_NUMBER).any()
        }
        return sorted(texts | numbers)

    def cursor(self, fieldname: str, fieldobj: FieldType) -> base.FieldCursor:
        """Return a cursor at the first term of a field."""
        postings = self._field(fieldname)
        return (
            base.EmptyCursor() if postings is None else ArrayCursor(postings, fieldobj)
        )

    def terms(self) -> Iterator[Term]:
        """Return every term of every field."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Return the terms of a field from ``prefix`` on, and those of later fields."""
        for name, postings, first in self._fields_from(fieldname, prefix):
            for term in range(first, len(postings.terms)):
                yield name, postings.word(term)

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Return every term of every field, described."""
        return self.items_from("", b"")

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[Term, TermInfo]]:
        """Return what ``terms_from`` does, described."""
        for name, postings, first in self._fields_from(fieldname, prefix):
            for begin in range(first, len(postings.terms), _DESCRIBED_AT_ONCE):
                end = min(begin + _DESCRIBED_AT_ONCE, len(postings.terms))
                infos = describe(postings, begin, end)
                for term, info in zip(range(begin, end), infos, strict=True):
                    yield (name, postings.word(term)), info

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Describe a term.

        Raises:
            TermNotFound: the segment has no such term.
        """
        postings, term = self._known(fieldname, text)
        return describe(postings, term, term + 1)[0]

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term is in all documents, the deleted ones among them."""
        postings, term = self._find(fieldname, text)
        if postings is None or term < 0:
            return 0.0
        return float(postings.freqs[postings.postings(term)].sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term, the deleted ones among them."""
        postings, term = self._find(fieldname, text)
        if postings is None or term < 0:
            return 0
        return int(postings.starts[term + 1]) - int(postings.starts[term])

    def matcher(
        self,
        fieldname: str,
        text: bytes,
        format_: Format,
        scorer: BaseScorer | None = None,
    ) -> ArrayMatcher:
        """Return a matcher of the documents that have a term.

        Raises:
            TermNotFound: the segment has no such term.
        """
        postings, term = self._known(fieldname, text)
        return ArrayMatcher(
            postings, term, field=fieldname, format_=format_, scorer=scorer
        )

    def _field(self, name: str) -> FieldPostings | None:
        numbers = self._data.numbers.get(name)
        if numbers is None:
            return self._data.postings.get(name)
        if name not in self._of_numbers:
            self._of_numbers[name] = number_postings(numbers)
        return self._of_numbers[name]

    def _fields_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[str, FieldPostings, int]]:
        for name in self.indexed_field_names():
            postings = self._field(name)
            if postings is not None and name >= fieldname:
                begin = _first_from(postings, prefix) if name == fieldname else 0
                yield name, postings, begin

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldPostings | None, int]:
        postings = self._field(fieldname)
        return postings, -1 if postings is None else postings.find(text)

    def _known(self, fieldname: str, text: bytes) -> tuple[FieldPostings, int]:
        postings, term = self._find(fieldname, text)
        if postings is None or term < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return postings, term


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of a field, at first the first."""

    def __init__(self, postings: FieldPostings, fieldobj: FieldType) -> None:
        self._postings = postings
        self._fieldobj = fieldobj
        self._at = 0

    def first(self) -> Any:
        """Go to the first term, and return its text."""
        self._at = 0
        return self.text()

    def find(self, string: str | bytes) -> Any:
        """Go to the first term that is not before ``string``, and return its text."""
        self._at = _first_from(self._postings, self._fieldobj.to_bytes(string))
        return self.text()

    def next(self) -> Any:
        """Go to the next term, and return its text; None after the last."""
        self._at += self.is_valid()
        return self.text()

    def text(self) -> Any:
        """Return the text of the term as its field reads it; None after the last."""
        if not self.is_valid():
            return None
        return self._fieldobj.from_bytes(self._postings.word(self._at))

    def term_info(self) -> TermInfo | None:
        """Describe the term; None after the last."""
        if not self.is_valid():
            return None
        return describe(self._postings, self._at, self._at + 1)[0]

    def is_valid(self) -> bool:
        """Whether there is a term here."""
        return self._at < len(self._postings.terms)


def describe(postings: FieldPostings, begin: int, end: int) -> list[TermInfo]:
    """Describe the terms from ``begin`` to ``end``, which are not none."""
    starts = postings.starts[begin : end + 1].astype(np.int64)
    own = slice(int(starts[0]), int(starts[-1]))
    starts -= starts[0]
    runs = starts[:-1]
    docs = postings.docs[own].astype(np.int64)
    freqs = postings.freqs[own].astype(np.int64)
    lengths = (
        np.zeros_like(docs) if postings.lengths is None else postings.lengths[docs]
    )
    columns = (
        np.add.reduceat(freqs, runs).astype(np.float64),
        np.diff(starts),
        np.minimum.reduceat(lengths, runs),
        np.maximum.reduceat(lengths, runs),
        np.maximum.reduceat(freqs, runs).astype(np.float64),
        docs[runs],
        docs[starts[1:] - 1],
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [TermInfo(*row) for row in rows]


def _first_from(postings: FieldPostings, word: bytes) -> int:
    """Return the first term whose word is not before ``word``."""
    return bisect_left(postings.terms.data, postings.vocabulary.place(word))
