"""Which articles a reader may see, and in which order.

``published()`` is the one definition of what readers may see: every page, count, feed
and the index go through it. The trigger of ``search`` that fills the
outbox repeats it in SQL; a test holds the two together.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from articles.signals import articles_changed

if TYPE_CHECKING:
    from articles.models import Article, Section, Source
else:
    Article = Section = Source = models.Model


def published(prefix: str = "") -> Q:
    """Say what readers may see: published, and past its embargo by the database's clock.

    ``prefix`` leads to the article from another model, such as "articles__".
    """
    past = Q(**{f"{prefix}embargo": None}) | Q(**{f"{prefix}embargo__lte": Now()})
    return past & Q(**{f"{prefix}status": "published"})


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

    def newest_first(self) -> Self:
        """Order by publication, the latest first and the undated last."""
        return self.order_by(
            F("published_on").desc(nulls_last=True),
            F("published_at").desc(nulls_last=True),
            "-pk",
        )


class NamedQuerySet(models.QuerySet[Source | Section]):
    """Sources or sections, which fixtures name by their slug."""

    def get_by_natural_key(self, slug: str) -> "Source | Section":
        """Return the one with ``slug``."""
        return self.get(slug=slug)
