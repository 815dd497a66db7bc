"""Make one segment of several, without their deleted documents.

Documents keep their order, segment after segment. Words are numbered anew, and the
postings of all segments are put in order by one stable sort; nothing is analysed again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis.ranges import spread
from search.engine.fields import Field
from search.engine.segments.inverting import (
    Arrays,
    changes,
    class_table_arrays,
    run_starts,
    segment_meta,
    starts_of,
    stored_arrays,
    value_arrays,
)
from search.engine.segments.layout import CLASS_RUNGS, ClassTable, SegmentData
from search.engine.segments.vocabulary import Vocabulary, narrow

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment that is merged.

    Attributes:
        data: its arrays.
        kept: shape (documents,), which are not deleted.
        docs: shape (documents,), their numbers in the new segment.
    """

    data: SegmentData
    kept: NDArray[np.bool_]
    docs: Ints


@dataclass(frozen=True, slots=True)
class _Postings:
    """Postings of all parts, sorted by word, then by document."""

    words: Ints
    docs: Ints
    freqs: Ints
    positions: Ints


def merge_segments(
    parts: Iterable[tuple[SegmentData, Iterable[int]]], fields: Sequence[Field]
) -> SegmentData:
    """Return one segment of ``parts``: segments, each with its deleted documents."""
    kept_parts = list(_parts(parts))
    size = sum(int(part.kept.sum()) for part in kept_parts)
    numbers, union = _union([part.data.words for part in kept_parts])
    texts = {
        field.name: _merged_postings(field.name, kept_parts, numbers)
        for field in fields
        if field.kind == "text"
    }
    # Words of deleted documents only are left out.
    used = np.unique(
        np.concatenate([np.empty(0, np.int64), *(p.words for p in texts.values())])
    )
    renumbered = np.full(len(union), -1, dtype=np.int64)
    renumbered[used] = np.arange(len(used))
    words = Vocabulary.of(union[n] for n in used.tolist())
    arrays = words.arrays("words") | _classes(
        kept_parts, [renumbered[own] for own in numbers], len(used)
    )
    for field in fields:
        match field.kind:
            case "text":
                arrays |= _text_arrays(
                    field.name, texts[field.name], renumbered, kept_parts
                )
            case "facet" | "key":
                arrays |= _merged_values(field.name, kept_parts)
            case "number":
                arrays[f"{field.name}.numbers"] = np.concatenate(
                    [part.data.numbers[field.name][part.kept] for part in kept_parts]
                )
    arrays |= stored_arrays([*_stored(kept_parts)])
    return SegmentData(arrays, segment_meta(fields, size))


def _parts(parts: Iterable[tuple[SegmentData, Iterable[int]]]) -> Iterable[_Part]:
    base = 0
    for data, deleted in parts:
        kept = np.ones(data.size, dtype=np.bool_)
        kept[np.fromiter(deleted, np.int64)] = False
        yield _Part(data, kept, base + np.cumsum(kept) - 1)
        base += int(kept.sum())


def _union(vocabularies: Sequence[Vocabulary]) -> tuple[list[Ints], list[bytes]]:
    """Return old number -> new number for each vocabulary, and all words, sorted."""
    listed = [list(vocabulary) for vocabulary in vocabularies]
    union = sorted(set().union(*listed))
    number = {word: n for n, word in enumerate(union)}
    return [
        np.fromiter((number[word] for word in words), np.int64, len(words))
        for words in listed
    ], union


