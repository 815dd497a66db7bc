"""What readers call the values that the index holds: slugs, codes and years."""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.utils.translation import gettext as _

from search.analysis import language_name
from search.results import MISSING

# Every page of results asks this, and Django takes longer to write it than the database
# to answer.
_NAMES = """
    SELECT 'source', slug, name FROM articles_source {which}
    UNION ALL
    SELECT 'section', slug, name FROM articles_section {which}
"""


class Labels(dict[tuple[str, str], str]):
    """(facet, value) -> what a reader knows it as; an unknown value is its own name."""

    def __missing__(self, key: tuple[str, str]) -> str:
        name, value = key
        if value == MISSING:
            return {
                "year": _("Date unknown"),
                "author": _("No author"),
                "place": _("No place"),
            }.get(name, _("No section"))
        if name == "language":
            return language_name(value)
        return value

    def names(self, facet: str) -> Mapping[str, str]:
        """Return value -> label of the sources or sections that were looked up."""
        return {value: label for (name, value), label in self.items() if name == facet}


def labels_of(values: Mapping[str, Iterable[str]]) -> Labels:
    """Look up the names of sources and sections, in one query.

    Args:
        values: facet -> the slugs that are wanted.
    """
    return _looked_up(
        _NAMES.format(which="WHERE slug = ANY(%s)"),
        [list(values.get(facet, ())) for facet in ("source", "section")],
    )


def all_labels() -> Labels:
    """Look up the names of all sources and sections, in one query."""
    return _looked_up(_NAMES.format(which=""), [])


def _looked_up(query: str, slugs: list[list[str]]) -> Labels:
    with connection.cursor() as cursor:
        cursor.execute(query, slugs)
        return Labels({(facet, slug): name for facet, slug, name in cursor.fetchall()})
