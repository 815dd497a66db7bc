"""Searching: totals, order, windows and facet counts of one pass."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.query import (
    And,
    AndNot,
    Every,
    NullQuery,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)

from search.engine import Field, Index, Search, SortKey, Word
from tests.search.engine.documents import FIELDS, put, remove

TRAIN = Term("text", "train")
NIGHT = Term("text", "night")


def keys(index: Index, query: Query, **search: Any) -> list[str]:
    found = index.find(Search(query, **search))
    return [document.fields["id"] for document in found.documents]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(TRAIN, {"1", "2", "6"}, id="term"),
        pytest.param(And([TRAIN, NIGHT]), {"1", "2"}, id="and"),
        pytest.param(Or([TRAIN, NIGHT]), {"1", "2", "3", "6"}, id="or"),
        pytest.param(AndNot(NIGHT, TRAIN), {"3"}, id="and not"),
        pytest.param(AndNot(Every(), TRAIN), {"3", "4", "5"}, id="every, not"),
        pytest.param(Phrase("text", ["night", "train"]), {"1", "2"}, id="phrase"),
        pytest.param(Phrase("text", ["train", "night"]), set(), id="phrase turned"),
        pytest.param(Term("text", "القطار"), {"4", "5"}, id="arabic"),
        pytest.param(Term("source", "atlas"), {"1", "2"}, id="facet as a term"),
        pytest.param(NullQuery, set(), id="nothing"),
        pytest.param(Every(), {"1", "2", "3", "4", "5", "6"}, id="everything"),
    ],
)
def test_queries_find_their_documents(
    index: Index, query: Query, expected: set[str]
) -> None:
    found = index.find(Search(query))
    assert {document.fields["id"] for document in found.documents} == expected
    assert found.total == len(expected)


def test_more_matches_in_a_shorter_text_score_higher(index: Index) -> None:
    found = index.find(Search(TRAIN))
    assert [document.fields["id"] for document in found.documents] == ["6", "2", "1"]
    scores = [document.score for document in found.documents]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_scores_are_those_of_whoosh(index: Index) -> None:
    put(index, {"id": "7", "text": "train after train"})
    query = Or([TRAIN, Term("text", "night", boost=2.0)])
    with whoosh_index.open_dir(str(index.path)).searcher() as searcher:
        theirs = {hit["id"]: hit.score for hit in searcher.search(query, limit=None)}
    ours = {d.fields["id"]: d.score for d in index.find(Search(query)).documents}
    assert ours == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("descending", "expected"),
    [(True, ["2", "5", "3", "1", "6", "4"]), (False, ["6", "1", "5", "3", "2", "4"])],
)
def test_sorting_puts_the_unknown_last(
    index: Index, *, descending: bool, expected: list[str]
) -> None:
    assert (
        keys(index, Every(), sort=[SortKey("day", descending=descending)]) == expected
    )


def test_a_second_key_orders_what_the_first_leaves_equal(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", [Field("day", "number"), Field("time", "number")])
    rows = [("1", 5, 2), ("2", 4, 9), ("3", 5, 1), ("4", 5, None)]
    put(index, *({"id": k, "day": day, "time": time} for k, day, time in rows))
    sort = [SortKey("day", descending=True), SortKey("time")]
    assert keys(index, Every(), sort=sort) == ["3", "1", "4", "2"]


@pytest.mark.parametrize(
    ("descending", "expected"), [(False, "edabc"), (True, "badec")]
)
def test_a_facet_sorts_as_a_reader_sorts_its_values(
    tmp_path: Path, *, descending: bool, expected: str
) -> None:
    index = Index(tmp_path / "index", [Field("author", "facet")])
    authors: dict[str, list[str]] = {
        "a": ["كريم"],
        "b": ["Zineb", "Amal"],
        "c": [],
        "d": ["القاسمي"],
        "e": ["Amal", "أمل"],
    }
    # In two segments, each with ordinals of its own.
    put(index, *({"id": key, "author": authors[key]} for key in "abc"))
    put(index, *({"id": key, "author": authors[key]} for key in "de"))
    sort = [SortKey("author", descending=descending)]
    assert "".join(keys(index, Every(), sort=sort)) == expected
    assert keys(index, Every(), sort=[*sort, SortKey("author")], limit=2) == list(
        expected[:2]
    )


def test_windows_follow_each_other_without_a_gap(index: Index) -> None:
    whole = keys(index, Every(), sort=[SortKey("day")])
    pieces = [
        keys(index, Every(), sort=[SortKey("day")], offset=n, limit=2)
        for n in range(0, 8, 2)
    ]
    assert list(chain.from_iterable(pieces)) == whole
    assert pieces[-1] == []


def test_stored_fields_come_back_as_they_were(index: Index) -> None:
    [document] = index.find(Search(Term("title", "Trains"))).documents
    assert document.fields["title"] == "Trains"
    assert document.fields["text"] == "The night train to Fes is late again"
    assert document.fields["url"] == "https://atlas.example/1"
    assert document.fields["day"] == 10


def test_facets_count_every_value_and_the_missing(index: Index) -> None:
    found = index.find(Search(Every(), facets=("source", "author")))
    assert found.facets == {
        "source": {"atlas": 2, "bahr": 2, "cap": 1, "": 1},
        "author": {"Amal": 2, "Bilal": 1, "": 4},
    }


def test_a_choice_does_not_lower_the_counts_of_its_own_facet(index: Index) -> None:
    found = index.find(
        Search(
            Every(), chosen={"source": ["atlas", "cap"]}, facets=("source", "author")
        )
    )
    assert found.total == 3
    assert found.facets["source"] == {"atlas": 2, "bahr": 2, "cap": 1, "": 1}
    assert found.facets["author"] == {"Amal": 1, "Bilal": 1, "": 2}


def test_choices_in_two_facets_narrow_each_other(index: Index) -> None:
    found = index.find(
        Search(
            Every(),
            chosen={"source": ["bahr"], "author": ["Amal"]},
            facets=("source", "author"),
        )
    )
    assert [document.fields["id"] for document in found.documents] == ["4"]
    assert found.facets["source"] == {"atlas": 1, "bahr": 1}
    assert found.facets["author"] == {"Amal": 1, "": 1}


def test_the_missing_value_can_be_chosen(index: Index) -> None:
    assert keys(index, Every(), chosen={"source": [""]}) == ["6"]


def test_an_unknown_value_finds_nothing(index: Index) -> None:
    assert keys(index, Every(), chosen={"source": ["nowhere"]}) == []


def test_hidden_documents_are_in_no_result_and_no_count(index: Index) -> None:
    found = index.find(Search(TRAIN, facets=("source",), hidden=["2", "no such key"]))
    assert {document.fields["id"] for document in found.documents} == {"1", "6"}
    assert found.facets["source"] == {"atlas": 1, "": 1}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = Index(tmp_path / "empty", FIELDS)
    found = index.find(Search(Every(), facets=("source",), sort=[SortKey("day")]))
    assert (found.total, found.documents, found.facets) == (0, (), {"source": {}})


VALUES = st.lists(st.sampled_from("abc"), unique=True, max_size=2).map(tuple)
CORPUS = st.lists(st.tuples(st.sampled_from(["x", "y", "x y"]), VALUES), max_size=12)


@given(
    CORPUS,
    CORPUS,
    st.sets(st.integers(0, 11)),
    st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=2),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_counts_are_those_of_a_plain_loop(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[tuple[str, tuple[str, ...]]],
    second: list[tuple[str, tuple[str, ...]]],
    removed: set[int],
    chosen: list[str],
) -> None:
    index = Index(
        tmp_path_factory.mktemp("index"), [Field("text", "text"), Field("f", "facet")]
    )
    rows: dict[str, tuple[str, tuple[str, ...]]] = {}
    for part in (first, second):
        new = {str(n): row for n, row in enumerate(part)}
        rows |= new
        put(index, *({"id": k, "text": t, "f": v} for k, (t, v) in new.items()))
    remove(index, *map(str, removed))
    kept = [(t, v or ("",)) for k, (t, v) in rows.items() if int(k) not in removed]
    matching = [values for text, values in kept if "x" in text]
    inside = [v for v in matching if not chosen or set(v) & set(chosen)]

    found = index.find(
        Search(Term("text", "x"), chosen={"f": chosen} if chosen else {}, facets=("f",))
    )

    assert found.total == len(inside)
    values, counts = np.unique(list(chain.from_iterable(matching)), return_counts=True)
    assert found.facets["f"] == dict(zip(values, counts, strict=True))


def test_a_window_without_a_document_has_the_total(index: Index) -> None:
    found = index.find(Search(Every(), limit=0))
    assert (found.total, found.documents) == (6, ())


def test_an_excluded_value_is_not_found_and_says_what_would_come_back(
    index: Index,
) -> None:
    everything = Search(Every(), facets=["source", "author"])
    found = index.find(replace(everything, excluded={"source": {"atlas"}}))

    assert found.total == 4
    assert found.facets["source"] == {"atlas": 2, "bahr": 2, "cap": 1, "": 1}
    assert found.facets["author"] == {"": 3, "Amal": 1}
    assert index.totals([replace(everything, excluded={"source": {"atlas"}})]) == [4]


def test_values_of_one_facet_are_chosen_and_excluded_together(index: Index) -> None:
    search = Search(
        Every(),
        facets=["source", "author"],
        chosen={"author": {"Amal"}},
        excluded={"author": {"Bilal"}, "source": {"cap"}},
    )
    found = index.find(search)

    assert [document.key for document in found.documents] == ["4"]
    assert found.facets["author"] == {"": 3, "Amal": 1, "Bilal": 1}
    assert found.facets["source"] == {"bahr": 1}


def test_excluding_documents_without_a_value_leaves_those_with_one(
    index: Index,
) -> None:
    found = index.find(Search(Every(), excluded={"author": {""}}))
    assert {document.key for document in found.documents} == {"1", "4"}


def test_beginnings_and_wildcards_are_matched_too(index: Index) -> None:
    words = [Word("text", "night")]
    matched = index.snapshot().matched(
        words, [Prefix("text", "tra"), Prefix("text", "z")]
    )
    assert matched == {"night": 0, "train": 1}


@pytest.mark.parametrize("limit", [1, 2, 5, 30, 200])
def test_the_best_come_first_however_many_there_are(tmp_path: Path, limit: int) -> None:
    index = Index(tmp_path / "index", [Field("text", "text")])
    # Many score the same; of these the last comes first.
    counts = [number * 7 % 11 for number in range(200)]
    put(
        index,
        *(
            {"id": str(number), "text": "train " * count + "night " * (20 - count)}
            for number, count in enumerate(counts)
        ),
    )
    order = sorted(range(200), key=lambda number: (-counts[number], -number))
    expected = [str(number) for number in order if counts[number]]

    found = index.find(Search(TRAIN, limit=limit)).documents
    assert [document.key for document in found] == expected[:limit]
    second = index.find(Search(TRAIN, offset=limit, limit=limit)).documents
    assert [document.key for document in second] == expected[limit : 2 * limit]
