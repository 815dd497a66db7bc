"""Bring articles in: bytes -> records -> articles.

A *format* (``formats``) reads bytes and yields ``Record`` objects, or located
``RecordError`` objects for what it cannot read, as its ``ReadingOptions`` say and within
``Limits``; ``describe`` tells what a file is. A *batch* (``batches``) fills records
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
from articles.importing.building import build_record
from articles.importing.formats import (
    FORMAT_NAMES,
    Column,
    Description,
    FormatError,
    describe,
    open_records,
)
from articles.importing.limits import Limits, importing_limits
from articles.importing.mapping import FIELDS, Field, Mapping, guess_mapping
from articles.importing.options import DateOrder, ReadingOptions
from articles.importing.records import Record, RecordError

__all__ = [
    "FIELDS",
    "FORMAT_NAMES",
    "Batch",
    "BatchReport",
    "Column",
    "DateOrder",
    "Defaults",
    "Description",
    "Field",
    "FormatError",
    "ImportFailedError",
    "Limits",
    "Mapping",
    "ReadingOptions",
    "Record",
    "RecordError",
    "build_record",
    "describe",
    "find_or_create",
    "guess_mapping",
    "importing_limits",
    "open_records",
]