def _merged_postings(
    name: str, parts: Sequence[_Part], numbers: Sequence[Ints]
) -> _Postings:
    columns: list[tuple[NDArray[Any], ...]] = [(np.empty(0, np.int64),) * 4]
    for part, new in zip(parts, numbers, strict=True):
        own = part.data.postings[name]
        kept = part.kept[own.docs]
        starts: Ints = own.starts.astype(np.int64)
        words = np.repeat(new[own.terms], starts[1:] - starts[:-1])[kept]
        positions = part.data.array(f"{name}.positions")
        of_kept = np.repeat(kept, own.freqs)
        docs = part.docs[own.docs[kept]]
        columns.append((words, docs, own.freqs[kept], positions[of_kept]))
    words, docs, freqs, positions = (
        np.concatenate(column).astype(np.int64) for column in zip(*columns, strict=True)
    )
    order = np.argsort(narrow(words), kind="stable")
    begins = starts_of(freqs)
    _, moved = spread(begins[:-1][order], begins[1:][order])
    return _Postings(words[order], docs[order], freqs[order], positions[moved])


def _text_arrays(
    name: str, postings: _Postings, renumbered: Ints, parts: Sequence[_Part]
) -> Arrays:
    words = renumbered[postings.words]
    starts = run_starts(words)
    lengths = [part.data.array(f"{name}.lengths")[part.kept] for part in parts]
    return {
        f"{name}.terms": narrow(words[changes(words)]),
        f"{name}.starts": narrow(starts),
        f"{name}.docs": narrow(postings.docs),
        f"{name}.freqs": narrow(postings.freqs),
        f"{name}.position_starts": narrow(starts_of(postings.freqs)[starts]),
        f"{name}.positions": narrow(postings.positions),
        f"{name}.lengths": narrow(np.concatenate(lengths)),
    }


def _merged_values(name: str, parts: Sequence[_Part]) -> Arrays:
    numbers, union = _union([part.data.postings[name].vocabulary for part in parts])
    docs, ordinals = [], []
    for part, new in zip(parts, numbers, strict=True):
        own = part.data.array(f"{name}.pairs_docs")
        kept = part.kept[own]
        docs.append(part.docs[own[kept]])
        ordinals.append(new[part.data.array(f"{name}.pairs_values")[kept]])
    values = np.concatenate(ordinals)
    used, compact = np.unique(values, return_inverse=True)
    vocabulary = Vocabulary.of(union[n] for n in used.tolist())
    return value_arrays(name, vocabulary, np.concatenate(docs), compact)


def _classes(parts: Sequence[_Part], numbers: Sequence[Ints], words: int) -> Arrays:
    """Return the classes of the new words, as the first segment that has them knows."""
    owned = []
    taken = np.zeros(words, dtype=np.bool_)
    for new in numbers:
        fresh = new >= 0
        fresh[fresh] = ~taken[new[fresh]]
        taken[new[fresh]] = True
        owned.append(np.flatnonzero(fresh))
    arrays: Arrays = {}
    for rung in CLASS_RUNGS:
        tables = [part.data.rungs[rung] for part in parts]
        arrays |= _class_table(f"rung.{rung}", tables, owned, numbers, words)
    return arrays


def _class_table(
    name: str,
    tables: Sequence[ClassTable],
    owned: Sequence[Ints],
    numbers: Sequence[Ints],
    words: int,
) -> Arrays:
    class_numbers, union = _union([table.classes for table in tables])
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for table, own, new, class_number in zip(
        tables, owned, numbers, class_numbers, strict=True
    ):
        starts = table.word_starts.astype(np.int64)
        row, place = spread(starts[own], starts[own + 1])
        pairs.append(np.stack([new[own[row]], class_number[table.of_words[place]]]))
    of_word, of_class = np.concatenate(pairs, axis=1)
    order = np.argsort(of_word, kind="stable")
    used, compact = np.unique(of_class[order], return_inverse=True)
    classes = Vocabulary.of(union[n] for n in used.tolist())
    counts = np.bincount(of_word, minlength=words)
    return class_table_arrays(name, classes, counts, compact)


def _stored(parts: Sequence[_Part]) -> Iterable[bytes]:
    for part in parts:
        data = part.data.array("stored.bytes").tobytes()
        offsets = part.data.array("stored.offsets").tolist()
        for document in np.flatnonzero(part.kept).tolist():
            yield data[offsets[document] : offsets[document + 1]]
