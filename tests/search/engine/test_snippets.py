"""Snippets: the passages that show why, escaped and marked."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import tokenize
from search.engine import excerpt, mark, snippet

TEXT = (
    "Rain fell all day. The night train was late. Nobody knew why. "
    "Museums stayed open. The train to Fes left before the night train came."
)


def test_every_spelling_of_a_word_is_marked() -> None:
    assert (
        mark("الحمّوشي و الحموشى", {"الحموشي", "الحموشى"})
        == "<mark>الحمّوشي</mark> و <mark>الحموشى</mark>"
    )


def test_text_is_escaped_inside_and_outside_marks() -> None:
    assert mark("<b>R&D</b>", {"D"}) == "&lt;b&gt;R&amp;<mark>D</mark>&lt;/b&gt;"


def test_the_passages_with_most_words_come_first_and_stand_in_text_order() -> None:
    assert snippet(TEXT, {"night", "train", "Fes"}, length=90) == (
        "… The <mark>night</mark> <mark>train</mark> was late. … "
        "The <mark>train</mark> to <mark>Fes</mark> left before the "
        "<mark>night</mark> <mark>train</mark> came."
    )


def test_room_that_is_left_shows_what_follows() -> None:
    assert snippet(TEXT, {"night"}, length=60).endswith("Nobody knew why. …")


def test_without_a_match_the_text_begins() -> None:
    assert snippet(TEXT, {"ship"}, length=30) == "Rain fell all day. …"


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Rain. Snow.", {"Snow"}, length=100) == "Rain. <mark>Snow</mark>."


def test_long_sentences_are_cut_between_words() -> None:
    text = "word " * 100 + "needle " + "word " * 100
    shown = snippet(text, {"needle"}, length=50)
    assert "<mark>needle</mark>" in shown
    assert set(re.sub("</?mark>|…", "", shown).split()) == {"word", "needle"}


@pytest.mark.parametrize("text", ["", "   ", "a" * 500, "\n\n"])
def test_odd_texts_have_snippets(text: str) -> None:
    assert unescape(snippet(text, {"x"}, length=40)).strip("… \n") in text


@given(st.text(), st.sets(st.text(min_size=1), max_size=3), st.integers(1, 80))
def test_a_snippet_is_text_with_marks_around_whole_words(
    text: str, terms: set[str], length: int
) -> None:
    terms |= {token.written for token in tokenize(text[:20])}
    shown = snippet(text, terms, length=length)
    bare = re.sub("</?mark>", "", shown)
    assert "<" not in bare
    for marked in re.findall("<mark>(.*?)</mark>", shown, flags=re.DOTALL):
        assert next(tokenize(unescape(marked))).written in terms
    for piece in unescape(bare).split("…"):
        assert piece.strip() in text


@given(st.text())
def test_marking_nothing_only_escapes(text: str) -> None:
    assert unescape(mark(text, set())) == text


def test_forms_of_one_word_are_one_word() -> None:
    text = "Trains and a train. The train at night. Many trains, train, and trains."
    forms = {"Trains": 0, "train": 0, "trains": 0, "night": 1}

    assert "night" in snippet(text, forms, length=25)
    assert "night" not in snippet(text, {*forms} - {"night"}, length=25)


def test_an_excerpt_counts_the_matches_of_the_whole_text() -> None:
    shown = excerpt(TEXT, {"train", "night"}, length=30)
    assert shown.html == snippet(TEXT, {"train", "night"}, length=30)
    assert shown.matches == 5
    assert excerpt(TEXT, set(), length=30).matches == 0
