"""Documents by time, as fine as the zoom allows."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.query import Every, Term

from search.engine import Bar, Index, Search
from search.engine.fields import UNKNOWN_NUMBER
from search.engine.histograms import MOST_BARS, histogram


def numbers(*days: str) -> Any:
    known = [date.fromisoformat(d).toordinal() if d else UNKNOWN_NUMBER for d in days]
    return np.array(known, dtype=np.int64)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        (["2020-01-01", "2020-02-20"], "day"),
        (["2020-01-01", "2020-12-20"], "month"),
        (["1999-01-01", "2020-12-20"], "year"),
        ([""], "year"),
        ([], "year"),
    ],
)
def test_the_unit_follows_the_zoom(days: list[str], unit: str) -> None:
    assert histogram(numbers(*days)).unit == unit


def test_bars_are_calendar_units_with_their_days() -> None:
    found = histogram(numbers("2020-02-01", "", "2020-02-29", "2021-12-31"), "month")

    assert found.bars == (
        Bar(date(2020, 2, 1), date(2020, 2, 29), 2),
        Bar(date(2021, 12, 1), date(2021, 12, 31), 1),
    )
    assert found.missing == 1


@given(st.lists(st.none() | st.dates()))
def test_every_document_is_in_one_bar(days: list[date | None]) -> None:
    found = histogram(numbers(*(day.isoformat() if day else "" for day in days)))

    assert sum(bar.count for bar in found.bars) + found.missing == len(days)
    for bar in found.bars:
        inside = [d for d in days if d and bar.first <= d <= bar.last]
        assert len(inside) == bar.count
    assert len(found.bars) <= MOST_BARS or found.unit == "year"


def test_a_search_counts_by_time_what_it_found(index: Index) -> None:
    # The days of these documents are 10, 30 and -5; the last is no day of a calendar.
    search = Search(
        Term("text", "train"), between={"day": (1, None)}, histograms={"day": "auto"}
    )
    found = index.find(search)

    assert [bar.count for bar in found.histograms["day"].bars] == [1, 1]
    assert found.total == 2


def test_a_zoom_has_a_beginning_and_an_end(index: Index) -> None:
    totals = index.totals(
        [
            Search(Every(), between={"day": (20, 20)}),
            Search(Every(), between={"day": (None, 10)}),
            Search(Every(), between={"day": (None, None)}),
        ]
    )

    assert totals == [2, 2, 5]
