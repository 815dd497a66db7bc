"""Translate Haystack's fields and values to the engine's, and back."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from haystack import fields
from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from search.engine import Field

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def engine_fields(searchfields: Mapping[str, fields.SearchField]) -> list[Field]:
    """Return the engine's fields for the fields of a Haystack index."""
    return [
        Field(DJANGO_CT, "facet"),
        Field(DJANGO_ID, "stored"),
        *(_engine_field(field) for field in searchfields.values()),
    ]


def to_document(
    prepared: Mapping[str, Any], searchfields: Iterable[fields.SearchField]
) -> dict[str, Any]:
    """Translate what ``SearchIndex.full_prepare`` gives to a document."""
    document = {
        ID: prepared[ID],
        DJANGO_CT: (prepared[DJANGO_CT],),
        DJANGO_ID: str(prepared[DJANGO_ID]),
    }
    for field in searchfields:
        name = field.index_fieldname
        document[name] = _to_engine(prepared.get(name), field)
    return document


def from_document(
    document: Mapping[str, Any], searchfields: Mapping[str, fields.SearchField]
) -> dict[str, Any]:
    """Translate the stored fields of a document to values of Haystack's fields."""
    return {
        name: _from_engine(document.get(field.index_fieldname), field)
        for name, field in searchfields.items()
    }


def _engine_field(field: fields.SearchField) -> Field:
    name = field.index_fieldname
    if isinstance(field, fields.FacetField):
        return Field(name, "facet")
    if isinstance(field, fields.DateField | fields.DateTimeField | fields.IntegerField):
        return Field(name, "number")
    return Field(name, "text" if field.indexed else "stored")


def _to_engine(value: Any, field: fields.SearchField) -> Any:
    if value is None:
        return None
    if isinstance(field, fields.FacetField):
        values = value if isinstance(value, list | tuple) else [value]
        return tuple(str(single) for single in values)
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    if isinstance(value, date):
        return value.toordinal()
    return value


def _from_engine(value: Any, field: fields.SearchField) -> Any:
    if value is None:
        return None
    if isinstance(field, fields.FacetField):
        # Only fields of several values give them as a sequence.
        is_multiple = isinstance(field, fields.FacetMultiValueField)
        return list(value) if is_multiple else "".join(value[:1])
    if isinstance(field, fields.DateTimeField):
        return _EPOCH + value * _MICROSECOND
    if isinstance(field, fields.DateField):
        return date.fromordinal(value)
    return value
