"""Haystack on the one side, the engine on the other: translation, and no decision."""

from typing import cast

from haystack import connections
from haystack.backends import BaseEngine
from haystack.constants import DEFAULT_ALIAS

from search.backends.backend import ArchiveSearchBackend
from search.backends.query import ArchiveSearchQuery

__all__ = [
    "ArchiveEngine",
    "ArchiveSearchBackend",
    "ArchiveSearchQuery",
    "default_backend",
]


class ArchiveEngine(BaseEngine):  # type: ignore[misc]
    """What ``HAYSTACK_CONNECTIONS`` names as ``ENGINE``."""

    backend = ArchiveSearchBackend
    query = ArchiveSearchQuery


def default_backend() -> ArchiveSearchBackend:
    """Return the backend of the archive's index."""
    return cast("ArchiveSearchBackend", connections[DEFAULT_ALIAS].get_backend())
