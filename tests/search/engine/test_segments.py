"""Segments: files of arrays, vocabularies, inverting and merging."""

import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import classify, default_variants
from search.engine import Field
from search.engine.fields import UNKNOWN_NUMBER
from search.engine.segments import (
    ContainerError,
    Inverter,
    SegmentData,
    Vocabulary,
    container,
    merge_segments,
    open_segment,
)
from search.engine.segments.container import Arrays, read_container, write_container
from search.engine.segments.layout import CLASS_RUNGS
from search.engine.segments.stored import pack_values, unpack_values
from search.engine.segments.vocabulary import stable_order

FIELDS = [
    Field("id", "key"),
    Field("title", "text"),
    Field("text", "text"),
    Field("source", "facet"),
    Field("day", "number"),
    Field("url", "stored"),
]

Document = Mapping[str, Any]

DOCUMENTS: list[Document] = [
    {"id": "a", "text": "night train night", "source": ["cap", "atlas"], "day": 7},
    {"id": "b", "title": "train", "text": "a train", "source": "atlas", "url": "/b"},
    {"id": "c", "day": -3},
]


def inverted(documents: Sequence[Document]) -> SegmentData:
    inverter = Inverter(FIELDS)
    for document in documents:
        inverter.add(document)
    return inverter.finish()


def listed(data: SegmentData) -> dict[str, Any]:
    """List all that a segment holds, by name."""
    return {name: array.tolist() for name, array in data._arrays.items()}


def postings(data: SegmentData, field: str) -> dict[str, dict[int, list[int]]]:
    """List word -> document -> positions (or as many zeros as it is often)."""
    own = data.postings[field]
    found: dict[str, dict[int, list[int]]] = {}
    for term in range(len(own.terms)):
        part = own.postings(term)
        places = None if own.positions is None else own.positions_of(term).tolist()
        of_term = found[own.word(term).decode()] = {}
        for doc, freq in zip(
            own.docs[part].tolist(), own.freqs[part].tolist(), strict=True
        ):
            of_term[doc] = [0] * freq if places is None else places[:freq]
            places = places and places[freq:]
    return found


