"""Pieces of the search page that it has by the hundred, made without a template.

A template would resolve a dozen names for each of them.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.conventions import write_digits, write_number
from search.results import FacetValue, FormCount, SearchRequest
from search.templatetags.searching import (
    exclude_address,
    form_address,
    toggle_address,
)

register = template.Library()


@register.simple_tag
def value_item(
    request: SearchRequest, facet: str, value: FacetValue, number: int
) -> SafeString:
    """Return a value of a facet in a list: to choose, its count, to exclude.

    Args:
        request: the search.
        facet: its name.
        value: the value.
        number: its place in the list, for an id that stays when the list is swapped.
    """
    label = write_digits(value.label) if facet == "year" else value.label
    turn = (
        gettext("Do not exclude %(value)s")
        if value.excluded
        else gettext("Exclude %(value)s")
    )
    return format_html(
        '<li><a id="{}-{}" href="{}"{}{} rel="nofollow"><bdi dir="auto">{}</bdi></a>'
        ' <span class="count">{}</span>'
        ' <a class="exclude" href="{}" rel="nofollow" aria-label="{}">{}</a></li>',
        facet,
        number,
        toggle_address(request, facet, value.value),
        _IS_CURRENT if value.selected else "",
        _IS_OUT if value.excluded else "",
        label,
        write_number(value.count),
        exclude_address(request, facet, value.value),
        turn % {"value": label},
        "+" if value.excluded else "\N{MINUS SIGN}",
    )


@register.simple_tag
def form_chip(request: SearchRequest, form: FormCount) -> SafeString:
    """Return a form in a list: to leave it out, or to look for it again."""
    return format_html(
        '<li><a class="chip form{}" href="{}" rel="nofollow">'
        '<span class="visually-hidden">{}</span> <bdi dir="auto">{}</bdi>'
        ' <span class="count">{}</span> <span aria-hidden="true">{}</span></a></li>',
        " out" if form.is_removed else "",
        form_address(request, form.form),
        gettext("Find again") if form.is_removed else gettext("Leave out"),
        form.form,
        write_number(form.count),
        "+" if form.is_removed else "\N{MULTIPLICATION SIGN}",
    )


_IS_CURRENT = SafeString(' aria-current="true"')
_IS_OUT = SafeString(' class="out"')
