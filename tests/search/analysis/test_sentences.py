"""Sentence ends, and the first sentence as a title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import first_sentence, sentence_ends


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("قال. ثم ذهب؟ نعم", ["قال.", " ثم ذهب؟", " نعم"], id="arabic"),
        pytest.param("It is 3.5 km. Yes!", ["It is 3.5 km.", " Yes!"], id="number"),
        pytest.param("He said “no.” Then", ["He said “no.”", " Then"], id="quote"),
        pytest.param("عنوان\nنص", ["عنوان\n", "نص"], id="lines"),
        pytest.param("..", [".."], id="dots"),
        pytest.param("", [], id="empty"),
    ],
)
def test_texts_are_cut_at_sentence_ends(text: str, sentences: list[str]) -> None:
    ends = list(sentence_ends(text))
    assert [text[a:b] for a, b in zip([0, *ends], ends, strict=False)] == sentences


def test_the_first_sentence_is_whole_when_it_fits() -> None:
    assert (
        first_sentence("  أمطار في الشمال. وبعد.", max_length=40) == "أمطار في الشمال."
    )


def test_a_long_first_sentence_is_cut_between_words() -> None:
    assert first_sentence("one two three four", max_length=10) == "one two…"


def test_a_long_first_word_is_cut_anywhere() -> None:
    assert first_sentence("abcdefgh", max_length=5) == "abcd…"


@given(st.text(), st.integers(2, 50))
def test_the_first_sentence_never_exceeds_its_length(text: str, most: int) -> None:
    assert len(first_sentence(text, max_length=most)) <= most
    assert list(sentence_ends(text))[-1:] == ([len(text)] if text else [])
