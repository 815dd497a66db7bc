"""The formats that articles come in.

Each format is a module with ``NAME``, ``recognises(input)``, which looks at the beginning
only, and ``read(input) -> records and errors``, which streams: it holds one record at a
time, whatever the size of the file. They are asked in the order of ``_FORMATS``; text is
what is left. Compressions and collections are opened here, and what lies in them is
recognised and read in the same way.

``open_records`` reads a file; ``describe`` says what it is, for a page that asks whether
it was understood.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from articles.importing import containers
from articles.importing.compressions import compression_of_name, decompressed
from articles.importing.formats import (
    delimited,
    feeds,
    html_pages,
    json_documents,
    json_lines,
    newsml_g2,
    nitf,
    plain_text,
    warc,
    word,
    workbook,
)
from articles.importing.inputs import Input
from articles.importing.limits import importing_limits
from articles.importing.options import ReadingOptions
from articles.importing.records import (
    DamagedError,
    FormatError,
    Found,
    Record,
    RecordError,
)
from articles.importing.samples import sample_columns
from articles.importing.sniffing import root_of
from articles.importing.tables import Column, Layout, Row

Records = Iterator[Found]


class Format(Protocol):
    """What every module of a format has."""

    NAME: str

    def recognises(self, source: Input, /) -> bool:
        """Whether a file is of this format."""

    def read(self, source: Input, /) -> Records:
        """Yield its records, and errors for what is wrong with it."""


_FORMATS = cast(
    "tuple[Format, ...]",
    (
        warc,
        word,
        workbook,
        newsml_g2,
        nitf,
        feeds,
        html_pages,
        json_lines,
        json_documents,
        delimited,
        plain_text,
    ),
)
FORMAT_NAMES = tuple(format_.NAME for format_ in _FORMATS)

_USE = (
    "use a .txt, .csv, .tsv, .xlsx, .json, .jsonl, .html, .docx, .warc or .xml file (RSS, "
    "Atom, NITF or NewsML-G2), or .gz, .xz, .zst, .bz2, .zip or .tar of such files"
)
# A name that promises what cannot be read is believed where the content may be anything.
_REFUSED = frozenset((
    ".pdf", ".doc", ".xls", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".epub", ".mobi",
    ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".mp3", ".mp4", ".exe", ".dll",
    ".7z", ".rar", ".sqlite", ".db",
))  # fmt: skip


# Of a file of this name that begins like text, most is missing or broken.
_PROMISES = frozenset((
    ".xml", ".rss", ".atom", ".json", ".jsonld", ".html", ".htm", ".xhtml", ".warc",
    ".docx", ".xlsx", ".zip", ".tar",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """What a file is, as far as its beginning shows.

    Attributes:
        format: the name of its format, one of ``FORMAT_NAMES``; "" if nothing in it
            can be read.
        encoding: that of its text, "" where there is none to choose.
        delimiter: of a table in text.
        has_header: whether the first row of a table names its columns.
        columns: of a table, or the keys of objects: name, field, samples.
        nesting: the compressions and collections around it, from the outside.
        member: of a collection, the file that is described: the first that can be read.
        error: why nothing in it can be read.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None
    columns: tuple[Column, ...] = ()
    nesting: tuple[str, ...] = ()
    member: str = ""
    error: str = ""


def open_records(
    stream: BinaryIO, name: str, options: ReadingOptions | None = None
) -> Records:
    """Yield what the file ``name`` holds, read from ``stream``.

    Records and errors have positions from 0: whoever stopped after one can go on with
    the next in another reading of the same file with the same options.

    Raises:
        FormatError: it is of no kind that can be read, or an option makes no sense.
    """
    try:
        source = _opened(stream, name, options)
    except DamagedError as error:
        reason = f"the file is {error.what} at its beginning: {error}"
        return iter([RecordError("", reason, stops=True)])
    return _numbered(_guarded(source))


def describe(
    stream: BinaryIO, name: str, options: ReadingOptions | None = None
) -> Description:
    """Say what the file ``name`` is, as far as its beginning shows.

    Raises:
        FormatError: it is of no kind that can be read, or an option makes no sense.
    """
    try:
        source = _opened(stream, name, options)
        while is_collection(source):
            source = _first_member(source)
    except DamagedError as error:
        return Description("", error=f"the file is {error.what}: {error}")
    return _describe(source)


def is_collection(source: Input) -> bool:
    """Whether it holds other files."""
    if containers.is_tar(source):
        return True
    return containers.is_zip(source) and _office(source) is None


def _opened(stream: BinaryIO, name: str, options: ReadingOptions | None) -> Input:
    source = Input.of(stream, name, options or ReadingOptions(), importing_limits())
    _check_options(source)
    source = _decompressed(source)
    if not is_collection(source):
        _format_of(source)
    return source


