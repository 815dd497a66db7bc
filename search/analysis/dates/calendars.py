"""Turn years, months and days of either calendar into days, or into nothing.

A ``Span`` is the first and the last day that something printed can mean. What cannot be
(31 February, a Hijri year that hijridate does not know) has none. The Hijri calendar is
that of Umm al-Qura, as hijridate has it: 1343 to 1500, which is 1924 to 2077.

A date without its year is found from the day of publication by ``near``:

- "last" is the latest that was over before that day, "next" the earliest to come;
- "this" is of the same year;
- without such a word it is the nearest, of two equally near the earlier: newspapers
  leave the year out where their readers cannot mistake it. If a weekday is printed
  beside the date, it decides between last, this and next year.
"""

from datetime import date, timedelta
from typing import Literal

from hijridate import Gregorian, Hijri

Calendar = Literal["gregorian", "hijri"]
Span = tuple[date, date]

HIJRI_YEARS = range(1343, 1501)
"""The years that hijridate knows. Newspapers seldom print such years of our era."""

_MONTHS = 12
_DAYS_IN_WEEK = 7
# Leap days may be eight years apart (1896, 1904).
_REACHES = (1, 8)


def days_of(
    calendar: Calendar, year: int, month: int, day: int | None = None
) -> Span | None:
    """Return the days of a month, or one day of it; None if there is no such."""
    try:
        if calendar == "hijri":
            return _hijri_days(year, month, day)
        return _gregorian_days(year, month, day)
    except (ValueError, OverflowError):
        return None


def days_of_year(calendar: Calendar, year: int) -> Span | None:
    """Return the days of a year; None if there is no such year."""
    return join(days_of(calendar, year, 1), days_of(calendar, year, _MONTHS))


def days_of_hijri_month_in(
    gregorian_year: int, month: int, day: int | None = None
) -> Span | None:
    """Return the days of a Hijri month that is dated by a Gregorian year (رمضان 2015).

    None if that year had two of it, or none.
    """
    year = year_of("hijri", date(gregorian_year, 7, 1)) or 0
    spans = [days_of("hijri", year + more, month, day) for more in (-1, 0, 1)]
    inside = [span for span in spans if span and span[0].year == gregorian_year]
    return inside[0] if len(inside) == 1 else None


def join(first: Span | None, last: Span | None) -> Span | None:
    """Return the span from one to the other; None if it would run backwards."""
    if first is None or last is None or first[0] > last[1]:
        return None
    return first[0], last[1]


def year_of(calendar: Calendar, day: date) -> int | None:
    """Return the year in which ``day`` is; None where hijridate ends."""
    if calendar == "gregorian":
        return day.year
    try:
        year: int = Gregorian.fromdate(day).to_hijri().year
    except (ValueError, OverflowError):
        return None
    return year


def near(  # noqa: PLR0913  as many as may be printed of a date
    calendar: Calendar,
    month: int,
    day: int | None,
    published: date,
    *,
    shift: int | None = None,
    weekday: int | None = None,
) -> Span | None:
    """Return what a month, or a day of it, means without its year.

    Args:
        calendar: whose month it is.
        month: 1 to 12.
        day: the day of the month, if one is printed.
        published: the day on which it was printed.
        shift: -1 if "last" is printed beside it, 0 for "this", 1 for "next".
        weekday: the day of the week that is printed beside it, 0 for Monday.
    """
    this_year = year_of(calendar, published)
    if this_year is None:
        return None
    if shift == 0:
        return days_of(calendar, this_year, month, day)
    for reach in _REACHES:
        years = range(this_year - reach, this_year + reach + 1)
        spans = [s for year in years if (s := days_of(calendar, year, month, day))]
        if chosen := _choose(spans, published, shift, weekday):
            return chosen
    return None


def weekday_near(weekday: int, published: date, shift: int) -> Span | None:
    """Return the day that a weekday means.

    "Last" (-1) is before the day of publication, "next" (1) after it; without such a
    word it is the latest up to that day, for newspapers report what has happened.
    """
    back = (published.weekday() - weekday) % _DAYS_IN_WEEK
    if shift > 0:
        return days_away(published, _DAYS_IN_WEEK - back)
    if shift < 0 and back == 0:
        back = _DAYS_IN_WEEK
    return days_away(published, -back)


def nearest_weekday(weekday: int, day: date) -> Span | None:
    """Return the weekday that is nearest to ``day``, three days away at the most.

    "Today, Monday" is Monday, in an article that is published on Tuesday too.
    """
    half = _DAYS_IN_WEEK // 2
    away = (weekday - day.weekday() + half) % _DAYS_IN_WEEK - half
    return days_away(day, away)


def days_away(published: date, days: int, length: int = 1) -> Span | None:
    """Return the ``length`` days that begin ``days`` after ``published``."""
    try:
        first = published + timedelta(days)
        return first, first + timedelta(length - 1)
    except OverflowError:
        return None


def week_near(published: date, shift: int) -> Span | None:
    """Return a week from Monday to Sunday, ``shift`` weeks after that of publication."""
    monday = _DAYS_IN_WEEK * shift - published.weekday()
    return days_away(published, monday, _DAYS_IN_WEEK)


def month_near(published: date, shift: int) -> Span | None:
    """Return a month, ``shift`` months after that of publication."""
    year, month = divmod(
        published.year * _MONTHS + published.month - 1 + shift, _MONTHS
    )
    return days_of("gregorian", year, month + 1)


def _gregorian_days(year: int, month: int, day: int | None) -> Span:
    first = date(year, month, day or 1)
    if day:
        return first, first
    if month == _MONTHS:
        return first, date(year, month, 31)
    return first, date(year, month + 1, 1) - timedelta(1)


def _hijri_days(year: int, month: int, day: int | None) -> Span:
    first = Hijri(year, month, day or 1)
    length = 1 if day else first.month_length()
    start = date(*first.to_gregorian().datetuple())
    return start, start + timedelta(length - 1)


def _choose(
    spans: list[Span], published: date, shift: int | None, weekday: int | None
) -> Span | None:
    if shift is not None:
        over = [span for span in spans if span[1] < published]
        to_come = [span for span in spans if span[0] > published]
        return max(over, default=None) if shift < 0 else min(to_come, default=None)
    fitting = [span for span in spans if span[0].weekday() == weekday]
    return min(
        fitting or spans, key=lambda s: (_distance(s, published), s), default=None
    )


def _distance(span: Span, published: date) -> timedelta:
    return max(span[0] - published, published - span[1], timedelta(0))
