"""Query trees: what each node finds and how it scores, and what it does out of time."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query

from search.engine import Field, Index, Search, Word, WordPhrase
from tests.search.engine.documents import put, remove

FIELDS = [Field("text", "text"), Field("title", "text"), Field("day", "number")]
ROWS = {
    "1": "وصل الكتاب الجديد إلى المكتبة",
    "2": "كتب الوزير كتابا",
    "3": "قرأ الوزراء كتبهم القديمة",
    "4": "زار حموشي الرباط",
    "5": "الأمن في الرباط",
    "6": "امن وسلام",
    "7": "كاتب مشهور",
}


@pytest.fixture
def library(tmp_path: Path) -> Index:
    """Return an index of ``ROWS``."""
    index = Index(tmp_path / "library", FIELDS)
    put(
        index,
        *({"id": key, "text": text, "day": int(key)} for key, text in ROWS.items()),
    )
    return index


def found(index: Index, tree: query.Query, **search: Any) -> set[str]:
    return {d.fields["id"] for d in index.find(Search(tree, **search)).documents}


def scores(index: Index, tree: query.Query) -> dict[str, float]:
    return {d.fields["id"]: d.score for d in index.find(Search(tree)).documents}


@pytest.mark.parametrize(
    ("word", "rung", "expected"),
    [
        pytest.param("الكتاب", "written", {"1"}, id="as written"),
        pytest.param("الأمن", "folded", {"5"}, id="folded"),
        pytest.param("أمن", "folded", {"6"}, id="hamza left out"),
        pytest.param("أمن", "lemma", {"5", "6"}, id="article"),
        pytest.param("كتاب", "lemma", {"1", "2", "3"}, id="plural and clitics"),
        pytest.param("وزير", "lemma", {"2", "3"}, id="broken plural"),
        pytest.param("كتاب", "root", {"1", "2", "3", "7"}, id="family"),
        pytest.param("غائب", "root", set(), id="a word that is nowhere"),
    ],
)
def test_a_word_climbs_the_ladder(
    library: Index, word: str, rung: Any, expected: set[str]
) -> None:
    assert found(library, Word("text", word, rung)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Hammouchi", {"4"}, id="a name"),
        pytest.param("Rabat", {"4", "5"}, id="with the article"),
        pytest.param("Kateb", {"1", "2", "7"}, id="a name that sounds like words"),
        pytest.param("Paris", set(), id="a name that is nowhere"),
    ],
)
def test_names_are_found_across_scripts(
    library: Index, name: str, expected: set[str]
) -> None:
    assert found(library, Word("text", name, {"name"})) == expected
    assert found(library, Word("text", name)) == set()


def test_other_names_of_a_place_are_found(tmp_path: Path) -> None:
    index = Index(tmp_path / "places", FIELDS)
    put(index, {"id": "1", "text": "القاهرة"}, {"id": "2", "text": "to Cairo"})

    assert found(index, Word("text", "Cairo", {"name"})) == {"1", "2"}
    assert found(index, Word("text", "القاهرة", {"name"})) == {"1", "2"}


def test_words_in_small_letters_are_no_names(tmp_path: Path) -> None:
    index = Index(tmp_path / "trains", FIELDS)
    put(index, {"id": "1", "text": "a quieter night"}, {"id": "2", "text": "in Qatar"})

    assert found(index, Word("text", "قطار", {"name"})) <= {"2"}
    assert found(index, Word("text", "قطر", {"name"})) == {"2"}
    # What a reader types may be in small letters all the same.
    put(index, {"id": "3", "text": "قطر"})
    assert "3" in found(index, Word("text", "qatar", {"name"}))


def test_acronyms_are_no_names_and_headlines_are(tmp_path: Path) -> None:
    index = Index(tmp_path / "capitals", FIELDS)
    put(index, {"id": "1", "text": "GTB met KATEB"}, {"id": "2", "text": "CTB"})

    assert found(index, Word("text", "كتاب", {"name"})) <= {"1"}
    assert "GTB" not in {f.word for f in index.forms(Word("text", "كتاب", {"name"}))}
    assert found(index, Word("text", "كاتب", {"name"})) == {"1"}


def test_each_rung_includes_those_below_it(library: Index) -> None:
    rungs: list[Any] = ["written", "folded", "variant", "lemma", "root"]
    climbed = [found(library, Word("text", "كتاب", rung)) for rung in rungs]

    assert all(a <= b for a, b in pairwise(climbed))


def test_what_was_typed_scores_more_than_what_is_related(library: Index) -> None:
    typed, related = (
        scores(library, Word("text", text, "lemma")) for text in ("الكتاب", "كتاب")
    )

    assert typed["1"] > related["1"]
    assert typed["3"] == related["3"]


def test_a_word_in_many_forms_counts_as_one(library: Index) -> None:
    # Three documents have a form of it, though no form is in two.
    [best, *_] = library.find(Search(Word("text", "كتاب", {"lemma"}))).documents
    alone = library.find(Search(query.Term("text", "كتابا"))).documents[0]

    assert best.score < alone.score


def test_forms_say_what_matched_and_where(library: Index) -> None:
    forms = library.forms(Word("text", "كتاب", "lemma"))

    assert {form.word for form in forms} == {"الكتاب", "كتابا", "كتبهم", "كتب"}
    assert {form.rung for form in forms} == {"lemma"}
    assert all(form.documents == 1 for form in forms)
    asked = [Word("text", "حموشي"), Word("text", "كتاب")]
    assert library.matched(asked) == {"حموشي": 0, **{form.word: 1 for form in forms}}


def test_a_form_that_was_removed_is_not_found(library: Index) -> None:
    word = Word("text", "كتاب", "lemma", without={"الكتاب"})

    assert found(library, word) < found(library, Word("text", "كتاب", "lemma"))
    assert "الكتاب" not in {form.word for form in library.forms(word)}
    assert word != Word("text", "كتاب", "lemma")
    assert word.with_boost(2.0).without == {"الكتاب"}
    assert found(library, WordPhrase([word, Word("text", "وزير")])) == {"2"}


def test_words_that_differ_in_case_are_one_form(tmp_path: Path) -> None:
    index = Index(tmp_path / "cases", FIELDS)
    put(
        index,
        {"id": "1", "text": "Police police", "title": "POLICE"},
        {"id": "2", "text": "the police"},
    )
    put(index, {"id": "3", "title": "Police"}, {"id": "4", "text": "police"})
    remove(index, "4")

    [form] = index.forms(Word("text", "police"))
    assert (form.word, form.documents) == ("police", 2)
    [form] = index.snapshot().forms(Word("text", "police"), ["text", "title"])
    assert (form.word, form.documents) == ("police", 3)
    assert found(index, Word("text", "police", without={"police"})) == set()


def test_totals_say_what_each_rung_would_give(library: Index) -> None:
    rungs: list[Any] = ["written", "lemma", "root"]
    searches = [Search(Word("text", "كتاب", rung)) for rung in rungs]

    assert library.totals(searches) == [0, 3, 4]


def test_a_phrase_climbs_the_ladder(library: Index) -> None:
    words = [Word("text", "كتب"), Word("text", "وزير")]

    assert found(library, WordPhrase(words)) == {"2"}
    assert found(library, WordPhrase(words[::-1])) == {"2", "3"}
    assert found(library, WordPhrase(words, ordered=False)) == {"2", "3"}
    assert found(library, query.Phrase("text", ["كتب", "وزير"])) == set()


def test_words_near_each_other_need_not_touch(library: Index) -> None:
    words = [Word("text", "وزير"), Word("text", "قديم")]

    assert found(library, WordPhrase(words)) == set()
    assert found(library, WordPhrase(words, slop=2)) == {"3"}


def test_what_is_excluded_is_not_found(library: Index) -> None:
    tree = query.AndNot(Word("text", "كتاب"), query.Or([Word("text", "وزير")]))

    assert found(library, tree) == {"1"}
    assert found(library, query.AndNot(query.Every(), query.Every())) == set()


def test_the_best_part_counts(library: Index) -> None:
    one, other = query.Term("text", "كتب"), query.Term("text", "الوزير", boost=9.0)
    best = scores(library, query.DisjunctionMax([one, other]))

    assert best == pytest.approx(scores(library, other))


def test_whoosh_finds_the_word_as_written_of_our_nodes(library: Index) -> None:
    # Nodes that only Whoosh knows ask their children for matchers.
    tree = query.Or([Word("text", "الكتاب"), query.Term("text", "حموشي")], minmatch=1)

    assert found(library, tree) == {"1", "4"}
    phrase = WordPhrase([Word("text", "زار"), Word("text", "حموشي")])
    assert found(library, query.Or([phrase, phrase], scale=0.5)) == {"4"}


def test_out_of_time_a_search_gives_fewer_documents_and_says_so(library: Index) -> None:
    for tree in (
        Word("text", "كتاب"),
        query.And([query.Every(), query.Not(Word("text", "كتاب"))]),
        query.Not(query.Term("text", "كتب")),
        query.AndNot(query.Every(), query.Term("text", "كتب")),
        WordPhrase([Word("text", "كتب"), Word("text", "وزير")]),
    ):
        answer = library.find(Search(tree, budget=-1))
        assert answer.is_partial
        assert {d.fields["id"] for d in answer.documents} <= found(library, tree)
    assert not library.find(Search(query.Every(), budget=60)).is_partial


def test_a_wildcard_of_too_many_words_is_cut_and_says_so(
    library: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not library.find(Search(query.Prefix("text", "ا"))).is_cut
    monkeypatch.setattr("search.engine.searching.MOST_EXPANDED", 1)
    # Another pattern: what the first stands for is remembered.
    answer = library.find(Search(query.Prefix("text", "ال")))

    assert answer.is_cut
    assert answer.total == 1


@pytest.mark.parametrize(
    "tree",
    [
        query.Term("nowhere", "x"),
        query.Phrase("text", []),
        query.Term("day", "no number"),
        Word("text", ""),
        query.NullQuery,
    ],
)
def test_what_can_match_nothing_finds_nothing(
    library: Index, tree: query.Query
) -> None:
    assert found(library, tree) == set()


def test_everything_in_a_field_is_found(library: Index) -> None:
    assert found(library, query.Every("text")) == set(ROWS)
    assert found(library, query.Every("title")) == set()
    assert found(library, query.Every("day")) == set(ROWS)


def test_nodes_are_equal_by_what_they_ask_for() -> None:
    word = Word("text", "كتاب", "lemma", boost=2.0)

    assert word == Word("text", "كِتَاب", "lemma", boost=2.0)
    assert len({word, word.with_boost(1.0), word.in_field("title", 2.0)}) == 3
    assert word != query.Term("text", "كتاب")
    phrase = WordPhrase([word, word])
    assert phrase == WordPhrase([word, word])
    assert phrase.with_boost(2.0) != phrase
    assert str(phrase) == '"كتاب كتاب"'
    assert repr(phrase).startswith("WordPhrase([Word(")
    assert [*phrase.terms(phrases=True)] == [("text", "كتاب")] * 2
    assert [*phrase.terms()] == []
    assert (word.is_leaf(), word.field(), str(word)) == (True, "text", "text:كتاب")


words = st.sampled_from(["كتاب", "الكتب", "وزير", "الرباط", "أمن", "غائب", "القديمة"])


@given(st.lists(words, min_size=1, max_size=4), st.booleans())
def test_all_words_are_found_where_each_is(texts: list[str], every: bool) -> None:  # noqa: FBT001
    nodes = [Word("text", text) for text in texts]
    index = _library()
    parts = [found(index, node) for node in nodes]
    tree = query.And(nodes) if every else query.Or(nodes)
    expected = set.intersection(*parts) if every else set.union(*parts)

    assert found(index, tree) == expected


_made: list[Index] = []


def _library() -> Index:
    return _made[0]


@pytest.fixture(autouse=True)
def _one_library(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _made:
        index = Index(tmp_path_factory.mktemp("once") / "library", FIELDS)
        put(index, *({"id": k, "text": t, "day": int(k)} for k, t in ROWS.items()))
        _made.append(index)
