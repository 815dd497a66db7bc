"""Translate the filters of a ``SearchQuerySet`` to trees of the engine's queries.

A *filter* is a field, a lookup and a value. What a lookup means depends on what the
engine makes of the field: words of texts are looked for on the match ladder, values of
facets are exact, days and moments are numbers. Filters are joined by ``SearchNode``,
Haystack's tree of AND, OR and NOT.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from haystack.backends import SearchNode
from haystack.constants import (
    DJANGO_CT,
    DJANGO_ID,
    FILTER_SEPARATOR,
    FUZZY_WHOOSH_MAX_EDITS,
    FUZZY_WHOOSH_MIN_PREFIX,
    ID,
    VALID_FILTERS,
)
from haystack.exceptions import SearchBackendError
from haystack.fields import EdgeNgramField, NgramField, SearchField
from haystack.inputs import AltParser, AutoQuery, BaseInput, Exact, Not, Raw
from haystack.utils import get_model_ct
from haystack.utils.loading import UnifiedIndex

from search.backends.documents import kind_of, number_of
from search.query import FIELD_WEIGHTS, trees
from search.query.trees import Tree, Weights

CONTENT = "content"
"""Haystack's name for every text field at once, and for the lookup by words."""

_RANGES = {"gt": (True, False), "gte": (False, False)} | {
    "lt": (False, True),
    "lte": (False, False),
}


class Filters:
    """Translates filters on the fields of an index."""

    def __init__(self, unified: UnifiedIndex, parse: Callable[[str], Tree]) -> None:
        """Begin.

        Args:
            unified: Haystack's fields.
            parse: reads what a reader typed.
        """
        self._unified = unified
        self._parse = parse

    def tree(self, node: SearchNode) -> Tree:
        """Return the tree of a node with everything below it."""
        children = [
            self.tree(child) if isinstance(child, SearchNode) else self._filter(*child)
            for child in node.children
        ]
        is_any = node.connector == SearchNode.OR and children
        tree = trees.any_of(children) if is_any else trees.all_of(children)
        return trees.but_not(tree) if node.negated else tree

    def _filter(self, expression: str, value: Any) -> Tree:
        name, lookup = split(expression)
        if isinstance(value, AltParser):
            raise SearchBackendError(
                "AltParser names a parser of another engine. Use AutoQuery or Raw."
            )
        if type(value) in {AutoQuery, Raw}:
            return self._read(name, str(value))
        if type(value) is Not:
            return trees.but_not(self._look_up(name, lookup, str(value)))
        if type(value) is Exact:
            return self._look_up(name, "exact", str(value))
        if isinstance(value, BaseInput):
            # Input types of somebody's own prepare what is looked for.
            prepared = value.prepare(_AsTyped())
            if not value.post_process:
                return self._read(name, str(prepared))
            return self._look_up(name, lookup, prepared)
        return self._look_up(name, lookup, value)

    def _read(self, name: str, text: str) -> Tree:
        """Read what a reader typed, for every text field or for one."""
        if name == CONTENT:
            return self._parse(text)
        return trees.only_in(self._parse(text), self._text_field(name))

    def _look_up(self, name: str, lookup: str, value: Any) -> Tree:
        if value is None:
            raise SearchBackendError(
                f"None is no value to filter {name!r} by. Exclude those that have any."
            )
        if lookup == "in":
            values = [value] if isinstance(value, str) else list(value)
            return trees.any_of(self._look_up(name, "exact", each) for each in values)
        if name == CONTENT:
            return _text(name, lookup, value, FIELD_WEIGHTS)
        if name in {"pk", DJANGO_ID}:
            return self._key(name, lookup, value)
        if name in {ID, DJANGO_CT}:
            return _facet(name, lookup, value)
        return self._in_field(name, lookup, value)

    def _in_field(self, name: str, lookup: str, value: Any) -> Tree:
        field = self._field(name)
        own_name = field.index_fieldname
        match kind_of(field):
            case "text":
                return _text(name, _lookup_of(field, lookup), value, {own_name: 1.0})
            case "facet":
                return _facet(own_name, lookup, value)
            case "number":
                return _number(field, lookup, value)
        raise SearchBackendError(
            f"{name!r} is only kept. Make it indexed in ArticleIndex to look into it."
        )

    def _field(self, name: str) -> SearchField:
        fields = self._unified.all_searchfields()
        field = fields.get(self._unified.get_index_fieldname(name))
        if field is None:
            raise SearchBackendError(
                f"There is no field {name!r}. There are "
                f"{', '.join(sorted([CONTENT, 'pk', ID, *fields]))}."
            )
        return field

    def _text_field(self, name: str) -> str:
        field = self._field(name)
        if kind_of(field) != "text":
            raise SearchBackendError(
                f"{name!r} has no words to look for. Filter by its values."
            )
        own_name: str = field.index_fieldname
        return own_name

    def _key(self, name: str, lookup: str, value: Any) -> Tree:
        if lookup not in {CONTENT, "exact"}:
            raise _refused(name, lookup, [CONTENT, "exact", "in"])
        models: Iterable[type[Model]] = self._unified.get_indexed_models()
        keys = [f"{get_model_ct(model)}.{value}" for model in models]
        return trees.any_of(trees.value(ID, key) for key in keys)


