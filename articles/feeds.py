"""What is new, in the archive or of one subject, as Atom feeds."""

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.subjects import Subject, SubjectKind, subject_of

LATEST = 30

_DATED = Q(published_on__isnull=False)
_NOT_IN_XML = dict.fromkeys({*range(0x20), 0xFFFE, 0xFFFF} - {0x09, 0x0A, 0x0D})


def for_xml(text: str) -> str:
    """Leave out the control characters, which a row may have and a feed may not."""
    return text.translate(_NOT_IN_XML)


class ArticleFeed(Feed[Article, Subject | None]):
    """Articles without their text."""

    feed_type = Atom1Feed

    def item_title(self, item: Article) -> str:
        """Return the title as published."""
        return for_xml(item.title)

    def item_description(self, item: Article) -> str:
        """Return the subtitle as published."""
        return for_xml(item.subtitle)

    def item_author_name(self, item: Article) -> str:
        """Return who published it."""
        return for_xml(item.source.name)

    def item_pubdate(self, item: Article) -> datetime | None:
        """Return the time of publication, or the beginning of its day."""
        if item.published_at or item.published_on is None:
            return item.published_at
        day = datetime.combine(item.published_on, time())
        return timezone.make_aware(day)


class LatestFeed(ArticleFeed):
    """The latest articles of the archive."""

    title = _("Newsarchive: latest articles")

    def link(self) -> str:
        """Return the page that the feed belongs to."""
        return reverse("home")

    def items(self) -> ArticleQuerySet:
        """Return the latest articles that have a date."""
        articles = Article.objects.published().filter(_DATED)
        return articles.newest_first().for_lists()[:LATEST]


class SubjectFeed(ArticleFeed):
    """The latest articles of one source, section, author or place."""

    def __init__(self, kind: SubjectKind) -> None:
        super().__init__()
        self._kind = kind

    def get_object(self, _request: HttpRequest, key: str) -> Subject:
        """Return what the feed is of."""
        return subject_of(self._kind, key)

    def title(self, subject: Subject) -> str:
        """Return what the feed is called."""
        name = gettext("Newsarchive")
        return f"{name}: {for_xml(subject.name)}"

    def subtitle(self, subject: Subject) -> str:
        """Return what is known of the subject."""
        return for_xml(subject.description)

    def link(self, subject: Subject) -> str:
        """Return the page that the feed belongs to."""
        return subject.address

    def items(self, subject: Subject) -> ArticleQuerySet:
        """Return its latest articles that have a date."""
        return subject.articles(_DATED).for_lists()[:LATEST]
