"""What Haystack's three kinds of facets are asked for with, and what they give.

A *field facet* counts every value of a facet; a *date facet* counts stretches of time of
one length; a *query facet* counts what one more filter would leave.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice, pairwise, takewhile
from typing import Any, TypeVar

from haystack.exceptions import SearchBackendError

from search.engine import Bar

MOST_STRETCHES = 5000
"""Stretches of time that a date facet may have."""

_MONTHS = {"month": 1, "year": 12}
_PARTS_OF_DAYS = {"hour", "minute", "second"}
_OPTIONS = {"limit", "mincount", "offset", "prefix", "size", "sort"}

Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: from ``start`` to before ``end``."""

    start: date
    end: date


def field_facet(
    counts: Mapping[str, int], options: Mapping[str, Any]
) -> list[tuple[str, int]]:
    """List values with their counts, the commonest first.

    Args:
        counts: value -> documents.
        options: ``sort``: "count" or "index", the order of values; ``limit`` or
            ``size``: the most values, a negative one for all; ``offset``: values to
            skip; ``mincount``: the least documents; ``prefix``: how values begin.

    Raises:
        SearchBackendError: there is no such option.
    """
    if unknown := sorted(set(options) - _OPTIONS):
        raise SearchBackendError(
            f"Facets have no option {unknown[0]!r}. They have "
            f"{', '.join(sorted(_OPTIONS))}."
        )
    order = options.get("sort", "count")
    if order not in {"count", "index"}:
        raise SearchBackendError(f"Facets are sorted by count or index, not {order!r}.")
    prefix, least = options.get("prefix", ""), options.get("mincount", 1)
    kept = [
        (value, count)
        for value, count in counts.items()
        if count >= least and value.startswith(prefix)
    ]
    kept.sort(key=lambda pair: (-pair[1] if order == "count" else 0, pair[0]))
    start = options.get("offset", 0)
    limit = options.get("limit", options.get("size", -1))
    return kept[start:] if limit < 0 else kept[start : start + limit]


def stretches(
    details: Mapping[str, Any], *, has_days_only: bool = False
) -> list[Stretch]:
    """Return the stretches of a date facet; the last one ends with it.

    Args:
        details: ``start_date`` and ``end_date``, days or moments of which the second is
            outside; ``gap_by``, a unit of time; ``gap_amount``, how many of them.
        has_days_only: whether what is counted has days and no hours.

    Raises:
        SearchBackendError: the gap is none, or there are too many stretches.
    """
    start, end, unit = details["start_date"], details["end_date"], details["gap_by"]
    amount = details.get("gap_amount", 1)
    if amount < 1:
        raise SearchBackendError(f"gap_amount is {amount}: use a whole number above 0.")
    if unit in _PARTS_OF_DAYS and has_days_only:
        raise SearchBackendError(
            f"Days are not to be counted by the {unit}. Use a gap of a day or longer."
        )
    if (
        unit in _PARTS_OF_DAYS
        or isinstance(start, datetime)
        or isinstance(end, datetime)
    ):
        start, end = _moment(start, like=end), _moment(end, like=start)
    inside = takewhile(lambda edge: edge < end, _edges(start, unit, amount))
    edges = list(islice(inside, MOST_STRETCHES + 1))
    if len(edges) > MOST_STRETCHES:
        raise SearchBackendError(
            f"This date facet has more than {MOST_STRETCHES} stretches. "
            "Use a longer gap, or a nearer end_date."
        )
    return [Stretch(*pair) for pair in pairwise([*edges, end])]


def count_days(parts: Sequence[Stretch], bars: Iterable[Bar]) -> list[int]:
    """Count the days of ``bars`` that lie in each of ``parts``, which rise.

    Of moments only their day counts.
    """
    counts = [0] * len(parts)
    starts = [part.start.toordinal() for part in parts]
    ends = [part.end.toordinal() for part in parts]
    for bar in bars:
        day = bar.first.toordinal()
        place = bisect_right(starts, day) - 1
        if place >= 0 and day < ends[place]:
            counts[place] += bar.count
    return counts


def _edges(start: Moment, unit: str, amount: int) -> Iterator[Moment]:
    """Yield ``start`` and what is one gap later each time.

    Each is reckoned from ``start``, so that a 31st comes back after a shorter month.
    """
    for distance in count(step=amount):
        if unit in _MONTHS:
            yield _months_later(start, distance * _MONTHS[unit])
        else:
            yield start + timedelta(**{f"{unit}s": distance})


def _months_later(moment: Moment, months: int) -> Moment:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _moment(day: date, *, like: date) -> datetime:
    """Return the moment or the beginning of the day, in the zone of the other if none."""
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    zone = like.tzinfo if isinstance(like, datetime) else None
    return moment if moment.tzinfo or not zone else moment.replace(tzinfo=zone)
