"""The limits of watching: ``settings.WATCHING`` as a frozen dataclass.

An unknown key is a TypeError when the settings are first used.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings


@dataclass(frozen=True, slots=True)
class WatchingLimits:
    """What a look may cost, and where it may lead.

    Attributes:
        feed_seconds: for a feed, from the question for its address to its last byte.
        feed_bytes: of a feed, as it is sent and as it is when unpacked.
        redirects: that are followed, one after the other.
        ports: that are connected to.
        files: of a folder that become imports in one look; the next follows at once.
        most_minutes: between two looks at what fails again and again.
    """

    feed_seconds: float = 30.0
    feed_bytes: int = 10_000_000
    redirects: int = 5
    ports: tuple[int, ...] = (80, 443)
    files: int = 100
    most_minutes: int = 24 * 60


def watching_limits() -> WatchingLimits:
    """Read ``settings.WATCHING``."""
    return WatchingLimits(**cast("dict[str, Any]", settings.WATCHING))
