"""Tokens: where words stand in a text as published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import tokenize


def terms(text: str) -> list[str]:
    return [token.term for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("كِتَابٌ جديد", ["كتاب", "جديد"], id="vowel signs do not cut"),
        pytest.param("سبتمبر/أيلول", ["سبتمبر", "ايلول"], id="slash"),
        pytest.param("العالم، ثم؛ أين؟", ["العالم", "ثم", "اين"], id="punctuation"),
        pytest.param('«القاعدة» و"داعش".', ["القاعده", "و", "داعش"], id="quotes"),
        pytest.param("l'État, it's", ["l", "etat", "it", "s"], id="apostrophes"),
        pytest.param("#يوم_المرأة", ["يوم", "المراه"], id="hashtag"),
        pytest.param("11 سبتمبر 2001،", ["11", "سبتمبر", "2001"], id="numbers"),
        pytest.param("😀 👍🏽", [], id="emoji"),
        pytest.param("ـــ ًّ", [], id="nothing that is a word"),
        pytest.param("", [], id="empty"),
    ],
)
def test_texts_are_cut_into_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_offsets_are_those_of_the_published_text() -> None:
    text = "قال الحمّـــوشي: «نعم»."
    assert [text[t.start : t.end] for t in tokenize(text)] == [
        "قال",
        "الحمّـــوشي",
        "نعم",
    ]


@given(st.text())
def test_tokens_lie_inside_the_text_in_order_and_are_never_empty(text: str) -> None:
    end = 0
    for position, token in enumerate(tokenize(text)):
        assert token.position == position
        assert end <= token.start < token.end <= len(text)
        assert token.term
        end = token.end
