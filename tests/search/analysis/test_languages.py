"""Languages: names, directions, guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import direction, guess_language, is_language, language_name


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
