"""Writing: commits, replacement, removal and merging."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.query import Every, Term

from search.engine import Index, IndexDamagedError, Search
from search.engine.codec import ArraySegment, opened
from search.engine.segments import container
from search.engine.writing import TIER, SegmentWriter, segments_to_merge
from tests.search.engine.documents import put, remove


def segments(index: Index) -> int:
    return len(index._contents().segments)


def test_a_document_takes_the_place_of_the_one_with_its_key(index: Index) -> None:
    put(index, {"id": "1", "text": "about ships"})
    assert index.count() == 6
    assert index.find(Search(Term("text", "ships"))).total == 1
    assert index.find(Search(Term("title", "trains"))).total == 0


def test_the_last_of_two_documents_with_one_key_stays(index: Index) -> None:
    put(index, {"id": "9", "text": "first"}, {"id": "9", "text": "second"})
    assert index.count() == 7
    assert index.find(Search(Term("text", "second"))).total == 1


def test_what_is_put_and_then_removed_is_not_there(index: Index) -> None:
    with index.writer() as writer:
        writer.put({"id": "9", "text": "first"})
        writer.remove("9")
        writer.put({"id": "8", "text": "first"})
    assert index.count() == 7
    assert index.find(Search(Term("text", "first"))).total == 1
    with index.writer() as writer:
        writer.put({"id": "7", "text": "first"})
        writer.remove("7")
    assert index.count() == 7


def made_apart(index: Index, *documents: Mapping[str, Any]) -> ArraySegment:
    with SegmentWriter(index.path, index.fields) as writer:
        for document in documents:
            writer.put(document)
    return writer.segment


def test_a_segment_that_was_made_apart_is_found_when_it_is_adopted(
    index: Index,
) -> None:
    with index.writer() as writer:
        one = made_apart(
            index, {"id": "1", "text": "ships"}, {"id": "7", "text": "ships"}
        )
        two = made_apart(index, {"id": "8", "text": "ships"})
        assert index.find(Search(Term("text", "ships"))).total == 0
        for segment in (one, two, made_apart(index)):
            writer.adopt(segment)
    assert segments(index) == 3
    assert index.count() == 8
    assert index.find(Search(Term("text", "ships"))).total == 3
    assert index.find(Search(Term("title", "trains"))).total == 0


def test_what_is_put_or_removed_takes_the_place_of_what_is_adopted(
    index: Index,
) -> None:
    with index.writer() as writer:
        writer.adopt(made_apart(index, *({"id": k, "text": "ships"} for k in "789")))
        writer.remove("7")
        writer.put({"id": "8", "text": "planes"})
    assert index.count() == 8
    assert index.find(Search(Term("text", "ships"))).total == 1


def test_a_segment_that_nobody_adopts_is_removed_by_the_next_commit(
    index: Index,
) -> None:
    made_apart(index, {"id": "7", "text": "ships"})
    assert len([*index.path.glob("*.arrays")]) == 2
    put(index, {"id": "8"})
    assert len([*index.path.glob("*.arrays")]) == 2
    assert index.count() == 7


def test_a_segment_made_apart_has_the_last_of_documents_with_one_key(
    index: Index,
) -> None:
    segment = made_apart(
        index, {"id": "7", "text": "ships"}, {"id": "7", "text": "planes"}
    )
    assert segment.doc_count_all() == 1


def test_removed_documents_are_gone(index: Index) -> None:
    remove(index, "1", "2", "no such key")
    assert index.count() == 4
    assert index.find(Search(Term("text", "train"))).total == 1


def test_an_error_in_a_commit_leaves_the_index_as_it_was(index: Index) -> None:
    with pytest.raises(ZeroDivisionError), index.writer() as writer:
        writer.remove("1")
        writer.put({"id": "2", "text": "changed"})
        _ = 1 / 0
    assert index.count() == 6
    assert index.find(Search(Term("text", "changed"))).total == 0


def test_a_document_that_cannot_be_written_leaves_the_index_as_it_was(
    index: Index,
) -> None:
    with pytest.raises(ValueError, match="not text"), index.writer() as writer:
        writer.remove("1")
        writer.put({"id": "2", "text": 3})
    assert index.count() == 6
    put(index, {"id": "7", "text": "the lock is free"})
    assert index.count() == 7


def test_an_index_of_another_version_is_told_before_anything_is_written(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "VERSION", container.VERSION + 1)
    # What this process has read already, it does not read again.
    monkeypatch.setattr(opened, "_segments", opened._OpenSegments())
    with pytest.raises(
        IndexDamagedError, match=r"has version .*manage.py rebuild_index"
    ):
        index.writer()


def test_an_empty_commit_changes_nothing(index: Index) -> None:
    before = index._contents().generation
    with index.writer():
        pass
    assert index._contents().generation == before


def test_many_small_commits_leave_few_segments(index: Index) -> None:
    for number in range(30):
        put(index, {"id": f"n{number}", "text": "small"})
    assert segments(index) < 2 * TIER
    assert index.count() == 36
    assert index.find(Search(Term("text", "small"), facets=("source",))).total == 30


def test_a_bounded_commit_rewrites_no_more_than_it_may(index: Index) -> None:
    for number in range(TIER * 2):
        with index.writer(most_rewritten=0) as writer:
            writer.put({"id": f"n{number}", "text": "small"})
    assert segments(index) == TIER * 2 + 1


def test_merging_keeps_every_document_and_its_columns(index: Index) -> None:
    remove(index, "2")
    put(index, {"id": "7", "text": "train", "source": ("cap",), "day": 40})
    before = index.find(Search(Every(), facets=("source", "author")))
    index.merge()
    after = index.find(Search(Every(), facets=("source", "author")))
    assert segments(index) == 1
    assert after.facets == before.facets
    assert after.total == before.total == 6


@given(st.lists(st.integers(0, 5000), max_size=40), st.none() | st.integers(0, 9000))
def test_merging_leaves_no_full_tier_unless_bounded(
    sizes: list[int], most: int | None
) -> None:
    merged = segments_to_merge(sizes, most=most)
    rewritten = sum(sizes[n] for n in merged)
    assert most is None or rewritten <= most
    if most is None and len(sizes) > TIER * 6:
        assert merged
    assert all(n in merged for n, size in enumerate(sizes) if size == 0)


def test_what_a_merge_fills_is_merged_with_it() -> None:
    ones, eights = [1] * TIER, [TIER] * (TIER - 1)
    assert segments_to_merge([*ones, *eights], most=None) == frozenset(
        range(2 * TIER - 1)
    )
    assert segments_to_merge([*ones, *eights], most=TIER) == frozenset(range(TIER))
