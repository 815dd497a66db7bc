import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import is_stop_word


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("في", "ar"),
        ("على", "ar"),
        ("عَلَى", "ar"),
        ("وفي", "ar"),
        ("فمن", "ar"),
        ("الى", "ar"),
        ("L", "fr"),
        ("à", "fr"),
        ("A", "fr"),
        ("ETE".lower(), "fr"),
        ("d", "fr"),
        ("The", "en"),
        ("it\N{RIGHT SINGLE QUOTATION MARK}s", "en"),
    ],
)
def test_common_words_are_stop_words(word: str, language: str) -> None:
    assert is_stop_word(word, language)
    assert is_stop_word(word)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("علي", "ar"),
        ("وعلي", "ar"),
        ("المغرب", "ar"),
        ("وزير", "ar"),
        ("the", "fr"),
        ("في", "fr"),
        ("US", "en"),
        ("WHO", "en"),
        ("sécurité", "fr"),
        ("2001", "en"),
        ("the", "es"),
    ],
)
def test_words_with_a_meaning_are_none(word: str, language: str) -> None:
    assert not is_stop_word(word, language)


def test_a_stop_word_of_one_language_may_be_a_word_of_another() -> None:
    # "Or" is gold in French, and there a conjunction too; "pour" is English for itself.
    assert is_stop_word("pour", "fr")
    assert not is_stop_word("pour", "en")


@given(st.text())
def test_any_text_is_one_or_none(text: str) -> None:
    assert is_stop_word(text) in {True, False}
