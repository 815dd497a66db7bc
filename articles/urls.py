"""Addresses of reading and browsing."""

from django.urls import path, register_converter

from articles import views
from articles.feeds import LatestFeed


class SlugConverter:
    """A slug in any script: letters, digits, hyphens and low lines."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        """Return the slug as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the slug as it stands in the database."""
        return value


register_converter(SlugConverter, "anyslug")

urlpatterns = [
    path("", views.home, name="home"),
    path("feed/", LatestFeed(), name="feed"),
    path("articles/<int:pk>/", views.article, name="article"),
    path("sources/<anyslug:slug>/", views.source, name="source"),
    path("sections/<anyslug:slug>/", views.section, name="section"),
]
