"""The query language: what is read from what is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import ParsedQuery, parse


def read(text: str, *, max_length: int = 2000, max_words: int = 50) -> ParsedQuery:
    return parse(text, max_length=max_length, max_words=max_words)


def texts(parsed: ParsedQuery) -> set[str]:
    return {word.text for word in parsed.words}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("الأمن الوطني", {"الأمن", "الوطني"}, id="words"),
        pytest.param('"الأمن الوطني"', {"الأمن", "الوطني"}, id="phrase"),
        pytest.param("«الأمن الوطني»", {"الأمن", "الوطني"}, id="angle quotes"),
        pytest.param("قطار -متحف", {"قطار"}, id="unwanted word"),
        pytest.param('قطار -"متحف الفن"', {"قطار"}, id="unwanted phrase"),
        pytest.param("it's", {"it's"}, id="apostrophe"),
        pytest.param("foo:bar", {"foo", "bar"}, id="colon"),
        pytest.param("AND", {"AND"}, id="operators of other engines are words"),
        pytest.param("a-b", {"a", "b"}, id="hyphen inside"),
        pytest.param("(قطار)", {"قطار"}, id="brackets"),
    ],
)
def test_wanted_words_are_marked(text: str, terms: set[str]) -> None:
    parsed = read(text)
    assert texts(parsed) == terms
    assert parsed.notes == ()


@pytest.mark.parametrize(
    "text",
    ['"', '""', "((", "*", "-", "- -", "ـــ", "ًّ", "😀", "\0", "\N{RIGHT-TO-LEFT MARK}"],
)
def test_a_query_without_a_word_finds_nothing_and_says_so(text: str) -> None:
    parsed = read(text)
    assert parsed.tree.is_leaf() or not texts(parsed)
    assert "empty" in {note.kind for note in parsed.notes}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_blank_query_finds_everything(text: str) -> None:
    assert type(read(text).tree).__name__ == "Every"


def test_an_open_quotation_mark_is_left_out_and_told() -> None:
    parsed = read('"قطار سريع')
    assert texts(parsed) == {"قطار", "سريع"}
    assert [note.kind for note in parsed.notes] == ["unclosed"]


def test_too_many_words_are_cut_and_told() -> None:
    parsed = read("one two three four", max_words=2)
    assert texts(parsed) == {"one", "two"}
    assert [(n.kind, n.text) for n in parsed.notes] == [("cut", "one two")]


def test_too_many_characters_are_cut_and_told() -> None:
    assert [n.kind for n in read("a " * 5000).notes] == ["cut"]


def test_a_phrase_longer_than_the_limit_is_left_out_whole() -> None:
    assert texts(read('one "two three four"', max_words=3)) == {"one"}


def test_repeated_words_count_once() -> None:
    assert read("قطار قطار قطار").tree == read("قطار").tree


@given(st.text())
def test_any_text_is_a_query(text: str) -> None:
    parsed = read(text)
    assert str(parsed.tree)
    assert texts(parsed) or parsed.notes or not text.strip() or "-" in text
