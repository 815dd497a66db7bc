"""The time line: every unit between the first and the last, in a reader's periods."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from search.engine import Bar as EngineBar
from search.engine import Histogram
from search.forms import read_period
from search.results import Bar, Period, ResultPage, SearchRequest, days_of
from search.templatetags.drawing import (
    HEIGHT,
    STEP,
    drawn,
    period_label,
    periods_around,
)
from search.timelines import MOST_BARS, timeline_of, unit_of, widened


def histogram(unit: Any, days: dict[date, int], missing: int = 0) -> Histogram:
    bars = (EngineBar(*days_of(day, unit), count) for day, count in days.items())
    return Histogram(unit, tuple(bars), missing)


YEARS = histogram("year", {date(1999, 1, 1): 3, date(2002, 1, 1): 6}, missing=2)


def test_years_without_articles_are_there() -> None:
    timeline = timeline_of(YEARS)
    assert [(str(bar.period), bar.count) for bar in timeline.bars] == [
        ("1999", 3),
        ("2000", 0),
        ("2001", 0),
        ("2002", 6),
    ]
    assert (timeline.unit, timeline.undated) == ("year", 2)


@pytest.mark.parametrize(
    ("unit", "first", "last", "periods"),
    [
        (
            "month",
            date(2001, 11, 1),
            date(2002, 1, 1),
            ["2001-11", "2001-12", "2002-01"],
        ),
        (
            "day",
            date(2004, 2, 28),
            date(2004, 3, 1),
            ["2004-02-28", "2004-02-29", "2004-03-01"],
        ),
        ("day", date(9999, 12, 31), date(9999, 12, 31), ["9999-12-31"]),
        ("month", date(9999, 12, 1), date(9999, 12, 1), ["9999-12"]),
        ("year", date(9999, 1, 1), date(9999, 1, 1), ["9999"]),
    ],
)
def test_months_and_days_follow_each_other(
    unit: Any, first: date, last: date, periods: list[str]
) -> None:
    timeline = timeline_of(histogram(unit, {first: 1, last: 1}))
    assert [str(bar.period) for bar in timeline.bars] == periods


def test_a_stray_date_does_not_make_a_thousand_bars() -> None:
    far = histogram("year", {date(1, 1, 1): 1, date(2001, 1, 1): 5})
    assert len(timeline_of(far).bars) == 2 < MOST_BARS
    assert timeline_of(histogram("year", {})).bars == ()


def test_shares_are_of_all_articles_of_the_time() -> None:
    among = histogram("year", {date(1999, 1, 1): 4, date(2001, 1, 1): 8})
    shares = [bar.share for bar in timeline_of(YEARS, among).bars]
    assert shares == [0.75, 0.0, 0.0, 0.0]


def test_a_period_lies_in_wider_ones() -> None:
    day = read_period("2001-09-11")
    assert [str(period) for period in widened(day)] == ["2001", "2001-09"]
    assert [str(period) for period in widened(read_period("2001-09"))] == ["2001"]
    assert widened(read_period("2001")) == []
    assert widened(read_period("2001-12-30..2002-01-03")) == []
    assert widened(read_period("2001..")) == []
    assert widened(None) == []


def test_a_period_has_a_unit_or_none() -> None:
    units = [unit_of(read_period(t) or Period(None, None)) for t in ("2001", "2001-09")]
    assert units == ["year", "month"]
    assert unit_of(Period(None, date(2001, 1, 1))) is None


def page(request: SearchRequest, *counts: int) -> ResultPage:
    days = {date(2000 + place, 1, 1): n for place, n in enumerate(counts)}
    timeline = timeline_of(histogram("year", days))
    return ResultPage(request, 9, 1, 0.0, (), (), timeline=timeline)


def test_bars_are_drawn_to_scale_and_never_too_small_to_see() -> None:
    with translation.override("en"):
        drawing = drawn(page(SearchRequest("a"), 1000, 0, 500, 1))
    assert drawing
    assert [bar.height for bar in drawing.bars] == [HEIGHT, 0, HEIGHT // 2, 2]
    assert [bar.top for bar in drawing.bars] == [0, HEIGHT, HEIGHT // 2, HEIGHT - 2]
    assert [bar.left for bar in drawing.bars] == [0, STEP, 2 * STEP, 3 * STEP]
    assert drawing.width == 4 * STEP
    assert (drawing.first_label, drawing.last_label) == ("2000", "2003")
    assert drawing.bars[2].address == "?q=a&date=2002"


def test_time_runs_as_the_page_is_read() -> None:
    with translation.override("ar"):
        drawing = drawn(page(SearchRequest(), 5, 7))
    assert drawing
    assert [bar.left for bar in drawing.bars] == [STEP, 0]


def test_one_bar_is_no_line() -> None:
    assert drawn(page(SearchRequest(), 5)) is None
    assert drawn(ResultPage(SearchRequest(), 0, 1, 0.0, (), ())) is None


def test_shares_are_drawn_when_asked_for() -> None:
    days = {date(2000, 1, 1): 5, date(2001, 1, 1): 5}
    among = {date(2000, 1, 1): 5, date(2001, 1, 1): 10}
    timeline = timeline_of(histogram("year", days), histogram("year", among))
    request = SearchRequest(share=True)
    drawing = drawn(ResultPage(request, 9, 1, 0.0, (), (), timeline=timeline))
    assert drawing
    assert [bar.height for bar in drawing.bars] == [HEIGHT, HEIGHT // 2]
    assert [bar.percent for bar in drawing.bars] == [100, 50]


def test_periods_are_written_as_readers_write_them() -> None:
    with translation.override("fr"):
        labels = [
            period_label(read_period(text) or Period(None, None))
            for text in ("2001", "2001-09", "2001-09-11", "2001-09-11..", "2000..2001")
        ]
        around = periods_around(SearchRequest(period=read_period("2001-09")))
    assert labels == [
        "2001",
        "septembre 2001",
        "11 septembre 2001",
        "11 septembre 2001 – …",
        "1er janvier 2000 – 31 décembre 2001",
    ]
    assert around == [("2001", "/fr/search/?date=2001")]


def test_bars_know_their_period() -> None:
    assert Bar(Period(None, None), 3, 0).share == 0.0
