"""Which articles a reader may see, and in which order.

``published()`` is the one definition of what readers may see: every page, count, feed
and the index go through it. The trigger of ``search`` that fills the
outbox repeats it in SQL; a test holds the two together.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from articles.signals import articles_changed

if TYPE_CHECKING:
    from articles.models import Article, Section, Source, Tally
else:
    Article = Section = Source = Tally = models.Model


def published(prefix: str = "") -> Q:
    """Say what readers may see: published, past its embargo and not past its expiry.

    The clock is the database's.
    ``prefix`` leads to the article from another model, such as "articles__".
    """
    past = Q(**{f"{prefix}embargo": None}) | Q(**{f"{prefix}embargo__lte": Now()})
    not_over = Q(**{f"{prefix}expiry": None}) | Q(**{f"{prefix}expiry__gt": Now()})
    return past & not_over & Q(**{f"{prefix}status": "published"})


class ArticleQuerySet(models.QuerySet[Article]):
    """Articles, narrowed and ordered in the words of a reader."""

    def published(self) -> Self:
        """Keep the articles that readers may see."""
        return self.filter(published())

    def in_language(self, code: str) -> Self:
        """Keep the articles written in the language of ISO 639 ``code``."""
        return self.filter(language=code)

    def set_status(self, status: str) -> int:
        """Set the status and the time of change; return how many rows there were."""
        return self.update(status=status, changed=Now())

    def update(self, **kwargs: Any) -> int:
        """Update the rows, and tell whoever follows articles."""
        updated = super().update(**kwargs)
        articles_changed.send(sender=self.model)
        return updated

    def bulk_create(
        self, objs: Iterable[Article], *args: Any, **kwargs: Any
    ) -> list[Article]:
        """Create the rows, and tell whoever follows articles."""
        created = super().bulk_create(objs, *args, **kwargs)
        articles_changed.send(sender=self.model)
        return created

    def for_lists(self) -> Self:
        """Fetch what a line of a list shows, and not the text."""
        return self.select_related("source", "section").defer("body")

    def by_author(self, name: str) -> Self:
        """Keep the articles that ``name`` is an author of."""
        return self.filter(bylines__name=name)

    def newest_first(self, *, through: Literal["", "bylines__"] = "") -> Self:
        """Order by publication, the latest first and the undated last.

        ``through`` bylines, the articles of one author come in order from an index.
        """
        return self.order_by(
            F(f"{through}published_on").desc(nulls_last=True),
            F(f"{through}published_at").desc(nulls_last=True),
            "-bylines__article_id" if through else "-pk",
        )


class NamedQuerySet(models.QuerySet[Source | Section]):
    """Sources or sections, which fixtures name by their slug."""

    def get_by_natural_key(self, slug: str) -> "Source | Section":
        """Return the one with ``slug``."""
        return self.get(slug=slug)


class TallyQuerySet(models.QuerySet[Tally]):
    """Counts of articles, in the words of who reads them.

    What ``published()`` says of articles is said here of their counts: the triggers
    count published ones only, and each from the moment at which its embargo ends to the
    moment of its expiry.
    """

    def of(self, kind: str, value: str | None = None) -> Self:
        """Keep what is counted of one kind, and of one value if it is given."""
        kept = self.filter(kind=kind, visible_from__lte=Now())
        return kept if value is None else kept.filter(value=value)

    def total(self) -> int:
        """Return the number of articles."""
        total: int | None = self.aggregate(total=models.Sum("articles"))["total"]
        return int(total or 0)

    def by_year(self) -> dict[int | None, int]:
        """Return year -> number of articles, in order; the year None is the undated."""
        rows = self.values_list("year").annotate(total=models.Sum("articles"))
        kept = rows.filter(total__gt=0).order_by(F("year").asc(nulls_last=True))
        return {year: int(total) for year, total in kept}

    def by_value(self, *beside: str) -> "models.QuerySet[Any, dict[str, Any]]":
        """Return rows of each value: ``total`` articles, ``first`` and ``last`` year.

        ``beside`` names fields that follow from the value.
        """
        rows: models.QuerySet[Any, dict[str, Any]] = self.values(
            "value", *beside
        ).annotate(
            total=models.Sum("articles"),
            first=models.Min("year"),
            last=models.Max("year"),
        )
        return rows.filter(total__gt=0)
