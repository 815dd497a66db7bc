"""The application that wires the others: it brings the program that runs it all."""

from django.apps import AppConfig


class NewsarchiveConfig(AppConfig):
    """Wiring, without models."""

    name = "newsarchive"
