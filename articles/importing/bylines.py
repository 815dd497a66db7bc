"""Who wrote an article: names, split only where it is safe.

Lists stay lists. In a string, ";", "|" and line ends part names, and the Arabic comma
does; a Latin comma, "and", "et", "&" and a free-standing و only where each part has two
words or more, since "Smith, John" is one person and "Marie et Cie" are none.

>>> split_authors("Par Claire Martin et Paul Durand")
('Claire Martin', 'Paul Durand')
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from articles.importing.cleaning import clean_line
from articles.importing.records import text_value

_BY = re.compile(
    r"^\s*(?:by|par|de)\s*:\s*|^\s*(?:by|par)\s+|^\s*(?:بقلم|كتبه|كتب|إعداد)\s*:\s*|^\s*بقلم\s+",
    re.IGNORECASE,
)
_SURE = re.compile(r"\s*[;؛|\n]\s*|\s*،\s*")
_UNSURE = re.compile(r"\s*,\s*(?:and\s+|et\s+)?|\s+(?:and|et|&|و)\s+", re.IGNORECASE)


def read_authors(value: Any) -> tuple[str, ...]:
    """Return the names in a text, a list of texts, or objects with names.

    Raises:
        ValueProblemError: it is nothing of the kind.
    """
    if isinstance(value, str) or value is None:
        return split_authors(clean_line(text_value("authors", value)))
    items = value if isinstance(value, list | tuple) else [value]
    names = [clean_line(text_value("authors", _name(item))).strip() for item in items]
    return _distinct(names)


def split_authors(text: str) -> tuple[str, ...]:
    """Return the names that a byline names, without "By", "Par" or بقلم."""
    names: list[str] = []
    for part in _SURE.split(_BY.sub("", text)):
        pieces = _UNSURE.split(part)
        safe = all(len(piece.split()) > 1 for piece in pieces)
        names += pieces if safe else [part]
    return _distinct(
        name.strip(" ,.") if len(names) > 1 else name.strip() for name in names
    )


def _name(item: Any) -> Any:
    """Return the name in an object such as JSON-LD's Person."""
    if not isinstance(item, Mapping):
        return item
    for key in ("name", "full_name", "display_name"):
        if item.get(key):
            return _name(item[key])
    return item


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
