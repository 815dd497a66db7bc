"""Rules for dates with a month: 8 مارس/آذار الماضي, 3-5 mars 2021, 19/06/2023.

A year, or a word such as "last", may stand after the month; without either the date is
placed near the day of publication (see ``calendars``). Figures are day/month/year, as
the newspapers of these languages write; month/day/year only where that cannot be.
"""

from collections.abc import Iterator
from datetime import date

from search.analysis.dates import calendars
from search.analysis.dates.calendars import HIJRI_YEARS, Calendar, Span
from search.analysis.dates.pieces import Piece
from search.analysis.dates.rules import (
    DAY,
    LINK,
    MONTH,
    TO,
    WEEKDAY,
    WHEN,
    YEAR,
    DateMention,
    Found,
    Rule,
)

_DAYS = f"{DAY}(?:{LINK}{DAY}){{0,6}}"
_OF = r"(?:\)? |\)|/|-)?(?:f )?(?:K )?"
_NOT_INSIDE_NUMBER = "(?<![ndy#][-/.:])"
# 2019 / 8 March has two dates.
_AFTER_NO_NUMBER = "(?<![nd#][-/.:])(?<!y[.:])"
_NUMERIC = (
    "(?P<numeric>"
    r"y(?:-[nd]-[nd]|/[nd]/[nd]|\.[nd]\.[nd])"
    rf"|(?:[nd]{LINK})?[nd]/[nd]/y|[nd]-[nd]-y|[nd]\.[nd]\.y)"
)
_NUMBERS = "ndgo"

_LAST_MONTH, _LAST_DAY = 12, 31


def _read_numeric(found: Found) -> Iterator[DateMention]:
    *days, month, year = (number.value for number in found.tagged("ndy"))
    if days[0] > _LAST_DAY:
        days, year = [year], days[0]
    if month > _LAST_MONTH and len(days) == 1:
        days, month = [month], days[0]
    hijri = year in HIJRI_YEARS and not found.tagged("A")
    calendar: Calendar = "hijri" if hijri else "gregorian"
    ends = [calendars.days_of(calendar, year, month, day) for day in days]
    yield from found.mention(calendars.join(ends[0], ends[-1]), "day")


def _read_days(found: Found) -> Iterator[DateMention]:
    month = found.tagged("MEH")[0]
    for part in found.parts("days", _NUMBERS):
        first, last = (_resolve(found, month, day) for day in (part.low, part.high))
        yield from found.mention(calendars.join(first, last), "day", part)


def _read_crossing(found: Found) -> Iterator[DateMention]:
    from_day, day = (
        found.parts(name, _NUMBERS)[0].low for name in ("from_day", "days")
    )
    end = _resolve(found, found.tagged("MEH")[-1], day)
    span = _up_to(end, found.group("from_month")[0], from_day)
    yield from found.mention(span, "day")


def _read_months(found: Found) -> Iterator[DateMention]:
    month = found.tagged("MEH")[0]
    for part in found.parts("months", "MEH"):
        span = _resolve(found, month._replace(value=part.high), None)
        if part.low != part.high:
            span = _up_to(span, month._replace(value=part.low), None)
        yield from found.mention(span, "month", part)


def _read_day_of_this_month(found: Found) -> Iterator[DateMention]:
    shift = found.tagged("Qq")[0].value
    month = found.published and calendars.month_near(found.published, shift)
    if not month:
        return
    first = month[0]
    for part in found.parts("days", _NUMBERS):
        low, high = (
            calendars.days_of("gregorian", first.year, first.month, day)
            for day in (part.low, part.high)
        )
        yield from found.mention(calendars.join(low, high), "day", part)


