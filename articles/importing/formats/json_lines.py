"""JSON Lines (jsonlines.org, NDJSON): one article a line; README shows one.

Keys are guessed, or chosen, as the columns of a table are. A line is read for itself, and
a bad one costs no other.
"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from articles.importing.inputs import Input, bounded_lines
from articles.importing.mapping import FIELDS
from articles.importing.objects import Decoder, records_of
from articles.importing.records import Found, RecordError, ValueProblemError

NAME = "json lines"

KEYS = (*FIELDS, "author")
"""The keys that nobody needs to choose; others are guessed."""

_SUFFIXES = frozenset([".jsonl", ".ndjson", ".jl"])


def recognises(source: Input) -> bool:
    """Whether it is JSON Lines: two objects on lines of their own, or it is called so."""
    if PurePosixPath(source.name).suffix.lower() in _SUFFIXES:
        return True
    text = source.head_text.lstrip()
    if not text.startswith("{"):
        return False
    lines = [line.strip() for line in text.split("\n", 20)[:20] if line.strip()]
    ended = [line for line in lines if line.startswith("{") and line.endswith("}")]
    return len(ended) > 1


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the file. Blank lines are passed over."""
    decoder = Decoder()
    limit = source.limits.record_bytes
    for number, (line, whole) in enumerate(
        bounded_lines(source.utf8(), limit), start=1
    ):
        place = f"line {number}"
        if not whole:
            reason = f"too long for an article: {source.limits.raising('record_bytes')}"
            kept = line[: source.limits.raw_characters].decode(errors="replace")
            yield RecordError(source.at(place), reason, raw=source.raw(kept))
        elif line.strip():
            yield from _read_line(line, place, source, decoder)


def _read_line(
    line: bytes, place: str, source: Input, decoder: Decoder
) -> Iterator[Found]:
    text = ""
    try:
        text = line.decode().strip()
        value, end = decoder.decode(text)
    except UnicodeDecodeError as error:
        text = line.decode(errors="replace").strip()
        reason = (
            f"this is not UTF-8 (byte 0x{line[error.start]:02X} at {error.start}): save the "
            "file as UTF-8, or choose its encoding"
        )
    except json.JSONDecodeError as error:
        reason = f"no JSON at character {error.colno}: {error.msg}"
    except ValueProblemError as error:
        reason = str(error)
    else:
        if end == len(text):
            yield from records_of(value, place, source, text, decoder.problems)
            return
        reason = f"no JSON at character {end + 1}: there is something after the object"
    yield RecordError(source.at(place), reason, raw=source.raw(text))
