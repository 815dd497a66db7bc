"""Addresses of search: pages under a language, data outside it."""

from django.urls import path
from django.views.decorators.http import require_safe

from search import views
from search.feeds import SearchFeed

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/complete/", views.complete_json, name="complete"),
    path("search/help/", views.search_help, name="search-help"),
    path("search/why/<int:article_id>/", views.why, name="why"),
    path("search/values/<slug:name>/", views.facet, name="facet"),
    path("search/forms/", views.forms, name="forms"),
    path("search/feed/", require_safe(SearchFeed()), name="search-feed"),
]

data_urlpatterns = [path("search.json", views.search_json, name="search-json")]
