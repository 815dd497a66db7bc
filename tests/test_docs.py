"""README says what is: variables, words, commands."""

import re
from datetime import date

import pytest

from search.analysis import find_dates, meetings, tokenize
from search.conf import SearchSettings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return the text under a heading, to the next heading."""
    return re.split(rf"^#+ {title}\n", README, flags=re.MULTILINE)[1].split("\n#")[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_variable_that_is_read_is_in_the_table_and_no_other() -> None:
    read: set[str] = set()
    for folder in ("newsarchive", "articles", "search", "tests/browser"):
        for path in (ROOT / folder).rglob("*.py"):
            read |= set(
                re.findall(
                    r'(?:env_\w+|secret|environ\.get)\(\s*"([A-Z_]+)"',
                    path.read_text(encoding="utf-8"),
                )
            )
    named = {row[0].strip("`") for row in rows("Configuration")}
    assert named == read | {"CAMELTOOLS_DATA", "NEWSARCHIVE_DATA"}


@pytest.mark.parametrize("row", rows("What a word finds"), ids=" | ".join)
def test_words_meet_on_the_rung_that_the_table_says(row: list[str]) -> None:
    word, others, rung = row[:3]
    for other in others.split(", "):
        found = meetings(word, other)
        assert (found[0].rung if found else "none") == rung, other


@pytest.mark.parametrize("row", rows("How a text is cut into words"), ids=" | ".join)
def test_texts_are_cut_as_the_table_says(row: list[str]) -> None:
    texts, words = (cell.split(", ") for cell in row[:2])
    assert {token.written for t in texts for token in tokenize(t)} == set(words)


@pytest.mark.parametrize("row", rows("Dates in a text"), ids=" | ".join)
def test_dates_mean_what_the_table_says(row: list[str]) -> None:
    text, days = row
    found = find_dates(text, published=date(2023, 6, 19))
    shown = [" .. ".join(dict.fromkeys((str(m.first), str(m.last)))) for m in found]
    assert (shown or ["none"]) == [days]
    # All that is printed belongs to the date.
    assert all(text[m.start : m.end] == text for m in found)


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)`?", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_tunable_is_explained() -> None:
    explained = SearchSettings.__doc__ or ""
    for name in SearchSettings.__dataclass_fields__:
        assert f"{name}:" in explained


def test_parameters_of_the_json_interface_are_named() -> None:
    text = section("Search")
    for name in (
        "q",
        "page",
        "per_page",
        "sort",
        "source",
        "section",
        "language",
        "year",
    ):
        assert f"`{name}`" in text
