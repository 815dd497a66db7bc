"""The time line of a search: the engine's histogram, whole and in a reader's periods."""

from collections.abc import Iterator
from datetime import date, timedelta

from search.engine import Histogram
from search.results import Bar, Period, Timeline, Unit, days_of

MOST_BARS = 200
"""Bars with empty ones between them; beyond, only those with articles are shown."""


def timeline_of(found: Histogram, among: Histogram | None = None) -> Timeline:
    """Return the time line of what was found.

    Args:
        found: articles by time.
        among: all articles of the same time, in the same unit, if shares are wanted.
    """
    counts = {bar.first: bar.count for bar in found.bars}
    of_all = {bar.first: bar.count for bar in among.bars} if among else {}
    last_days = {bar.first: bar.last for bar in found.bars}
    bars = []
    for first, last in _filled(found, last_days):
        period = Period(first, last)
        bars.append(Bar(period, counts.get(first, 0), of_all.get(first, 0)))
    return Timeline(found.unit, tuple(bars), found.missing)


def unit_of(period: Period) -> Unit | None:
    """Return the unit that a period is one of; None if it is another stretch of days."""
    units: dict[int, Unit] = {4: "year", 7: "month", 10: "day"}
    return units.get(len(str(period)))


def widened(period: Period | None) -> list[Period]:
    """Return the year, and the month, that a shorter period lies in."""
    if period is None or period.first is None or period.last is None:
        return []
    units: tuple[Unit, ...] = ("year", "month")
    around = [Period(*days_of(period.first, unit)) for unit in units]
    return [p for p in around if p != period and p.last and period.last <= p.last]


def _filled(
    found: Histogram, last_days: dict[date, date]
) -> Iterator[tuple[date, date]]:
    """Yield every unit from the first to the last, if there are not too many."""
    days = list(last_days)
    if not days or _distance(days[0], days[-1], found.unit) >= MOST_BARS:
        yield from last_days.items()
        return
    first = days[0]
    while True:
        following = _next(first, found.unit)
        # There is no day after the last one of the calendar.
        last = following - timedelta(days=1) if following else date.max
        yield first, last
        if following is None or following > days[-1]:
            return
        first = following


def _distance(first: date, last: date, unit: Unit) -> int:
    if unit == "day":
        return (last - first).days
    years = last.year - first.year
    return years if unit == "year" else years * 12 + last.month - first.month


def _next(first: date, unit: Unit) -> date | None:
    """Return the first day of the following unit; None after the year 9999."""
    try:
        if unit == "day":
            return first + timedelta(days=1)
        if unit == "month":
            return date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return date(first.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
