"""Our segments under Whoosh's own searcher, against segments of its own codec."""

import pickle
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import formats, scoring
from whoosh.codec import base
from whoosh.fields import NUMERIC, Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, FileIndex, create_in, open_dir
from whoosh.matching import ReadTooFar
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.query import (
    And,
    AndNot,
    Every,
    FuzzyTerm,
    Not,
    NumericRange,
    Or,
    Phrase,
    Prefix,
    Query,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
)
from whoosh.query.spans import SpanFirst, SpanNear
from whoosh.reading import IndexReader, TermNotFound
from whoosh.searching import Searcher
from whoosh.sorting import FieldFacet

from search.engine import Field
from search.engine.codec import ArrayCodec, ArraySegment, opened, segment_data
from search.engine.codec.documents import ArrayDocumentReader
from search.engine.codec.numbers import number_postings
from search.engine.codec.postings import BLOCK, ArrayMatcher
from search.engine.codec.terms import ArrayTermsReader
from search.engine.fields import UNKNOWN_NUMBER, VALUE_SEPARATOR, build_schema
from search.engine.segments import ContainerError, Inverter, SegmentData

FIELDS = [
    Field("title", "text"),
    Field("text", "text"),
    Field("source", "facet"),
    Field("day", "number"),
    Field("url", "stored"),
]

Document = Mapping[str, Any]
# What an index was built from: its segments, each of documents, and what was deleted.
Segments = Sequence[Sequence[Document]]

WORDS = ["night", "train", "harbour", "trains", "late", "harvest", "museum", "rain"]


def documents(count: int, *, words: Sequence[str] = WORDS) -> list[Document]:
    """Make documents in which common words are common.

    Whoosh's own codec rounds the length of those with more than ten words.
    """
    random = np.random.default_rng(count)
    weights = 1 / np.arange(1, len(words) + 1)
    made: list[Document] = []
    for number in range(count):
        length = int(random.integers(0, 11))
        chosen = random.choice(words, size=length, p=weights / weights.sum())
        document: dict[str, Any] = {"id": str(number), "text": " ".join(chosen)}
        if number % 3:
            document["title"] = " ".join(chosen[:2])
            document["source"] = ["atlas", "bahr", "cap"][number % 2 : 1 + number % 3]
        if number % 5:
            document["day"] = int(random.integers(-40, 40)) * 1000
        if number % 2:
            document["url"] = f"/{number}"
        made.append(document)
    return made


def inverted(documents: Sequence[Document]) -> SegmentData:
    inverter = Inverter([Field("id", "key"), *FIELDS])
    for document in documents:
        inverter.add(document)
    return inverter.finish()


def ours(folder: Path, segments: Segments, deleted: Sequence[int] = ()) -> FileIndex:
    """Build an index of our segments."""
    folder.mkdir()
    schema = build_schema(FIELDS)
    create_in(str(folder), schema).close()
    listed, base = [], 0
    for documents in segments:
        data = inverted(documents)
        own = [n - base for n in deleted if 0 <= n - base < data.size]
        segment = ArraySegment("MAIN", data.size, own)
        data.write(folder / segment.file_name())
        listed.append(segment)
        base += data.size
    TOC(schema, listed, 1).write(FileStorage(str(folder)), "MAIN")
    return open_dir(str(folder))


def stock(folder: Path, segments: Segments, deleted: Sequence[int] = ()) -> FileIndex:
    """Build an index of Whoosh's own."""
    folder.mkdir()
    index = create_in(str(folder), build_schema(FIELDS))
    for documents in segments:
        writer = index.writer()
        for document in documents:
            values = VALUE_SEPARATOR.join(document.get("source", ()))
            writer.add_document(**{**document, "source": values or None})
        writer.commit(merge=False)
    writer = index.writer()
    for number in deleted:
        writer.delete_document(number)
    writer.commit(merge=False)
    return index


SHAPES = {
    "one segment": ([documents(60)], ()),
    "one segment with deletions": ([documents(60)], (0, 7, 8, 59)),
    "several segments": ([documents(40), documents(25), documents(3)], ()),
    "several segments with deletions": (
        [documents(40), documents(25), documents(3)],
        (3, 39, 40, 41, 65),
    ),
    "many documents": ([documents(900)], tuple(range(100, 300, 3))),
}


