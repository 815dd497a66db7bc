"""Fields and values, from Haystack to the engine and back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from haystack import fields
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError

from search.backends.documents import (
    engine_fields,
    from_document,
    kind_of,
    number_of,
    to_document,
)


def field(kind: type[fields.SearchField], **options: Any) -> fields.SearchField:
    made = kind(**options)
    made.set_instance_name("it")
    return made


@pytest.mark.parametrize(
    ("made", "kind", "value", "stored"),
    [
        (field(fields.CharField), "text", "كتاب", "كتاب"),
        (field(fields.EdgeNgramField), "text", "كتاب", "كتاب"),
        (field(fields.CharField, indexed=False), "stored", "x", "x"),
        (field(fields.FacetCharField), "facet", "ar", ("ar",)),
        (field(fields.FacetMultiValueField), "facet", ["a", "b"], ("a", "b")),
        (field(fields.MultiValueField), "facet", ["a", "b"], ("a", "b")),
        (field(fields.MultiValueField), "facet", [], ()),
        (field(fields.IntegerField), "number", 7, 7),
        (field(fields.BooleanField), "number", True, 1),
        (field(fields.DateField), "number", date(1, 1, 2), 2),
        (field(fields.DateField), "number", None, None),
        (
            field(fields.DateTimeField),
            "number",
            datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC),
            1_000_005,
        ),
    ],
)
def test_values_come_back_as_they_went(
    made: fields.SearchField, kind: str, value: object, stored: object
) -> None:
    prepared = {ID: "a.b.1", DJANGO_CT: "a.b", DJANGO_ID: 1, "it": value}
    document = to_document(prepared, [made])
    assert kind_of(made) == kind
    assert document == {ID: "a.b.1", DJANGO_CT: ("a.b",), DJANGO_ID: "1", "it": stored}
    assert from_document(document, {"it": made}) == {"it": value}
    assert from_document(document, {"it": made}, only=["other"]) == {}
    assert engine_fields({"it": made})[-1].kind == kind


@pytest.mark.parametrize(
    "kind", [fields.FloatField, fields.DecimalField, fields.LocationField]
)
def test_fractions_are_refused_with_a_cure(kind: type[fields.SearchField]) -> None:
    with pytest.raises(SearchBackendError, match="IntegerField"):
        engine_fields({"it": field(kind)})


def test_yes_and_no_may_be_text() -> None:
    made = field(fields.BooleanField)
    assert [number_of(v, made) for v in ("true", "False", True, 0)] == [1, 0, 1, 0]
