"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.browsing.answers import browsing_page
from articles.browsing.counts import (
    archive_by_year,
    days_of_year,
    largest_sources,
    year_squares,
)
from articles.models import Article

LATEST = 10
ON_THIS_DAY = 5
SOURCES = 12


@browsing_page
def home(request: HttpRequest) -> HttpResponse:
    """Invite to search, and show what is new and what there is."""
    by_year = archive_by_year()
    visible = Article.objects.published().for_lists().newest_first()
    today = timezone.localdate()
    other_years = [
        day for day in days_of_year(today.month, today.day) if day.year != today.year
    ]
    return render(
        request,
        "home.html",
        {
            "total": sum(by_year.values()),
            "latest": visible[:LATEST],
            "today": today,
            "on_this_day": visible.filter(published_on__in=other_years)[:ON_THIS_DAY],
            "years": year_squares(by_year),
            "undated": by_year.get(None, 0),
            "sources": largest_sources(SOURCES),
        },
    )
