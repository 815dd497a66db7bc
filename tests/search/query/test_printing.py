"""Trees of queries: what is printed of any tree is read as that tree."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.query import Limits, Node, printed, read_query
from search.query.nodes import (
    DateRange,
    Excluded,
    Fuzzy,
    InField,
    Near,
    Nothing,
    OneOf,
    Phrase,
    Prefix,
    Wildcard,
    WordNode,
    Words,
    all_of,
    any_of,
    excluded,
    in_field,
    on_rung,
    together,
)

TODAY = date(2023, 6, 19)
WIDE = Limits(max_length=10**6, max_words=10**4, max_depth=60)

A, B, C = WordNode("a"), WordNode("b"), WordNode("c")

words = st.sampled_from(
    [
        *("a", "قطار", "كتاب", "l", "OR", "أو", "ليس", "NOT", "title", "في", "2001"),
        *("O’Neill", "U.S.A", "1,234.5", "info@example.com", "example.com"),
        *("foo.example", "date"),
    ]
)
rungs: st.SearchStrategy[Any] = st.sampled_from((None, None, "written", "root"))
several = st.lists(words, min_size=2, max_size=4).map(tuple)
values = st.lists(
    st.sampled_from(
        ("a", "le-monde", "Le Monde", "هسبريس", "OR", "a (b)", "x*", "a, b")
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
days = st.lists(st.dates(), min_size=2, max_size=2).map(sorted)
ranges = st.one_of(
    days.map(lambda d: DateRange(d[0], d[1])),
    st.dates().map(lambda d: DateRange(d, d)),
    st.dates().map(lambda d: DateRange(d, None)),
    st.dates().map(lambda d: DateRange(None, d)),
    st.integers(1, 9999).map(lambda y: DateRange(date(y, 1, 1), date(y, 12, 31))),
)
leaf_nodes: st.SearchStrategy[Node] = st.one_of(
    st.builds(WordNode, words, rungs),
    st.builds(Phrase, st.one_of(several, st.tuples(words)), rungs),
    st.builds(Near, several, st.integers(1, 100), rungs),
    st.sampled_from((Prefix("مدر"), Prefix("U.S"), Prefix("OR"))),
    st.sampled_from((Wildcard("w?rd"), Wildcard("ك?ا*"), Wildcard("a??*b"))),
    st.builds(
        Fuzzy, st.sampled_from(("word", "حموشي", "foo.example")), st.integers(1, 2)
    ),
    st.builds(OneOf, st.sampled_from(("source", "section")), values),
    st.sampled_from((OneOf("language", ("ar",)), OneOf("language", ("ar", "fr")))),
    ranges,
)


def compounds(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    lists = st.lists(inner, min_size=1, max_size=4)
    fields = st.sampled_from(("title", "text", "author", "place"))
    return st.one_of(
        lists.map(together),
        lists.map(all_of),
        lists.map(any_of),
        inner.map(excluded),
        st.builds(in_field, fields, inner),
        st.builds(on_rung, st.sampled_from(("written", "root")), inner),
    )


@given(st.recursive(leaf_nodes, compounds, max_leaves=12))
def test_what_is_printed_of_a_tree_is_read_as_it(tree: Node) -> None:
    found = read_query(printed(tree), WIDE, TODAY)
    # Patterns are counted, and those with one letter count more.
    assume(all(note.kind != "too_many" for note in found.notes))
    assert found.root == tree
    assert found.notes == ()


def test_nothing_and_no_query_are_printed_apart() -> None:
    assert (printed(Nothing()), printed(None)) == ("()", "")


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (DateRange(date(2001, 1, 1), date(2001, 12, 31)), "date:2001"),
        (DateRange(date(2000, 2, 1), date(2000, 2, 29)), "date:2000-02"),
        (DateRange(date(2001, 9, 11), date(2001, 9, 11)), "date:2001-09-11"),
        (DateRange(date(2001, 1, 1), date(2001, 1, 1)), "date:2001-01-01"),
        (DateRange(date(2001, 9, 2), date(2002, 1, 31)), "date:2001-09-02..2002-01"),
        (DateRange(None, date(2002, 1, 30)), "date:..2002-01-30"),
        (DateRange(date(2002, 1, 1), None), "date:2002.."),
    ],
)
def test_days_are_printed_as_short_as_they_can(days: DateRange, text: str) -> None:
    assert printed(days) == text


def test_compounds_are_never_of_one_node_or_of_their_own_kind() -> None:
    assert together([]) is None
    assert together([A]) == A
    assert together([A, A]) == A
    both = together([A, B])
    assert both == Words((A, B))
    assert together([Words((A, B)), C, A]) == Words((A, B, C))


def test_exclusion_goes_out_of_fields_and_undoes_itself() -> None:
    assert in_field("title", Excluded(A)) == Excluded(InField("title", A))
    assert excluded(excluded(A)) == A


def test_the_nearest_field_and_rung_count() -> None:
    assert in_field("title", InField("text", A)) == InField("text", A)
    assert in_field("title", OneOf("source", ("a",))) == OneOf("source", ("a",))
    own = WordNode("a", "written")
    assert on_rung("root", Words((own, B))) == Words((own, WordNode("b", "root")))
    assert on_rung("root", Excluded(A)) == Excluded(WordNode("a", "root"))
    assert on_rung("root", Prefix("a")) == Prefix("a")
