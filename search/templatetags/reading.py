"""What search has to say on the page of an article: the reader's words, and what is alike.

``marked_article`` cuts title, subtitle and paragraphs into *runs*, each plain, a date
that leads somewhere, or a word that the reader looked for, which gets a number. The
template makes the markup.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

from django import template
from django.http import QueryDict

from articles.models import Article
from articles.reading import DateLink, Paragraph
from search.analysis import Token, tokenize
from search.backends import default_backend
from search.conf import search_settings
from search.engine import IndexDamagedError
from search.finder import marked_words
from search.forms import read_request
from search.outbox import identifier
from search.results import SearchRequest, SearchUnavailableError

register = template.Library()

RELATED = 5
SPARE = 5
"""Articles looked for beyond those shown: some may be withdrawn since."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text that is shown in one way.

    Attributes:
        text: as published.
        address: where it leads to, if it is a date; else empty.
        mark: its number among the words that the reader looked for; else None.
    """

    text: str
    address: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph with its runs."""

    paragraph: Paragraph
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article with the reader's words marked.

    Attributes:
        request: what the reader looks for.
        marks: how many there are, numbered from 1 as they follow each other.
    """

    request: SearchRequest
    title: tuple[Run, ...]
    subtitle: tuple[Run, ...]
    paragraphs: tuple[MarkedParagraph, ...]
    marks: int


@register.simple_tag
def marked_article(
    article: Article, paragraphs: Sequence[Paragraph], parameters: QueryDict
) -> MarkedArticle:
    """Return an article with the words marked that ``parameters`` look for."""
    request = read_request(parameters)
    forms = _forms(request)
    numbers = count(1)

    def runs(text: str, dates: Iterable[DateLink] = ()) -> tuple[Run, ...]:
        return tuple(_runs(text, dates, _matches(text, forms), numbers))

    return MarkedArticle(
        request,
        title=runs(article.title),
        subtitle=runs(article.subtitle),
        paragraphs=tuple(MarkedParagraph(p, runs(p.text, p.dates)) for p in paragraphs),
        marks=next(numbers) - 1,
    )


def _forms(request: SearchRequest) -> Collection[str]:
    """Return the words of the index that ``request`` looks for."""
    try:
        return marked_words(request)
    except SearchUnavailableError:
        # Whoever searches is told; who reads has the text all the same.
        return ()


def _matches(text: str, forms: Collection[str]) -> list[Token]:
    if not forms:
        return []
    return [token for token in tokenize(text) if token.written in forms]


def _runs(
    text: str,
    dates: Iterable[DateLink],
    matches: Iterable[Token],
    numbers: Iterator[int],
) -> Iterator[Run]:
    """Cut ``text`` wherever a date or a match begins or ends."""
    date_at = {date.start: date for date in dates}
    match_at = {match.start: match for match in matches}
    spans: list[DateLink | Token] = [*date_at.values(), *match_at.values()]
    edges = sorted({0, len(text), *(edge for s in spans for edge in (s.start, s.end))})
    date_link = match = None
    for start, end in pairwise(edges):
        date_link = date_at.get(start, date_link)
        match = match_at.get(start, match)
        yield Run(
            text[start:end],
            date_link.address if date_link and end <= date_link.end else "",
            next(numbers) if match and end <= match.end else None,
        )


@register.simple_tag(takes_context=True)
def related_articles(context: Mapping[str, Any], article: Article) -> list[Article]:
    """Return the articles that share most telling words with ``article``, in one query.

    Where there was not the time to find them all, "related" is put into the page's
    ``unfinished``.
    """
    try:
        found = default_backend().index.more_like(
            identifier(article.pk),
            RELATED + SPARE,
            budget=search_settings().related_budget,
        )
    except IndexDamagedError:
        return []
    if found.is_partial:
        context.get("unfinished", set()).add("related")
    numbers = [int(default_backend().values(d, ())["pk"]) for d in found.documents]
    rows = (
        Article.objects.published()
        .select_related("source", "section")
        .defer("body")
        .in_bulk(numbers)
    )
    return [rows[number] for number in numbers if number in rows][:RELATED]
