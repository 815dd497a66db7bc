"""The application that finds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Follow the articles."""
        # Imported here: it needs the models, which are loaded by now.
        from search import signals  # noqa: PLC0415

        signals.connect()
