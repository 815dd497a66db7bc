"""One article as a file gives it, before it is an Article."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Record:
    r"""What a file says of one article; what it does not say is empty or None.

    Attributes:
        place: where it stands in the file, for messages, such as "line 3".
        body: the text as published, with "\n" between paragraphs.
        published: the time of publication: a ``date`` if only the day is known, a
            ``datetime`` without zone if the file names none.
        dateline: the place where the article was written.
        origin_id: what the file calls it.
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


@dataclass(frozen=True, slots=True)
class RecordError:
    """Something in a file that cannot become an article.

    Attributes:
        place: where it stands, such as "line 3".
        reason: what is wrong and what would be right.
    """

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


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
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueProblemError(
            f'"{name}" holds half a character (a lone surrogate) at {error.start}'
        ) from error
    return value.replace("\r\n", "\n").replace("\r", "\n")


def published_value(value: Any) -> date | datetime | None:
    """Read a time of publication in ISO 8601, as precisely as it is given.

    Raises:
        ValueProblemError: it is no such time.
    """
    text = text_value("published", value).strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueProblemError(
            f'"published" is {text[:40]!r}: use 2017-01-20, or 2017-01-20T21:43:00+01:00'
        ) from error


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


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number")
