"""What a ``SearchQuerySet`` collects, made into one tree for the engine."""

from typing import Any, NoReturn, Self

from haystack.backends import BaseSearchQuery
from haystack.exceptions import MoreLikeThisError, SearchBackendError

from search.backends.narrowing import write
from search.query import trees
from search.query.trees import Tree


class BuiltQuery(str):
    """A query as a person may read it, with the tree that the engine looks for.

    Haystack hands a string from query to backend; this one carries its meaning.
    """

    __slots__ = ("tree",)

    tree: Tree

    def __new__(cls, text: str, tree: Tree) -> Self:
        """Make it."""
        built = super().__new__(cls, text)
        built.tree = tree
        return built


class ArchiveSearchQuery(BaseSearchQuery):  # type: ignore[misc]
    """The query of a ``SearchQuerySet``."""

    def build_query(self) -> BuiltQuery:
        """Return the filters and boosts."""
        tree = self.backend.filters.tree(self.query_filter)
        text = self.query_filter.as_query_string(self.build_query_fragment)
        for word, boost in self.boost.items():
            tree = trees.preferring(tree, trees.words(word, boost=boost))
            text = f"{text} {self.boost_fragment(word, boost)}".lstrip()
        return BuiltQuery(text or self.matching_all_fragment(), tree)

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        """Return one filter as ``narrow`` reads it."""
        return write(field, filter_type, value)

    def matching_all_fragment(self) -> str:
        """Return the query string that finds everything."""
        return ""

    def run_mlt(self, **kwargs: Any) -> None:
        """Find articles like one, among those that the filters leave."""
        if not self._more_like_this or self._mlt_instance is None:
            raise MoreLikeThisError("Give more_like_this() an article.")
        results = self.backend.more_like_this(
            self._mlt_instance, self.build_query(), **self.build_params(), **kwargs
        )
        self._results = results["results"]
        self._hit_count = results["hits"]

    def add_stats_query(self, stats_field: str, stats_facets: object) -> NoReturn:
        """Refuse statistics."""
        del stats_facets
        raise SearchBackendError(
            f"There are no statistics of {stats_field!r}. Count its values with "
            "facet() or date_facet()."
        )

    def add_within(self, field: str, point_1: object, point_2: object) -> NoReturn:
        """Refuse places on a map."""
        del point_1, point_2
        raise _no_map(field)

    def add_dwithin(self, field: str, point: object, distance: object) -> NoReturn:
        """Refuse places on a map."""
        del point, distance
        raise _no_map(field)

    def add_distance(self, field: str, point: object) -> NoReturn:
        """Refuse places on a map."""
        del point
        raise _no_map(field)


def _no_map(field: str) -> SearchBackendError:
    return SearchBackendError(
        f"{field!r} cannot be searched on a map: the archive knows places by name. "
        "Filter by place."
    )
