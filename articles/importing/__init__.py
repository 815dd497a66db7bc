"""Bring articles in: bytes -> records -> articles.

A *format* (``formats``) reads bytes and yields ``Record`` objects, or located
``RecordError`` objects for what it cannot read. A *batch* (``batches``) fills records
up with the importer's defaults and writes them, a chunk in each transaction, passing
over those that the archive has. The pages and commands on top only choose and report.
"""

from articles.importing.batches import (
    Batch,
    BatchReport,
    Defaults,
    ImportFailedError,
    find_or_create,
)
from articles.importing.formats import FormatError, open_records
from articles.importing.records import Record, RecordError

__all__ = [
    "Batch",
    "BatchReport",
    "Defaults",
    "FormatError",
    "ImportFailedError",
    "Record",
    "RecordError",
    "find_or_create",
    "open_records",
]
