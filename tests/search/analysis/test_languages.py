"""Languages: names, directions, guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import (
    direction,
    guess_language,
    is_language,
    language_name,
    paragraph_languages,
    script,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("هطلت أمطار غزيرة على شمال البلاد", "ar"),
        ("La pluie est tombée sur le nord du pays", "fr"),
        ("Heavy rain fell over the north of the country", "en"),
        ("کتابخانه ملی ایران امروز باز شد", "fa"),
        ("اسلام آباد میں بارش ہوئی", "ur"),
        ("12345 !", None),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_guessed(text: str, code: str | None) -> None:
    assert guess_language(text) == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ckb", "rtl"),
        ("fr", "ltr"),
        ("xx", "ltr"),
        ("?", "ltr"),
    ],
)
def test_every_code_has_a_direction(code: str, expected: str) -> None:
    assert direction(code) == expected


@pytest.mark.parametrize(
    ("code", "display", "name"),
    [
        ("ar", None, "العربية"),
        ("fr", None, "Français"),
        ("fr", "en", "French"),
        ("ar", "fr", "arabe"),
        ("xx", "en", "xx"),
        ("xx", None, "Xx"),
    ],
)
def test_languages_have_names(code: str, display: str | None, name: str) -> None:
    assert language_name(code, display) == name


def test_only_codes_with_a_name_are_languages() -> None:
    assert is_language("ar")
    assert not is_language("xx")


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    guess = guess_language(text)
    assert guess is None or is_language(guess)


MIXED = """خيمت مواضيع التهديدات والتحديات الناشئة على الوضع الأمني على المباحثات.
Haines a rencontré le directeur général de la sûreté nationale à Rabat.

 The two sides discussed the threats that their countries have to face.\u0020
الرباط
Rabat
123
"""


def test_each_paragraph_of_a_mixed_text_has_its_language() -> None:
    paragraphs = list(paragraph_languages(MIXED, "ar"))

    assert [p.language for p in paragraphs][:4] == ["ar", "fr", "en", "ar"]
    assert [MIXED[p.start : p.end][:6] for p in paragraphs][2:] == [
        *("The tw", "الرباط", "Rabat", "123"),
    ]
    assert all(
        MIXED[p.start : p.end].strip() == MIXED[p.start : p.end] for p in paragraphs
    )
    # A number has the language of the text.
    assert paragraphs[-1].language == "ar"


def test_short_paragraphs_have_the_language_of_the_text() -> None:
    assert [p.language for p in paragraph_languages("Madrid\nParis", "en")] == [
        "en"
    ] * 2
    assert [p.language for p in paragraph_languages("الرباط\nParis", "ar")][1] != "ar"


def test_a_text_without_words_has_no_language() -> None:
    assert [p.language for p in paragraph_languages("123\n...")] == [None, None]
    assert list(paragraph_languages(" \n\n")) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [("ar", "Arab"), ("fa", "Arab"), ("fr", "Latn"), ("ru", "Cyrl"), ("??", None)],
)
def test_a_language_has_a_script(code: str, name: str | None) -> None:
    assert script(code) == name
