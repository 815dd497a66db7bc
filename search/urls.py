"""Addresses of search: pages under a language, data outside it."""

from django.urls import path

from search import views

urlpatterns = [path("search/", views.search, name="search")]

data_urlpatterns = [path("search.json", views.search_json, name="search-json")]
