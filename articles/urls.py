"""Addresses of reading and browsing."""

from django.urls import path, register_converter

from articles import article_views, sitemaps
from articles.addresses import NameConverter, SlugConverter
from articles.browsing import calendar
from articles.browsing.answers import View, browsing_page
from articles.browsing.choosing import choose_conventions
from articles.browsing.home import home
from articles.browsing.indexes import index_view
from articles.browsing.pages import subject_view
from articles.feeds import LatestFeed, SubjectFeed
from articles.subjects import SubjectKind


def subject_feed(kind: SubjectKind) -> View:
    """Return the view of the feeds of one kind of subject."""
    return browsing_page(SubjectFeed(kind))


register_converter(SlugConverter, "anyslug")
register_converter(NameConverter, "anyname")

urlpatterns = [
    path("", home, name="home"),
    path("feed/", browsing_page(LatestFeed()), name="feed"),
    path("articles/<int:pk>/", article_views.article, name="article"),
    path(
        "articles/<int:pk>/cite.<str:ending>", article_views.citation, name="citation"
    ),
    path("calendar/", calendar.years, name="calendar"),
    path("calendar/undated/", calendar.undated, name="undated"),
    path(
        "calendar/day/<int:month>/<int:day>/",
        calendar.day_of_year,
        name="day-of-year",
    ),
    path("calendar/<int:year>/", calendar.year, name="year"),
    path("calendar/<int:year>/<int:month>/", calendar.month, name="month"),
    path("calendar/<int:year>/<int:month>/<int:day>/", calendar.day, name="day"),
    path("sources/", index_view("source"), name="sources"),
    path("sources/<anyslug:key>/", subject_view("source"), name="source"),
    path("sources/<anyslug:key>/feed/", subject_feed("source"), name="source-feed"),
    path("sections/", index_view("section"), name="sections"),
    path("sections/<anyslug:key>/", subject_view("section"), name="section"),
    path("sections/<anyslug:key>/feed/", subject_feed("section"), name="section-feed"),
    path("authors/", index_view("author"), name="authors"),
    path("authors/<anyname:key>/", subject_view("author"), name="author"),
    path("authors/<anyname:key>/feed/", subject_feed("author"), name="author-feed"),
    path("places/", index_view("place"), name="places"),
    path("places/<anyname:key>/", subject_view("place"), name="place"),
    path("places/<anyname:key>/feed/", subject_feed("place"), name="place-feed"),
    path("conventions/", choose_conventions, name="conventions"),
]

# What is the same in every language.
data_urlpatterns = [
    path("articles/<int:pk>/", article_views.follow_permalink, name="permalink"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
]
