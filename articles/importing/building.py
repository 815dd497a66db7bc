"""The values of a record, as a format found them, become a ``Record``.

All that is wrong with them is said at once, each with its field, and the values go with
the ``RecordError``, so that an editor can mend them: ``build_record`` is for those too.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from articles.importing.bylines import read_authors
from articles.importing.cleaning import clean_line, clean_text
from articles.importing.dates import read_published, read_timestamp
from articles.importing.inputs import Input
from articles.importing.limits import importing_limits
from articles.importing.mapping import FIELDS
from articles.importing.options import ReadingOptions
from articles.importing.records import (
    Found,
    Record,
    RecordError,
    ValueProblemError,
    check_record,
    text_value,
)
from search.analysis import fold

Value = TypeVar("Value")

# Codes of three letters where there are some of two, and names as exports have them.
_LANGUAGES = {
    "ara": "ar", "arabic": "ar", "arabe": "ar", "العربيه": "ar", "عربي": "ar", "عربيه": "ar",
    "fra": "fr", "fre": "fr", "french": "fr", "francais": "fr", "الفرنسيه": "fr",
    "eng": "en", "english": "en", "anglais": "en", "الانجليزيه": "en", "انجليزي": "en",
}  # fmt: skip


def build(
    values: Mapping[str, Any], place: str, source: Input, raw: str, *, html: bool = True
) -> Found:
    """Make the record of what was found at a place of an input."""
    return build_record(
        values,
        source.at(place),
        options=source.options,
        raw=source.raw(raw),
        html=html,
    )


def build_record(
    values: Mapping[str, Any],
    place: str,
    *,
    options: ReadingOptions | None = None,
    raw: str = "",
    html: bool = True,
) -> Found:
    """Make a record of values by field, or say all that is wrong with them.

    Args:
        values: what a file says, by names of ``mapping.FIELDS``.
        place: where it says it.
        options: how it is to be read.
        raw: its own text.
        html: whether the texts may be HTML.
    """
    reading = _Reading(values, options or ReadingOptions(), html=html)
    record = Record(
        place=place,
        body=reading.body(),
        title=reading.line("title"),
        subtitle=reading.line("subtitle"),
        language=reading.language(),
        authors=reading.tried(lambda: read_authors(values.get("authors")), ()),
        dateline=reading.line("place"),
        source=reading.line("source"),
        section=reading.line("section"),
        published=reading.published(),
        url=reading.text("url").strip(),
        origin_id=reading.origin_id(),
        raw=raw,
    )
    reading.tried(lambda: check_record(record), None)
    if reading.problems:
        reason = "; ".join(dict.fromkeys(reading.problems))
        return RecordError(place, reason, raw=raw, values=_shown(values))
    return record


class _Reading:
    """Reads the fields one by one, and gathers what is wrong."""

    def __init__(
        self,
        values: Mapping[str, Any],
        options: ReadingOptions,
        *,
        html: bool,
    ) -> None:
        self._values = values
        self._options = options
        self._limits = importing_limits()
        self._html = html
        self.problems: list[str] = []

    def tried(self, read: Callable[[], Value], default: Value) -> Value:
        try:
            return read()
        except ValueProblemError as error:
            self.problems.append(str(error))
            return default

    def text(self, name: str) -> str:
        return self.tried(lambda: text_value(name, _named(self._values.get(name))), "")

    def line(self, name: str) -> str:
        text = self.text(name).strip()
        if self._html:
            text = clean_line(text).strip()
        return " ".join(text.split()) if "\n" in text else text

    def body(self) -> str:
        value = self._values.get("body")
        if value is None or value == "":
            value = self._values.get("summary")
        before = len(self.problems)
        text = self.tried(lambda: text_value("body", value), "")
        body = clean_text(text) if self._html else text
        if not body.strip() and len(self.problems) == before:
            self.problems.append('"body" is missing or empty')
        return body

    def language(self) -> str:
        named = self.text("language").strip().lower()
        if not named or len(named) == len("ar"):
            return named
        plain = fold(named.replace("_", "-").split("-")[0])
        return _LANGUAGES.get(plain, named)

    def published(self) -> date | datetime | None:
        options, limits = self._options, self._limits
        found = self.tried(
            lambda: read_published(self._values.get("published"), options, limits), None
        )
        stamp = self._values.get("timestamp")
        if found is None and stamp not in (None, ""):
            return self.tried(lambda: read_timestamp(stamp, options, limits), None)
        return found

    def origin_id(self) -> str:
        value = self._values.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.tried(lambda: text_value("id", value), "").strip()


def _named(value: Any) -> Any:
    """Return the first of a list, and the name of an object that has one."""
    if isinstance(value, list) and value and isinstance(value[0], str | dict):
        value = value[0]
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return value["name"]
    return value


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values for an editor to mend, free of what no text can hold."""
    shown: dict[str, str] = {}
    for name in FIELDS:
        if (value := values.get(name)) not in (None, ""):
            items = value if isinstance(value, list | tuple) else [value]
            text = "; ".join(str(item) for item in items).replace("\0", "\ufffd")
            shown[name] = text.encode("utf-8", "replace").decode()
    return shown
