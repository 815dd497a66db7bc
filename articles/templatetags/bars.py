"""The bars of a chart by years, and the same as rows of a table."""

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from articles import conventions
from articles.browsing.drawing import Bars
from articles.templatetags.reading_conventions import articles

register = template.Library()

CHOSEN = ' class="chosen"'


@register.filter
def bar_shapes(chart: Bars, chosen: int | None) -> SafeString:
    """Write a bar for each year that has articles, marking the one that was chosen."""
    return SafeString(
        "".join(
            f"<rect{CHOSEN if bar.year == chosen else ''}"
            f' x="{bar.x}" y="{bar.y}"'
            f' width="{chart.bar_width}" height="{bar.height}">'
            f"<title>{conventions.write_digits(str(bar.year))}:"
            f" {escape(articles(bar.total))}</title></rect>"
            for bar in chart.filled
        )
    )


@register.filter
def bar_rows(chart: Bars) -> SafeString:
    """Write the years that have articles as rows of a table, each leading to its list."""
    return format_html_join(
        "\n",
        '<tr><th scope="row"><a href="?year={}">{}</a></th>'
        '<td class="count">{}</td></tr>',
        (
            (
                bar.year,
                conventions.write_digits(str(bar.year)),
                conventions.write_number(bar.total),
            )
            for bar in chart.filled
        ),
    )
