"""Make of counts what pages draw: bars for years, and squares for days.

Everything here is a pure function of counts. Shades are classes, and places are
attributes of SVG: pages carry no style of their own.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import NamedTuple

SHADES = 5
BAR_WIDTH = 12
BAR_GAP = 4
BARS_HEIGHT = 64
LONGEST_SPAN = 150
"""Years between which those without articles are shown too."""


class Bar(NamedTuple):
    """The articles of a year, and where a drawing has them."""

    year: int
    total: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The articles of something, by year."""

    bars: Sequence[Bar]
    undated: int
    width: int
    height: int = BARS_HEIGHT
    bar_width: int = BAR_WIDTH

    @property
    def first(self) -> int:
        """The first year."""
        return self.bars[0].year

    @property
    def last(self) -> int:
        """The last year."""
        return self.bars[-1].year

    @property
    def drawn_width(self) -> int:
        """The width at which it is drawn, where there is room."""
        return self.width * 2

    @property
    def filled(self) -> list[Bar]:
        """The years that have articles."""
        return [bar for bar in self.bars if bar.total]


def draw_bars(by_year: Mapping[int | None, int], *, rtl: bool) -> Bars:
    """Place a bar for each year, the first where reading begins."""
    dated = {year: total for year, total in by_year.items() if year is not None}
    years = years_between(dated)
    most = max(dated.values(), default=1)
    step = BAR_WIDTH + BAR_GAP
    width = max(len(years) * step - BAR_GAP, 0)
    bars = []
    for place, year in enumerate(years):
        total = dated.get(year, 0)
        # A single article among thousands is still to be seen.
        height = max(2, round(BARS_HEIGHT * total / most)) if total else 0
        x = place * step
        if rtl:
            x = width - BAR_WIDTH - x
        bars.append(Bar(year, total, x, BARS_HEIGHT - height, height))
    return Bars(bars, by_year.get(None, 0), width)


def years_between(dated: Mapping[int, int]) -> list[int]:
    """Return the years from the first to the last one, empty ones with them."""
    if not dated:
        return []
    first, last = min(dated), max(dated)
    if last - first > LONGEST_SPAN:
        return sorted(dated)
    return list(range(first, last + 1))


def shade(total: int, most: int) -> int:
    """Return how dark the square of ``total`` is: 0 for none, ``SHADES`` for ``most``.

    By the cube root: one busy month does not make all the others look alike.
    """
    return min(SHADES, ceil(SHADES * (total / most) ** (1 / 3))) if total else 0


class Square(NamedTuple):
    """A year, a month or a day, with its articles and the shade of its square."""

    day: date
    total: int
    shade: int


Week = Sequence[Square | None]


class MonthGrid(NamedTuple):
    """A month as a calendar shows it."""

    first: date
    total: int
    weeks: Sequence[Week]


def draw_month(
    year: int, month: int, totals: Mapping[date, int], most: int
) -> MonthGrid:
    """Lay the days of a month out in weeks, which begin on Monday."""
    weeks = [
        [_square(year, month, day, totals, most) if day else None for day in week]
        for week in calendar.Calendar().monthdayscalendar(year, month)
    ]
    total = sum(square.total for week in weeks for square in week if square)
    return MonthGrid(date(year, month, 1), total, weeks)


def _square(
    year: int, month: int, day: int, totals: Mapping[date, int], most: int
) -> Square:
    own = date(year, month, day)
    total = totals.get(own, 0)
    return Square(own, total, shade(total, most))
