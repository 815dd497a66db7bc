"""Folding: which spellings are one word."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold, fold_all, normalise


@pytest.mark.parametrize(
    ("word", "term"),
    [
        pytest.param("كِتَابٌ", "كتاب", id="vowelled"),
        pytest.param("الحمّوشي", "الحموشي", id="shadda"),
        pytest.param("حمـــوشي", "حموشي", id="tatweel"),
        pytest.param("أمن", "امن", id="alef with hamza"),
        pytest.param("آثار", "اثار", id="alef with madda"),
        pytest.param("ٱلله", "الله", id="alef wasla"),
        pytest.param("ا\N{ARABIC HAMZA ABOVE}من", "امن", id="decomposed hamza"),
        pytest.param("على", "علي", id="alef maksura"),
        pytest.param("مدرسة", "مدرسه", id="teh marbuta"),
        pytest.param("کتاب", "كتاب", id="persian kaf"),
        pytest.param("ہوئی", "هوءي", id="urdu letters"),
        pytest.param("٢٠٠١", "2001", id="arabic-indic digits"),
        pytest.param("۲۰۰۱", "2001", id="persian digits"),
        pytest.param("ﻣﺤﻤﺪ", "محمد", id="presentation forms"),
        pytest.param("État", "etat", id="case and accent"),
        pytest.param("E\N{COMBINING ACUTE ACCENT}tat", "etat", id="decomposed accent"),
        pytest.param("Cœur", "coeur", id="oe ligature"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("İstanbul", "istanbul", id="dotted capital i"),
        pytest.param("للأمن", "للامن", id="clitics stay"),
        pytest.param(
            "O\N{RIGHT SINGLE QUOTATION MARK}Neill", "o'neill", id="apostrophe"
        ),
        pytest.param("1,234,567.5", "1234567.5", id="groups of thousands"),
        pytest.param("١٬٢٣٤٫٥", "1234.5", id="arabic separators"),
        pytest.param("10،000", "10000", id="arabic comma in a number"),
        pytest.param("3,5", "3.5", id="french fraction"),
        pytest.param("U.S.A", "usa", id="abbreviation"),
        pytest.param("أ.ف.ب", "افب", id="arabic abbreviation"),
        pytest.param("ڤيديو", "فيديو", id="veh"),
        pytest.param("من\N{RIGHT-TO-LEFT MARK}", "من", id="direction mark"),
        pytest.param("می\N{ZERO WIDTH NON-JOINER}روم", "ميروم", id="joiner"),
        pytest.param("ـــ", "", id="only tatweel"),
        pytest.param("\N{ARABIC FATHA}\N{ARABIC SHADDA}", "", id="only vowel signs"),
    ],
)
def test_spellings_fold_to_one_term(word: str, term: str) -> None:
    assert fold(word) == term


def test_the_seats_of_the_hamza_are_one() -> None:
    assert fold("شؤون") == fold("شئون") == fold("شءون")


def test_a_final_alef_maksura_never_becomes_alef() -> None:
    assert fold("على") != fold("علا")


@pytest.mark.parametrize(
    ("word", "written"),
    [
        pytest.param("كِتَابٌ", "كتاب", id="vowel signs"),
        pytest.param("كتـــاب", "كتاب", id="tatweel"),
        pytest.param("الرَّحْمَٰنِ", "الرحمن", id="small alef"),
        pytest.param("على", "على", id="alef maksura stays"),
        pytest.param("مدرسة", "مدرسة", id="teh marbuta stays"),
        pytest.param("شؤون", "شؤون", id="hamza stays"),
        pytest.param(
            "ا\N{ARABIC FATHA}\N{ARABIC HAMZA ABOVE}من", "أمن", id="hamza apart"
        ),
        pytest.param(
            "ا\N{ARABIC TATWEEL}\N{ARABIC MADDAH ABOVE}ن", "آن", id="madda apart"
        ),
        pytest.param("شى\N{ARABIC HAMZA ABOVE}", "شئ", id="hamza on a dotless yeh"),
        pytest.param("ﻣﺤﻤﺪ", "محمد", id="presentation forms"),
        pytest.param("E\N{COMBINING ACUTE ACCENT}tat", "État", id="accent stays"),
        pytest.param("\N{ARABIC FATHA}", "", id="nothing but a sign"),
    ],
)
def test_a_word_as_written_keeps_what_tells_words_apart(
    word: str, written: str
) -> None:
    assert normalise(word) == written


def test_on_and_ali_differ_as_written_and_meet_folded() -> None:
    assert normalise("على") != normalise("علي")
    assert fold("على") == fold("علي")


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(st.text(alphabet="أإآؤئءاىيةهِّـلوفéœA٣,.ﻣ'ی٬")))
def test_many_words_fold_as_each_of_them_does(words: list[str]) -> None:
    written = [normalise(word) for word in words]
    assert fold_all(written) == [fold(word) for word in written]


@given(st.text())
def test_a_word_folds_as_it_does_as_written(text: str) -> None:
    assert fold(normalise(text)) == fold(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="أإآؤئءاىيةهِّـلوفéœA٣ﻣ"))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(composed) == fold(decomposed)
    assert normalise(composed) == normalise(decomposed)
