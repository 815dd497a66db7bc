"""Pages of lists whose length the ledger of counts knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from articles.models import Article
from articles.querysets import ArticleQuerySet

PER_PAGE = 30
AROUND = 1
"""How many numbers a page links to on each side of its own."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """A page of a list.

    Attributes:
        items: what stands on it.
        number: which page it is, from 1.
        pages: how many there are, at least 1.
        total: how long the list is.
    """

    items: Sequence[Item]
    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def shown(self) -> Iterator[int | None]:
        """The numbers to link to: the first, the last, those around; None is a gap."""
        near = range(self.number - AROUND, self.number + AROUND + 1)
        before = 0
        for number in sorted({1, self.pages, *near} & set(range(1, self.pages + 1))):
            if number - before > 1:
                yield None
            yield number
            before = number


def articles_page(
    request: HttpRequest, articles: ArticleQuerySet, total: int
) -> ListPage[Article]:
    """Return the page that ``request`` asks for of ``articles``, which are ``total``."""
    number, pages = asked_page(request, total, PER_PAGE)
    start = (number - 1) * PER_PAGE
    items = _cut(articles, start) if start else list(articles.for_lists()[:PER_PAGE])
    return ListPage(items, number, pages, total)


def _cut(articles: ArticleQuerySet, start: int) -> list[Article]:
    # An index has the keys in order: what lies before the page is passed over there,
    # and only the articles of the page are fetched.
    keys = list(articles.values_list("pk", flat=True)[start : start + PER_PAGE])
    found = Article.objects.published().for_lists().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def asked_page(request: HttpRequest, total: int, per_page: int) -> tuple[int, int]:
    """Return the number of the page asked for, or of the nearest, and of the last."""
    pages = max(1, -(-total // per_page))
    asked = request.GET.get("page", "")
    # Digits of other scripts are digits too; a longer number is beyond any page.
    number = int(asked[:12]) if asked.isdecimal() else 1
    return min(max(number, 1), pages), pages
