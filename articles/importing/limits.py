"""The limits of reading: ``settings.IMPORTING`` as a frozen dataclass.

They keep a file that somebody made large by mistake, or on purpose, from taking the
memory or the disk of the machine. Who meets one is told which, and how to raise it. An
unknown key is a TypeError when the settings are first used.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a thing in a file may be.

    Attributes:
        record_bytes: one article as its file has it: a line, a row, an item, a page.
        raw_characters: of a record's own text, what is kept for reports.
        depth: how many brackets or tags may stand inside each other.
        nesting: how many collections and compressions may lie inside each other.
        members: files in all the collections of one file.
        expanded_bytes: all that one file unpacks to.
        ratio: how many times larger than packed what is unpacked may be, beyond
            the first ``ratio_free_bytes``.
        ratio_free_bytes: what may be unpacked before ``ratio`` is looked at.
        spooled_bytes: what is laid on disk for a while, since it must be read from its
            end: a workbook, a Word file or a ZIP inside another file.
        workbook_bytes: the parts of a workbook or Word file, unpacked.
        earliest_year: the first year that an article may be of.
        latest_year: the last.
    """

    record_bytes: int = 5_000_000
    raw_characters: int = 20_000
    depth: int = 200
    nesting: int = 4
    members: int = 1_000_000
    expanded_bytes: int = 100_000_000_000
    ratio: int = 200
    ratio_free_bytes: int = 50_000_000
    spooled_bytes: int = 2_000_000_000
    workbook_bytes: int = 500_000_000
    earliest_year: int = 1600
    latest_year: int = 2100

    def raising(self, name: str) -> str:
        """Return how to raise the limit called ``name``, for the end of a message."""
        value = getattr(self, name)
        shown = value if name.endswith("_year") else f"{value:,}"
        return f'the limit is {shown}; change it with IMPORTING["{name}"] in settings'


def importing_limits() -> Limits:
    """Read ``settings.IMPORTING``."""
    return Limits(**cast("dict[str, Any]", settings.IMPORTING))
