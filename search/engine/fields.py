"""The fields that documents have, and the Whoosh schema made of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from whoosh import analysis as whoosh_analysis
from whoosh import fields

from search.analysis import tokenize

Kind = Literal["key", "text", "facet", "number", "stored"]

KEY = "id"
"""The field that names a document: one document per key."""

VALUE_SEPARATOR = "\x1f"
"""Stands between the values of a facet that has several for one document."""

UNKNOWN_NUMBER = -(2**63)
"""What the column of a number holds for documents without one."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of a document.

    Attributes:
        name: its name in queries and documents.
        kind: ``text`` is analysed, can be searched, and is kept as published;
            ``facet`` holds exact values, of which a document may have several;
            ``number`` is a whole number to sort by; ``stored`` is only given back.
            ``key`` is the document's name.
    """

    name: str
    kind: Kind


class WordAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]
    """``search.analysis`` as an analyzer of Whoosh's."""

    def __call__(  # noqa: PLR0913  Whoosh's signature
        self,
        value: str,
        *,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **_kwargs: Any,
    ) -> Iterator[whoosh_analysis.Token]:
        """Yield Whoosh's token, which it expects to be one object that changes."""
        changing = whoosh_analysis.Token(positions, chars, mode=mode)
        for token in tokenize(value):
            changing.text = token.written
            changing.boost = 1.0
            changing.stopped = False
            if positions:
                changing.pos = start_pos + token.position
            if chars:
                changing.startchar = start_char + token.start
                changing.endchar = start_char + token.end
            yield changing


def with_key(specs: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields of documents, their key among them."""
    return Field(KEY, "key"), *specs


def build_schema(specs: Iterable[Field]) -> fields.Schema:
    """Build the Whoosh schema of documents with these fields and a key."""
    return fields.Schema(**{spec.name: _field_type(spec) for spec in with_key(specs)})


def _field_type(spec: Field) -> fields.FieldType:
    if spec.kind == "key":
        return fields.ID(stored=True, unique=True)
    if spec.kind == "text":
        return fields.TEXT(analyzer=WordAnalyzer(), phrase=True, stored=True)
    if spec.kind == "facet":
        values = whoosh_analysis.RegexTokenizer(f"[^{VALUE_SEPARATOR}]+")
        return fields.KEYWORD(stored=True, sortable=True, analyzer=values)
    if spec.kind == "number":
        return fields.NUMERIC(
            int, bits=64, stored=True, sortable=True, default=UNKNOWN_NUMBER
        )
    return fields.STORED()
