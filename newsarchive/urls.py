"""Every address: pages under a language, data and the admin outside it."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from articles.urls import data_urlpatterns as article_data_urlpatterns
from newsarchive import health, metrics
from search.urls import data_urlpatterns as search_data_urlpatterns

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    *article_data_urlpatterns,
    *search_data_urlpatterns,
    *i18n_patterns(
        path("", include("articles.urls")),
        path("", include("search.urls")),
    ),
]

handler404 = "newsarchive.limiting.not_found"
handler500 = "newsarchive.patience.server_error"
