"""Bring articles in: bytes -> records -> articles.

A *format* (``formats``) reads bytes and yields ``Record`` objects, or located
``RecordError`` objects for what it cannot read, as its ``ReadingOptions`` say and within
``Limits``; ``describe`` tells what a file is. ``filling`` makes an article of a record
and the importer's defaults.

The desk's way: ``running`` brings an import on, chunk by chunk, ``writing`` writes a
chunk, with what ``known`` and ``sketches`` know of the archive; ``previewing`` shows what
would be, ``undoing`` takes back, by what ``versions`` kept; ``reasons`` says in the
editor's language why a record failed. The short way: a *batch*
(``batches``) passes over records that the archive has by their ids, and reports no rows.
"""

from articles.importing.batches import (
    Batch,
    BatchReport,
    ImportFailedError,
)
from articles.importing.building import build_record
from articles.importing.filling import Defaults, find_or_create
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
