"""Lemmas: which words of a newspaper are one word, and which only look alike."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.conflation import FileError, light10, measure, read
from search.analysis import fold, normalise, storage
from search.analysis.arabic import families_of, lemmas_of
from search.analysis.arabic.dictionary import Entry, is_made_of_verb
from search.analysis.arabic.lemmatizer import lemma_numbers
from search.analysis.arabic.lexicon import build_lexicon, shipped_lexicon
from search.analysis.arabic.packing import LETTERS, MOST, code, pack, part, unpack
from search.analysis.arabic.stemming import stems

FAMILIES = Path(__file__).parent / "conflation.tsv"

arabic_words = st.text(alphabet="أإآؤئءاىيةهبتسلمنوفك", min_size=1, max_size=MOST)


def lemmas(word: str) -> set[str]:
    return set(lemmas_of([normalise(word)])[0])


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        pytest.param("والكتب", "كتاب", id="wa-, article, broken plural"),
        pytest.param("للأمن", "أمن", id="li- and article"),
        pytest.param("للجنة", "لجنة", id="li-, article and a lam"),
        pytest.param("سياستهم", "سياسة", id="teh marbuta before a pronoun"),
        pytest.param("مستواه", "مستوى", id="alef maksura before a pronoun"),
        pytest.param("أصدقائه", "صديق", id="hamza on a seat"),
        pytest.param("المسؤولين", "مسؤول", id="sound plural"),
        pytest.param("وزيرة", "وزير", id="feminine of a person"),
        pytest.param("سيقول", "قال", id="future"),
        pytest.param("اعتبروه", "اعتبر", id="verb with an object"),
        pytest.param("يؤكدون", "أكد", id="imperfect plural"),
        pytest.param("القضايا", "قضية", id="broken plural of a weak root"),
        pytest.param("الاجهزة", "جهاز", id="hamza left out"),
    ],
)
def test_words_have_the_lemma_of_the_dictionary(word: str, lemma: str) -> None:
    assert lemma in lemmas(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب", "كاتب"),
        ("وزير", "زير"),
        ("بيان", "يان"),
        ("دولي", "دولة"),
        ("احتفال", "احتفل"),
        ("أمن", "آمن"),
        ("أن", "إن"),
        ("نظامه", "نظامة"),
        ("جامعة", "جماعة"),
    ],
)
def test_words_that_only_look_alike_do_not_meet(one: str, other: str) -> None:
    assert not lemmas(one) & lemmas(other)


def test_families_of_press_words_meet_and_others_do_not() -> None:
    families, words = read(FAMILIES)
    assert len(words) >= 200
    assert len(set(families)) >= 50
    figures = measure(families, words)
    lemma = figures["rungs"]["lemma"]
    assert isinstance(lemma, dict)
    assert lemma["precision"] >= 0.95
    assert lemma["f1"] >= 0.90


@pytest.mark.parametrize(
    ("one", "other"), [("حموشي", "لحموشي"), ("الحموشي", "وحموشي"), ("هاينز", "وهاينز")]
)
def test_names_that_no_dictionary_has_meet_behind_clitics(one: str, other: str) -> None:
    assert lemmas(one) & lemmas(other)


def test_words_of_one_root_share_it() -> None:
    roots = [set(r) for _, r in families_of(["كتاب", "مكتبة", "كاتب"])]
    assert all("كتب" in r for r in roots)


@given(st.lists(st.text()))
def test_any_words_can_be_asked_about(words: list[str]) -> None:
    written = [normalise(word) for word in words]
    for word, found in zip(written, lemmas_of(written), strict=True):
        assert found
        assert all(found) or not fold(word)


@given(st.lists(arabic_words, min_size=2, max_size=4))
def test_many_words_are_read_as_each_of_them_is(words: list[str]) -> None:
    written = [normalise(word) for word in words]
    assert lemmas_of(written) == [lemmas_of([word])[0] for word in written]


@given(st.text(alphabet=LETTERS, max_size=MOST + 3))
def test_packing_keeps_the_letters(word: str) -> None:
    packed = pack([word])
    if len(word) > MOST:
        assert packed.length[0] == 0
    else:
        assert unpack(int(packed.low[0])) + unpack(int(packed.high[0])) == word


@given(st.text(alphabet=LETTERS, min_size=1, max_size=MOST), st.data())
def test_a_part_of_a_packed_word_is_that_of_its_letters(
    word: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(word) - 1))
    length = data.draw(st.integers(0, min(12, len(word) - start)))
    got = part(pack([word]), np.array([0]), np.array([start]), np.array([length]))
    assert int(got[0]) == code(word[start : start + length])


@pytest.mark.parametrize("word", ["", "abc", "كتاب5", "کتاب-ها"])
def test_what_is_no_arabic_word_is_not_packed(word: str) -> None:
    assert pack([word]).length[0] == 0


def test_a_printed_hamza_excludes_other_alefs_and_a_bare_one_excludes_none() -> None:
    lexicon = build_lexicon(
        [Entry("أمن", "أمن", certain=True), Entry("آمن", "آمن", certain=True)]
    )
    words, found = lemma_numbers(["أمن", "آمن", "امن", "إمن"], lexicon)
    names = [(w, lexicon.words[n]) for w, n in zip(words, found, strict=True)]
    assert names == [(0, "أمن"), (1, "آمن"), (2, "آمن"), (2, "أمن")]


def test_a_form_that_only_itself_speaks_for_gives_way() -> None:
    lexicon = build_lexicon(
        [Entry("باسم", "باسم", certain=False), Entry("اسم", "اسم", certain=True)]
    )
    _, found = lemma_numbers(["باسم"], lexicon)
    assert [lexicon.words[n] for n in found] == ["اسم"]


@pytest.mark.parametrize(
    ("noun", "verb", "made"),
    [
        ("احتفال", "احتفل", True),
        ("تمثيل", "مثل", True),
        ("منتظر", "انتظر", True),
        ("مشايخ", "شيخ", False),
        ("كتاب", "كتب", False),
    ],
)
def test_verbal_nouns_are_told_from_forms(noun: str, verb: str, made: bool) -> None:  # noqa: FBT001
    assert is_made_of_verb(noun, verb) is made


def test_stems_leave_open_what_cannot_be_decided() -> None:
    assert set(stems("لحموشي")) >= {"لحموشي", "حموشي"}
    assert stems("الحموشي") == ("حموشي",)


def test_the_lexicon_is_kept_and_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(tmp_path))
    made = []

    def make() -> storage.Arrays:
        made.append(1)
        return {"a": np.arange(3)}

    for _ in range(2):
        arrays = storage.kept_arrays("some", ["1"], make)
        assert arrays["a"].tolist() == [0, 1, 2]
    assert len(made) == 1
    storage.kept_arrays("some", ["2"], make)
    assert len(made) == 2
    assert len(list((tmp_path / "analysis").iterdir())) == 1


def test_where_nothing_can_be_kept_arrays_are_made_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(tmp_path / "file"))
    arrays = storage.kept_arrays("some", ["1"], lambda: {"a": np.arange(3)})
    assert arrays["a"].tolist() == [0, 1, 2]


def test_the_shipped_lexicon_is_small() -> None:
    lexicon = shipped_lexicon()
    arrays = (lexicon.forms, lexicon.spellings, lexicon.lemmas, lexicon.heads)
    assert sum(array.nbytes for array in arrays) < 40_000_000
    assert len(lexicon.words) == len(lexicon.roots) == len(lexicon.roles)


@pytest.mark.parametrize(
    ("text", "says"),
    [("a b\n", "line 1"), ("# only\n", "no words"), ("a\tb\tc\n", "family, tab, word")],
)
def test_a_file_that_is_no_set_of_families_is_told(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(text)
    with pytest.raises(FileError, match=says):
        read(path)


@pytest.mark.parametrize(
    ("word", "stem"), [("والكتاب", "كتاب"), ("مدرسه", "مدرس"), ("ومن", "ومن")]
)
def test_the_yardstick_stems_as_its_paper_says(word: str, stem: str) -> None:
    assert light10(fold(word)) == stem
