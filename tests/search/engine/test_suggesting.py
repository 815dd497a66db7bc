"""Spelling suggestions, completion of words, and documents like another."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import fold, written_words
from search.engine import Deadline, Field, Form, Index, similar
from search.engine.distances import (
    CONFUSION,
    CONFUSIONS,
    MOST_SLIPS,
    SLIP,
    costs,
    letters_of,
    signatures,
    weighed,
)
from search.engine.segments import Vocabulary
from search.engine.similar import MOST_WORDS
from tests.search.engine.documents import put, remove

FIELDS = [Field("title", "text"), Field("text", "text"), Field("source", "facet")]
ROWS = {
    "1": "زار الوزير المدرسة الجديدة في الرباط",
    "2": "المدرسة القديمة والمدرسة الجديدة",
    "3": "القضاء يحكم هذا في ظلم الوزير",
    "4": "القضاة في المدينة وظلم القضاء",
    "5": "Le gouvernement à Paris et PARIS",
    "6": "Paris, le 12 mai 2019",
}


def make(
    folder: Path, rows: dict[str, str], *, together: int = len(ROWS), merged: int = 0
) -> Index:
    """Return an index of ``rows``, ``together`` in a commit, one facet value for all."""
    index = Index(folder, FIELDS)
    listed = [{"id": k, "text": t, "source": ("one",)} for k, t in rows.items()]
    for begin in range(0, len(listed), together):
        with index.writer(most_rewritten=merged) as writer:
            for row in listed[begin : begin + together]:
                writer.put(row)
    return index


@pytest.fixture(params=[len(ROWS), 1], ids=["one segment", "a segment for each"])
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Index:
    return make(tmp_path / "library", ROWS, together=request.param)


def completed(index: Index, prefix: str, limit: int = 10) -> list[tuple[str, int]]:
    return [(form.word, form.documents) for form in index.complete(prefix, limit)]


def keys(index: Index, key: str, **search: object) -> list[str]:
    found = index.more_like(key, **search)  # type: ignore[arg-type]
    return [document.fields["id"] for document in found.documents]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("المدرصة", "المدرسة", id="a letter that sounds alike"),
        pytest.param("المدسرة", "المدرسة", id="neighbours exchanged"),
        pytest.param("المدرسسة", "المدرسة", id="a letter too many"),
        pytest.param("الجددة", "الجديدة", id="a letter too few"),
        pytest.param("المدرصسه", "المدرسة", id="two slips in a long word"),
        pytest.param("gouvernment", "gouvernement", id="Latin"),
        pytest.param("pariz", "Paris", id="as mostly written"),
        pytest.param("ضلم", "ظلم", id="a short word"),
        pytest.param('"المدرصة الجديدة"', '"المدرسة الجديدة"', id="quotes stay"),
        pytest.param("الوزير  المدرصة!", "الوزير  المدرسة!", id="the rest stays"),
        pytest.param("المدرصة -الوزيز", "المدرسة -الوزيز", id="unwanted ones stay"),
        pytest.param('-"المدرصة" pariz', '-"المدرصة" Paris', id="unwanted phrase"),
    ],
)
def test_a_word_that_is_nowhere_is_corrected(
    library: Index, typed: str, meant: str
) -> None:
    assert library.suggest(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("المدرسة", id="as it is"),
        pytest.param("المدرسه", id="folded it is there"),
        pytest.param("xyzzy", id="nothing near"),
        pytest.param("قضصء", id="two slips in a short word"),
        pytest.param("2018", id="another year is no spelling"),
        pytest.param("ma", id="too short"),
        pytest.param("ـــ َُِ", id="no word"),
        pytest.param("pari*", id="wildcard"),
        pytest.param("titl:", id="field"),
        pytest.param("-المدرصة", id="unwanted"),
        pytest.param("هءذا", id="near a stop word only"),
    ],
)
def test_what_is_right_or_has_nothing_near_stays(library: Index, typed: str) -> None:
    assert library.suggest(typed) is None


def test_a_suggestion_never_finds_less(tmp_path: Path) -> None:
    # The form is nowhere, but its lemma is: two documents against one.
    rows = {"1": "كتابهم", "2": "كتابها", "3": "كتبابك"}
    index = make(tmp_path / "index", rows)
    assert index.suggest("كتابك") is None
    remove(index, "1", "2")
    assert index.suggest("كتابك") == "كتبابك"


def test_the_commoner_of_two_words_as_near_is_meant(tmp_path: Path) -> None:
    rows = {"1": "cart", "2": "card", "3": "card"}
    assert make(tmp_path / "index", rows).suggest("carx") == "card"


def test_words_of_deleted_documents_are_not_suggested(library: Index) -> None:
    remove(library, "1", "2", "4")
    assert library.suggest("المدرصة") is None
    assert completed(library, "المدرس") == []


def test_words_of_documents_that_are_taken_out_are_offered_to_nobody(
    library: Index,
) -> None:
    fewer = library.snapshot().without(["1", "2", "4", "nothing"])
    assert fewer.suggest("المدرصة") is None
    assert fewer.complete("المدرس") == []
    # The index itself is what it was.
    assert completed(library, "المدرس") == [("المدرسة", 2)]


def test_completion_gives_the_commonest_words_first(library: Index) -> None:
    assert completed(library, "الم") == [("المدرسة", 2), ("المدينة", 1)]
    assert completed(library, "الق") == [
        ("القضاء", 2),
        ("القديمة", 1),
        ("القضاة", 1),
    ]
    assert completed(library, "الق", 1) == [("القضاء", 2)]


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        pytest.param("مدر", [], id="without the article if it was not typed"),
        pytest.param("ٱلمَدْر", ["المدرسة"], id="folded"),
        pytest.param("PAR", ["Paris"], id="case"),
        pytest.param("زار الوز", ["الوزير"], id="the last word"),
        pytest.param('"الوز', ["الوزير"], id="after a quote"),
        pytest.param("الوزير ", [], id="no word begun"),
        pytest.param("", [], id="nothing"),
        pytest.param("٢٠", ["2019"], id="digits"),
        pytest.param("zz", [], id="nothing begins so"),
    ],
)
def test_completion_reads_what_was_typed_as_a_search_does(
    library: Index, prefix: str, words: list[str]
) -> None:
    assert [word for word, _ in completed(library, prefix)] == words
    assert completed(library, prefix, 0) == []


def test_a_completion_is_a_form_of_the_index(library: Index) -> None:
    assert library.complete("par") == [Form("Paris", "folded", 2)]


words = st.text("abc", min_size=1, max_size=4)
texts = st.lists(st.lists(words, max_size=6).map(" ".join), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)  # each makes an index
@given(texts, st.sets(st.integers(0, 11)), words, st.integers(1, 3))
def test_completion_counts_documents_exactly(
    fresh_folder: Callable[[], Path],
    rows: list[str],
    gone: set[int],
    prefix: str,
    limit: int,
) -> None:
    index = make(fresh_folder(), {str(n): t for n, t in enumerate(rows)}, together=5)
    remove(index, *map(str, gone))
    left = [set(text.split()) for n, text in enumerate(rows) if n not in gone]
    counts = {
        word: sum(word in text for text in left)
        for word in set().union(*left)
        if word.startswith(prefix)
    }
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    assert completed(index, prefix, limit) == best[:limit]


@settings(max_examples=40, deadline=None)  # each makes an index
@given(texts, st.sets(st.integers(0, 11)), words)
def test_a_suggestion_is_a_word_of_the_index_that_is_near(
    fresh_folder: Callable[[], Path], rows: list[str], gone: set[int], typed: str
) -> None:
    index = make(fresh_folder(), {str(n): t for n, t in enumerate(rows)}, together=5)
    remove(index, *map(str, gone))
    there = {w for n, t in enumerate(rows) if n not in gone for w in t.split()}
    meant = index.suggest(typed)
    if typed in there:
        assert meant is None
    if meant is not None:
        assert meant in there
        assert slips_between(typed, meant) == 1


@given(st.text(), st.text())
def test_no_text_makes_them_fail(one_library: Index, text: str, other: str) -> None:
    meant = one_library.suggest(text + other)
    assert meant is None or one_library.suggest(meant) is None
    one_library.complete(text)
    assert not one_library.more_like(text + "no key").total


def test_an_empty_index_suggests_nothing(tmp_path: Path) -> None:
    index = Index(tmp_path / "empty", FIELDS)
    assert index.suggest("anything") is None
    assert index.complete("a") == []
    assert index.more_like("1").total == 0
    # Documents without a word are a segment without a vocabulary.
    put(index, {"id": "1", "source": ("one",)})
    assert index.suggest("anything") is None
    assert index.complete("a") == []
    assert index.more_like("1").total == 0


SIMILAR = {
    "trains": "The night train to Fes was late, the train to Oujda was late too",
    "railway": "Late trains: the railway at night",
    "museum": "A museum of carpets opened in Fes",
    "school": "Children went to a new school",
    "stop": "the and of",
}


@pytest.fixture(params=[len(SIMILAR), 1], ids=["one segment", "a segment for each"])
def archive(tmp_path: Path, request: pytest.FixtureRequest) -> Index:
    return make(tmp_path / "archive", SIMILAR, together=request.param)


def test_documents_with_the_same_telling_words_are_alike(archive: Index) -> None:
    assert keys(archive, "trains") == ["railway", "museum"]
    found = archive.more_like("trains", limit=1)
    assert (found.total, len(found.documents)) == (2, 1)


def test_words_are_alike_in_all_forms(tmp_path: Path) -> None:
    rows = {"1": "كتاب مشهور", "2": "كتبهم الكثيرة", "3": "مدينة"}
    assert keys(make(tmp_path / "index", rows), "1") == ["2"]


def test_words_that_an_older_version_cut_otherwise_say_nothing(
    archive: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        similar, "written_words", lambda text: [*text.split(), "unknown"]
    )
    assert keys(archive, "museum") == ["trains"]


def test_what_is_alike_stops_when_its_time_is_over(archive: Index) -> None:
    found = archive.more_like("trains", budget=0)
    assert (found.is_partial, found.total) == (True, 0)
    assert not archive.more_like("trains", budget=60).is_partial
    # Of a document that is not there all is known at once.
    assert not archive.more_like("missing", budget=0).is_partial


@pytest.mark.parametrize("steps", range(40))
def test_wherever_time_ends_what_is_alike_is_some_of_it(
    archive: Index, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    left = iter(range(steps))
    monkeypatch.setattr(Deadline, "is_over", lambda deadline: _ends(deadline, left))
    found = archive.more_like("trains", budget=60)
    assert {document.fields["id"] for document in found.documents} <= {
        "railway",
        "museum",
    }
    assert found.is_partial or found.total == 2


def _ends(deadline: Deadline, left: Iterator[int]) -> bool:
    deadline.was_met = deadline.was_met or next(left, None) is None
    return deadline.was_met


def test_what_is_alike_may_be_narrowed(archive: Index) -> None:
    assert keys(archive, "trains", hidden=["railway"]) == ["museum"]
    assert keys(archive, "trains", chosen={"source": ["one"]}) == ["railway", "museum"]
    assert keys(archive, "trains", chosen={"source": ["other"]}) == []


def test_nothing_is_like_what_is_not_there_or_says_nothing(archive: Index) -> None:
    assert keys(archive, "no such key") == []
    assert keys(archive, "stop") == []
    remove(archive, "trains")
    assert keys(archive, "trains") == []
    assert keys(archive, "museum") == []


def test_long_documents_are_asked_for_their_best_words_only(tmp_path: Path) -> None:
    common = " ".join(f"common{a}" for a in "abcdefgh")
    rare = " ".join(f"rare{a}{b}" for a, b in product("abcdef", repeat=2))
    rows = {"1": f"{common} {rare}", "2": common, "3": common, "4": rare}
    assert len(written_words(rare)) > MOST_WORDS
    assert keys(make(tmp_path / "index", rows), "1") == ["4"]


# Distances


def slips_between(word: str, other: str) -> int:
    """Return the restricted Damerau-Levenshtein distance, as its definition has it."""
    if not word or not other:
        return len(word) + len(other)
    found = [
        slips_between(word[:-1], other) + 1,
        slips_between(word, other[:-1]) + 1,
        slips_between(word[:-1], other[:-1]) + (word[-1] != other[-1]),
    ]
    if len(word) > 1 and len(other) > 1 and word[-2:] == other[-2:][::-1]:
        found.append(slips_between(word[:-2], other[:-2]) + 1)
    return min(found)


letters = st.text("بضظetكق", min_size=1, max_size=5)


@given(letters, st.sets(letters), st.integers(1, MOST_SLIPS))
def test_costs_are_slips_and_no_near_word_is_missed(
    word: str, others: set[str], slips: int
) -> None:
    listed = sorted(others, key=str.encode)
    vocabulary = Vocabulary.of(other.encode() for other in listed)
    found = costs(letters_of(word), vocabulary, np.arange(len(listed)), slips).tolist()
    near = signatures(vocabulary).near(letters_of(word), slips).tolist()
    for number, (other, cost) in enumerate(zip(listed, found, strict=True)):
        expected = slips_between(word, other)
        if expected <= slips:
            assert (expected - 1) * SLIP < cost <= expected * SLIP
            assert number in near
        else:
            assert cost > slips * SLIP


@pytest.mark.parametrize(
    ("word", "other", "cost"),
    [
        ("ظلم", "ظلم", 0),
        ("ضلم", "ظلم", CONFUSION),
        ("كلم", "ظلم", SLIP),
        ("ضلك", "ظلم", SLIP + CONFUSION),
    ],
)
def test_letters_that_are_confused_cost_less(word: str, other: str, cost: int) -> None:
    vocabulary = Vocabulary.of([other.encode()])
    assert costs(letters_of(word), vocabulary, np.arange(1), 2).tolist() == [cost]


def test_a_confusion_is_half_a_slip() -> None:
    weights = {0: 0, CONFUSION: 0.5, SLIP: 1, 2 * CONFUSION: 1, SLIP + CONFUSION: 1.5}
    assert {cost: weighed(cost) for cost in weights} == weights
    assert MOST_SLIPS * SLIP < (MOST_SLIPS + 1) * CONFUSION


def test_confused_letters_are_told_apart_when_folded() -> None:
    assert all(fold(letter) == letter for group in CONFUSIONS for letter in group)


@pytest.fixture(scope="session")
def fresh_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return what makes folders, for hypothesis runs a test many times."""
    return lambda: tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def one_library(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return make(tmp_path_factory.mktemp("one") / "library", ROWS)
