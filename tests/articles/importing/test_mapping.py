"""Which column is which field."""

import pytest

from articles.importing.mapping import FIELDS, Mapping, guess_field, guess_mapping


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Title", "title"),
        ("post_title", "title"),
        ("العُنوان", "title"),
        ("Titre", "title"),
        ("articleBody", "body"),
        ("نص المقال", "body"),
        ("Texte intégral", "body"),
        ("TEXTE INTEGRAL", "body"),
        ("dc:date", "published"),
        ("Date de parution", "published"),
        ("تاريخ النشر", "published"),
        ("Auteur(s)", "authors"),
        ("الكاتب", "authors"),
        ("created_utc", "timestamp"),
        ("Rubrique", "section"),
        ("الجريدة", "source"),
        ("colour", None),
        ("", None),
    ],
)
def test_names_are_known_in_three_languages(name: str, field: str | None) -> None:
    assert guess_field(name) == field


def test_every_field_is_known_by_its_own_name() -> None:
    assert [guess_field(field) for field in FIELDS] == list(FIELDS)


def test_of_several_columns_of_a_field_the_surest_is_taken() -> None:
    mapping = guess_mapping(["created", "published", "text", "body"])
    assert mapping.columns == (("published", "published"), ("body", "body"))


def test_a_mapping_is_made_of_what_an_editor_chose() -> None:
    mapping = Mapping.of({"x": "title", "y": "body"})
    assert (mapping.field_of("x"), mapping.field_of("z")) == ("title", None)
    assert mapping.has("body", "summary")
    assert not mapping.has("summary")
    assert hash(mapping)


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'titel' is no field: use id, title"):
        Mapping.of({"x": "titel"})
