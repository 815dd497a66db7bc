"""Paragraphs: their anchors, their languages, and the dates that lead on."""

from datetime import date

import pytest

from articles.models import Status
from articles.reading import archive_span, read_paragraphs
from tests.factories import build_article, make_article

SPAN = (date(1998, 1, 1), date(2020, 12, 31))
FRENCH = "Le maire a promis que la bibliothèque du quartier rouvrirait bientôt."


def links(body: str, language: str = "ar") -> list[tuple[str, str]]:
    article = build_article(body=body, language=language, source=None)
    return [
        (paragraph.text[link.start : link.end], link.address)
        for paragraph in read_paragraphs(article, SPAN)
        for link in paragraph.dates
    ]


def test_paragraphs_are_numbered_as_they_stand() -> None:
    article = build_article(body="أول\n\n  ثان \r\nثالث", language="ar", source=None)
    paragraphs = read_paragraphs(article, None)
    assert [(p.number, p.text) for p in paragraphs] == [
        (1, "أول"),
        (2, "  ثان"),
        (3, "ثالث"),
    ]
    assert [p.text for p in paragraphs] == [p.rstrip() for p in article.paragraphs]


def test_a_paragraph_in_another_language_has_it_and_its_direction() -> None:
    body = f"افتتحت المكتبة أبوابها في حي قديم من أحياء المدينة هذا الصباح.\n{FRENCH}"
    first, second = read_paragraphs(
        build_article(body=body, language="ar", source=None), None
    )
    assert (first.language, first.direction) == ("", "")
    assert (second.language, second.direction) == ("fr", "ltr")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "عقب 11 سبتمبر/أيلول 2001، بدأ",
            [("11 سبتمبر/أيلول 2001", "/ar/calendar/2001/9/11/")],
            id="a day",
        ),
        pytest.param(
            "في غشت ٢٠١٩", [("غشت ٢٠١٩", "/ar/calendar/2019/8/")], id="a month"
        ),
        pytest.param("في عام 2019", [("2019", "/ar/calendar/2019/")], id="a year"),
        pytest.param(
            "في 10 ذي الحجة 1440هـ",
            [("10 ذي الحجة 1440هـ", "/ar/calendar/2019/8/11/")],
            id="a day of the Hijri year",
        ),
        pytest.param("أمس الأحد", [], id="a day that is not printed whole"),
        pytest.param("بين 3 و5 مارس", [], id="days without a year"),
        pytest.param("في عام 1440هـ", [], id="a year of another calendar"),
        pytest.param("في عام 1962 وفي 2031", [], id="outside the archive"),
        pytest.param("في التسعينيات", [], id="a decade"),
    ],
)
def test_dates_lead_to_their_place_in_the_archive(
    body: str, expected: list[tuple[str, str]]
) -> None:
    assert links(body) == expected


def test_a_date_has_the_year_that_an_earlier_paragraph_gives() -> None:
    body = "قبل 11 سبتمبر/أيلول 2001 بيوم.\nأحداث 11 سبتمبر/أيلول الإرهابية."
    assert [address for _, address in links(body)] == ["/ar/calendar/2001/9/11/"] * 2


def test_without_dates_in_the_archive_none_lead_anywhere() -> None:
    article = build_article(body="in 2019", source=None)
    assert read_paragraphs(article, None)[0].dates == ()


@pytest.mark.django_db
def test_the_archive_reaches_from_its_first_day_to_its_last() -> None:
    assert archive_span() is None
    make_article(published_on=None)
    assert archive_span() is None
    make_article(published_on=date(2003, 5, 1))
    make_article(published_on=date(2001, 2, 3))
    make_article(published_on=date(1990, 1, 1), status=Status.DRAFT)
    assert archive_span() == (date(2001, 2, 3), date(2003, 5, 1))