class _AsTyped:
    """Stands for a query where an input type asks one to clean: nothing needs it."""

    def clean(self, text: str) -> str:
        """Return ``text``."""
        return text

    def build_exact_query(self, text: str) -> str:
        """Return ``text`` as a phrase."""
        return f'"{text}"'

    def build_not_query(self, text: str) -> str:
        """Return what excludes ``text``."""
        return f'-"{text}"'


def split(expression: str) -> tuple[str, str]:
    """Return the field and the lookup of ``field__lookup``.

    Raises:
        SearchBackendError: there is no such lookup.
    """
    name, _, lookup = expression.partition(FILTER_SEPARATOR)
    if lookup and lookup not in VALID_FILTERS:
        raise _refused(name, lookup, VALID_FILTERS)
    return name, lookup or CONTENT


def _lookup_of(field: SearchField, lookup: str) -> str:
    """Look for beginnings or parts where a field is made for completion."""
    if lookup == CONTENT and isinstance(field, NgramField):
        return "startswith" if isinstance(field, EdgeNgramField) else "contains"
    return lookup


def _text(name: str, lookup: str, value: Any, weights: Weights) -> Tree:
    text = str(value)
    match lookup:
        case "content":
            return trees.words(text, weights)
        case "contains":
            return trees.any_of(
                [trees.words(text, weights), trees.words_containing(text, weights)]
            )
        case "exact":
            return trees.phrase(text, weights)
        case "startswith":
            return trees.words_starting(text, weights)
        case "endswith":
            return trees.words_ending(text, weights)
        case "fuzzy":
            return trees.words_like(
                text,
                weights,
                edits=FUZZY_WHOOSH_MAX_EDITS,
                prefix=FUZZY_WHOOSH_MIN_PREFIX,
            )
    raise _refused(
        name,
        lookup,
        [CONTENT, "contains", "exact", "in", "startswith", "endswith", "fuzzy"],
    )


def _facet(name: str, lookup: str, value: Any) -> Tree:
    if lookup in {*_RANGES, "range"}:
        low, high = _bounds(name, lookup, value)
        above, below = _RANGES.get(lookup, (False, False))
        return trees.value_between(
            name,
            None if low is None else str(low),
            None if high is None else str(high),
            above=above,
            below=below,
        )
    text = str(value)
    match lookup:
        case "contains":
            return trees.value_containing(name, text)
        case "startswith":
            return trees.value_starting(name, text)
        case "endswith":
            return trees.value_ending(name, text)
        case "fuzzy":
            return trees.value_like(
                name,
                text,
                edits=FUZZY_WHOOSH_MAX_EDITS,
                prefix=FUZZY_WHOOSH_MIN_PREFIX,
            )
    return trees.value(name, text)


def _number(field: SearchField, lookup: str, value: Any) -> Tree:
    name = field.index_fieldname
    if lookup in {CONTENT, "contains", "exact"}:
        number = _number_of(value, field)
        return trees.between(name, number, number)
    if lookup not in {*_RANGES, "range"}:
        allowed = [CONTENT, "exact", "in", "gt", "gte", "lt", "lte", "range"]
        raise _refused(name, lookup, allowed)
    low, high = (
        None if bound is None else _number_of(bound, field)
        for bound in _bounds(name, lookup, value)
    )
    above, below = _RANGES.get(lookup, (False, False))
    return trees.between(name, low, high, above=above, below=below)


def _bounds(name: str, lookup: str, value: Any) -> tuple[Any, Any]:
    """Return the lower and the upper bound; None where there is none."""
    if lookup != "range":
        return (value, None) if lookup in {"gt", "gte"} else (None, value)
    try:
        low, high = value
    except (TypeError, ValueError) as error:
        raise SearchBackendError(
            f"{name}__range takes two values, the first and the last, not {value!r}."
        ) from error
    return low, high


def _number_of(value: Any, field: SearchField) -> int:
    try:
        return number_of(value, field)
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise SearchBackendError(
            f"{value!r} is no value of {field.instance_name!r}, which is a "
            f"{type(field).__name__}. Dates may be given in ISO 8601, as 2020-01-31."
        ) from error


def _refused(name: str, lookup: str, allowed: Iterable[str]) -> SearchBackendError:
    return SearchBackendError(
        f"{name!r} has no lookup {lookup!r}. It has {', '.join(sorted(allowed))}."
    )
