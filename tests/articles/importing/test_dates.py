"""Times of publication: every way that exports have them, and what is none."""

from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.dates import read_published, read_timestamp
from articles.importing.limits import Limits
from articles.importing.options import DateOrder, ReadingOptions
from articles.importing.records import ValueProblemError

MOMENT = datetime(2017, 1, 20, 21, 43, tzinfo=timezone(timedelta(hours=1)))
WALL = datetime(2017, 1, 20, 21, 43)  # noqa: DTZ001
DAY = date(2017, 1, 20)


def published(value: Any, **options: Any) -> date | datetime | None:
    return read_published(value, ReadingOptions(**options), Limits())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-01-20", DAY),
        ("20170120", DAY),
        ("2017-01-20T21:43:00+01:00", MOMENT),
        ("2017-01-20 21:43:00 +0100", MOMENT),
        ("20170120T214300+0100", MOMENT),
        ("2017-01-20T21:43:00", WALL),
        ("2017-01-20T20:43:00Z", MOMENT),
        ("Fri, 20 Jan 2017 21:43:00 +0100", MOMENT),
        ("20 Jan 2017 20:43 GMT", MOMENT),
        ("20/01/2017", DAY),
        ("20/1/17", DAY),
        ("٢٠/١/٢٠١٧", DAY),
        ("20.01.2017 21h43", WALL),
        ("2017/1/20 9:43 PM", WALL),
        ("20/1/2017 الساعة 9:43 مساءً", WALL),
        ("الجمعة 20 يناير 2017", DAY),
        ("20 كانون الثاني 2017", DAY),
        ("20 يناير/كانون الثاني ٢٠١٧ - 21:43", WALL),
        ("20 جانفي 2017", DAY),
        ("20 janvier 2017 à 21h43", WALL),
        ("January 20, 2017, 9:43 pm", WALL),
        ("22 ربيع الآخر 1438هـ", DAY),
        ("22/4/1438هـ", DAY),
        ("1438-04-22", DAY),
        ("22 ربيع الآخر 1438هـ الموافق 20 يناير 2017م", DAY),
    ],
)
def test_a_time_is_read_as_precisely_as_it_is_given(
    text: str, expected: date | datetime
) -> None:
    found = published(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "0", "0000-00-00", "0000-00-00 00:00:00", "null", "N/A"]
)
def test_what_says_nothing_is_unknown(text: str) -> None:
    assert published(text) is None


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/4/2020", "dmy", date(2020, 4, 3)),
        ("3/4/2020", "mdy", date(2020, 3, 4)),
        ("13/4/2020", "mdy", date(2020, 4, 13)),
        ("4/13/2020", "dmy", date(2020, 4, 13)),
        ("2020-03-04", "mdy", date(2020, 3, 4)),
        ("2020/3/4", "mdy", date(2020, 3, 4)),
    ],
)
def test_the_order_decides_what_can_be_two_days(
    text: str, order: DateOrder, expected: date
) -> None:
    assert published(text, date_order=order) == expected


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2017",
        "2017-01",
        "يناير 2017",
        "2017-02-30",
        "31/02/2017",
        "0000-05-06",
        "20/1/2017 25:00",
        "1490000000",
        "20 January 2017 and 3 March 2018",
        "x" * 500,
    ],
)
def test_what_is_no_time_is_named_with_what_would_be_one(text: str) -> None:
    with pytest.raises(ValueProblemError, match=r'"published" is .*use 2017-01-20'):
        published(text)


@pytest.mark.parametrize(
    ("text", "limit"), [("0001-01-01", "earliest_year"), ("9999-12-31", "latest_year")]
)
def test_a_year_that_cannot_be_names_the_limit(text: str, limit: str) -> None:
    with pytest.raises(ValueProblemError, match=f'IMPORTING\\["{limit}"\\]'):
        published(text)


def test_a_zone_is_given_to_times_that_have_none() -> None:
    zone = ZoneInfo("Africa/Tunis")
    assert published("2017-01-20T21:43:00", zone=zone) == WALL.replace(tzinfo=zone)
    assert published("2017-01-20T20:43:00Z", zone=zone) == MOMENT
    assert published("2017-01-20", zone=zone) == DAY


@pytest.mark.parametrize(
    "value", [1484944980, "١٤٨٤٩٤٤٩٨٠", 1484944980000, "1484944980.0"]
)
def test_seconds_are_read_where_the_field_says_so(value: Any) -> None:
    assert read_timestamp(value, ReadingOptions(), Limits()) == MOMENT


@pytest.mark.parametrize("value", ["1e400", "nan", -(10**30), "soon", [], True])
def test_no_number_of_seconds_is_none_or_named(value: Any) -> None:
    with suppress(ValueProblemError):
        assert read_timestamp(value, ReadingOptions(), Limits()) is None


@given(st.text() | st.from_regex(r"[0-9٠-٩/.\-: TZhم]{0,25}", fullmatch=True))
def test_any_text_is_a_time_nothing_or_named(text: str) -> None:
    with suppress(ValueProblemError):
        found = published(text)
        assert found is None or 1600 <= found.year <= 2100
