"""Facets by field and by date."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from haystack.exceptions import FacetingError, SearchBackendError
from haystack.query import SearchQuerySet

from search.backends.facets import stretches

pytestmark = pytest.mark.usefixtures("dozen")


def values(results: SearchQuerySet, field: str = "source") -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = results.facet_counts()["fields"][field]
    return found


def test_every_value_is_counted_the_commonest_first() -> None:
    results = SearchQuerySet().facet("source").facet("year")
    assert values(results) == [("atlas", 5), ("voile", 5), ("atlas-2", 2)]
    assert values(results, "year") == [
        ("2021", 4),
        ("2019", 3),
        ("2020", 3),
        ("-", 1),
        ("2022", 1),
    ]


def test_counts_are_those_of_the_filtered_and_narrowed_results() -> None:
    results = SearchQuerySet().facet("source").facet("section").filter(content="train")
    assert values(results) == [("voile", 2), ("atlas", 1)]
    narrowed = results.narrow("source:voile")
    assert values(narrowed) == [("voile", 2)]
    assert values(narrowed, "section") == [("culture", 1), ("travel", 1)]
    assert sum(count for _, count in values(narrowed)) == narrowed.count()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        pytest.param({"limit": 2}, ["2021", "2019"], id="limit"),
        pytest.param({"size": 1}, ["2021"], id="size"),
        pytest.param({"limit": -1}, ["2021", "2019", "2020", "-", "2022"], id="all"),
        pytest.param({"offset": 3}, ["-", "2022"], id="offset"),
        pytest.param({"offset": 1, "limit": 1}, ["2019"], id="a page"),
        pytest.param(
            {"sort": "index"}, ["-", "2019", "2020", "2021", "2022"], id="by value"
        ),
        pytest.param({"sort": "count", "limit": 1}, ["2021"], id="by count"),
        pytest.param({"mincount": 3}, ["2021", "2019", "2020"], id="common ones"),
        pytest.param(
            {"prefix": "20", "sort": "index", "limit": 1}, ["2019"], id="prefix"
        ),
    ],
)
def test_facets_have_options(options: Mapping[str, Any], found: list[str]) -> None:
    results = SearchQuerySet().facet("year", **options)
    assert [value for value, _ in values(results, "year")] == found


@pytest.mark.parametrize(
    ("results", "cure"),
    [
        (SearchQuerySet().facet("year", missing=True), "They have limit, mincount"),
        (SearchQuerySet().facet("year", sort="random"), "count or index"),
        (SearchQuerySet().facet("title"), "FacetCharField"),
        (SearchQuerySet().facet("published_on"), "date_facet"),
        (SearchQuerySet().facet("colour"), "FacetCharField"),
    ],
)
def test_other_facets_are_refused_with_a_cure(
    results: SearchQuerySet, cure: str
) -> None:
    with pytest.raises(SearchBackendError, match=cure):
        results.facet_counts()


def dates(field: str, *details: Any, **lookups: Any) -> list[tuple[Any, int]]:
    results = SearchQuerySet().filter(**lookups).date_facet(field, *details)
    found: list[tuple[Any, int]] = results.facet_counts()["dates"][field]
    return found


def test_days_are_counted_by_year_month_and_day() -> None:
    begin, end = date(2019, 1, 1), date(2022, 1, 1)
    assert dates("published_on", begin, end, "year") == [
        (date(2019, 1, 1), 3),
        (date(2020, 1, 1), 3),
        (date(2021, 1, 1), 4),
    ]
    assert dates("published_on", begin, end, "year", content="train") == [
        (date(2019, 1, 1), 2),
        (date(2020, 1, 1), 0),
        (date(2021, 1, 1), 1),
    ]
    months = dates("published_on", begin, date(2020, 1, 1), "month")
    assert len(months) == 12
    assert [pair for pair in months if pair[1]] == [
        (date(2019, 3, 1), 2),
        (date(2019, 9, 1), 1),
    ]
    days = dates("published_on", date(2019, 3, 7), date(2019, 3, 10), "day")
    assert [count for _, count in days] == [0, 1, 0]


def test_several_units_make_one_stretch_and_the_last_ends_in_time() -> None:
    found = dates("published_on", date(2019, 1, 1), date(2021, 6, 30), "year", 2)
    # Of 2021 only what comes before the last day, which is outside.
    assert found == [(date(2019, 1, 1), 6), (date(2021, 1, 1), 1)]
    quarters = dates("published_on", date(2019, 1, 1), date(2020, 1, 1), "month", 3)
    assert [count for _, count in quarters] == [2, 0, 1, 0]


def test_moments_are_counted_by_hour_and_keep_what_is_given() -> None:
    begin = datetime(2019, 3, 8, 6, tzinfo=UTC)
    end = datetime(2019, 3, 8, 9, tzinfo=UTC)
    hours = dates("published_at", begin, end, "hour")
    assert hours == [
        (begin, 0),
        (begin.replace(hour=7), 1),
        (begin.replace(hour=8), 0),
    ]
    by_day = dates("published_at", date(2019, 3, 8), date(2019, 3, 9), "hour", 12)
    assert [count for _, count in by_day] == [1, 0]
    minutes = dates("published_at", begin.replace(hour=7), end, "minute", 30)
    assert [count for _, count in minutes] == [0, 1, 0, 0]
    mixed = dates(
        "published_at", date(2019, 1, 1), datetime(2019, 6, 1, tzinfo=UTC), "year"
    )
    assert mixed == [(datetime(2019, 1, 1, tzinfo=UTC), 2)]
    until = datetime(2019, 3, 8, 12, tzinfo=UTC)
    [morning] = dates("published_at", date(2019, 3, 8), until, "hour", 12)
    assert morning == (datetime(2019, 3, 8, tzinfo=UTC), 1)
    naive = datetime(2019, 3, 8)  # noqa: DTZ001
    [day] = dates("published_at", naive, date(2019, 3, 9), "day")
    assert day == (naive, 1)


def test_months_are_reckoned_from_the_first() -> None:
    details = {
        "start_date": date(2019, 12, 31),
        "end_date": date(2020, 4, 1),
        "gap_by": "month",
    }
    assert [stretch.start for stretch in stretches(details)] == [
        date(2019, 12, 31),
        date(2020, 1, 31),
        date(2020, 2, 29),
        date(2020, 3, 31),
    ]
    assert stretches(details | {"end_date": date(2019, 1, 1)}) == []
    leap = details | {"start_date": date(2020, 2, 29), "gap_by": "year"}
    assert [s.start for s in stretches(leap | {"end_date": date(2024, 3, 1)})][::4] == [
        date(2020, 2, 29),
        date(2024, 2, 29),
    ]


def test_days_of_a_time_zone_begin_at_its_midnight() -> None:
    paris = ZoneInfo("Europe/Paris")
    begin = datetime(2019, 3, 30, tzinfo=paris)
    # The clocks go forward on the 31st; 23:59 in UTC is the 1st of April in Paris.
    days = dates("published_at", begin, datetime(2019, 4, 2, tzinfo=paris), "day")
    assert [(day.day, count) for day, count in days] == [(30, 0), (31, 0), (1, 1)]


@pytest.mark.parametrize(
    ("details", "cure"),
    [
        (("title", date(2019, 1, 1), date(2020, 1, 1), "year"), "DateField"),
        (("year", date(2019, 1, 1), date(2020, 1, 1), "year"), "DateField"),
        (
            ("published_on", date(2019, 1, 1), date(2020, 1, 1), "hour"),
            "a day or longer",
        ),
        (("published_on", date(1019, 1, 1), date(2020, 1, 1), "day"), "longer gap"),
        (("published_on", date(2019, 1, 1), date(2020, 1, 1), "day", 0), "above 0"),
    ],
)
def test_other_date_facets_are_refused_with_a_cure(
    details: tuple[Any, ...], cure: str
) -> None:
    with pytest.raises(SearchBackendError, match=cure):
        dates(*details)


def test_haystack_knows_the_gaps() -> None:
    with pytest.raises(FacetingError, match="gap_by"):
        dates("published_on", date(2019, 1, 1), date(2020, 1, 1), "week")
