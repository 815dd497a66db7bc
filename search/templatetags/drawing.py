"""The time line of a search as a drawing: bars with places, heights and addresses.

The measures are those of the drawing's own coordinates: each bar stands in a column
``STEP`` wide, and the highest is ``HEIGHT`` high.
"""

from dataclasses import dataclass
from datetime import date
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from articles import conventions
from articles.conventions import write_digits, write_number
from search.addresses import Around
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
    is_of_shares: bool
    height: int = HEIGHT

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
    around = Around(page.request, here=True)
    is_from_the_right = get_language_bidi()
    return Drawing(
        tuple(
            DrawnBar(
                bar,
                period_label(bar.period),
                around.within(bar.period),
                (last - place if is_from_the_right else place) * STEP,
                max(round(value / highest * HEIGHT), LEAST) if value else 0,
                round(bar.share * 100),
            )
            for place, (bar, value) in enumerate(
                zip(timeline.bars, values, strict=True)
            )
        ),
        len(values) * STEP,
        page.request.share,
    )


@register.simple_tag
def columns(drawing: Drawing) -> SafeString:
    """Return the bars with anything in them as parts of the drawing that lead there."""
    inner = STEP - 2
    return SafeString(
        "".join(
            f'<a href="{escape(one.address)}" aria-label="{_told(one, drawing)}">'
            f"<title>{_told(one, drawing)}{_counted(one, drawing)}</title>"
            f'<rect class="column" x="{one.left}" width="{STEP}" height="{HEIGHT}"/>'
            f'<rect class="bar" x="{one.left + 1}" y="{one.top}" width="{inner}"'
            f' height="{one.height}"/></a>'
            for one in drawing.bars
            if one.bar.count
        )
    )


@register.simple_tag
def rows(drawing: Drawing) -> SafeString:
    """Return the same bars as rows of a table."""
    return SafeString(
        "".join(
            f'<tr><th scope="row"><bdi>{escape(one.label)}</bdi></th>'
            f"<td>{write_number(one.bar.count)}</td>"
            f"{f'<td>{_share(one)}</td>' if drawing.is_of_shares else ''}</tr>"
            for one in drawing.bars
            if one.bar.count
        )
    )


def _told(one: DrawnBar, drawing: Drawing) -> str:
    """Return what a bar stands for, in words."""
    value = _share(one) if drawing.is_of_shares else write_number(one.bar.count)
    return f"{escape(one.label)}: {value}"


def _counted(one: DrawnBar, drawing: Drawing) -> str:
    return f" ({write_number(one.bar.count)})" if drawing.is_of_shares else ""


def _share(one: DrawnBar) -> str:
    return f"{write_digits(str(one.percent))} %"


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