def _resolve(found: Found, month: Piece, day: int | None) -> Span | None:
    """Return the days of a month, or one of them, with what is printed of its year."""
    calendar = _calendar(month)
    if year := found.group("year"):
        span = _in_year(calendar, year[0].value, found.group("era"), month.value, day)
        found.dated[calendar, month.value, day] = span
        return span
    shift = found.group("shift") or found.group("shift_before")
    in_year = found.group("in_year")
    if found.group("vague"):
        return None
    # The day may have been printed with its year before.
    before = found.dated.get((calendar, month.value, day))
    if day and before and not shift and not in_year:
        return before
    if not found.published:
        return None
    if in_year:
        return _in_year_near(calendar, in_year, month.value, day, found.published)
    weekday = found.group("weekday")
    return calendars.near(
        calendar,
        month.value,
        day,
        found.published,
        shift=shift[0].value if shift else None,
        weekday=weekday[0].value if weekday else None,
    )


def _in_year_near(
    calendar: Calendar,
    year: list[Piece],
    month: int,
    day: int | None,
    published: date,
) -> Span | None:
    more = next(piece.value for piece in year if piece.tag in "Qq")
    this_year = calendars.year_of(calendar, published)
    return (
        calendars.days_of(calendar, this_year + more, month, day) if this_year else None
    )


def _in_year(
    calendar: Calendar, year: int, era: list[Piece], month: int, day: int | None
) -> Span | None:
    tag = era[0].tag if era else ""
    if tag == "B" or (tag == "J" and calendar == "gregorian"):
        return None
    if calendar == "hijri" and (tag == "A" or year > HIJRI_YEARS[-1]):
        return calendars.days_of_hijri_month_in(year, month, day)
    return calendars.days_of(calendar, year, month, day)


def _up_to(end: Span | None, month: Piece, day: int | None) -> Span | None:
    """Return the days from a month, or a day of it, to ``end``, over a year's end too."""
    calendar = _calendar(month)
    year = end and calendars.year_of(calendar, end[0])
    if not year:
        return None
    same, before = (
        calendars.join(calendars.days_of(calendar, y, month.value, day), end)
        for y in (year, year - 1)
    )
    return same or before


def _calendar(month: Piece) -> Calendar:
    return "hijri" if month.tag == "H" else "gregorian"


RULES = (
    Rule(
        "numeric",
        rf"{_NOT_INSIDE_NUMBER}{WEEKDAY}?{_NUMERIC}(?: ?(?P<era>[AJ]))?"
        "(?![-/.:][ndy#])",
        _read_numeric,
    ),
    # 28 février - 3 mars 2020
    Rule(
        "crossing",
        rf"{_AFTER_NO_NUMBER}(?P<from_day>{DAY}){_OF}(?P<from_month>{MONTH}){TO}"
        rf"{WEEKDAY}?(?P<days>{DAY}){_OF}{MONTH}(?:{YEAR}|{WHEN})?",
        _read_crossing,
    ),
    # February 28 - March 3, 2020
    Rule(
        "english crossing",
        rf"(?P<from_month>E) (?P<from_day>[nd]){TO}E (?P<days>[nd])(?:{YEAR}|{WHEN})?",
        _read_crossing,
    ),
    # March 8, March 3-5, 2021; but not June 12.30, nor in June 12 people
    Rule(
        "english",
        rf"{WEEKDAY}?E[ -](?:l )?(?P<days>[nd](?:(?:-| a | r )[nd]){{0,6}})"
        rf"(?![:.][ndy#]| ?%)(?:{YEAR}|{WHEN})?",
        _read_days,
    ),
    Rule(
        "days",
        rf"{_AFTER_NO_NUMBER}{WEEKDAY}?(?P<days>{_DAYS}){_OF}{MONTH}"
        rf"(?:{YEAR}|{WHEN})?",
        _read_days,
    ),
    Rule(
        "day of this month",
        rf"{_AFTER_NO_NUMBER}(?P<days>{_DAYS}) f (?:K Q|q K)",
        _read_day_of_this_month,
    ),
    Rule(
        "months",
        rf"(?:(?P<shift_before>q) )?(?P<months>{MONTH}(?:{LINK}{MONTH}){{0,3}})"
        rf"(?:{YEAR}|{WHEN})?",
        _read_months,
    ),
)
