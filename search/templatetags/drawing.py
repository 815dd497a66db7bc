"""The time line of a search as a drawing: bars with places, heights and addresses.

The measures are those of the drawing's own coordinates: each bar stands in a column
``STEP`` wide, and the highest is ``HEIGHT`` high.
"""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.translation import get_language_bidi

from articles import conventions
from search.results import Bar, Period, ResultPage, SearchRequest, Unit
from search.templatetags.searching import period_address
from search.timelines import unit_of, widened

register = template.Library()

STEP = 10
HEIGHT = 60
LEAST = 2
"""The height of a bar with so few articles that it would not be seen."""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar of the drawing.

    Attributes:
        bar: what it stands for.
        label: its time, as a reader writes it.
        address: the search within that time.
        left: where its column begins.
        height: of the bar; 0 without articles.
        percent: its share of all articles of that time, rounded, in percent.
    """

    bar: Bar
    label: str
    address: str
    left: int
    height: int
    percent: int

    @property
    def top(self) -> int:
        """Where the bar begins, from above."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """A time line, drawn from the earlier to the later, as the page is read."""

    bars: tuple[DrawnBar, ...]
    width: int
    height: int = HEIGHT
    step: int = STEP

    @property
    def first_label(self) -> str:
        """The time of the earliest bar."""
        return self.bars[0].label

    @property
    def last_label(self) -> str:
        """The time of the latest bar."""
        return self.bars[-1].label


@register.simple_tag
def drawn(page: ResultPage) -> Drawing | None:
    """Return the time line of ``page``; None if there is nothing to compare."""
    timeline = page.timeline
    if timeline is None or len(timeline.bars) < 2:  # noqa: PLR2004  one is no line
        return None
    values = [_value(bar, page.request) for bar in timeline.bars]
    highest = max(values) or 1
    last = len(values) - 1
    return Drawing(
        tuple(
            DrawnBar(
                bar,
                period_label(bar.period),
                period_address(page.request, bar.period),
                (last - place if get_language_bidi() else place) * STEP,
                max(round(value / highest * HEIGHT), LEAST) if value else 0,
                round(bar.share * 100),
            )
            for place, (bar, value) in enumerate(
                zip(timeline.bars, values, strict=True)
            )
        ),
        len(values) * STEP,
    )


@register.simple_tag
def periods_around(request: SearchRequest) -> list[tuple[str, str]]:
    """Return the wider periods around that of a search, as (label, address)."""
    return [
        (period_label(period), period_address(request, period))
        for period in widened(request.period)
    ]


@register.simple_tag
def period_label(period: Period) -> str:
    """Return a period as a reader writes it."""
    unit = unit_of(period)
    if unit is None or period.first is None:
        ends = [_end(period.first), _end(period.last)]
        return " \N{EN DASH} ".join(ends)
    return _unit_label(period.first, unit)


def _unit_label(day: date, unit: Unit) -> str:
    if unit == "year":
        return conventions.write_digits(str(day.year))
    if unit == "month":
        return conventions.write_month(day.year, day.month)
    return conventions.write_day(day)


def _end(day: date | None) -> str:
    return conventions.write_day(day) if day else "…"


def _value(bar: Bar, request: SearchRequest) -> float:
    return bar.share if request.share else bar.count
