"""Documents by day, month or year, as fine as what was found allows.

A day is a number, ``date.toordinal`` of it. ``histogram`` counts documents in calendar
units; with the unit "auto" it takes the finest that gives no more than ``MOST_BARS`` bars
from the first to the last document, so that it grows finer as a reader zooms in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from search.engine.fields import UNKNOWN_NUMBER

Unit = Literal["day", "month", "year"]

MOST_BARS = 62

_CODES: dict[Unit, str] = {"day": "D", "month": "M", "year": "Y"}
_EPOCH = date(1970, 1, 1).toordinal()

Ints = NDArray[np.int64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Bar:
    """The documents of one day, month or year.

    Attributes:
        first: its first day.
        last: its last day.
        count: how many documents.
    """

    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Documents by time.

    Attributes:
        unit: of the bars.
        bars: those with documents, rising.
        missing: documents without a day.
    """

    unit: Unit
    bars: tuple[Bar, ...]
    missing: int


def histogram(days: Ints, unit: Unit | Literal["auto"] = "auto") -> Histogram:
    """Count ``days``, shape (documents,), by calendar units."""
    known = days[days != UNKNOWN_NUMBER]
    dates = (known - _EPOCH).astype("datetime64[D]")
    chosen = _finest(dates) if unit == "auto" else unit
    starts, counts = np.unique(
        dates.astype(f"datetime64[{_CODES[chosen]}]"), return_counts=True
    )
    return Histogram(chosen, tuple(_bars(starts, counts)), int(len(days) - len(known)))


def _finest(dates: Dates) -> Unit:
    if not len(dates):
        return "year"
    units: tuple[Unit, ...] = ("day", "month")
    for unit in units:
        ends = np.array([dates.min(), dates.max()], dtype=f"datetime64[{_CODES[unit]}]")
        if int((ends[1] - ends[0]).astype(np.int64)) < MOST_BARS:
            return unit
    return "year"


def _bars(starts: Dates, counts: Ints) -> Iterator[Bar]:
    first = starts.astype("datetime64[D]").tolist()
    last = ((starts + 1).astype("datetime64[D]") - 1).tolist()
    for begin, end, count in zip(first, last, counts.tolist(), strict=True):
        yield Bar(begin, end, count)
