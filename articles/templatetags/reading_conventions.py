"""Numbers and days in the reader's convention, for every template.

``{% load reading_conventions %}``: ``{{ 12345|number }}``, ``{{ 2015|digits }}``,
``{{ article.published_on|day }}``.
"""

from datetime import date, time
from functools import lru_cache

from django import template
from django.utils.translation import get_language, ngettext

from articles import conventions

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    """Write a count, with its thousands set apart."""
    return "" if value is None else conventions.write_number(int(value))


@register.filter
def articles(total: int) -> str:
    """Write how many articles there are: 1,234 articles."""
    return _articles(total, get_language(), conventions.active())


@lru_cache(maxsize=4096)
def _articles(
    total: int, _language: str | None, _conventions: conventions.Conventions
) -> str:
    # A calendar has hundreds of them, most of which are the same.
    written = ngettext("%(shown)s article", "%(shown)s articles", total)
    return written % {"shown": conventions.write_number(total)}


@register.filter
def digits(value: object) -> str:
    """Write a year, a time or any other text with digits, ungrouped."""
    return "" if value is None else conventions.write_digits(str(value))


@register.filter
def day(value: date | None) -> str:
    """Write a day: 21 July 2015."""
    return "" if value is None else conventions.write_day(value)


@register.filter
def weekday(value: date | None) -> str:
    """Write a day with its name: Tuesday, 21 July 2015."""
    return "" if value is None else conventions.write_day(value, weekday=True)


@register.filter
def month(value: date | None) -> str:
    """Write the month that a day is in: July 2015."""
    if value is None:
        return ""
    return conventions.write_month(value.year, value.month)


@register.filter
def month_name(value: date) -> str:
    """Write the name of the month that a day is in: July."""
    return conventions.month_names()[value.month]


@register.filter
def day_of_year(value: date) -> str:
    """Write a day without its year: 21 July."""
    return conventions.write_day_of_year(value.month, value.day)


@register.filter
def clock(value: time | None) -> str:
    """Write a time of the day: 21:05."""
    return "" if value is None else conventions.write_digits(f"{value:%H:%M}")


@register.simple_tag
def conventions_in_force() -> conventions.Conventions:
    """Return the conventions that this page is written by."""
    return conventions.active()
