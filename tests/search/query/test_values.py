"""Values of facets, as readers name them."""

import pytest

from search.query import matching_names
from search.query.values import language_code

NAMES = {
    "hespress": "هسبريس",
    "le-monde": "Le Monde",
    "monde-afrique": "Le Monde Afrique",
    "atlas": "الأطلس",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ar", "ar"),
        (" FR ", "fr"),
        ("العربية", "ar"),
        ("عربية", "ar"),
        ("arabe", "ar"),
        ("Arabic", "ar"),
        ("français", "fr"),
        ("francais", "fr"),
        ("الفرنسية", "fr"),
        ("anglais", "en"),
        ("Deutsch", "de"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_languages_have_codes_and_names(text: str, code: str | None) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        pytest.param("هسبريس", ["hespress"], id="name"),
        pytest.param("hespress", ["hespress"], id="slug"),
        pytest.param("Hespress", ["hespress"], id="slug in capitals"),
        pytest.param("le monde", ["le-monde", "monde-afrique"], id="words of names"),
        pytest.param("monde afrique", ["monde-afrique"], id="all of its words"),
        pytest.param("le-monde", ["le-monde", "monde-afrique"], id="hyphen"),
        pytest.param("الاطلس", ["atlas"], id="folded"),
        pytest.param("figaro", [], id="unknown"),
        pytest.param("", [], id="blank"),
    ],
)
def test_sources_are_known_by_slug_or_by_words_of_their_names(
    text: str, slugs: list[str]
) -> None:
    assert matching_names(text, NAMES) == slugs
