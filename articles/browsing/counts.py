"""Counts as pages want them, from the ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, Substr

from articles.browsing.answers import counted_once
from articles.browsing.drawing import Square, shade, years_between
from articles.models import Article, Section, Source, Tally
from articles.querysets import TallyQuerySet

Model = type[Source] | type[Section]


class CountedSource(NamedTuple):
    """A source with its articles, and the first and last day of which it has any."""

    source: Source
    total: int
    first: date | None
    last: date | None


@counted_once
def archive_by_year() -> dict[int | None, int]:
    """Return year -> number of articles; the year None is the undated."""
    return Tally.objects.of(Tally.Kind.ARCHIVE, "").by_year()


def year_squares(by_year: Mapping[int | None, int]) -> list[Square]:
    """Return the years, the darker the more articles they have."""
    dated = {year: total for year, total in by_year.items() if year is not None}
    most = max(dated.values(), default=1)
    return [
        Square(date(year, 1, 1), dated.get(year, 0), shade(dated.get(year, 0), most))
        for year in years_between(dated)
    ]


def day_totals(first: date, last: date) -> dict[date, int]:
    """Return the days from ``first`` to ``last`` that have articles, and how many."""
    days = Tally.objects.of(Tally.Kind.DAY).filter(
        value__gte=first.isoformat(), value__lte=last.isoformat()
    )
    return _totals(days)


@counted_once
def month_totals() -> dict[tuple[int, int], int]:
    """Return the months that have articles, as (year, month), and how many."""
    rows = (
        Tally.objects.of(Tally.Kind.DAY)
        .values_list(Substr("value", 1, 7))
        .annotate(total=Sum("articles"))
    )
    return {
        (int(month[:4]), int(month[5:])): int(total) for month, total in rows if total
    }


def days_of_year(month: int, day: int) -> dict[date, int]:
    """Return that day of every year that has articles of it, and how many."""
    # Looked up one by one in the index, rather than among the days of all years.
    days = [f"{year:04}-{month:02}-{day:02}" for year in archive_by_year() if year]
    return _totals(Tally.objects.of(Tally.Kind.DAY).filter(value__in=days))


def _totals(days: TallyQuerySet) -> dict[date, int]:
    """Return the days that have articles, in order, and how many."""
    rows = days.values_list("value").annotate(total=Sum("articles")).order_by("value")
    return {date.fromisoformat(day): int(total) for day, total in rows if total > 0}


def counted(model: Model) -> QuerySet[Any]:
    """Return the rows that have articles, with ``total``, ``first`` and ``last`` year."""
    kind = Tally.Kind.SOURCE if model is Source else Tally.Kind.SECTION
    own = Tally.objects.of(kind).filter(value=Cast(OuterRef("pk"), CharField()))
    rows = own.by_value()
    return model.objects.annotate(
        total=Coalesce(Subquery(rows.values("total")), 0),
        first=Subquery(rows.values("first")),
        last=Subquery(rows.values("last")),
    ).filter(total__gt=0)


@counted_once
def largest_sources(most: int) -> list[CountedSource]:
    """Return the sources with the most articles."""
    rows = Tally.objects.of(Tally.Kind.SOURCE).by_value().order_by("-total", "value")
    totals = {int(row["value"]): int(row["total"]) for row in rows[:most]}
    dated = (
        Article.objects.published()
        .filter(source=OuterRef("pk"))
        .exclude(published_on=None)
        .newest_first()
        .values("published_on")
    )
    sources: dict[int, Any] = Source.objects.annotate(
        first=Subquery(dated.reverse()[:1]), last=Subquery(dated[:1])
    ).in_bulk(totals)
    return [
        CountedSource(sources[key], total, sources[key].first, sources[key].last)
        for key, total in totals.items()
        if key in sources
    ]
