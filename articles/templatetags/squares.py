"""The squares of a calendar, darker where there are more articles.

A year has hundreds of them. Made of template nodes they would take longer than all else
of the page; a filter makes each in one go.
"""

from django import template
from django.utils.html import format_html

from articles import conventions
from articles.browsing.drawing import Square
from articles.templatetags.reading_conventions import articles

register = template.Library()


@register.filter
def day_square(square: Square, month_address: str) -> str:
    """Write the number of a day, and link to the day if it has articles."""
    number = conventions.write_digits(str(square.day.day))
    if not square.total:
        return format_html('<span class="square shade-0">{}</span>', number)
    return format_html(
        '<a class="square shade-{}" href="{}{}/">{}'
        '<span class="visually-hidden">: {}</span></a>',
        square.shade,
        month_address,
        square.day.day,
        number,
        articles(square.total),
    )


@register.filter
def month_square(square: Square, year_address: str) -> str:
    """Write a square for a month, and link to the month if it has articles."""
    if not square.total:
        return format_html('<span class="{}"></span>', "square shade-0")
    return format_html(
        '<a class="square shade-{}" href="{}{}/">'
        '<span class="visually-hidden">{}: {}</span></a>',
        square.shade,
        year_address,
        square.day.month,
        conventions.write_month(square.day.year, square.day.month),
        articles(square.total),
    )
