"""The header block of a text: lines such as "Title: …" before the text itself.

The names of fields are those of columns (``mapping``), in three languages. A block counts
only if each of its lines names a field, if it names a title or two fields at least, and
if a blank line and a text follow: a text may begin with "Paris: …" all the same.
"""

import re

from articles.importing.mapping import guess_field

_LINE = re.compile(
    r"\s{0,4}([^:\N{FULLWIDTH COLON}\n]{1,40}?)\s*[:\N{FULLWIDTH COLON}](?:\s+(.*)|$)"
)
_FENCE = "---"
_MOST_LINES = 30


def split_header(text: str) -> tuple[dict[str, str], str]:
    """Return the fields that the head of a text names, and the rest of the text."""
    lines = text.lstrip("\n").split("\n", _MOST_LINES)
    start = 1 if lines[0].strip() == _FENCE else 0
    values: dict[str, str] = {}
    for number, line in enumerate(lines[start:], start):
        if not line.strip() or (start and line.strip() == _FENCE):
            rest = "\n".join(lines[number + 1 :])
            told = "title" in values or len(values) > 1
            return (values, rest) if told and rest.strip() else ({}, text)
        found = _LINE.fullmatch(line)
        field = guess_field(found[1]) if found else None
        if not found or field is None or field == "body" or field in values:
            break
        values[field] = (found[2] or "").strip()
    return {}, text
