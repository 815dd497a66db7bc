"""What a search finds, as an Atom feed."""

import logging
from datetime import datetime, time
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles.feeds import for_xml
from search.finder import find
from search.forms import parameters_of, read_request
from search.keeping import kept
from search.results import (
    Hit,
    ResultPage,
    SearchBusyError,
    SearchUnavailableError,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = "60"
BUSY_SECONDS = "3"


class SearchFeed(Feed[Hit, ResultPage]):
    """The hits of one page of a search, in its order, with their snippets."""

    feed_type = Atom1Feed

    def __call__(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Answer, and say so when the index cannot be read."""
        try:
            return kept(super().__call__)(request, *args, **kwargs)
        except SearchUnavailableError:
            logger.exception("Search is not available.")
            return HttpResponse(status=503, headers={"Retry-After": RETRY_SECONDS})
        except SearchBusyError:
            return HttpResponse(status=503, headers={"Retry-After": BUSY_SECONDS})

    def get_object(self, request: HttpRequest, *_args: object) -> ResultPage:
        """Search as the address says."""
        return find(read_request(request.GET))

    def title(self, obj: ResultPage) -> str:
        """Return the query as it was read."""
        query = obj.read_as or _("all articles")
        return for_xml(_("Newsarchive: %(query)s") % {"query": query})

    def link(self, obj: ResultPage) -> str:
        """Return the page of the search."""
        return f"{reverse('search')}?{urlencode(parameters_of(obj.request))}"

    def items(self, obj: ResultPage) -> tuple[Hit, ...]:
        """Return the hits."""
        return obj.hits

    def item_title(self, item: Hit) -> str:
        """Return the title as published."""
        return for_xml(item.plain_title)

    def item_description(self, item: Hit) -> str:
        """Return the snippet, as HTML."""
        return for_xml(item.snippet)

    def item_link(self, item: Hit) -> str:
        """Return the article's page."""
        return reverse("article", args=[item.id])

    def item_author_name(self, item: Hit) -> str:
        """Return who published it."""
        return for_xml(item.source_label)

    def item_pubdate(self, item: Hit) -> datetime | None:
        """Return the time of publication, or the beginning of its day."""
        if item.published_at or item.published_on is None:
            return item.published_at
        return timezone.make_aware(datetime.combine(item.published_on, time()))
