"""What is new, as an Atom feed."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from articles.models import Article

LATEST = 30


class LatestFeed(Feed[Article, None]):
    """The latest articles, without their text."""

    feed_type = Atom1Feed
    title = _("Newsarchive: latest articles")

    def link(self) -> str:
        """Return the page that the feed belongs to."""
        return reverse("home")

    def items(self) -> QuerySet[Article]:
        """Return the latest articles that have a date."""
        return (
            Article.objects.published()
            .exclude(published_on=None)
            .newest_first()
            .select_related("source")[:LATEST]
        )

    def item_title(self, item: Article) -> str:
        """Return the title as published."""
        return item.title

    def item_description(self, item: Article) -> str:
        """Return the subtitle as published."""
        return item.subtitle

    def item_author_name(self, item: Article) -> str:
        """Return who published it."""
        return item.source.name

    def item_pubdate(self, item: Article) -> datetime | None:
        """Return the time of publication, or the beginning of its day."""
        if item.published_at or item.published_on is None:
            return item.published_at
        day = datetime.combine(item.published_on, time())
        return timezone.make_aware(day)
