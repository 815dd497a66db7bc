"""The application of articles, sources and sections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Articles as published."""

    name = "articles"
    verbose_name = _("Archive")