@pytest.fixture(scope="module", params=SHAPES, ids=lambda name: name.replace(" ", "-"))
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Searcher, Searcher]]:
    """Return searchers of the same documents: over our codec, and over Whoosh's."""
    segments, deleted = SHAPES[request.param]
    folder = tmp_path_factory.mktemp("codec")
    with (
        ours(folder / "ours", segments, deleted).searcher() as our,
        stock(folder / "stock", segments, deleted).searcher() as its,
    ):
        yield our, its


def scores(searcher: Searcher, query: Query, **options: Any) -> dict[int, float]:
    return {hit.docnum: hit.score for hit in searcher.search(query, **options)}


QUERIES = [
    Term("text", "night"),
    Term("text", "no such word"),
    Term("id", "7"),
    Term("source", "bahr"),
    Term("day", 3000),
    And([Term("text", "night"), Term("text", "late")]),
    And([Term("text", "rain"), Term("title", "night"), Term("source", "cap")]),
    Or([Term("text", "harbour"), Term("text", "museum"), Term("title", "rain")]),
    AndNot(Term("text", "night"), Term("text", "train")),
    And([Every(), Not(Term("text", "night"))]),
    Phrase("text", ["night", "train"]),
    Phrase("text", ["night", "train", "night"], slop=3),
    SpanNear(Term("text", "night"), Term("text", "late"), slop=2, ordered=False),
    SpanFirst(Term("text", "train")),
    Prefix("text", "trai"),
    Prefix("source", "ba"),
    Wildcard("text", "*r*n"),
    Regex("text", "ra?in"),
    FuzzyTerm("text", "harbor"),
    FuzzyTerm("text", "trains", maxdist=2),
    NumericRange("day", -7000, 21000),
    NumericRange("day", None, 0, endexcl=True),
    NumericRange("day", 3000, None),
    NumericRange("day", None, None),
    NumericRange("day", 1, 2),
    TermRange("text", "harbour", "museum"),
    TermRange("source", "atlas", "bahr", endexcl=True),
    Every(),
    Every("title"),
    Every("day"),
    Every("source"),
]

# Whoosh's matcher of this one fails by itself if it is asked for the best only.
REQUIRE = Require(Term("text", "train"), Term("source", "atlas"))


@pytest.mark.parametrize("query", [*QUERIES, REQUIRE], ids=str)
def test_hits_and_scores_are_those_of_whooshs_own_codec(
    both: tuple[Searcher, Searcher], query: Query
) -> None:
    our, its = both
    expected = scores(its, query, limit=None)
    assert scores(our, query, limit=None) == pytest.approx(expected, abs=1e-4)
    assert set(our.docs_for_query(query)) == set(its.docs_for_query(query))


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_the_best_hits_are_the_best_of_all(
    both: tuple[Searcher, Searcher], query: Query, limit: int
) -> None:
    """Whoosh skips blocks of postings here, by the quality that matchers tell it."""
    our, _ = both
    every = sorted(scores(our, query, limit=None).values(), reverse=True)
    best = sorted(scores(our, query, limit=limit).values(), reverse=True)
    assert best == pytest.approx(every[:limit])
    assert len(our.search(query, limit=limit)) == len(every)


@pytest.mark.parametrize(
    "weighting",
    [
        scoring.Frequency(),
        scoring.TF_IDF(),
        scoring.PL2(),
        scoring.BM25F(B=0.2, title_B=0.9),
    ],
    ids=lambda weighting: type(weighting).__name__,
)
def test_other_weightings_score_alike(
    both: tuple[Searcher, Searcher], weighting: scoring.WeightingModel
) -> None:
    our, its = (Searcher(searcher.reader(), weighting=weighting) for searcher in both)
    query = Or([Term("text", "night"), Term("title", "train"), Term("source", "cap")])
    expected = scores(its, query, limit=None)
    assert scores(our, query, limit=None) == pytest.approx(expected, abs=1e-4)
    best = sorted(scores(our, query, limit=5).values(), reverse=True)
    assert best == pytest.approx(sorted(expected.values(), reverse=True)[:5], abs=1e-4)


