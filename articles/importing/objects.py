"""Objects of JSON become records: what arrays, lines and JSON-LD have in common.

JSON is RFC 8259. What it forbids and Python allows is an error here: a key that stands
twice, of which one value would be lost, and NaN. Line ends inside strings are let be.
"""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from articles.importing import json_ld
from articles.importing.building import build
from articles.importing.inputs import Input
from articles.importing.mapping import FIELDS, guess_field, guess_mapping
from articles.importing.options import ReadingOptions
from articles.importing.records import Found, RecordError, ValueProblemError

_CLOSE = 0.8


class Decoder:
    """Decodes JSON, and gathers what is wrong with a value that can be read."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, strict=False
        )

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at ``start``, and where it ends.

        Raises:
            JSONDecodeError: there is none.
            ValueProblemError: it is beyond all measure.
        """
        self.problems.clear()
        try:
            return self._decoder.raw_decode(text, start)
        except json.JSONDecodeError:
            raise
        except RecursionError as error:
            raise ValueProblemError("nested too deeply to be an article") from error
        except ValueError as error:
            raise ValueProblemError("a number has too many digits") from error

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            self.problems.append(f"the key {twice[:40]!a} stands twice in an object")
        return value

    def _constant(self, name: str) -> None:
        self.problems.append(f"{name} is no JSON: use null")


def records_of(
    value: Any, place: str, source: Input, raw: str, problems: list[str]
) -> Iterator[Found]:
    """Yield the record of an object; several if it is a graph of JSON-LD."""
    if problems:
        reason = "; ".join(dict.fromkeys(problems))
        yield RecordError(source.at(place), reason, raw=source.raw(raw))
        return
    if not isinstance(value, dict):
        reason = 'use one object an article, as in {"title": …, "body": …}'
        yield RecordError(source.at(place), reason, raw=source.raw(raw))
        return
    if source.options.mapping is None:
        articles = list(json_ld.articles_in(value))
        if articles:
            for number, article in enumerate(articles, start=1):
                which = f"{place}, article {number}" if len(articles) > 1 else place
                yield build(article, which, source, raw)
            return
    try:
        values = _values(value, source.options)
    except ValueProblemError as error:
        yield RecordError(source.at(place), str(error), raw=source.raw(raw))
    else:
        yield build(values, place, source, raw)


def is_article(value: Any, options: ReadingOptions) -> bool:
    """Whether an object looks like an article, or holds some as JSON-LD."""
    if not isinstance(value, dict):
        return False
    if options.mapping:
        return any(options.mapping.field_of(key) for key in value)
    if "@type" in value:
        return json_ld.is_article(value)
    mapping = guess_mapping(value)
    return mapping.has("body") or (mapping.has("summary") and mapping.has("title"))


def _values(value: dict[str, Any], options: ReadingOptions) -> dict[str, Any]:
    mapping = options.mapping
    if mapping is None:
        # A key that is there and says nothing must not stand in another's way.
        mapping = guess_mapping(k for k, v in value.items() if v not in (None, ""))
        _check_spelling(value)
    values: dict[str, Any] = {}
    for key, field in mapping.columns:
        if key in value and values.get(field) in (None, ""):
            found = value[key]
            if isinstance(found, dict) and "rendered" in found:  # As WordPress has it.
                found = found["rendered"]
            values[field] = found
    return values


def _check_spelling(value: dict[str, Any]) -> None:
    """Refuse a key that is a field's name misspelt, and would be lost without a word."""
    for key in value:
        close = _misspelt(key)
        if close and not any(guess_field(other) == close for other in value):
            raise ValueProblemError(
                f'unknown key {key[:40]!a}: write "{close}", or choose the keys'
            )


@lru_cache(maxsize=1000)
def _misspelt(key: str) -> str:
    """Return the field whose name a key nearly is, "" if it is none."""
    if guess_field(key):
        return ""
    return next(iter(get_close_matches(key, FIELDS, 1, _CLOSE)), "")
