"""What readers call the values that the index holds: slugs, codes and years."""

from collections.abc import Iterable, Mapping

from django.db.models import Value
from django.utils.translation import gettext as _

from articles.models import Section, Source
from articles.querysets import NamedQuerySet
from search.analysis import language_name
from search.results import MISSING


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
    sources = Source.objects.filter(slug__in=list(values.get("source", ())))
    sections = Section.objects.filter(slug__in=list(values.get("section", ())))
    return _looked_up(sources, sections)


def all_labels() -> Labels:
    """Look up the names of all sources and sections, in one query."""
    return _looked_up(Source.objects.all(), Section.objects.all())


def _looked_up(sources: NamedQuerySet, sections: NamedQuerySet) -> Labels:
    rows = (
        sources.annotate(facet=Value("source"))
        .values_list("facet", "slug", "name")
        .union(
            sections.annotate(facet=Value("section")).values_list(
                "facet", "slug", "name"
            ),
            all=True,
        )
    )
    return Labels({(facet, slug): name for facet, slug, name in rows.order_by()})