@pytest.mark.parametrize(
    "typed",
    [
        "night train",
        '"night train" OR museum',
        "title:(rain OR late) NOT text:harbour",
        "source:cap day:[-5000 to 9000]",
        "day:3000",
        "har* AND trai?s",
        "trais~ OR msueum~2",
        "[harbour TO night]",
        "night^3 train",
    ],
)
def test_what_whooshs_parser_reads_is_found(
    both: tuple[Searcher, Searcher], typed: str
) -> None:
    our, its = both
    parser = QueryParser("text", our.schema)
    parser.add_plugin(FuzzyTermPlugin())
    query = parser.parse(typed)
    expected = scores(its, query, limit=None)
    assert scores(our, query, limit=None) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("field", ["day", "source", "id"])
def test_hits_are_sorted_by_a_field(
    both: tuple[Searcher, Searcher], field: str, *, reverse: bool
) -> None:
    found = [
        [hit.docnum for hit in searcher.search(Every(), limit=None, **sorting)]
        for searcher in both
        for sorting in [{"sortedby": FieldFacet(field, reverse=reverse)}]
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("field", ["day", "source", "title"])
def test_hits_are_grouped_by_a_field(
    both: tuple[Searcher, Searcher], field: str, *, overlap: bool
) -> None:
    facet = FieldFacet(field, allow_overlap=overlap)
    query = Or([Term("text", "night"), Term("text", "late")])
    groups = [
        searcher.search(query, limit=None, groupedby={"by": facet}).groups("by")
        for searcher in both
    ]
    assert {name: sorted(docs) for name, docs in groups[0].items()} == {
        name: sorted(docs) for name, docs in groups[1].items()
    }


@pytest.mark.parametrize("field", ["day", "source"])
def test_columns_hold_what_whooshs_hold(
    both: tuple[Searcher, Searcher], field: str
) -> None:
    our, its = (searcher.reader() for searcher in both)
    assert our.has_column(field)
    assert not our.has_column("title")
    for translate in (False, True):
        expected = list(its.column_reader(field, translate=translate))
        assert list(our.column_reader(field, translate=translate)) == expected
        assert our.column_reader(field, translate=translate)[1] == expected[1]


def test_the_lexicon_is_that_of_whooshs_own_codec(
    both: tuple[Searcher, Searcher],
) -> None:
    our, its = (searcher.reader() for searcher in both)
    assert list(our.all_terms()) == list(its.all_terms())
    assert set(our.indexed_field_names()) == set(its.indexed_field_names())
    for field in ("title", "source", "day", "id"):
        assert list(our.lexicon(field)) == list(its.lexicon(field))
        assert list(our.field_terms(field)) == list(its.field_terms(field))
    assert list(our.expand_prefix("text", "tra")) == [b"train", b"trains"]
    assert list(our.terms_from("text", b"rain")) == list(
        its.terms_from("text", b"rain")
    )


def described(reader: IndexReader) -> dict[tuple[str, bytes], tuple[Any, ...]]:
    return {
        term: (
            info.weight(),
            info.doc_frequency(),
            # Whoosh's own keeps lengths of some documents as 0.
            info.min_length() if term[0] in {"text", "title"} else 0,
            info.max_length() if term[0] in {"text", "title"} else 0,
            info.max_weight(),
            info.min_id(),
            info.max_id(),
        )
        for term, info in reader
    }


def test_terms_are_described_as_by_whooshs_own_codec(
    both: tuple[Searcher, Searcher],
) -> None:
    our, its = (searcher.reader() for searcher in both)
    assert described(our) == described(its)
    for field, text in (("text", b"night"), ("source", b"cap"), ("id", b"0")):
        assert our.frequency(field, text) == its.frequency(field, text)
        assert our.doc_frequency(field, text) == its.doc_frequency(field, text)
        assert (field, text) in our
    assert list(our.iter_prefix("text", "trai"))
    assert our.most_frequent_terms("text", 3) == its.most_frequent_terms("text", 3)
    assert our.most_distinctive_terms("text") == its.most_distinctive_terms("text")


def test_postings_are_encoded_as_by_whooshs_own_codec(
    both: tuple[Searcher, Searcher],
) -> None:
    our, its = (searcher.reader() for searcher in both)
    expected = [(*p[:4], p[4] or b"") for p in its.iter_postings()]
    assert list(our.iter_postings()) == expected


def test_lengths_are_those_of_whooshs_own_codec(
    both: tuple[Searcher, Searcher],
) -> None:
    our, its = (searcher.reader() for searcher in both)
    for field in ("text", "title"):
        assert our.field_length(field) == its.field_length(field)
        assert our.min_field_length(field) == its.min_field_length(field)
        assert our.max_field_length(field) == its.max_field_length(field)
        for number in range(our.doc_count_all()):
            expected = its.doc_field_length(number, field) or 0
            assert our.doc_field_length(number, field) == expected
    assert our.doc_field_length(0, "source", 1) == 1
    assert our.field_length("source") == our.max_field_length("source") == 0
    assert our.min_field_length("source") == our.field_length("no such field") == 0


def test_documents_are_counted_and_given_back(both: tuple[Searcher, Searcher]) -> None:
    our, its = (searcher.reader() for searcher in both)
    assert our.doc_count() == its.doc_count()
    assert our.doc_count_all() == its.doc_count_all()
    assert our.has_deletions() == its.has_deletions()
    for number in range(our.doc_count_all()):
        assert our.is_deleted(number) == its.is_deleted(number)
    as_whoosh = [
        {**stored, "source": VALUE_SEPARATOR.join(stored["source"])}
        if "source" in stored
        else stored
        for stored in our.all_stored_fields()
    ]
    assert as_whoosh == list(its.all_stored_fields())
    for our_leaf, its_leaf in zip(our.leaf_readers(), its.leaf_readers(), strict=True):
        assert list(our_leaf[0].all_doc_ids()) == list(its_leaf[0].all_doc_ids())
        assert len(list(our_leaf[0].iter_docs())) == our_leaf[0].doc_count()


def test_spelling_is_corrected(both: tuple[Searcher, Searcher]) -> None:
    our, its = both
    for typed in ("trian", "nihgt", "harbor", "museums", "xyz"):
        expected = its.suggest("text", typed, limit=3, maxdist=2)
        assert our.suggest("text", typed, limit=3, maxdist=2) == expected
        assert set(our.reader().terms_within("text", typed, 2)) == set(
            its.reader().terms_within("text", typed, 2)
        )
    query = QueryParser("text", our.schema).parse("nihgt")
    assert our.correct_query(query, "nihgt").string == "night"


def test_what_tells_a_document_apart_is_known(both: tuple[Searcher, Searcher]) -> None:
    our, its = both
    terms = [searcher.key_terms([1, 2], "text", numterms=5) for searcher in both]
    assert dict(terms[0]) == pytest.approx(dict(terms[1]))
    like = [
        {hit.docnum for hit in searcher.more_like(5, "text", top=100)}
        for searcher in (our, its)
    ]
    assert like[0] == like[1]


def test_matches_are_marked_and_named(both: tuple[Searcher, Searcher]) -> None:
    our, its = both
    query = Or([Term("text", "museum"), Term("text", "rain")])
    marked, named = [], []
    for searcher in (our, its):
        results = searcher.search(query, terms=True, limit=None)
        marked.append({hit.docnum: hit.highlights("text") for hit in results})
        named.append({hit.docnum: sorted(hit.matched_terms()) for hit in results})
    assert marked[0] == marked[1]
    assert any("<b" in text for text in marked[0].values())
    assert named[0] == named[1]


def test_hits_are_filtered_masked_and_collapsed(
    both: tuple[Searcher, Searcher],
) -> None:
    query = Term("text", "night")
    ways: list[dict[str, Any]] = [
        {"filter": Term("source", "cap")},
        {"mask": Term("source", "atlas")},
        {"collapse": FieldFacet("day"), "collapse_limit": 1},
        {"reverse": True},
    ]
    for options in ways:
        found = [len(scores(s, query, limit=None, **options)) for s in both]
        assert found[0] == found[1]


# Cursors.


@pytest.fixture
def index(tmp_path: Path) -> FileIndex:
    """Return an index of one segment with two documents."""
    made: list[Document] = [
        {"id": "1", "text": "night train night", "source": ["b", "a"], "day": 5},
        {"id": "2", "text": "train"},
    ]
    return ours(tmp_path / "index", [made])


def test_a_cursor_walks_the_terms_of_a_field(index: FileIndex) -> None:
    cursor = index.reader().cursor("text")
    assert cursor.is_valid()
    assert cursor.text() == cursor.first() == "night"
    assert cursor.term_info().weight() == 2
    assert cursor.next() == "train"
    assert cursor.next() is cursor.text() is cursor.term_info() is cursor.next() is None
    assert not cursor.is_valid()
    assert cursor.find("o") == cursor.find(b"train") == "train"
    assert cursor.find("u") is None
    assert cursor.first() == "night"


def test_a_cursor_over_nothing_is_at_its_end(index: FileIndex) -> None:
    reader = index.reader()
    assert not reader.cursor("title").is_valid()
    assert not reader.cursor("url").is_valid()
    assert reader.cursor("title").first() is None


def test_terms_that_are_not_there_are_not_found(index: FileIndex) -> None:
    reader = index.reader()
    for field, text in (("text", "harbour"), ("title", "night"), ("day", 4)):
        assert (field, text) not in reader
        assert reader.frequency(field, text) == 0
        assert reader.doc_frequency(field, text) == 0
        with pytest.raises(TermNotFound):
            reader.term_info(field, text)
        with pytest.raises(TermNotFound):
            reader.postings(field, text)
    terms = ArrayTermsReader(inverted([]))
    assert ("url", b"x") not in terms
    assert terms.frequency("url", b"x") == terms.doc_frequency("url", b"x") == 0
    with pytest.raises(TermNotFound):
        terms.term_info("url", b"x")
    assert list(terms.items()) == []
    assert list(terms.terms()) == []


def test_a_segment_without_documents_is_searched(tmp_path: Path) -> None:
    with ours(tmp_path / "index", [[], documents(5)]).searcher() as searcher:
        assert len(searcher.search(Every())) == 5
        assert searcher.reader().min_field_length("text") == 0
        assert list(searcher.reader().column_reader("day")) != []


# Matchers.


def matcher(
    count: int, format_: formats.Format | None = None, field: str = "text"
) -> ArrayMatcher:
    """Walk a word that is in every second of ``count`` documents, ever more often."""
    data = inverted(
        [
            {"id": str(n), "text": " ".join(["a", *["b"] * (n % 2 * n)]), "source": "b"}
            for n in range(count)
        ]
    )
    terms = ArrayTermsReader(data)
    return terms.matcher(field, b"b", format_ or formats.Positions())


def test_a_matcher_walks_documents_with_their_positions() -> None:
    walked = matcher(6)
    assert list(walked.all_ids()) == [1, 3, 5]
    assert walked.term() == ("text", b"b")
    found = []
    while walked.is_active():
        positions = walked.value_as("positions")
        assert walked.format.decode_positions(walked.value()) == positions
        assert [span.start for span in walked.spans()] == positions
        assert walked.value_as("frequency") == walked.weight() == len(positions)
        found.append((walked.id(), positions))
        walked.next()
    assert found == [(1, [1]), (3, [1, 2, 3]), (5, [1, 2, 3, 4, 5])]
    assert all(
        type(number) is int for doc, places in found for number in (doc, *places)
    )
    with pytest.raises(ReadTooFar):
        walked.next()
    with pytest.raises(ReadTooFar):
        walked.skip_to(1)
    walked.reset()
    assert walked.id() == 1


def test_a_copy_of_a_matcher_moves_on_its_own() -> None:
    walked = matcher(6)
    walked.next()
    copied = walked.copy()
    copied.next()
    assert (walked.id(), copied.id()) == (3, 5)


def test_a_matcher_skips_to_a_document() -> None:
    for target in range(40):
        walked = matcher(40)
        walked.skip_to(5)
        walked.skip_to(target)
        expected = [n for n in range(5, 40, 2) if n >= target]
        assert walked.is_active() == bool(expected)
        assert not expected or walked.id() == expected[0]


def test_blocks_are_described_as_they_are() -> None:
    walked = matcher(BLOCK * 5)
    walked.scorer = scoring.WeightScorer(1.0)
    ends = []
    for number, doc in enumerate(range(1, BLOCK * 5, 2)):
        last = min(number // BLOCK * BLOCK + BLOCK, BLOCK * 5 // 2) * 2 - 1
        first = number // BLOCK * BLOCK * 2 + 1
        assert walked.id() == doc
        assert walked.block_max_weight() == walked.block_quality() == last
        assert walked.block_min_length() == first + 1
        assert walked.block_max_length() == last + 1
        if walked.next():
            ends.append(number + 1)
    assert ends == [BLOCK, BLOCK * 2, BLOCK * 5 // 2]


def test_a_matcher_skips_blocks_that_cannot_be_good_enough() -> None:
    walked = matcher(BLOCK * 5)
    walked.scorer = scoring.WeightScorer(1.0)
    assert walked.supports_block_quality()
    assert walked.skip_to_quality(BLOCK) == 0
    walked.next()
    assert walked.skip_to_quality(BLOCK * 2 - 1) == 1
    assert walked.id() == BLOCK * 2 + 1
    assert walked.skip_to_quality(BLOCK * 5) == 2
    assert not walked.is_active()


def test_a_matcher_at_its_end_tells_of_the_last_document() -> None:
    walked = matcher(6)
    walked.skip_to(99)
    assert not walked.is_active()
    assert walked.id() == walked.block_max_weight() == 5
    assert walked.block_max_length() == 6


def test_fields_without_positions_have_no_spans() -> None:
    walked = matcher(6, formats.Frequency(), "source")
    assert not walked.supports("positions")
    assert walked.value_as("frequency") == 1
    assert walked.block_min_length() == walked.block_max_length() == 0
    with pytest.raises(Exception, match="does not support positions"):
        walked.spans()
    assert matcher(6, formats.Existence(), "source").value() == b""


# Numbers.


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(-(2**63) + 1, 2**63 - 1), max_size=20))
def test_numbers_have_the_terms_that_whoosh_would_index(
    numbers: list[int | None],
) -> None:
    field = NUMERIC(int, bits=64)
    expected: dict[bytes, list[int]] = {}
    for document, number in enumerate(numbers):
        if number is not None:
            for term, *_ in field.index(number):
                expected.setdefault(term, []).append(document)
    column = [UNKNOWN_NUMBER if number is None else number for number in numbers]
    found = number_postings(np.array(column, dtype=np.int64))
    assert list(found.vocabulary) == sorted(expected)
    for term in range(len(found.terms)):
        docs = found.docs[found.postings(term)].tolist()
        assert docs == expected[found.word(term)]


def test_the_terms_of_numbers_are_made_once() -> None:
    terms = ArrayTermsReader(inverted(documents(9)))
    assert terms._field("day") is terms._field("day")


# Segments in the table of contents.


def test_a_segment_comes_back_from_a_pickle() -> None:
    segment = ArraySegment("MAIN", 5, [1, 3])
    copied = pickle.loads(pickle.dumps(segment))  # noqa: S301
    assert type(copied).__module__ == "search.engine.codec"
    assert copied == segment
    assert copied.file_name() == segment.file_name() == f"MAIN_{segment.segid}.arrays"
    assert copied.doc_count_all() == 5
    assert copied.doc_count() == 3
    assert list(copied.deleted_docs()) == [1, 3]
    assert not copied.should_assemble()


def test_documents_are_deleted_and_that_is_taken_back() -> None:
    segment = ArraySegment("MAIN")
    assert not segment.has_deletions()
    segment.set_doc_count(2)
    segment.delete_document(1)
    segment.delete_document(1)
    assert segment.is_deleted(1)
    assert segment.deleted_count() == 1
    segment.delete_document(1, delete=False)
    assert not segment.is_deleted(1)
    for number in (-1, 2):
        with pytest.raises(IndexError, match=f"has no document {number}"):
            segment.delete_document(number)


def test_the_codec_only_reads() -> None:
    codec, segment = ArrayCodec(), ArraySegment("MAIN")
    storage = RamStorage()
    assert codec.new_segment(storage, "MAIN").doc_count_all() == 0
    refusals: list[Callable[[], object]] = [
        lambda: codec.per_document_writer(storage, segment),
        lambda: codec.field_writer(storage, segment),
        lambda: codec.postings_writer(None),
    ]
    for refusal in refusals:
        with pytest.raises(NotImplementedError, match=r"search\.engine\.Index\.writer"):
            refusal()
    with pytest.raises(NotImplementedError, match="terms reader"):
        codec.postings_reader(None, None, None)
    assert isinstance(codec.automata(storage, segment), base.Automata)


def test_whooshs_writer_deletes_and_rewrites_our_segments(tmp_path: Path) -> None:
    made = documents(30)
    index = ours(tmp_path / "index", [made[:20], made[20:]], [4])
    with index.searcher() as searcher:
        before = {hit["id"] for hit in searcher.search(Term("text", "night"), limit=99)}
    writer = index.writer()
    writer.delete_by_term("id", "7")
    writer.commit(merge=False)
    with index.searcher() as searcher:
        assert searcher.doc_count() == 28
        assert not searcher.search(Term("id", "7"))
    index.optimize()
    with index.searcher() as searcher:
        found = {hit["id"] for hit in searcher.search(Term("text", "night"), limit=99)}
        assert found == before - {"7"}
        assert searcher.doc_count_all() == 28
        assert len(searcher.search(NumericRange("day", None, None), limit=None)) == len(
            [n for n, d in enumerate(made) if "day" in d and n not in {4, 7}]
        )


# Files.


def test_a_segment_is_opened_once(tmp_path: Path) -> None:
    index = ours(tmp_path / "index", [documents(3)])
    [segment] = index._segments()
    data = segment_data(tmp_path / "index", segment)
    assert segment_data(index.storage, segment) is data
    [again] = open_dir(str(tmp_path / "index"))._segments()
    assert segment_data(index.storage, again) is data


def test_a_file_that_changed_is_opened_again(tmp_path: Path) -> None:
    data, segment = inverted(documents(3)), ArraySegment("MAIN", 3)
    data.write(tmp_path / segment.file_name())
    first = segment_data(tmp_path, segment)
    (tmp_path / segment.file_name()).write_bytes(b"not what it was")
    with pytest.raises(ContainerError):
        segment_data(tmp_path, segment)
    data.write(tmp_path / segment.file_name())
    assert segment_data(tmp_path, segment) is not first


def test_files_that_are_gone_or_long_unused_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = opened._OpenSegments()
    monkeypatch.setattr(opened, "_segments", kept)
    monkeypatch.setattr(opened, "MOST_OPEN", 3)
    data = inverted(documents(2))
    segments = [ArraySegment("MAIN", 2) for _ in range(6)]
    for segment in segments:
        data.write(tmp_path / segment.file_name())
    first = [segment_data(tmp_path, segment) for segment in segments[:3]]
    assert segment_data(tmp_path, segments[0]) is first[0]
    segment_data(tmp_path, segments[3])
    assert len(kept) == 3
    assert segment_data(tmp_path, segments[0]) is first[0]
    assert segment_data(tmp_path, segments[1]) is not first[1]
    for segment in segments[:4]:
        (tmp_path / segment.file_name()).unlink()
    segment_data(tmp_path, segments[4])
    assert len(kept) == 1


def test_a_missing_file_lets_whoosh_read_its_contents_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        segment_data(tmp_path, ArraySegment("MAIN", 2))


def test_a_file_that_vanishes_while_it_is_opened_is_missing_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = ArraySegment("MAIN", 2)
    path = tmp_path / segment.file_name()
    inverted(documents(2)).write(path)

    def vanishes(path: Path) -> SegmentData:
        path.unlink()
        raise ContainerError(path, "it cannot be opened")

    monkeypatch.setattr(opened, "open_segment", vanishes)
    with pytest.raises(FileNotFoundError):
        segment_data(tmp_path, segment)


def test_a_file_of_another_segment_is_refused(tmp_path: Path) -> None:
    segment = ArraySegment("MAIN", 5)
    inverted(documents(2)).write(tmp_path / segment.file_name())
    with pytest.raises(ContainerError, match="it has 2 documents, not 5"):
        segment_data(tmp_path, segment)


def test_columns_are_listed() -> None:
    data, segment = inverted(documents(2)), ArraySegment("MAIN", 2)
    reader = ArrayDocumentReader(data, segment)
    assert reader.supports_columns()
    assert reader.list_columns() == ["day", "source"]


def test_many_threads_search_at_once(tmp_path: Path) -> None:
    with ours(tmp_path / "index", [documents(400), documents(300)]).searcher() as one:
        expected = [scores(one, query, limit=None) for query in QUERIES]
        failures: list[str] = []

        def search(order: int) -> None:
            for number in range(order, order + len(QUERIES)):
                query = QUERIES[number % len(QUERIES)]
                if scores(one, query, limit=None) != expected[number % len(QUERIES)]:
                    failures.append(str(query))

        threads = [threading.Thread(target=search, args=(n * 5,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_names_sort_as_whoosh_merges_them(tmp_path: Path) -> None:
    with ours(tmp_path / "index", [documents(40), documents(3)]).searcher() as one:
        terms = list(one.reader().all_terms())
        assert all(a < b for a, b in pairwise(terms))
        assert isinstance(one.schema, Schema)
