"""One article as a file gives it, before it is an Article.

A ``Record`` is what can become one, a ``RecordError`` says where and why something
cannot. ``building`` makes them of the values that a format found.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from articles.models import (
    BYLINE_MAX_LENGTH,
    NAME_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    URL_MAX_LENGTH,
)

_HTTP = re.compile(r"https?://\S", re.IGNORECASE)

# What ``encodings`` puts for a byte that is no text, and ``markup`` for a control character.
_MARK = re.compile("[\U0010ff00-\U0010ffff]")
_MARK_BYTES = b"\xf4\x8f"


@dataclass(frozen=True, slots=True)
class Record:
    r"""What a file says of one article; what it does not say is empty or None.

    Two records are equal if they say the same of an article at the same place.

    Attributes:
        place: where it stands in the file, for people, such as "line 3".
        body: the text as published, with "\n" between paragraphs.
        published: the time of publication: a ``date`` if only the day is known, a
            ``datetime`` without zone if neither the file nor the options name one.
        dateline: the place where the article was written.
        origin_id: what the file calls it.
        position: its number in the file among records and errors, from 0.
        raw: its own text in the file, or the beginning of a long one.
    """

    place: str
    body: str
    title: str = ""
    subtitle: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    dateline: str = ""
    source: str = ""
    section: str = ""
    published: date | datetime | None = None
    url: str = ""
    origin_id: str = ""
    position: int = field(default=0, compare=False)
    raw: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RecordError:
    """Something in a file that cannot become an article.

    Attributes:
        place: where it stands, such as "line 3".
        reason: what is wrong and what would be right.
        position: its number in the file among records and errors, from 0.
        raw: its own text in the file, or the beginning of a long one.
        values: what was read of its fields, for an editor to mend; empty if nothing was.
        stops: whether what follows it in the file, or in the member, is lost with it.
    """

    place: str
    reason: str
    position: int = field(default=0, compare=False)
    raw: str = field(default="", compare=False, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    stops: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


Found = Record | RecordError


class FormatError(Exception):
    """The file is of no kind that can be imported, or cannot be read as it was asked."""


class DamagedError(Exception):
    """A compressed file or a collection cannot be read on.

    Attributes:
        what: what it is, as in "the file is damaged".
    """

    def __init__(self, reason: object, what: str = "damaged or cut short") -> None:
        super().__init__(str(reason) or type(reason).__name__)
        self.what = what


class ValueProblemError(Exception):
    """A value of a record makes no sense; the message says which and why."""


def text_value(name: str, value: Any) -> str:
    """Return ``value`` as text with one kind of line end; None is no text.

    Raises:
        ValueProblemError: it is no text, or holds what no text can.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueProblemError(f'"{name}" must be text, not {_kind(value)}')
    if "\0" in value:
        raise ValueProblemError(f'"{name}" holds a NUL character')
    try:
        encoded = value.encode()
    except UnicodeEncodeError as error:
        raise ValueProblemError(
            f'"{name}" holds half a character (a lone surrogate) at {error.start}'
        ) from error
    if _MARK_BYTES in encoded and (mark := _MARK.search(value)):
        raise ValueProblemError(f'"{name}" {_marked(mark)}')
    return value.replace("\r\n", "\n").replace("\r", "\n")


def check_record(record: Record) -> None:
    """Refuse what the database would refuse, in the words of whoever made the file.

    Raises:
        ValueProblemError: a value is too long, or the address is none.
    """
    limits = [
        ("title", record.title, TITLE_MAX_LENGTH),
        ("subtitle", record.subtitle, TITLE_MAX_LENGTH),
        ("place", record.dateline, NAME_MAX_LENGTH),
        ("source", record.source, NAME_MAX_LENGTH),
        ("section", record.section, NAME_MAX_LENGTH),
        ("url", record.url, URL_MAX_LENGTH),
        ("id", record.origin_id, NAME_MAX_LENGTH),
        *(("authors", author, BYLINE_MAX_LENGTH) for author in record.authors),
    ]
    for name, value, limit in limits:
        if len(value) > limit:
            raise ValueProblemError(
                f'"{name}" has {len(value)} characters: {limit} is the most'
            )
    if record.url and not _HTTP.match(record.url):
        raise ValueProblemError('"url" must begin with http:// or https://')


def publication_time(
    published: date | datetime | None, zone: ZoneInfo
) -> tuple[date | None, datetime | None]:
    """Return the day that the source gives, and the moment if it is known.

    A time without a zone is one of ``zone``.

    Raises:
        ValueProblemError: the moment is outside the years 1 to 9999.
    """
    if not isinstance(published, datetime):
        return published, None
    aware = published if published.tzinfo else published.replace(tzinfo=zone)
    try:
        return published.date(), aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueProblemError(f'"published" is {published}: out of range') from error


def _marked(mark: re.Match[str]) -> str:
    code = ord(mark.group()) & 0xFF
    if code < ord(" "):
        return f"holds a control character (0x{code:02X}) at {mark.start()}"
    return (
        f"holds a byte (0x{code:02X}) at {mark.start()} that the encoding of the file "
        "does not have: save the file as UTF-8, or choose its encoding"
    )


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number")
