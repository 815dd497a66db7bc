"""The calendar: years, months and days, and what has no date."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from articles.browsing.answers import browsing_page
from articles.browsing.counts import (
    archive_by_year,
    day_totals,
    days_of_year,
    month_totals,
    year_squares,
)
from articles.browsing.drawing import Square, draw_month, shade
from articles.browsing.paging import articles_page
from articles.conventions import (
    month_names,
    weekday_names,
    write_day,
    write_day_of_year,
    write_digits,
    write_month,
)
from articles.models import Article, Tally

FIRST_YEAR = 1600
"""There were no newspapers before."""
LEAP_YEAR = 2000
"""A year that has every day that a year may have."""


class Turn(NamedTuple):
    """The way to the page before or after."""

    address: str
    name: str


@browsing_page
def years(request: HttpRequest) -> HttpResponse:
    """Show every year with its months."""
    by_year = archive_by_year()
    by_month = month_totals()
    most = max(by_month.values(), default=1)
    rows = [
        {
            "year": square.day.year,
            "total": square.total,
            "months": [
                Square(
                    date(square.day.year, month, 1),
                    by_month.get((square.day.year, month), 0),
                    shade(by_month.get((square.day.year, month), 0), most),
                )
                for month in range(1, 13)
            ],
        }
        for square in reversed(year_squares(by_year))
        if square.total
    ]
    return render(
        request,
        "articles/calendar_years.html",
        {
            "rows": rows,
            "months": [(name, str(number)) for number, name in month_names().items()],
            "undated": by_year.get(None, 0),
            "total": sum(by_year.values()),
            "today": timezone.localdate(),
        },
    )


@browsing_page
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show the days of a year, the darker the more articles they have."""
    by_year = archive_by_year()
    total = by_year.get(year, 0)
    _refuse_nonsense(year, total)
    totals = day_totals(date(year, 1, 1), date(year, 12, 31))
    most = max(totals.values(), default=1)
    dated = [other for other in by_year if other is not None]
    return render(
        request,
        "articles/calendar_year.html",
        {
            "year": year,
            "total": total,
            "months": [draw_month(year, month, totals, most) for month in range(1, 13)],
            "weekdays": _weekdays(),
            "label": gettext("Other years"),
            "previous": _year_turn(max((y for y in dated if y < year), default=None)),
            "next": _year_turn(min((y for y in dated if y > year), default=None)),
        },
    )


@browsing_page
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show the days of a month, and its articles."""
    first = _date(year, month, 1)
    last = first.replace(day=monthrange(year, month)[1])
    totals = day_totals(first, last)
    total = sum(totals.values())
    _refuse_nonsense(year, total)
    most = max(totals.values(), default=1)
    articles = Article.objects.published().newest_first()
    before, after = _days_around(first, last)
    return render(
        request,
        "articles/calendar_month.html",
        {
            "first": first,
            "month": draw_month(year, month, totals, most),
            "weekdays": _weekdays(),
            "page": articles_page(
                request,
                articles.filter(published_on__range=(first, last)),
                total,
            ),
            "label": gettext("Other months"),
            "previous": _month_turn(before),
            "next": _month_turn(after),
        },
    )


@browsing_page
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """List the articles of a day."""
    own = _date(year, month, day)
    total = Tally.objects.of(Tally.Kind.DAY, own.isoformat()).total()
    _refuse_nonsense(year, total)
    articles = Article.objects.published().filter(published_on=own)
    before, after = _days_around(own, own)
    return render(
        request,
        "articles/calendar_day.html",
        {
            "day": own,
            "page": articles_page(request, articles.newest_first(), total),
            "label": gettext("Other days"),
            "previous": _day_turn(before),
            "next": _day_turn(after),
        },
    )


@browsing_page
def day_of_year(request: HttpRequest, month: int, day: int) -> HttpResponse:
    """List the articles of a day of any year."""
    own = _date(LEAP_YEAR, month, day)
    totals = days_of_year(month, day)
    articles = Article.objects.published().filter(published_on__in=totals)
    most = max(totals.values(), default=1)
    return render(
        request,
        "articles/calendar_day_of_year.html",
        {
            "day": own,
            "days": [Square(d, n, shade(n, most)) for d, n in totals.items()],
            "page": articles_page(
                request, articles.newest_first(), sum(totals.values())
            ),
            "label": gettext("Other days"),
            "previous": _any_year_turn(own - timedelta(days=1)),
            "next": _any_year_turn(own + timedelta(days=1)),
        },
    )


@browsing_page
def undated(request: HttpRequest) -> HttpResponse:
    """List the articles whose day is not known."""
    total = archive_by_year().get(None, 0)
    articles = Article.objects.published().filter(published_on=None)
    return render(
        request,
        "articles/calendar_undated.html",
        {"page": articles_page(request, articles.newest_first(), total)},
    )


def _year_turn(year: int | None) -> Turn | None:
    if year is None:
        return None
    return Turn(reverse("year", args=[year]), write_digits(str(year)))


def _month_turn(day: date | None) -> Turn | None:
    if day is None:
        return None
    name = write_month(day.year, day.month)
    return Turn(reverse("month", args=[day.year, day.month]), name)


def _day_turn(day: date | None) -> Turn | None:
    if day is None:
        return None
    return Turn(reverse("day", args=[day.year, day.month, day.day]), write_day(day))


def _any_year_turn(day: date) -> Turn:
    name = write_day_of_year(day.month, day.day)
    return Turn(reverse("day-of-year", args=[day.month, day.day]), name)


def _days_around(first: date, last: date) -> tuple[date | None, date | None]:
    """Return the last day before ``first`` and the first after ``last`` with articles."""
    articles = Article.objects.published().newest_first()
    days = articles.values_list("published_on", flat=True)
    before = days.filter(published_on__lt=first)[:1]
    after = days.filter(published_on__gt=last).reverse()[:1]
    found = [day for day in before.union(after, all=True) if day]
    return (
        next((day for day in found if day < first), None),
        next((day for day in found if day > last), None),
    )


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise Http404(gettext("There is no such day.")) from error


def _refuse_nonsense(year: int, total: int) -> None:
    """Refuse years without newspapers, unless the archive knows better.

    A calendar without an end would be followed without an end by machines.
    """
    if not total and not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404(gettext("There is no such day."))


def _weekdays() -> list[tuple[str, str]]:
    wide, narrow = weekday_names("wide"), weekday_names("narrow")
    return [(wide[number], narrow[number]) for number in range(7)]
