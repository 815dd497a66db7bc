"""In how many documents the words of a class are, in any text field.

Counting them takes a pass over all postings of the class. The *sum* of the document
frequencies of its words in each field is never less; sums are kept with each segment,
which never changes, so that only what may be among the commonest is counted. Deleted
documents are in the sums, as in all statistics, and not in the counts.
"""

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung
from search.engine.segments import SegmentData
from search.engine.snapshot import Documents, Part

Sums = NDArray[np.int32]

_SUMS: WeakKeyDictionary[SegmentData, dict[Rung, Sums]] = WeakKeyDictionary()


def text_fields(data: SegmentData) -> list[str]:
    """Return the names of the text fields."""
    return [name for name, kind in data.kinds.items() if kind == "text"]


def word_sums(data: SegmentData) -> Sums:
    """Return shape (words,), the sum of each word alone."""
    return _sums(data, "written")


def class_sums(data: SegmentData, rung: Rung) -> Sums:
    """Return shape (classes of ``rung``,), the sum of each."""
    return _sums(data, rung)


def _sums(data: SegmentData, rung: Rung) -> Sums:
    known = _SUMS.setdefault(data, {})
    if rung not in known:
        known[rung] = _summed(data, rung)
    return known[rung]


def _summed(data: SegmentData, rung: Rung) -> Sums:
    if rung == "written":
        sums = np.zeros(len(data.words), dtype=np.int32)
        for field in text_fields(data):
            postings = data.postings[field]
            starts = postings.starts.astype(np.int32)
            sums[postings.terms] += starts[1:] - starts[:-1]
        return sums
    table = data.rungs[rung]
    of_members = _sums(data, "written")[table.members]
    return np.add.reduceat(of_members, table.starts[:-1].astype(np.int64))


def documents_with(documents: Documents, part: Part, words: NDArray[Any]) -> int:
    """Count the documents of a segment that have any of ``words``, which are numbers."""
    having = np.zeros(part.data.size, dtype=np.bool_)
    for field in text_fields(part.data):
        postings = part.data.postings[field]
        for term in postings.terms_of(words).tolist():
            having[postings.docs[postings.postings(term)]] = True
    if documents.live is not None:
        having &= documents.live[part.base : part.base + part.data.size]
    return int(np.count_nonzero(having))


def documents_of_class(documents: Documents, rung: Rung, name: bytes) -> int:
    """Count the documents that have a word of this class."""
    return sum(
        documents_with(documents, part, part.data.rungs[rung].words_of(name))
        for part in documents.parts
    )


def summed(parts: Iterable[Part], rung: Rung, name: bytes) -> int:
    """Return the sum of a class over ``parts``."""
    total = 0
    for part in parts:
        number = part.data.rungs[rung].classes.find(name)
        if number >= 0:
            total += int(class_sums(part.data, rung)[number])
    return total
