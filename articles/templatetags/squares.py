"""The squares of a calendar, darker where there are more articles.

A year has hundreds of them. Made of template nodes, or each escaped for itself, they
would take longer than all else of the page: what is the same for many is made safe
once, and filters write whole rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles import conventions
from articles.addresses import address_of
from articles.browsing.drawing import MonthGrid, Square, Week
from articles.templatetags.reading_conventions import articles

register = template.Library()

LONGEST_MONTH = 31


@register.filter
def week_rows(month: MonthGrid, month_address: str) -> SafeString:
    """Write the weeks of a month, each day a square that links to its articles."""
    address = escape(month_address)
    numbers = _day_numbers(get_language(), conventions.active())
    return SafeString(
        "".join(
            f"<tr>{''.join(_day_cells(week, address, numbers))}</tr>"
            for week in month.weeks
        )
    )


@register.filter
def weekday_heads(names: Sequence[tuple[str, str]]) -> SafeString:
    """Write the days of the week, each with its whole and its short name."""
    return format_html_join(
        "",
        '<th scope="col"><span aria-hidden="true">{1}</span>'
        '<span class="visually-hidden">{0}</span></th>',
        names,
    )


@register.filter
def month_cells(months: Sequence[Square], year_address: str) -> SafeString:
    """Write the months of a year, each a square that links to its articles."""
    address = escape(year_address)
    return SafeString("".join(_month_cell(square, address) for square in months))


@register.filter
def year_lines(years: Iterable[Square]) -> SafeString:
    """Write years as a list of squares, each linking to the year if it has articles."""
    return SafeString(
        "".join(
            _year_line(
                square, address_of("year", square.day.year) if square.total else ""
            )
            for square in years
        )
    )


@register.filter
def day_lines(days: Iterable[Square]) -> SafeString:
    """Write a day of several years as squares with the year, each linking to the day."""
    return SafeString(
        "".join(
            _year_line(square, reverse("day", args=_parts(square.day)))
            for square in days
        )
    )


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _year_line(square: Square, address: str) -> str:
    year = escape(conventions.write_digits(str(square.day.year)))
    inside = f"<span>{year}</span> {_hidden('', square.total)}"
    if not address:
        return f'<li><span class="square shade-0">{inside}</span></li>\n'
    return (
        f'<li><a class="square shade-{square.shade}" href="{escape(address)}">'
        f"{inside}</a></li>\n"
    )


def _day_cells(week: Week, address: str, numbers: Mapping[int, str]) -> list[str]:
    """Return the cells of a week; ``address`` and ``numbers`` are safe already."""
    cells = []
    for square in week:
        if square is None:
            cells.append("<td></td>")
        elif square.total:
            cells.append(
                f'<td><a class="square shade-{square.shade}"'
                f' href="{address}{square.day.day}/">{numbers[square.day.day]}'
                f"{_hidden(': ', square.total)}</a></td>"
            )
        else:
            number = numbers[square.day.day]
            cells.append(f'<td><span class="square shade-0">{number}</span></td>')
    return cells


def _month_cell(square: Square, address: str) -> str:
    if not square.total:
        return '<td><span class="square shade-0"></span></td>'
    name = escape(conventions.write_month(square.day.year, square.day.month))
    return (
        f'<td><a class="square shade-{square.shade}" href="{address}{square.day.month}/">'
        f"{_hidden(f'{name}: ', square.total)}</a></td>"
    )


def _hidden(before: str, total: int) -> str:
    """Return, for who does not see shades, how many articles there are."""
    return f'<span class="visually-hidden">{before}{escape(articles(total))}</span>'


@lru_cache(maxsize=64)
def _day_numbers(
    _language: str | None, _conventions: conventions.Conventions
) -> Mapping[int, str]:
    return {
        day: escape(conventions.write_digits(str(day)))
        for day in range(1, LONGEST_MONTH + 1)
    }
