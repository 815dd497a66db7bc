"""JSON Lines: one article a line, an object with the keys below; README shows one."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from articles.importing.records import (
    Record,
    RecordError,
    ValueProblemError,
    published_value,
    text_value,
)

KEYS = (
    "id",
    "title",
    "subtitle",
    "body",
    "source",
    "section",
    "published",
    "url",
    "language",
    "author",
    "authors",
    "place",
)

MAX_LINE_BYTES = 5_000_000


def read(stream: BinaryIO) -> Iterator[Record | RecordError]:
    """Yield the articles of the file. Blank lines are passed over."""
    for number, line in enumerate(_lines(stream), start=1):
        place = f"line {number}"
        if len(line) > MAX_LINE_BYTES:
            limit = f"{MAX_LINE_BYTES:,}"
            yield RecordError(
                place, f"longer than {limit} bytes: too long for an article"
            )
        elif line.strip():
            yield _read_line(line, place, first=number == 1)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long its beginning, the rest being passed over."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield line


def _read_line(line: bytes, place: str, *, first: bool) -> Record | RecordError:
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
        return _record(json.loads(text.rstrip()), place)
    except UnicodeDecodeError:
        return RecordError(place, "this is not UTF-8: save the file as UTF-8")
    except json.JSONDecodeError as error:
        return RecordError(place, f"no JSON at character {error.colno}: {error.msg}")
    except RecursionError:
        return RecordError(place, "nested too deeply to be an article")
    except ValueProblemError as error:
        return RecordError(place, str(error))


def _record(value: Any, place: str) -> Record:
    if not isinstance(value, dict):
        raise ValueProblemError('use one object a line, as in {"title": …, "body": …}')
    unknown = sorted(set(value) - set(KEYS))
    if unknown:
        raise ValueProblemError(f"unknown key {unknown[0]!a}: use {', '.join(KEYS)}")
    texts = {name: text_value(name, value.get(name)) for name in _TEXT_KEYS}
    if not texts["body"].strip():
        raise ValueProblemError('"body" is missing or empty')
    return Record(
        place=place,
        body=texts["body"],
        title=texts["title"].strip(),
        subtitle=texts["subtitle"].strip(),
        language=texts["language"].strip().lower(),
        authors=_authors(value),
        dateline=texts["place"].strip(),
        source=texts["source"].strip(),
        section=texts["section"].strip(),
        published=published_value(value.get("published")),
        url=texts["url"].strip(),
        origin_id=_origin_id(value.get("id")),
    )


_TEXT_KEYS = (
    "title",
    "subtitle",
    "body",
    "source",
    "section",
    "url",
    "language",
    "place",
)


def _authors(value: dict[str, Any]) -> tuple[str, ...]:
    """Read "authors", a list, or "author", one name as printed."""
    authors = value.get("authors")
    if authors is None:
        authors = [value.get("author")]
    if not isinstance(authors, list):
        raise ValueProblemError('"authors" must be a list of names')
    names = [text_value("authors", author).strip() for author in authors]
    return tuple(name for name in names if name)


def _origin_id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_value("id", value).strip()
