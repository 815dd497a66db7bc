"""Tokens: where words stand in a text as published."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import find_words, normalise, tokenize, written_words
from search.analysis import tokens as tokens_module


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("كِتَابٌ جديد", ["كتاب", "جديد"], id="vowel signs do not cut"),
        pytest.param("سبتمبر/أيلول", ["سبتمبر", "أيلول"], id="slash"),
        pytest.param("العالم، ثم؛ أين؟", ["العالم", "ثم", "أين"], id="punctuation"),
        pytest.param('«القاعدة» و"داعش".', ["القاعدة", "و", "داعش"], id="quotes"),
        pytest.param('كـ"شريك', ["ك", "شريك"], id="tatweel before a quote"),
        pytest.param(
            "الـ30 و2001م", ["ال", "30", "و", "2001", "م"], id="digits in words"
        ),
        pytest.param("الـCNN", ["ال", "CNN"], id="two scripts"),
        pytest.param("G20 5G v2", ["G20", "5G", "v2"], id="latin letters and digits"),
        pytest.param("1,234.5 3,5 2.000", ["1,234.5", "3,5", "2.000"], id="numbers"),
        pytest.param("١٬٢٣٤ ٣٫٥", ["١٬٢٣٤", "٣٫٥"], id="arabic numbers"),
        pytest.param("12\N{NO-BREAK SPACE}000 F", ["12000", "F"], id="no-break space"),
        pytest.param("2001،2002", ["2001", "2002"], id="two years"),
        pytest.param("19/06/2023", ["19", "06", "2023"], id="date with slashes"),
        pytest.param("19.06.2023", ["19", "06", "2023"], id="date with stops"),
        pytest.param("2023-06-19", ["2023", "06", "19"], id="date with hyphens"),
        pytest.param("3-2 20:30", ["3", "2", "20", "30"], id="score and time"),
        pytest.param("the U.S.A.", ["the", "U.S.A"], id="abbreviation"),
        pytest.param("(أ.ف.ب)", ["أ.ف.ب"], id="arabic abbreviation"),
        pytest.param("د.محمد", ["د", "محمد"], id="title without a space"),
        pytest.param("said.The", ["said", "The"], id="no space after a stop"),
        pytest.param("Jean-Claude", ["Jean", "Claude"], id="hyphen"),
        pytest.param("l'État", ["l", "État"], id="elision"),
        pytest.param("qu’il L’Élysée", ["qu", "il", "L", "Élysée"], id="curly elision"),
        pytest.param("aujourd'hui", ["aujourd'hui"], id="apostrophe inside"),
        pytest.param("it's O'Neill", ["it's", "O'Neill"], id="english apostrophes"),
        pytest.param("M'hamed m'appelle", ["M'hamed", "m", "appelle"], id="m elided"),
        pytest.param("'quoted' Jones'", ["quoted", "Jones"], id="single quotes"),
        pytest.param("#يوم_المرأة @a_b", ["يوم", "المرأة", "a", "b"], id="hashtag"),
        pytest.param("a info@example.com.", ["a", "info@example.com"], id="e-mail"),
        pytest.param(
            "https://www.example.com/a-b", ["example.com", "a", "b"], id="web address"
        ),
        pytest.param("موقع hespress.com،", ["موقع", "hespress.com"], id="site"),
        pytest.param("می\N{ZERO WIDTH NON-JOINER}روم", ["میروم"], id="joiner"),
        pytest.param("😀 👍🏽", [], id="emoji"),
        pytest.param("ـــ ًّ", [], id="nothing that is a word"),
        pytest.param("", [], id="empty"),
    ],
)
def test_texts_are_cut_into_words(text: str, words: list[str]) -> None:
    assert [token.written for token in tokenize(text)] == words
    assert written_words(text) == words


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
        assert token.written == normalise(text[token.start : token.end]) != ""
        end = token.end


@given(st.text(alphabet="كتاب لل.,'@/-5a1\N{NO-BREAK SPACE}\nـًwcom:éÉ&_"))
def test_words_without_places_are_those_of_the_tokens(text: str) -> None:
    assert written_words(text) == [token.written for token in tokenize(text)]


@given(st.text(alphabet="أإآؤئىةبٍ لا"))
def test_tokens_do_not_depend_on_the_unicode_form(text: str) -> None:
    forms = {
        tuple(written_words(unicodedata.normalize(form, text)))
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    }
    assert len(forms) == 1


def test_presentation_forms_are_the_letters_that_they_stand_for() -> None:
    assert written_words("ﻣﺤﻤﺪ ﻻ") == ["محمد", "لا"]


def test_a_long_line_of_joined_parts_is_read_in_one_go() -> None:
    for part in ("a.", "1,", "a'", "a-", "a@", "1.1/"):
        assert written_words(part * 50_000) is not None


def test_a_full_memo_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "_MEMO_SIZE", 2)
    monkeypatch.setattr(tokens_module, "_CUT", tokens_module._Memo())

    assert written_words("واحد، اثنان. ثلاثة!") == ["واحد", "اثنان", "ثلاثة"]
    assert len(tokens_module._CUT) == 1


@given(st.text(), st.sets(st.text(min_size=1), max_size=3))
def test_words_are_found_where_they_are_cut(text: str, wanted: set[str]) -> None:
    wanted |= {token.written for token in [*tokenize(text)][::3]}
    expected = [token for token in tokenize(text) if token.written in wanted]
    assert [*find_words(text, wanted)] == expected


def test_words_are_found_in_numbers_with_spaces_and_in_addresses() -> None:
    text = "1\u202f234 trains, see www.train.example.com: train-train 20 000"
    wanted = {"1234", "train", "train.example.com", "20"}
    expected = [token for token in tokenize(text) if token.written in wanted]
    assert [*find_words(text, wanted)] == expected != []
