"""The application that finds."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SearchConfig(AppConfig):
    """Search."""

    name = "search"
    verbose_name = pgettext_lazy("a noun", "Search")

    def ready(self) -> None:
        """Follow the articles."""
        # Imported here: it needs the models, which are loaded by now.
        from search import signals  # noqa: PLC0415

        signals.connect()
