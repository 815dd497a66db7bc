"""What a reader writes after "date:"."""

from datetime import date

import pytest

from search.query.dates import read_date
from search.query.nodes import DateRange

TODAY = date(2023, 6, 19)  # a Monday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2001", "2001-01-01", "2001-12-31"),
        ("٢٠٠١", "2001-01-01", "2001-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-03-05", "2023-03-05", "2023-03-05"),
        ("2023.3.5", "2023-03-05", "2023-03-05"),
        ("2001-09..2002", "2001-09-01", "2002-12-31"),
        ("2002..2001-09", "2001-09-01", "2002-12-31"),
        ("2001..2001-03", "2001-01-01", "2001-03-31"),
        ("2001-09..2001", "2001-09-01", "2001-12-31"),
        ("2001..", "2001-01-01", None),
        ("..2001", None, "2001-12-31"),
        (">2020", "2021-01-01", None),
        (">=2020", "2020-01-01", None),
        ("≥ 2020", "2020-01-01", None),
        ("<2001-09-11", None, "2001-09-10"),
        ("<=2020-02", None, "2020-02-29"),
        ("≤2020", None, "2020-12-31"),
        ("سبتمبر 2001", "2001-09-01", "2001-09-30"),
        ("september 2001", "2001-09-01", "2001-09-30"),
        ("MARS 2021", "2021-03-01", "2021-03-31"),
        ("11 septembre 2001", "2001-09-11", "2001-09-11"),
        ("يوم 11 سبتمبر 2001", "2001-09-11", "2001-09-11"),
        ("3-5 mars 2021", "2021-03-03", "2021-03-05"),
        ("mars 2021..5 avril 2021", "2021-03-01", "2021-04-05"),
    ],
)
def test_dates_are_the_same_every_day(
    text: str, first: str | None, last: str | None
) -> None:
    assert read_date(text, TODAY) == DateRange(
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2023-06-19", "2023-06-19"),
        ("اليوم", "2023-06-19", "2023-06-19"),
        ("aujourd’hui", "2023-06-19", "2023-06-19"),
        ("yesterday", "2023-06-18", "2023-06-18"),
        ("أمس", "2023-06-18", "2023-06-18"),
        ("hier", "2023-06-18", "2023-06-18"),
        ("last day", "2023-06-18", "2023-06-18"),
        ("this week", "2023-06-19", "2023-06-25"),
        ("هذا الشهر", "2023-06-01", "2023-06-30"),
        ("cette année", "2023-01-01", "2023-12-31"),
        ("Last  Week", "2023-06-12", "2023-06-18"),
        ("الأسبوع الماضي", "2023-06-12", "2023-06-18"),
        ("الاسبوع الماضى", "2023-06-12", "2023-06-18"),
        ("la semaine dernière", "2023-06-12", "2023-06-18"),
        ("semaine derniere", "2023-06-12", "2023-06-18"),
        ("last month", "2023-05-01", "2023-05-31"),
        ("الشهر الماضي", "2023-05-01", "2023-05-31"),
        ("le mois dernier", "2023-05-01", "2023-05-31"),
        ("السنة الماضية", "2022-01-01", "2022-12-31"),
        ("l'an dernier", "2022-01-01", "2022-12-31"),
        ("30 days", "2023-05-21", "2023-06-19"),
        ("last 30 days", "2023-05-21", "2023-06-19"),
        ("les 30 derniers jours", "2023-05-21", "2023-06-19"),
        ("خلال ٣٠ يوما", "2023-05-21", "2023-06-19"),
        ("1 day", "2023-06-19", "2023-06-19"),
        ("يومين", "2023-06-18", "2023-06-19"),
        ("2 semaines", "2023-06-06", "2023-06-19"),
        ("آخر أسبوعين", "2023-06-06", "2023-06-19"),
        ("1 month", "2023-05-20", "2023-06-19"),
        ("6 أشهر", "2022-12-20", "2023-06-19"),
        ("2 years", "2021-06-20", "2023-06-19"),
        ("عامين", "2021-06-20", "2023-06-19"),
        ("last week..today", "2023-06-12", "2023-06-19"),
        (">last week", "2023-06-19", None),
        ("<today", None, "2023-06-18"),
        ("March 8", "2023-03-08", "2023-03-08"),
        ("lundi dernier", "2023-06-12", "2023-06-12"),
    ],
)
def test_days_in_words_are_counted_from_today(
    text: str, first: str | None, last: str | None
) -> None:
    assert read_date(text, TODAY) == DateRange(
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        " ".join(text.split()),
    )


def test_months_are_counted_back_to_days_that_there_are() -> None:
    found = read_date("1 month", date(2023, 3, 31))
    assert found
    assert (found.first, found.last) == (date(2023, 3, 1), date(2023, 3, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("", "abc", "..", "....", "2023-13", "2023-02-30", "2023-03-00", "0000", "20"),
        *(">", "<", ">abc", "abc..2001", "2001..abc", ">9999", "<0001", "2001 2002"),
        *(
            "week",
            "last",
            "last last",
            "0 days",
            "99999 days",
            "3 2 days",
            "this 3 days",
        ),
        *(
            "9999 years",
            "day week",
            "last new week",
            "mars 2001 avril 2002",
        ),
        *("le train de mars 2001", "31 février 2001", "last 2 2 weeks"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text, TODAY) is None


@pytest.mark.parametrize("text", ["yesterday", "last year", "last day", "2 days"])
def test_there_is_nothing_before_the_first_day(text: str) -> None:
    assert read_date(text, date.min) is None
