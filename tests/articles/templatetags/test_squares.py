"""The squares of calendars, which filters write."""

import re
from datetime import date

from django.utils import translation

from articles import conventions
from articles.browsing.drawing import Square, draw_month
from articles.conventions import Conventions
from articles.templatetags.squares import (
    day_lines,
    month_cells,
    week_rows,
    weekday_heads,
    year_lines,
)

ADDRESS = "/en/calendar/2024/2/"


def test_a_month_has_a_cell_for_each_day_and_links_where_there_are_articles() -> None:
    month = draw_month(2024, 2, {date(2024, 2, 9): 3, date(2024, 2, 29): 1}, 3)
    with translation.override("en"):
        rows = week_rows(month, ADDRESS)
    assert re.findall(r">(\d+)<", rows) == [str(day) for day in range(1, 30)]
    assert rows.count("<tr>") == 5
    assert rows.count("<td>") == rows.count("</td>") == 35
    assert rows.count("<a ") == 2
    assert (
        f'<td><a class="square shade-5" href="{ADDRESS}9/">9'
        '<span class="visually-hidden">: 3 articles</span></a></td>'
    ) in rows
    assert '<td><span class="square shade-0">10</span></td>' in rows


def test_days_are_in_the_reader_s_digits_whoever_looked_before() -> None:
    month = draw_month(2024, 2, {}, 1)
    with translation.override("ar"):
        western = week_rows(month, ADDRESS)
        with conventions.override(Conventions.read("arabic")):
            arabic = week_rows(month, ADDRESS)
    assert ">29<" in western
    assert ">٢٩<" in arabic
    assert ">29<" not in arabic


def test_a_year_has_a_cell_for_each_month() -> None:
    months = [Square(date(2024, 7, 1), 0, 0), Square(date(2024, 8, 1), 1, 2)]
    with translation.override("fr"):
        cells = month_cells(months, "/fr/calendar/2024/")
    assert cells == (
        '<td><span class="square shade-0"></span></td>'
        '<td><a class="square shade-2" href="/fr/calendar/2024/8/">'
        '<span class="visually-hidden">août 2024: 1 article</span></a></td>'
    )


def test_years_stand_in_a_list_and_link_where_there_are_articles() -> None:
    years = [Square(date(2014, 1, 1), 0, 0), Square(date(2015, 1, 1), 2, 5)]
    with translation.override("en"):
        lines = year_lines(years)
    assert lines.splitlines() == [
        (
            '<li><span class="square shade-0"><span>2014</span> '
            '<span class="visually-hidden">0 articles</span></span></li>'
        ),
        (
            '<li><a class="square shade-5" href="/en/calendar/2015/"><span>2015</span> '
            '<span class="visually-hidden">2 articles</span></a></li>'
        ),
    ]


def test_a_day_of_several_years_leads_to_each_of_them() -> None:
    days = [Square(date(2014, 8, 1), 1, 5), Square(date(2015, 8, 1), 1, 5)]
    with translation.override("en"):
        lines = day_lines(days)
    assert re.findall(r'href="([^"]+)"', lines) == [
        "/en/calendar/2014/8/1/",
        "/en/calendar/2015/8/1/",
    ]
    assert re.findall(r"<span>(\d+)</span>", lines) == ["2014", "2015"]


def test_an_address_does_not_end_its_attribute() -> None:
    square = Square(date(2024, 2, 1), 1, 1)
    month = draw_month(2024, 2, {square.day: 1}, 1)
    for written in (week_rows(month, '"><b>'), month_cells([square], '"><b>')):
        assert 'href="&quot;&gt;&lt;b&gt;' in written


def test_a_day_of_the_week_is_told_whole_and_shown_short() -> None:
    assert weekday_heads([("Monday", "M")]) == (
        '<th scope="col"><span aria-hidden="true">M</span>'
        '<span class="visually-hidden">Monday</span></th>'
    )
