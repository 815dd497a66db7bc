"""Pieces of the search page that it has by the hundred, made without a template.

A template would resolve a dozen names for each of them. A tag writes all of a list in
one go, and what the pieces have in common is made once. What comes from an article or
a reader is escaped where it is put in; a ``bdi`` finds its direction by itself.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext, ngettext

from articles.conventions import write_day, write_digits, write_number
from search.addresses import Around, OfHits
from search.results import FacetValue, FormCount, Hit, ResultPage, SearchRequest

register = template.Library()


@register.simple_tag
def value_items(
    request: SearchRequest,
    facet: str,
    values: Iterable[FacetValue],
    before: int = 0,
    *,
    here: bool = False,
) -> SafeString:
    """Return values of a facet as a list: to choose, their counts, to exclude.

    Args:
        request: the search.
        facet: its name.
        values: the values.
        before: how many are in lists before this one. Each has its place for an id that
            stays when the list is swapped.
        here: whether it is on the page of the search.
    """
    around = Around(request, here=here)
    exclude = gettext("Exclude %(value)s")
    include = gettext("Do not exclude %(value)s")
    items = []
    for number, value in enumerate(values, before + 1):
        label = escape(write_digits(value.label) if facet == "year" else value.label)
        turn = escape(include if value.excluded else exclude) % {"value": label}
        items.append(
            f'<li><a id="{facet}-{number}"'
            f' href="{escape(around.choosing(facet, value.value))}"'
            f"{_STATES[value.choice]}><bdi>{label}</bdi></a>"
            f' <span class="count">{write_number(value.count)}</span>'
            f' <a class="exclude" href="{escape(around.excluding(facet, value.value))}"'
            f' aria-label="{turn}">{"+" if value.excluded else _MINUS}</a>'
            "</li>"
        )
    return SafeString("".join(items))


@register.simple_tag
def form_chips(
    request: SearchRequest, forms: Iterable[FormCount], *, here: bool = False
) -> SafeString:
    """Return forms as a list: to leave them out, or to look for them again.

    Args:
        request: the search.
        forms: the forms.
        here: whether it is on the page of the search.
    """
    around = Around(request, here=here)
    leave_out, find_again = escape(gettext("Leave out")), escape(gettext("Find again"))
    return SafeString(
        "".join(
            f'<li><a class="chip form{" out" if form.is_removed else ""}"'
            f' href="{escape(around.leaving_out(form.form))}">'
            '<span class="visually-hidden">'
            f"{find_again if form.is_removed else leave_out}</span>"
            f" <bdi>{escape(form.form)}</bdi>"
            f' <span class="count">{write_number(form.count)}</span></a></li>'
            for form in forms
        )
    )


@register.simple_tag
def hit_items(page: ResultPage) -> SafeString:
    """Return the hits of a page as a list: title, facts, snippet, why each was found."""
    addresses = OfHits(page.request)
    why = escape(gettext("Why this article?"))
    direction = "rtl" if get_language_bidi() else "ltr"
    return SafeString(
        "\n".join(
            '<li><article dir="auto">'
            f'<h2 class="item-title" lang="{escape(hit.language)}">'
            f'<a href="{escape(addresses.reading(hit))}">'
            f"{conditional_escape(hit.title)}</a></h2>\n"
            f'<p class="facts">{_facts(hit)}</p>\n'
            f'<p class="snippet" lang="{escape(hit.language)}" dir="auto">'
            f"{conditional_escape(hit.snippet)}</p>\n"
            f"{_why(hit, addresses.why(hit), why, direction) if page.has_words else ''}"
            "</article></li>"
            for hit in page.hits
        )
    )


def _facts(hit: Hit) -> str:
    facts = [f"<bdi>{escape(hit.source_label)}</bdi>"]
    if hit.section:
        facts.append(f"<bdi>{escape(hit.section_label)}</bdi>")
    facts.append(_day(hit))
    return " ".join([f"<span>{fact}</span>" for fact in facts])


def _day(hit: Hit) -> str:
    day = hit.published_on
    if day is None:
        return f"<bdi>{escape(gettext('Date unknown'))}</bdi>"
    return (
        f'<time dir="auto" datetime="{day.isoformat()}">{escape(write_day(day))}</time>'
    )


def _why(hit: Hit, address: str, why: str, direction: str) -> str:
    """Return the line that says how much matches, and the place for more about it."""
    return (
        f'<p class="why-line" dir="{direction}">{_matches(hit.matches)}'
        f'<a href="{escape(address)}" hx-boost="true">{why}</a></p>'
        f'<div class="why-here" dir="{direction}"></div>'
    )


def _matches(number: int) -> str:
    if not number:
        return ""
    written = ngettext("%(shown)s match", "%(shown)s matches", number)
    return f"<span>{escape(written % {'shown': write_number(number)})}</span> "


_STATES = {"chosen": ' aria-current="true"', "excluded": ' class="out"', "": ""}

_MINUS = "\N{MINUS SIGN}"