def _check_options(source: Input) -> None:
    options = source.options
    if options.format is not None and options.format not in FORMAT_NAMES:
        raise FormatError(
            f"{options.format!a} is no format: use {', '.join(FORMAT_NAMES)}"
        )
    if options.delimiter is not None and len(options.delimiter) != 1:
        raise FormatError(f"{options.delimiter!a} is no delimiter: use one character")
    if options.encoding:
        _ = source.encoding


def _decompressed(source: Input) -> Input:
    """Return what is inside all compressions of a file.

    Raises:
        DamagedError: it is damaged from its beginning, or packed too often.
    """
    while inner := decompressed(source):
        _check_nesting(inner)
        source = inner
    return containers.from_its_end(source) if containers.is_zip(source) else source


def _check_nesting(source: Input) -> None:
    if len(source.nesting) > source.limits.nesting:
        raise DamagedError(
            source.limits.raising("nesting"), "packed into too many others"
        )


def _office(source: Input) -> Format | None:
    for format_ in cast("tuple[Format, ...]", (word, workbook)):
        if format_.recognises(source):
            return format_
    return None


def _format_of(source: Input) -> Format:
    """Return the format of a file that is no collection.

    Raises:
        FormatError: it is of none.
    """
    shown = source.within or source.name
    if kind := plain_text.binary_kind(source.head):
        raise FormatError(f"{shown}: {_USE}; this is {kind}")
    if source.options.format:
        return next(f for f in _FORMATS if source.options.format == f.NAME)
    found = next(f for f in _FORMATS if f.recognises(source))
    if found is plain_text:
        suffix = PurePosixPath(source.name).suffix.lower()
        if suffix in _REFUSED:
            raise FormatError(f"{shown}: {_USE}")
        if source.head_text.lstrip().startswith("<?xml") and (root := root_of(source)):
            raise FormatError(
                f"{shown}: {_USE}; this is XML of another kind (<{root}>)"
            )
        if suffix in _PROMISES or compression_of_name(source.name):
            raise DamagedError(f"it is called {suffix}, and its content is not")
    return found


def _read(source: Input) -> Records:
    """Yield the records of a file, or of all files in a collection."""
    if not is_collection(source):
        yield from _format_of(source).read(source)
        return
    members = (
        containers.members_of_tar(source)
        if containers.is_tar(source)
        else containers.members_of_zip(source)
    )
    empty = True
    for member in members:
        empty = False
        if isinstance(member, RecordError):
            yield member
        else:
            yield from _guarded(member)
    if empty:
        yield RecordError(source.at(""), "the collection has no files to read")


def _guarded(source: Input) -> Records:
    """Say of a damaged file how far it could be read."""
    place = ""
    try:
        source = _decompressed(source) if source.within else source
        _check_nesting(source)
        for found in _read(source):
            place = found.place
            yield found
        if not place:
            yield RecordError(source.at(""), "there is nothing to read in it")
    except DamagedError as error:
        after = f" after {place}" if place else " at its beginning"
        reason = f"the file is {error.what}{after}: {error}"
        yield RecordError(source.within, reason, stops=True)
    except FormatError as error:
        yield RecordError(source.within, str(error).removeprefix(f"{source.within}: "))
    except (OSError, UnicodeError) as error:
        yield RecordError(source.at(""), f"it cannot be read: {error}", stops=True)


def _numbered(records: Records) -> Records:
    for position, found in enumerate(records):
        yield replace(found, position=position)


def _first_member(source: Input) -> Input:
    """Return the first file of a collection that can be read.

    Raises:
        DamagedError: there is none.
    """
    members = (
        containers.members_of_tar(source)
        if containers.is_tar(source)
        else containers.members_of_zip(source)
    )
    for member in members:
        if isinstance(member, Input):
            try:
                found = _decompressed(member)
                _check_nesting(found)
                if not is_collection(found):
                    _format_of(found)
            except (DamagedError, FormatError):
                continue
            return found
    raise DamagedError("there is no file in it that can be read", "of no use")


def _describe(source: Input) -> Description:
    format_ = _format_of(source)
    layout: Layout | None = None
    columns: tuple[Column, ...] = ()
    error = ""
    try:
        if format_ in (delimited, workbook):
            rows: list[Row]
            layout, rows = (delimited if format_ is delimited else workbook).layout(
                source
            )
            data = rows[1:] if layout and layout.has_header else rows
            columns = layout.columns(data) if layout else ()
        elif format_ in (json_lines, json_documents):
            columns = sample_columns(source)
    except DamagedError as problem:
        error = f"the file is {problem.what}: {problem}"
    return Description(
        format_.NAME,
        encoding="" if format_ in (word, workbook, warc) else source.encoding,
        delimiter=delimited.find_dialect(source).delimiter
        if format_ is delimited
        else "",
        has_header=layout.has_header if layout else None,
        columns=columns,
        nesting=source.nesting,
        member=source.within,
        error=error,
    )


__all__ = [
    "FORMAT_NAMES",
    "Column",
    "Description",
    "FormatError",
    "Record",
    "RecordError",
    "Records",
    "describe",
    "open_records",
]
