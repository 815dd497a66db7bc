"""Reasons of failed rows, in the language of whoever looks."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from articles.importing import reasons
from articles.importing.reasons import in_words
from tests.articles.importing.desk import line, make_import, run

CSV = "title,body,source\na,b,c,d,e\n"

# Files, each of which has a reason of its own; together they have all that are known.
FAILURES: tuple[dict[str, Any] | str, ...] = (
    {"source": "Atlas"},
    line(1, title=3),
    line(1, title="a\0"),
    line(1, title="a\ud800"),
    line(1, title="x" * 2000),
    {"body": "Nobody says where it is from."},
    {"body": "...", "source": "Atlas"},
    line(1, language="klingon"),
    line(1, url="ftp://x"),
    line(1, published="3000-01-01"),
    line(1, published="2020"),
    line(1, published="soon"),
    f'{{"body": "{"x" * 3000}"}}',
    "{",
    '{"body": "a", "body": "b"}',
    {"body": "a", "titel": "b"},
)


@pytest.mark.django_db
def test_every_reason_that_is_known_is_one_that_is_given(
    tmp_path: Path, settings: Settings
) -> None:
    settings.IMPORTING = {"record_bytes": 2500}
    given_reasons = [
        row.reason
        for failure in FAILURES
        for row in run(make_import(tmp_path, failure)).rows.all()
    ]
    for name, text in (("a.csv", CSV), ("a.txt", " ")):
        started = make_import(tmp_path, "", name=name)
        Path(started.path).write_text(text, encoding="utf-8")
        given_reasons += [row.reason for row in run(started).rows.all()]
    left = [
        text
        for text, pattern in reasons._patterns()
        if not any(pattern.fullmatch(reason) for reason in given_reasons)
    ]
    assert left == []
    with translation.override("ar"):
        for reason in given_reasons:
            assert in_words(reason) != reason, reason
            # What was put in is in the translation, too.
            assert all(n in in_words(reason) for n in re.findall(r"\d{3,}", reason))


def test_several_reasons_are_translated_one_by_one() -> None:
    year = (
        '"published" is of the year 3000: the limit is 2100; change it with X in '
        "settings, or leave it empty if it is not known"
    )
    reason = f'"body" is missing or empty; something new; {year}'
    with translation.override("fr"):
        shown = in_words(reason)
    assert shown.startswith("« body » manque ou est vide; something new; « published »")
    assert "3000" in shown
    assert "year" not in shown
    with translation.override("en"):
        assert in_words(reason) == reason


@given(st.text())
def test_any_text_is_shown(text: str) -> None:
    with translation.override("en"):
        assert in_words(text) == text
