"""What is drawn of counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.browsing.drawing import (
    BARS_HEIGHT,
    SHADES,
    draw_bars,
    draw_month,
    shade,
    years_between,
)
from articles.browsing.paging import ListPage

TOTALS = st.integers(0, 10**6)


@given(total=TOTALS, more=TOTALS)
def test_more_is_never_lighter(total: int, more: int) -> None:
    most = max(total + more, 1)
    assert 0 <= shade(total, most) <= shade(total + more, most) <= SHADES
    assert (shade(total, most) == 0) == (total == 0)
    assert shade(most, most) == SHADES


@given(
    by_year=st.dictionaries(st.none() | st.integers(1, 9999), st.integers(1, 10**6)),
    rtl=st.booleans(),
)
def test_bars_stay_inside_and_every_year_is_seen(
    by_year: dict[int | None, int], *, rtl: bool
) -> None:
    chart = draw_bars(by_year, rtl=rtl)
    assert [bar.year for bar in chart.filled] == sorted(
        year for year in by_year if year
    )
    assert len(chart.bars) <= 9999
    for bar in chart.filled:
        assert 0 <= bar.x <= chart.width - chart.bar_width
        assert bar.y + bar.height == BARS_HEIGHT
        assert bar.height > 0
    assert chart.undated == by_year.get(None, 0)


def test_years_begin_where_reading_does() -> None:
    places = {
        rtl: [bar.x for bar in draw_bars({2001: 1, 2003: 1}, rtl=rtl).bars]
        for rtl in (True, False)
    }
    assert places[False] == sorted(places[False]) == places[True][::-1]


def test_a_wrong_year_does_not_draw_a_thousand_empty_ones() -> None:
    assert years_between({215: 1, 2015: 1}) == [215, 2015]
    assert years_between({2013: 1, 2015: 1}) == [2013, 2014, 2015]
    assert years_between({}) == []


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_has_all_of_its_days_in_their_column(month: int) -> None:
    grid = draw_month(2024, month, {date(2024, month, 9): 3}, 3)
    days = [square for week in grid.weeks for square in week if square]
    assert [square.day.day for square in days] == list(range(1, len(days) + 1))
    for week in grid.weeks:
        for weekday, square in enumerate(week):
            assert square is None or square.day.weekday() == weekday
    assert grid.total == sum(square.total for square in days) == 3


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_pages_to_go_to_are_few(
    number: int, pages: int, shown: list[int | None]
) -> None:
    page: ListPage[str] = ListPage((), number, pages, 0)
    assert list(page.shown) == shown
    assert (page.previous is None) == (number == 1)
    assert (page.next is None) == (number == pages)
