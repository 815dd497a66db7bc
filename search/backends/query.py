"""Translate the filters of a ``SearchQuerySet`` to a query string of the archive's."""

from typing import Any

from django.utils.encoding import force_str
from haystack.backends import BaseSearchQuery, SearchNode
from haystack.constants import FILTER_SEPARATOR
from haystack.exceptions import SearchBackendError

_PHRASE_LOOKUPS = {"exact"}
_WORD_LOOKUPS = {"", "content", "contains"}


class ArchiveSearchQuery(BaseSearchQuery):  # type: ignore[misc]
    """The query of a ``SearchQuerySet`` whose filters look into the whole document.

    ``filter(content=...)``, ``exclude(content=...)`` and ``auto_query(...)`` are
    translated; facets are chosen with ``narrow("source:slug")``.
    """

    def build_query(self) -> str:
        """Return the query string."""
        return self._string(self.query_filter)

    def matching_all_fragment(self) -> str:
        """Return the query string that finds everything."""
        return ""

    def build_not_query(self, query_string: str) -> str:
        """Return the query string that finds what lacks ``query_string``."""
        return '-"{}"'.format(query_string.replace('"', " "))

    def _string(self, node: SearchNode) -> str:
        parts = [self._part(child) for child in node.children]
        if node.connector != SearchNode.AND and len(parts) > 1:
            raise SearchBackendError(
                "Filters joined by OR are not translated: search for each of them."
            )
        if node.negated:
            return " ".join(f"-{part}" for part in parts)
        return " ".join(parts)

    def _part(self, child: SearchNode | tuple[str, Any]) -> str:
        if isinstance(child, SearchNode):
            return self._string(child)
        expression, value = child
        field, _, lookup = expression.partition(FILTER_SEPARATOR)
        text = value.prepare(self) if hasattr(value, "prepare") else force_str(value)
        if field == "content" and lookup in _WORD_LOOKUPS:
            return str(text)
        if field == "content" and lookup in _PHRASE_LOOKUPS:
            return '"{}"'.format(str(text).replace('"', " "))
        raise SearchBackendError(
            f"{expression!r} is not translated: filter by content, or choose a facet "
            f"with narrow('{field}:value')."
        )
