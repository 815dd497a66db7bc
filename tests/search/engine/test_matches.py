"""Sets of documents, few and many, are combined as plain sets and sums are."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine.matches import (
    ALL,
    Candidates,
    Matches,
    all_of,
    any_of,
    places_of,
    summed,
)

SIZE = 600
"""Documents: so many that each way of combining has its turn."""

few = st.sets(st.integers(0, SIZE - 1), max_size=6)
many = st.integers(1, 9).map(lambda step: set(range(0, SIZE, step)))
sets = st.lists(few | many, min_size=1, max_size=4)


def matches(docs: set[int], score: float) -> Matches:
    numbers = np.array(sorted(docs), dtype=np.int64)
    return Matches(numbers, np.full(len(numbers), score, dtype=np.float32))


def candidates(docs: set[int], score: float) -> Candidates:
    """Return candidates whose list is kept in a narrow type, as those of terms are."""
    found = Candidates.of(matches(docs, score))
    return Candidates(found.docs.astype(np.uint32), found.score)


def as_dict(found: Matches) -> dict[int, float]:
    assert [found.docs.dtype.name, found.scores.dtype.name] == ["int64", "float32"]
    return dict(zip(found.docs.tolist(), found.scores.tolist(), strict=True))


@given(sets)
def test_all_of_are_those_in_every_part_with_the_sum(parts: list[set[int]]) -> None:
    found = all_of([candidates(docs, 2**n) for n, docs in enumerate(parts)], SIZE)

    expected = dict.fromkeys(sorted(set.intersection(*parts)), 2.0 ** len(parts) - 1)
    assert as_dict(found.at(ALL)) == expected
    assert as_dict(found.at(np.arange(len(found))[::2])) == dict(
        [*expected.items()][::2]
    )


@given(sets)
def test_any_of_are_those_in_some_part_with_the_sum(parts: list[set[int]]) -> None:
    found = any_of([matches(docs, 2**n) for n, docs in enumerate(parts)], SIZE)

    expected: Counter[int] = Counter()
    for n, docs in enumerate(parts):
        expected.update(dict.fromkeys(docs, 2**n))
    assert as_dict(found) == expected
    assert found.docs.tolist() == sorted(expected)


@pytest.mark.parametrize("count", [0, 1, 2, 50, 500])
def test_documents_that_come_several_times_are_added_up(count: int) -> None:
    docs = np.arange(count, dtype=np.uint32)
    thrice = np.concatenate([docs, docs[::-1], docs])
    found, sums = summed(thrice, np.ones(len(thrice), dtype=np.float32), SIZE)

    assert found.tolist() == docs.tolist()
    assert sums.tolist() == [3.0] * count


def test_documents_without_a_score_are_found_all_the_same() -> None:
    every, some = set(range(SIZE)), {1, 2, 3}

    assert as_dict(any_of([matches(every, 0), matches(some, 0)], SIZE)) == (
        dict.fromkeys(every, 0.0)
    )


@given(st.data(), few | many)
def test_places_are_where_documents_stand(data: st.DataObject, among: set[int]) -> None:
    asked = data.draw(st.sets(st.sampled_from(sorted(among)))) if among else among
    listed = np.array(sorted(among), dtype=np.uint16)
    docs = np.array(sorted(asked), dtype=np.int64)

    assert listed[places_of(docs, listed, SIZE)].tolist() == docs.tolist()
