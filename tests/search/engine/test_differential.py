"""Random documents and random query trees: what Whoosh's own searcher gives, we give.

Whoosh indexes the same documents with its own codec and walks its own postings. Hits,
scores and facet counts must be the same, over one segment and several, with deletions,
and after a merge.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.filedb.filestore import RamStorage
from whoosh.query.spans import SpanNear2
from whoosh.searching import Searcher

from search.engine import Field, Index, Search
from search.engine.fields import VALUE_SEPARATOR, build_schema

FIELDS = [
    Field("title", "text"),
    Field("text", "text"),
    Field("tag", "facet"),
    Field("day", "number"),
]
WORDS = ["alif", "baa", "bab", "baab", "taa", "tab", "jim", "كتاب", "كتب"]

words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=8).map(" ".join)
tags = st.lists(st.sampled_from(["x", "y", "z"]), max_size=2, unique=True)
documents = st.lists(
    st.fixed_dictionaries(
        {
            "title": texts,
            "text": texts,
            "tag": tags,
            "day": st.none() | st.integers(0, 9),
        }
    ),
    max_size=12,
)
names = st.sampled_from(["title", "text"])
boosts = st.sampled_from([1.0, 1.0, 2.0, 0.5])

phrases = st.lists(words, min_size=2, max_size=3)

# Their scores are those of single terms.
scored = st.one_of(
    st.builds(query.Term, names, words, boost=boosts),
    st.builds(query.Term, st.just("tag"), st.sampled_from(["x", "y", "w"])),
    st.builds(query.Phrase, names, phrases, st.integers(1, 4), boost=boosts),
    st.builds(
        lambda name, of, slop, ordered: SpanNear2(
            [query.Term(name, word) for word in of], slop=slop, ordered=ordered
        ),
        names,
        phrases,
        st.integers(1, 3),
        st.booleans(),
    ),
    st.builds(
        query.NumericRange,
        st.just("day"),
        st.none() | st.integers(0, 5),
        st.none() | st.integers(4, 9),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(query.Every),
)
# AndNot, and DisjunctionMax, are in ``test_evaluating``: of Whoosh's own the former lets
# excluded documents through, and the latter gives documents the score of others.

# Whoosh scores them in one of several ways, by how many terms a segment has of them.
expanded = st.one_of(
    st.builds(query.Prefix, names, st.sampled_from(["b", "ba", "t", "ك", "q"])),
    st.builds(query.Wildcard, names, st.sampled_from(["b*b", "?a?", "*a", "كت*"])),
    st.builds(query.FuzzyTerm, names, words),
    st.builds(query.TermRange, names, st.just("b"), st.sampled_from(["k", "t"])),
)


def _trees(leaves: st.SearchStrategy[query.Query]) -> st.SearchStrategy[query.Query]:
    def compounds(children: st.SearchStrategy[query.Query]) -> Any:
        several = st.lists(children, min_size=2, max_size=3)
        return st.one_of(
            st.builds(query.And, several, boost=boosts),
            st.builds(query.Or, several, boost=boosts),
            st.builds(lambda a, b: query.And([a, query.Not(b)]), children, leaves),
            st.builds(query.Require, children, children),
            st.builds(query.ConstantScoreQuery, children, st.sampled_from([1.0, 3.0])),
        )

    trees = st.recursive(leaves, compounds, max_leaves=5)
    # Inside of others, where documents are skipped, Whoosh's loses scores of its second.
    return trees | st.builds(query.AndMaybe, trees, trees)


@contextmanager
def searched_by_whoosh(
    rows: Sequence[tuple[str, Mapping[str, Any]]], deleted: Sequence[str]
) -> Iterator[Searcher]:
    """Search documents that Whoosh wrote with its own codec."""
    index = RamStorage().create_index(build_schema(FIELDS))
    writer = index.writer()
    for key, row in rows:
        tag = VALUE_SEPARATOR.join(row["tag"])
        values = {**row, "tag": tag, "id": key}
        writer.add_document(**{n: v for n, v in values.items() if v is not None})
    writer.commit()
    if deleted:
        writer = index.writer()
        for key in deleted:
            writer.delete_by_term("id", key)
        writer.commit(merge=False)
    with index.searcher() as searcher:
        yield searcher


def hits_of_whoosh(searcher: Searcher, tree: query.Query) -> dict[str, float]:
    return {hit["id"]: hit.score for hit in searcher.search(tree, limit=None)}


def hits_of_ours(index: Index, tree: query.Query) -> dict[str, float]:
    found = index.find(Search(tree, limit=100))
    assert found.total == len(found.documents)
    return {d.fields["id"]: d.score for d in found.documents}


@contextmanager
def both(
    first: Sequence[Mapping[str, Any]],
    second: Sequence[Mapping[str, Any]],
    numbers: Collection[int],
) -> Iterator[Iterator[tuple[Index, Searcher]]]:
    """Give our index and Whoosh's of two batches, with deletions, and then merged."""
    rows = [(str(n), row) for n, row in enumerate([*first, *second])]
    # A segment of deleted documents only is let go of at once, and its statistics.
    deleted = [str(n) for n in numbers if n < len(rows) and n not in {0, len(first)}]

    def states(index: Index) -> Iterator[tuple[Index, Searcher]]:
        with searched_by_whoosh(rows, deleted) as searcher:
            yield index, searcher
        index.merge()
        left = [(key, row) for key, row in rows if key not in deleted]
        # What a merge purges is gone from the statistics too.
        with searched_by_whoosh(left, []) as searcher:
            yield index, searcher

    with TemporaryDirectory() as folder:
        index = Index(Path(folder), FIELDS)
        for batch in (rows[: len(first)], rows[len(first) :]):
            with index.writer(most_rewritten=0) as writer:
                for key, row in batch:
                    writer.put({**row, "id": key})
        with index.writer(most_rewritten=0) as writer:
            for key in deleted:
                writer.remove(key)
        yield states(index)


numbers = st.sets(st.integers(0, 23))


@settings(max_examples=100)
@given(documents, documents, numbers, _trees(scored))
def test_hits_and_scores_are_those_of_whoosh(
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    deleted: set[int],
    tree: query.Query,
) -> None:
    with both(first, second, deleted) as states:
        for index, searcher in states:
            theirs = hits_of_whoosh(searcher, tree)
            assert hits_of_ours(index, tree) == pytest.approx(theirs, abs=1e-4)


@settings(max_examples=100)
@given(documents, documents, numbers, _trees(scored | expanded))
def test_what_stands_for_several_terms_finds_what_whoosh_finds(
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    deleted: set[int],
    tree: query.Query,
) -> None:
    with both(first, second, deleted) as states:
        for index, searcher in states:
            assert {*hits_of_ours(index, tree)} == {*hits_of_whoosh(searcher, tree)}


@settings(max_examples=50)
@given(documents, documents, numbers, _trees(scored))
def test_facet_counts_are_those_of_whoosh(
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    deleted: set[int],
    tree: query.Query,
) -> None:
    with both(first, second, deleted) as states:
        for index, searcher in states:
            theirs: Counter[str] = Counter()
            for hit in searcher.search(tree, limit=None):
                tags = hit["tag"].split(VALUE_SEPARATOR)
                theirs.update(tags)
            ours = index.find(Search(tree, facets=["tag"])).facets["tag"]
            assert ours == theirs
