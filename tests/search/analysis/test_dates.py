"""Dates in text: a table of cases sorted by hand, and what holds for any text."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import (
    HIJRI_MONTH_NAMES,
    MONTH_NAMES,
    DateMention,
    default_variants,
    find_dates,
    find_months,
)
from search.analysis.dates import is_ambiguous

REPORT = date(2023, 6, 19)

# Words of which dates are made, in any order: more likely to upset the grammar than
# letters at random.
_WORDS = (
    *(
        "8",
        "31",
        "2001",
        "1436",
        "١٢",
        "99",
        "0",
        "20.5",
        "2100",
        "-",
        "/",
        "(",
        ")",
        ",",
    ),
    *("مارس", "آذار", "محرم", "ذي الحجة", "كانون الثاني", "أفريل", "الماضي", "المقبل"),
    *(
        "يوم",
        "الاثنين",
        "من",
        "إلى",
        "و5",
        "بين",
        "عام",
        "القرن",
        "التسعينيات",
        "هـ",
        "م",
    ),
    *(
        "mars",
        "8 avril",
        "1er",
        "dernier",
        "lundi",
        "années",
        "av. J.-C.",
        "au",
        "sept.",
    ),
    *("March", "May", "8th", "of", "last", "week", "1990s", "yesterday", "BC", "year"),
)
_dated_texts = st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join)
_days = st.none() | st.dates()
_languages = st.sampled_from((None, "ar", "fr", "en", "de"))


def _cases() -> Iterator[tuple[int, date | None, str, str]]:
    lines = Path(__file__).with_name("dates.tsv").read_text().splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            published, text, mentions = line.split("\t")
            day = None if published == "-" else date.fromisoformat(published)
            yield number, day, text, mentions


CASES = list(_cases())


def _shown(text: str, mentions: list[DateMention]) -> str:
    """Write mentions as the table has them."""
    shown = (
        f"{text[m.start : m.end]} = {m.first}"
        + (f" .. {m.last}" if m.last != m.first else "")
        for m in mentions
    )
    return "; ".join(shown) or "-"


def test_the_table_has_sixty_cases_at_least() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("published", "text", "mentions"),
    [pytest.param(*case, id=f"line {number}") for number, *case in CASES],
)
def test_dates_are_found_as_the_table_has_them(
    published: date | None, text: str, mentions: str
) -> None:
    assert _shown(text, find_dates(text, published=published)) == mentions


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    ("published", "text"),
    [pytest.param(*case[:2], id=f"line {number}") for number, *case in CASES],
)
def test_unicode_forms_do_not_change_the_days(
    published: date | None, text: str, form: str
) -> None:
    # NFKC makes other characters of a few: spaces of one kind, figures of another.
    changed = unicodedata.normalize(form, text)  # type: ignore[arg-type]

    def days(printed: str) -> list[tuple[date, date]]:
        return [(m.first, m.last) for m in find_dates(printed, published=published)]

    assert days(changed) == days(text)


@given(st.text() | _dated_texts, _days, _languages)
def test_any_text_is_read(
    text: str, published: date | None, language: str | None
) -> None:
    mentions = find_dates(text, published=published, language=language)

    ends = [0]
    for mention in mentions:
        assert ends[-1] <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip()
        assert mention.first <= mention.last
        ends.append(mention.end)


@given(st.text() | _dated_texts)
def test_months_lie_in_the_text_in_order(text: str) -> None:
    months = find_months(text)

    assert all(0 <= m.start < m.end <= len(text) for m in months)
    assert all(a.end <= b.start for a, b in pairwise(months))
    assert all(1 <= m.month <= 12 for m in months)


@given(_dated_texts)
def test_a_day_of_publication_is_needed_only_by_what_lacks_a_year(text: str) -> None:
    without = find_dates(text)
    places = {(m.start, m.end) for m in find_dates(text, published=REPORT)}

    covered = [any(s <= m.start and m.end <= e for s, e in places) for m in without]
    assert all(covered)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        pytest.param("في مارس وأفريل", [3, 4], id="after in"),
        pytest.param("مارس ضغوطا", [], id="practised"),
        pytest.param("أفريل هاينز", [], id="Avril Haines"),
        pytest.param("شهر شعبان", [8], id="Hijri"),
        pytest.param("سبتمبر/أيلول", [9, 9], id="two names"),
        pytest.param("وبيوليوز", [7], id="clitics"),
        pytest.param("مايو", [5], id="nothing else"),
        pytest.param("he may go in May", [5], id="may and May"),
        pytest.param("il mange mars et avril", [3, 4], id="French"),
    ],
)
def test_months_are_found_where_they_are_months(text: str, months: list[int]) -> None:
    assert [mention.month for mention in find_months(text)] == months


def test_a_month_carries_its_calendar_and_place() -> None:
    [gregorian, hijri] = find_months("في 3 مايو و 5 رجب")

    assert (gregorian.calendar, hijri.calendar) == ("gregorian", "hijri")
    assert "في 3 مايو و 5 رجب"[hijri.start : hijri.end] == "رجب"


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("8 مارس 2021", "day"),
        ("3-5 mars 2021", "day"),
        ("مارس 2021", "month"),
        ("عام 2021", "year"),
        ("التسعينيات", "decade"),
        ("last week", "week"),
    ],
)
def test_the_precision_is_the_smallest_unit_printed(text: str, precision: str) -> None:
    [mention] = find_dates(text, published=REPORT)

    assert mention.precision == precision


def test_a_known_language_keeps_words_of_the_other_out() -> None:
    text = "les 3 may 2004"

    assert [m.first for m in find_dates(text, language="en")] == [date(2004, 5, 3)]
    assert find_dates(text, language="fr") == []


def test_a_date_without_a_year_is_that_of_the_text_if_it_was_given_one() -> None:
    text = "بعد 11 سبتمبر 2001. وعقب 11 سبتمبر تغير كل شيء"

    days = [m.first for m in find_dates(text, published=REPORT)]

    assert days == [date(2001, 9, 11)] * 2


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_ends_of_the_calendar_are_survived(edge: date) -> None:
    text = (
        "أمس، غدا، الأسبوع الماضي، العام المقبل، next month, lundi dernier, 31 ديسمبر"
    )

    assert isinstance(find_dates(text, published=edge), list)


def test_every_month_of_every_system_is_in_the_table_of_variants_or_is_one_name() -> (
    None
):
    # A search for one name of a month finds the others by the press variants.
    variants = default_variants()
    for names in MONTH_NAMES.values():
        groups = {g.name for name in names if (g := variants.group_of(name))}
        assert len(groups) == 1, names


def test_names_of_months_can_be_asked_for() -> None:
    assert {"يوليو", "تموز", "يوليوز", "جويلية"} <= {*MONTH_NAMES[7]}
    assert "رمضان" in HIJRI_MONTH_NAMES[9]
    assert is_ambiguous("مارس")
    assert not is_ambiguous("سبتمبر")


@pytest.mark.parametrize(
    "unit",
    ["2001 ", "8 مارس ", "و3 ", "3-", "3 و", "مارس/", "من إلى ", "( ", "a" * 50 + " "],
)
def test_long_lines_are_read(unit: str) -> None:
    # A pattern that took the square of the length would not end in an hour.
    assert isinstance(find_dates(unit * 50_000, published=REPORT), list)
