"""Make one segment of several, without their deleted documents.

Documents keep their order, segment after segment. Words are numbered anew, and the
postings of all segments are put in order by one stable sort; nothing is analysed again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import Rung
from search.engine.fields import Field
from search.engine.segments.inverting import (
    Arrays,
    changes,
    class_arrays,
    run_starts,
    segment_meta,
    starts_of,
    stored_arrays,
    value_arrays,
)
from search.engine.segments.known import Table
from search.engine.segments.layout import (
    CLASS_RUNGS,
    ClassTable,
    SegmentData,
    freqs_arrays,
)
from search.engine.segments.vocabulary import Vocabulary, narrow, stable_order

Ints = NDArray[Any]


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
        np.concatenate([np.empty(0, np.int32), *(p.words for p in texts.values())])
    )
    renumbered = np.full(len(union), -1, dtype=np.int32)
    renumbered[used] = np.arange(len(used))
    words = Vocabulary.of(union[n] for n in used.tolist())
    tables = _class_tables(kept_parts, [renumbered[own] for own in numbers], len(used))
    arrays = words.arrays("words") | class_arrays(dict(tables))
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
    arrays |= _stored(kept_parts)
    return SegmentData(arrays, segment_meta(fields, size))


def _parts(parts: Iterable[tuple[SegmentData, Iterable[int]]]) -> Iterable[_Part]:
    base = 0
    for data, deleted in parts:
        kept = np.ones(data.size, dtype=np.bool_)
        kept[np.fromiter(deleted, np.int64)] = False
        yield _Part(data, kept, (base + np.cumsum(kept) - 1).astype(np.int32))
        base += int(kept.sum())


def _union(vocabularies: Sequence[Vocabulary]) -> tuple[list[Ints], list[bytes]]:
    """Return old number -> new number for each vocabulary, and all words, sorted."""
    listed = [list(vocabulary) for vocabulary in vocabularies]
    union = sorted(set().union(*listed))
    number = {word: n for n, word in enumerate(union)}
    return [
        np.fromiter(map(number.__getitem__, words), np.int32, len(words))
        for words in listed
    ], union


def _merged_postings(
    name: str, parts: Sequence[_Part], numbers: Sequence[Ints]
) -> _Postings:
    columns: list[tuple[Ints, ...]] = [(np.empty(0, np.uint8),) * 4]
    for part, new in zip(parts, numbers, strict=True):
        own = part.data.postings[name]
        kept = part.kept[own.docs]
        often: Ints = np.diff(own.starts.astype(np.int64))
        words = np.repeat(new[own.terms], often)[kept]
        freqs = own.freqs[0 : len(own.docs)]
        positions = part.data.array(f"{name}.positions")[np.repeat(kept, freqs)]
        columns.append((words, part.docs[own.docs[kept]], freqs[kept], positions))
    words, docs, freqs, positions = map(np.concatenate, zip(*columns, strict=True))
    order = stable_order(words)
    begins = starts_of(freqs)[:-1][order]
    words, docs, freqs = words[order], docs[order], freqs[order]
    moved = np.repeat(
        (begins - starts_of(freqs)[:-1]).astype(np.min_scalar_type(-len(positions))),
        freqs,
    )
    moved += np.arange(len(moved), dtype=moved.dtype)
    return _Postings(words, docs, freqs, positions[moved])


def _text_arrays(
    name: str, postings: _Postings, renumbered: Ints, parts: Sequence[_Part]
) -> Arrays:
    words = renumbered[postings.words]
    starts = run_starts(words)
    lengths = [part.data.array(f"{name}.lengths")[part.kept] for part in parts]
    return freqs_arrays(name, postings.freqs) | {
        f"{name}.terms": narrow(words[changes(words)]),
        f"{name}.starts": narrow(starts),
        f"{name}.docs": narrow(postings.docs),
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


def _class_tables(
    parts: Sequence[_Part], numbers: Sequence[Ints], words: int
) -> Iterator[tuple[Rung, Table]]:
    """Yield the classes of the new words, as the first segment that has them knows."""
    owner = np.full(words, len(parts), dtype=np.int32)
    for number in reversed(range(len(parts))):
        new = numbers[number]
        owner[new[new >= 0]] = number
    for rung in CLASS_RUNGS:
        tables = [part.data.rungs[rung] for part in parts]
        yield rung, _class_table(tables, owner, numbers)


def _class_table(
    tables: Sequence[ClassTable], owner: Ints, numbers: Sequence[Ints]
) -> Table:
    class_numbers, union = _union([table.classes for table in tables])
    pairs = [np.empty((2, 0), dtype=np.int32)]
    for number, table in enumerate(tables):
        of_word = numbers[number][table.members]
        kept = of_word >= 0
        kept[kept] = owner[of_word[kept]] == number
        of_class = class_numbers[number][table.of_members]
        pairs.append(np.stack([of_word[kept], of_class[kept]]))
    of_word, of_class = np.concatenate(pairs, axis=1)
    used, compact = np.unique(of_class, return_inverse=True)
    by_word = stable_order(of_word)
    classes = Vocabulary.of(union[n] for n in used.tolist())
    return classes, of_word[by_word], compact[by_word]


def _stored(parts: Sequence[_Part]) -> Arrays:
    data, lengths = [], []
    for part in parts:
        of_documents: Ints = np.diff(part.data.array("stored.offsets").astype(np.int64))
        own = part.data.array("stored.bytes")
        data.append(own if part.kept.all() else own[np.repeat(part.kept, of_documents)])
        lengths.append(of_documents[part.kept])
    return stored_arrays(np.concatenate(data), np.concatenate(lengths))