# Files.


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of two arrays."""
    path = tmp_path / "part.arrays"
    arrays: Arrays = {
        "one": np.arange(5, dtype=np.uint16),
        "none": np.empty(0, np.int64),
    }
    write_container(path, arrays, {"for": "a test"})
    return path


def test_arrays_come_back_as_they_were_written(path: Path) -> None:
    arrays, meta = read_container(path)
    assert meta == {"for": "a test"}
    assert arrays["one"].dtype == np.uint16
    assert arrays["one"].tolist() == [0, 1, 2, 3, 4]
    assert arrays["none"].tolist() == []
    assert not arrays["one"].flags.writeable


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContainerError, match=r"no-such\.arrays: it cannot be opened"):
        read_container(tmp_path / "no-such.arrays")


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "part.arrays").touch()
    with pytest.raises(ContainerError, match=r"part\.arrays: it cannot be opened"):
        read_container(tmp_path / "part.arrays")


@pytest.mark.parametrize("content", [b"newsarc1", b"something else " * 9])
def test_a_file_of_another_kind_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "part.arrays").write_bytes(content)
    with pytest.raises(ContainerError, match=r"part\.arrays: it is no file of arrays"):
        read_container(tmp_path / "part.arrays")


def test_a_file_that_was_cut_short_is_named(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(40, len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(
            ContainerError, match=r"part\.arrays: it was not written to"
        ):
            read_container(path)


def test_a_changed_byte_is_found_wherever_it_is(path: Path) -> None:
    whole = path.read_bytes()
    expected = {name: a.tolist() for name, a in read_container(path)[0].items()}
    silent = 0
    for place in range(len(whole)):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        )
        try:
            arrays, _ = read_container(path)
        except ContainerError as error:
            assert error.path == path  # noqa: PT017
        else:
            silent += 1
            assert {name: a.tolist() for name, a in arrays.items()} == expected
    # What stands between arrays is nobody's.
    assert silent < 3 * container.ALIGNMENT


def test_a_damaged_array_is_named(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(container.ALIGNMENT + 3)
        file.write(b"\xff")
    with pytest.raises(
        ContainerError, match=r"part\.arrays: the array 'one' is damaged"
    ):
        read_container(path)


def test_another_version_of_the_format_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "VERSION", 9)
    write_container(tmp_path / "part.arrays", {}, {})
    monkeypatch.undo()
    with pytest.raises(ContainerError, match="it has version 9 of the format, not 2"):
        read_container(tmp_path / "part.arrays")


def test_a_write_that_is_interrupted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_file: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="the disk is full"):
        inverted(DOCUMENTS).write(tmp_path / "part.arrays")
    assert list(tmp_path.iterdir()) == []


def test_the_footer_tells_where_the_directory_is(path: Path) -> None:
    begin, length, _, mark = struct.unpack("<QQI8s", path.read_bytes()[-28:])
    assert mark == container.MARK
    assert path.read_bytes()[begin : begin + length].startswith(b'{"version": 2')


# Vocabularies.


def test_words_are_found_by_their_bytes() -> None:
    words = ["", "a", "ab", "b", "é", "قطار", "𐤀"]
    vocabulary = Vocabulary.of(word.encode() for word in words)
    assert [word.decode() for word in vocabulary] == words
    assert [vocabulary.find(word.encode()) for word in words] == list(range(7))
    assert vocabulary.find(b"aa") == vocabulary.find(b"\xff") == -1
    assert vocabulary.place(b"aa") == 2
    assert vocabulary.place(b"\xff") == len(vocabulary) == 7
    assert vocabulary[3:0:-1] == [b"b", b"ab", b"a"]


@pytest.mark.parametrize("many", [[], [str(n).encode() for n in range(99)]])
def test_the_words_of_a_set_are_found_however_many(many: list[bytes]) -> None:
    vocabulary = Vocabulary.of(
        sorted([b"a", b"b", b"c", *(b"d%d" % n for n in range(60))])
    )
    assert sorted(vocabulary.among({b"b", b"d0", b"no such word", *many})) == [1, 3]


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 99)))
def test_equal_numbers_stay_in_order(numbers: list[int]) -> None:
    expected = sorted(range(len(numbers)), key=numbers.__getitem__)
    assert stable_order(np.array(numbers, dtype=np.uint32)).tolist() == expected


def test_there_is_no_word_outside_a_vocabulary() -> None:
    vocabulary = Vocabulary.of([b"only"])
    for number in (-1, 1):
        with pytest.raises(IndexError):
            vocabulary[number]


def test_a_vocabulary_may_be_empty() -> None:
    vocabulary = Vocabulary.of([])
    assert list(vocabulary) == []
    assert vocabulary.find(b"a") == -1
    assert vocabulary.place(b"a") == 0


# Inverting.


def test_words_of_documents_become_documents_of_words() -> None:
    data = inverted(DOCUMENTS)
    assert data.size == 3
    assert postings(data, "text") == {
        "a": {1: [0]},
        "night": {0: [0, 2]},
        "train": {0: [1], 1: [1]},
    }
    assert postings(data, "title") == {"train": {1: [0]}}
    assert postings(data, "source") == {"atlas": {0: [0], 1: [0]}, "cap": {0: [0]}}
    assert postings(data, "id") == {"a": {0: [0]}, "b": {1: [0]}, "c": {2: [0]}}
    assert data.array("text.lengths").tolist() == [3, 2, 0]


def test_a_word_may_be_more_often_in_a_document_than_a_byte_tells(
    tmp_path: Path,
) -> None:
    often = [254, 255, 256, 70_000, 1]
    documents = [{"id": str(n), "text": "train " * n + "night"} for n in often]
    inverted(documents).write(tmp_path / "part.arrays")
    read = open_segment(tmp_path / "part.arrays")
    merged = merge_segments([(read, [0]), (inverted(documents), [])], FIELDS)
    for data, counts in [
        (read, often),
        (merged, [*often[1:], *often]),
    ]:
        own = data.postings["text"]
        term = own.find(b"train")
        assert data.array("text.freqs").dtype == np.uint8
        assert own.freqs[own.postings(term)].tolist() == counts
        assert own.freqs[own.postings(own.find(b"night"))].tolist() == [1] * len(counts)
        assert len(own.positions_of(term)) == sum(counts)


def test_a_document_that_is_refused_leaves_nothing_behind() -> None:
    inverter = Inverter(FIELDS)
    with pytest.raises(ValueError, match="not text"):
        inverter.add({"id": "x", "title": "harbour", "text": 3})
    assert inverter.add(DOCUMENTS[1]) == 0
    assert listed(inverter.finish()) == listed(inverted(DOCUMENTS[1:2]))


def test_values_and_numbers_are_kept_by_document() -> None:
    data = inverted(DOCUMENTS)
    pairs = data.facets["source"]
    named = [pairs.values[n] for n in pairs.ordinals.tolist()]
    assert list(zip(pairs.docs.tolist(), named, strict=True)) == [
        (0, b"cap"),
        (0, b"atlas"),
        (1, b"atlas"),
    ]
    assert data.numbers["day"].tolist() == [7, UNKNOWN_NUMBER, -3]


def test_a_value_that_is_given_twice_counts_once() -> None:
    data = inverted([{"id": "a", "source": ["x", "y", "x"]}])
    assert data.facets["source"].ordinals.tolist() == [0, 1]
    assert postings(data, "source") == {"x": {0: [0]}, "y": {0: [0]}}


def test_a_text_is_refused_that_is_none() -> None:
    with pytest.raises(ValueError, match="'text' of a document is 3"):
        inverted([{"id": "a", "text": 3}])


def test_stored_fields_come_back_as_they_were_given() -> None:
    data = inverted(DOCUMENTS)
    assert [data.stored_fields(n) for n in range(3)] == DOCUMENTS


def test_a_segment_is_the_same_when_it_is_read_from_its_file(tmp_path: Path) -> None:
    data = inverted(DOCUMENTS)
    data.write(tmp_path / "part.arrays")
    read = open_segment(tmp_path / "part.arrays")
    assert listed(read) == listed(data)
    assert read.kinds == data.kinds
    assert read.stored_fields(1) == DOCUMENTS[1]


def test_a_segment_may_have_no_documents(tmp_path: Path) -> None:
    inverted([]).write(tmp_path / "part.arrays")
    data = open_segment(tmp_path / "part.arrays")
    assert data.size == 0
    assert [len(data.postings[name].terms) for name in data.postings] == [0] * 4
    assert data.postings["text"].find(b"train") == -1
    assert data.postings["text"].terms_of(np.arange(3)).tolist() == []
    assert len(data.facets["source"].docs) == len(data.numbers["day"]) == 0
    assert len(data.rungs["lemma"].classes) == 0


def test_terms_of_one_field_are_found_among_the_words_of_all() -> None:
    data = inverted(DOCUMENTS)
    title = data.postings["title"]
    train = data.words.find(b"train")
    assert title.find(b"train") == title.term(train) == 0
    assert title.find(b"night") == title.find(b"no such word") == -1
    assert title.term(99) == -1
    assert title.terms_of(np.arange(len(data.words))).tolist() == [0]
    assert title.terms_of(np.array([train, 2**40])).tolist() == [0]


def test_positions_are_kept_of_text_only() -> None:
    with pytest.raises(LookupError, match="no positions"):
        inverted(DOCUMENTS).postings["source"].positions_of(0)


# Classes.


def test_classes_and_words_are_found_from_each_other() -> None:
    words = ["trains", "train", "قطارات", "القطار", "حموشي", "hammouchi", "oeuvre"]
    data = inverted([{"id": "a", "text": " ".join(words)}])
    known = [word.decode() for word in data.words]
    classes = classify(known)
    expected: dict[str, Sequence[Sequence[str]]] = {
        "folded": [(form,) for form in classes.folded],
        "variant": classes.variants,
        "lemma": classes.lemmas,
        "root": classes.roots,
        "name": [(key,) if key else () for key in classes.name_keys],
    }
    for rung in CLASS_RUNGS:
        table = data.rungs[rung]
        by_class: dict[str, list[str]] = {}
        for number, word in enumerate(known):
            names = [name.decode() for name in table.classes_of(number)]
            assert names == sorted(expected[rung][number])
            for name in names:
                by_class.setdefault(name, []).append(word)
        assert {
            name.decode(): [known[n] for n in table.words_of(name).tolist()]
            for name in table.classes
        } == by_class
        assert table.words_of(b"no such class").tolist() == []


# Merging.

_WORDS = st.sampled_from(
    ["night", "train", "harbour", "قطار", "القطار", "قطارات", "trains", "late"]
)
_TEXTS = st.lists(_WORDS, max_size=8).map(" ".join) | st.none()
_DOCUMENTS = st.fixed_dictionaries(
    {"id": st.integers(0, 99).map(str)},
    optional={
        "title": _TEXTS,
        "text": _TEXTS,
        "source": st.lists(st.sampled_from(["atlas", "bahr", "cap"]), max_size=4),
        "day": st.integers(-(2**63) + 1, 2**63 - 1),
        "url": st.text(max_size=3),
    },
)
_PARTS = st.lists(
    st.lists(st.tuples(_DOCUMENTS, st.booleans()), max_size=6), min_size=1, max_size=4
)


@settings(deadline=None)
@given(_PARTS)
def test_merging_is_inverting_what_is_left(
    parts: list[list[tuple[Document, bool]]],
) -> None:
    kept = [document for part in parts for document, deleted in part if not deleted]
    merged = merge_segments(
        [
            (
                inverted([document for document, _ in part]),
                [number for number, (_, deleted) in enumerate(part) if deleted],
            )
            for part in parts
        ],
        FIELDS,
    )
    assert merged.size == len(kept)
    assert listed(merged) == listed(inverted(kept))
    assert {n: a.dtype for n, a in merged._arrays.items()} == {
        n: a.dtype for n, a in inverted(kept)._arrays.items()
    }


def test_words_of_deleted_documents_are_gone() -> None:
    merged = merge_segments([(inverted(DOCUMENTS), [0]), (inverted([]), [])], FIELDS)
    assert list(merged.words) == [b"a", b"train"]
    assert list(merged.facets["source"].values) == [b"atlas"]
    assert merged.rungs["folded"].words_of(b"night").tolist() == []


def test_a_segment_may_lose_all_its_documents() -> None:
    merged = merge_segments([(inverted(DOCUMENTS), range(3))], FIELDS)
    assert listed(merged) == listed(inverted([]))


@given(st.lists(st.text() | st.none() | st.integers() | st.lists(st.text())))
def test_stored_values_come_back_whatever_their_characters(values: list[Any]) -> None:
    assert unpack_values(pack_values(values)) == values


def test_stored_arabic_takes_less_room_than_in_utf8() -> None:
    text = " ".join(group.name for group in default_variants().groups)

    assert len(pack_values([text])) < len(zlib.compress(text.encode(), 1))
