"""The articles of the same source that came before one and after it.

Order is that of ``newest_first``: by day, then by moment, then by number, and the
undated before all others. Each candidate is found where its day is in the index of the
source, so that it takes no longer in an archive of millions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Value
from django.urls import reverse

from articles.models import Article
from articles.querysets import ArticleQuerySet


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article to go on to."""

    pk: int
    title: str
    language: str
    published_on: date | None

    def get_absolute_url(self) -> str:
        """Return its address in the reader's language."""
        return reverse("article", args=[self.pk])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The article before another and the one after, as far as there are any."""

    before: Neighbour | None
    after: Neighbour | None


def neighbours(article: Article) -> Neighbours:
    """Return what its source published before ``article`` and after, in one query."""
    candidates = [*_candidates(article, after=False), *_candidates(article, after=True)]
    marked = [
        ordered.annotate(rank=Value(rank)).values_list(
            "rank", "pk", "title", "language", "published_on"
        )[:1]
        for rank, (_, ordered) in enumerate(candidates)
    ]
    sides: dict[bool, Neighbour] = {}
    for rank, pk, title, language, day in sorted(
        marked[0].union(*marked[1:], all=True)
    ):
        after, _ = candidates[rank]
        sides.setdefault(after, Neighbour(pk, title, language, day))
    return Neighbours(before=sides.get(False), after=sides.get(True))


def _candidates(
    article: Article, *, after: bool
) -> Iterator[tuple[bool, ArticleQuerySet]]:
    """Yield where to look on one side, the nearest first, as (side, articles)."""
    source = Article.objects.published().filter(source=article.source_id)
    dated = source.exclude(published_on=None)
    undated = source.filter(published_on=None)
    if article.published_on:
        ways = [dated.filter(_next_dated(article, after=after))]
        ways += [] if after else [undated]
    else:
        ways = [undated.filter(_next_number(article, after=after))]
        ways += [dated] if after else []
    for way in ways:
        newest_first = way.newest_first()
        yield after, newest_first.reverse() if after else newest_first


def _next_number(article: Article, *, after: bool) -> Q:
    return Q(pk__gt=article.pk) if after else Q(pk__lt=article.pk)


def _next_dated(article: Article, *, after: bool) -> Q:
    """Say what comes next among the dated: of a day, those without a moment first."""
    day, moment = article.published_on, article.published_at
    number = _next_number(article, after=after)
    if after:
        # The bound stands for itself: by it the index is entered at the day.
        bound, other_days = Q(published_on__gte=day), Q(published_on__gt=day)
        later = Q(published_at__gt=moment) if moment else ~Q(published_at=None)
    else:
        bound, other_days = Q(published_on__lte=day), Q(published_on__lt=day)
        later = Q(published_at__lt=moment) | Q(published_at=None) if moment else Q()
    same_moment = Q(published_at=moment) & number
    same_day = later | same_moment if later else same_moment
    return bound & (other_days | Q(published_on=day) & same_day)
