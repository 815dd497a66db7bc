"""Translate Haystack's fields and values to the engine's, and back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import is_naive, localdate, make_aware
from haystack import fields
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError

from search.engine import Field
from search.engine.fields import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_FACETS = (fields.FacetField, fields.MultiValueField)
_DATES = (fields.DateField, fields.DateTimeField)
_NUMBERS = (*_DATES, fields.IntegerField, fields.BooleanField)
_FRACTIONS = (fields.FloatField, fields.DecimalField, fields.LocationField)


def engine_fields(searchfields: Mapping[str, fields.SearchField]) -> list[Field]:
    """Return the engine's fields for the fields of a Haystack index."""
    return [
        Field(DJANGO_CT, "facet"),
        Field(DJANGO_ID, "stored"),
        *(Field(f.index_fieldname, kind_of(f)) for f in searchfields.values()),
    ]


def kind_of(field: fields.SearchField) -> Kind:
    """Return what the engine makes of a field."""
    if isinstance(field, _FACETS):
        return "facet"
    if isinstance(field, _NUMBERS):
        return "number"
    if isinstance(field, _FRACTIONS):
        kind = type(field).__name__
        raise SearchBackendError(
            f"{field.instance_name!r} is a {kind}, and the engine's numbers are whole: "
            "make it an IntegerField or a CharField."
        )
    return "text" if field.indexed else "stored"


def is_date(field: fields.SearchField) -> bool:
    """Whether the numbers of a field are days or moments."""
    return isinstance(field, _DATES) and kind_of(field) == "number"


def has_moments(field: fields.SearchField) -> bool:
    """Whether the numbers of a field are moments, and not days."""
    return isinstance(field, fields.DateTimeField)


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
    document: Mapping[str, Any],
    searchfields: Mapping[str, fields.SearchField],
    only: Collection[str] | None = None,
) -> dict[str, Any]:
    """Translate the stored fields of a document to values of Haystack's fields.

    Args:
        document: the stored fields.
        searchfields: Haystack's fields.
        only: the names of those that are wanted; None for all.
    """
    return {
        name: _from_engine(document.get(field.index_fieldname), field)
        for name, field in searchfields.items()
        if only is None or name in only
    }


def number_of(value: Any, field: fields.SearchField) -> int:
    """Return the number that the engine has for ``value`` in a number field.

    A day is a moment too, its midnight in the current time zone; a naive moment is one
    of that zone. Text is read as ISO 8601.

    Raises:
        ValueError: it has none.
        TypeError: so has its type.
    """
    if isinstance(field, fields.DateTimeField):
        return (_moment(value) - _EPOCH) // _MICROSECOND
    if isinstance(field, fields.DateField):
        return _day(value).toordinal()
    if isinstance(field, fields.BooleanField) and isinstance(value, str):
        return ("false", "true").index(value.lower())
    return int(value)


def _to_engine(value: Any, field: fields.SearchField) -> Any:
    if value is None:
        return None
    if isinstance(field, _FACETS):
        is_sequence = not isinstance(value, str) and isinstance(value, Iterable)
        return tuple(str(single) for single in (value if is_sequence else [value]))
    return number_of(value, field) if kind_of(field) == "number" else value


def _from_engine(value: Any, field: fields.SearchField) -> Any:
    if value is None:
        return None
    if isinstance(field, _FACETS):
        # Only fields of several values give them as a sequence.
        return list(value) if field.is_multivalued else "".join(value[:1])
    if isinstance(field, fields.DateTimeField):
        return _EPOCH + value * _MICROSECOND
    if isinstance(field, fields.DateField):
        return date.fromordinal(value)
    return bool(value) if isinstance(field, fields.BooleanField) else value


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return make_aware(value) if is_naive(value) else value


def _day(value: Any) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return date.fromordinal(value.toordinal())
    return value.date() if is_naive(value) else localdate(value)
