"""Folding: which spellings are one word."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold


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
        pytest.param("للأمن", "الامن", id="li- and article"),
        pytest.param("وللأمن", "الامن", id="wa-, li- and article"),
        pytest.param("لله", "لله", id="the name of God keeps its letters"),
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


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="أإآؤئءاىيةهِّـلوفéœA٣ﻣ"))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(composed) == fold(decomposed)
