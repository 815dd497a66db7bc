"""The keys of objects as a page shows them: like columns, with a few values of each."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from articles.importing.inputs import Input
from articles.importing.mapping import guess_mapping
from articles.importing.objects import Decoder, is_article
from articles.importing.records import ValueProblemError
from articles.importing.tables import SAMPLE_ROWS, SAMPLES, Column

_LENGTH = 200
_LIST = re.compile(r"\[\s*(?=\{)")
_BETWEEN = re.compile(r"[\s,]*")
_MOST_LISTS = 50


def sample_columns(source: Input) -> tuple[Column, ...]:
    """Return the keys of the first objects in a file, by its beginning."""
    objects = list(islice(_objects(source), SAMPLE_ROWS))
    samples: dict[str, list[str]] = {}
    for value in objects:
        for key, item in value.items():
            kept = samples.setdefault(key, [])
            text = (
                item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            )
            if item not in (None, "") and len(kept) < SAMPLES:
                kept.append(text[:_LENGTH])
    mapping = source.options.mapping or guess_mapping(samples)
    return tuple(
        Column(key, mapping.field_of(key), tuple(kept)) for key, kept in samples.items()
    )


def _objects(source: Input) -> Iterator[dict[str, Any]]:
    """Yield the objects of the first list of articles, or else those that begin the file."""
    text = source.head_text
    for found in islice(_LIST.finditer(text), _MOST_LISTS):
        objects = _values(text, found.end())
        first = next(objects, None)
        if first and is_article(first, source.options):
            yield first
            yield from objects
            return
    yield from _values(text, 0)


def _values(text: str, at: int) -> Iterator[dict[str, Any]]:
    decoder = Decoder()
    while found := _BETWEEN.match(text, at):
        try:
            value, at = decoder.decode(text, found.end())
        except (json.JSONDecodeError, ValueProblemError):
            return
        if isinstance(value, dict):
            yield value
