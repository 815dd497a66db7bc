"""An article as a reader sees it: its paragraphs, their languages, the dates in them.

Paragraphs are numbered from 1, and their number is their anchor on the page. A date
that is printed whole leads to its day, month or year in the archive, if that lies
between the archive's first day and its last.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min
from django.urls import reverse

from articles.models import Article
from search.analysis import DateMention, direction, find_dates, paragraph_languages

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class DateLink:
    """A date in a paragraph, with the address of its day, month or year."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as published.

    Attributes:
        number: its place in the text, from 1.
        text: as published.
        language: its code, where it is not that of the article; else empty.
        dates: those that lead somewhere, in the order of the text.
    """

    number: int
    text: str
    language: str
    dates: tuple[DateLink, ...]

    @property
    def direction(self) -> str:
        """Where its lines run to, if its language is its own."""
        return direction(self.language) if self.language else ""


def archive_span() -> Span | None:
    """Return the first and the last day that the archive has; None if it has none."""
    first, last = (
        Article.objects.published()
        .aggregate(first=Min("published_on"), last=Max("published_on"))
        .values()
    )
    return (first, last) if first else None


def read_paragraphs(article: Article, span: Span | None) -> list[Paragraph]:
    """Return the paragraphs of ``article``.

    Args:
        article: whose text is read.
        span: the first and the last day of the archive.
    """
    # Dates are read in the whole text: "11 September" has the year named before it.
    links = list(_links(find_dates(article.body), span)) if span else []
    return [
        Paragraph(
            number, text, _language(text, article.language), _within(links, start, text)
        )
        for number, (start, text) in enumerate(_lines(article.body), 1)
    ]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that have text, each with its offset."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, line.rstrip()
        start += len(line)


def _language(text: str, whole: str) -> str:
    guessed = next(paragraph_languages(text, whole)).language
    return guessed if guessed and guessed != whole else ""


def _within(links: Iterable[DateLink], start: int, text: str) -> tuple[DateLink, ...]:
    """Return the links inside a paragraph, by their places in it."""
    end = start + len(text)
    return tuple(
        DateLink(link.start - start, link.end - start, link.address)
        for link in links
        if start <= link.start and link.end <= end
    )


def _links(mentions: Iterable[DateMention], span: Span) -> Iterator[DateLink]:
    for mention in mentions:
        if mention.last >= span[0] and mention.first <= span[1]:
            address = _address(mention)
            if address:
                yield DateLink(mention.start, mention.end, address)


def _address(mention: DateMention) -> str:
    """Return the address of a day, month or year; of other stretches there is none."""
    first, last = mention.first, mention.last
    if first == last:
        return reverse("day", args=[first.year, first.month, first.day])
    month_days = calendar.monthrange(first.year, first.month)[1]
    if first.day == 1 and last == first.replace(day=month_days):
        return reverse("month", args=[first.year, first.month])
    if first == date(first.year, 1, 1) and last == date(first.year, 12, 31):
        return reverse("year", args=[first.year])
    return ""
