"""Translations: whole, and compiled as they stand."""

import gettext
import io
import re
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.conftest import ROOT
from tests.messages import LANGUAGES, first, found, read


def texts(value: Any) -> list[str]:
    """Return a text, or every plural form of it."""
    return [value] if isinstance(value, str) else list(value)


def placeholders(forms: list[str]) -> set[str]:
    """Return what is put into a text."""
    return set(re.findall(r"%\(\w+\)[sd]", " ".join(forms)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_all_its_plural_forms(language: str) -> None:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert len(catalogue) > 100
    assert catalogue.num_plurals == {"ar": 6, "fr": 2}[language]
    for message in catalogue:
        if message.id:
            ids, forms = texts(message.id), texts(message.string)
            assert all(forms), message.id
            assert not message.fuzzy, message.id
            assert placeholders(forms) == placeholders(ids), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_have_the_texts_of_the_code_and_no_others(language: str) -> None:
    known = {(first(message.id), message.context) for message in read(language)}
    assert set(found()) == known - {("", None)}, "Run: python -m tests.messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    fresh = io.BytesIO()
    with (folder / "django.po").open("rb") as file:
        write_mo(fresh, read_po(file))
    fresh.seek(0)
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    written = gettext.GNUTranslations(fresh)._catalog  # type: ignore[attr-defined]
    assert {k: v for k, v in compiled.items() if k} == {
        k: v for k, v in written.items() if k
    }
