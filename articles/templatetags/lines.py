"""The lines of lists, of which a page has many.

A filter writes all of a list in one go, at a fraction of what a template's nodes take
for it, and what many lines have in common is made safe once.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from articles import conventions
from articles.browsing.counts import CountedSource
from articles.browsing.indexes import Entry
from articles.models import Article
from articles.templatetags.reading_conventions import articles as counted

register = template.Library()


@register.filter
def article_lines(articles: Iterable[Article]) -> SafeString:
    """Write the articles of a list, each with its source, section and day."""
    reader = get_language(), conventions.active()
    return SafeString(
        "".join(
            "<li>"
            '<article dir="auto">'
            f'<h3 class="item-title" lang="{_safe(article.language)}">'
            f'<a href="{escape(article.get_absolute_url())}">{escape(article.title)}</a>'
            "</h3>"
            f'<p class="facts">{_facts(article)} {_day(article.published_on, *reader)}</p>'
            "</article>"
            "</li>\n"
            for article in articles
        )
    )


@register.filter
def entry_lines(entries: Iterable[Entry]) -> SafeString:
    """Write sources, sections, authors or places, with their articles and years."""
    return SafeString(
        "".join(
            f"<li>{_link(entry.address, entry.name, entry.language, entry.total)}"
            f"{_years(entry.first, entry.last)}</li>\n"
            for entry in entries
        )
    )


@register.filter
def source_lines(sources: Iterable[CountedSource]) -> SafeString:
    """Write sources with their articles, their first day and their last."""
    return SafeString(
        "".join(
            "<li>"
            f"{_link(source.get_absolute_url(), source.name, source.language, total)}"
            f" {_span(first, last)}</li>\n"
            for source, total, first, last in sources
        )
    )


def _link(address: str, name: str, language: str, total: int) -> str:
    """Return the name of what has articles, leading to them, and how many they are."""
    return (
        f'<a href="{escape(address)}">{_name(name, language)}</a>'
        f' <span class="count">{_safe(counted(total))}</span>'
    )


def _facts(article: Article) -> str:
    source, section = article.source, article.section
    fact = _fact(source.get_absolute_url(), source.name, source.language)
    if section is None:
        return fact
    return f"{fact} {_fact(section.get_absolute_url(), section.name, '')}"


@lru_cache(maxsize=4096)
def _fact(address: str, name: str, language: str) -> str:
    return f'<span><a href="{escape(address)}">{_name(name, language)}</a></span>'


def _name(name: str, language: str) -> str:
    lang = f' lang="{_safe(language)}"' if language else ""
    return f'<bdi{lang} dir="auto">{escape(name)}</bdi>'


@lru_cache(maxsize=4096)
def _day(
    day: date | None, _language: str | None, _conventions: conventions.Conventions
) -> str:
    if day is None:
        return f"<span><bdi>{escape(gettext('Date unknown'))}</bdi></span>"
    written = escape(conventions.write_day(day))
    return (
        f'<span><time dir="auto" datetime="{day.isoformat()}">{written}</time></span>'
    )


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    days = [first] if first == last else [first, last]
    times = " – ".join(  # noqa: RUF001
        f'<time datetime="{day.isoformat()}">{_safe(conventions.write_day(day))}</time>'
        for day in days
    )
    return f'<span class="span">{times}</span>'


def _years(first: int | None, last: int | None) -> str:
    if not first:
        return ""
    years = f"{first}" if first == last else f"{first} – {last}"  # noqa: RUF001
    return f' <span class="span">{_safe(conventions.write_digits(years))}</span>'


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    """Escape what is the same for many lines."""
    return escape(text)
