"""Facets that are counted together, and those that are not."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.query import Every, Term

from search.engine import Field, Index, Search
from search.engine import columns as columns_module
from search.engine.columns import FacetColumn, join_columns
from tests.search.engine.documents import put

FIELDS = [Field("text", "text"), *(Field(name, "facet") for name in "abc")]

one = st.lists(st.sampled_from("xyz"), max_size=1)
rows = st.lists(st.tuples(one, one, st.lists(st.sampled_from("xyz"), unique=True)))


@settings(max_examples=40)
@given(rows, st.sampled_from([0, 1, 4, 512]))
def test_each_facet_has_the_counts_that_it_has_alone(
    rows: list[tuple[list[str], ...]], most: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_module, "MOST_COMBINATIONS", most)
        index = Index(Path(folder), FIELDS)
        documents = [
            {"id": str(n), "text": "x", **dict(zip("abc", row, strict=True))}
            for n, row in enumerate(rows)
        ]
        put(index, *documents)
        found = index.find(Search(Every(), facets="abc"))

    for place, name in enumerate("abc"):
        expected = Counter(v for row in rows for v in (row[place] or [""]))
        assert found.facets[name] == expected


def test_only_facets_of_one_value_and_few_combinations_are_joined() -> None:
    def column(values: int, *ordinals: int) -> FacetColumn:
        named = tuple(map(str, range(values)))
        return FacetColumn(named, None, np.array(ordinals, dtype=np.int64))

    several = FacetColumn(("", "x"), np.array([0, 1, 3, 4]), np.array([0, 0, 1, 1]))
    columns = {
        "a": column(3, 2, 0, 2),
        "b": column(600, 1, 2, 3),
        "c": several,
        "d": column(2, 1, 1, 0),
    }
    joint = join_columns(columns, 3)

    assert joint.facets.keys() == {"a", "d"}
    assert joint.count({"a", "d"}, np.array([0, 1, 2])) == {
        "a": {"2": 2, "0": 1},
        "d": {"1": 2, "0": 1},
    }


def test_a_chosen_facet_is_counted_apart_from_the_others(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", FIELDS)
    put(
        index,
        {"id": "1", "text": "x", "a": ["x"], "b": ["x"]},
        {"id": "2", "text": "x", "a": ["y"], "b": ["y"]},
    )
    found = index.find(Search(Term("text", "x"), chosen={"a": "x"}, facets="ab"))

    assert found.facets == {"a": {"x": 1, "y": 1}, "b": {"x": 1}}
