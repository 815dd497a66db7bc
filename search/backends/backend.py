"""Haystack's backend over an engine's index."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.utils.timezone import localdate
from haystack import connections
from haystack.backends import BaseSearchBackend, SearchNode, log_query
from haystack.constants import DJANGO_CT, DJANGO_ID, DOCUMENT_FIELD, ID
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from haystack.utils.loading import UnifiedIndex

from articles.models import Article
from search.backends.documents import (
    engine_fields,
    from_document,
    has_moments,
    is_date,
    to_document,
)
from search.backends.facets import count_days, field_facet, stretches
from search.backends.filters import Filters
from search.backends.narrowing import read
from search.backends.query import BuiltQuery
from search.conf import search_settings
from search.engine import (
    Document,
    Found,
    Index,
    IndexDamagedError,
    IndexLockedError,
    Search,
    SortKey,
    Writer,
    snippet,
)
from search.query import Limits, query_tree, read_query, trees
from search.query.trees import Tree

logger = logging.getLogger(__name__)

ALL = 2**31
"""A limit beyond every index, for callers that name no end."""

MOST_ALIKE = 1000
"""Articles like another among which filters choose."""

_HIGHLIGHT_OPTIONS = {"length"}


class ArchiveSearchBackend(BaseSearchBackend):  # type: ignore[misc]
    """Speaks Haystack to Django people and the engine's interface to the index."""

    # What has a meaning inside the quotation marks of narrow('field:"value"').
    RESERVED_CHARACTERS = ("\\", '"')

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        if "PATH" not in options:
            raise SearchBackendError(
                f"HAYSTACK_CONNECTIONS[{connection_alias!r}] needs a 'PATH': "
                "the folder of the index."
            )
        self._path = Path(options["PATH"])

    @cached_property
    def index(self) -> Index:
        """The engine's index in the folder ``PATH``."""
        return Index(self._path, engine_fields(self._unified().all_searchfields()))

    @cached_property
    def filters(self) -> Filters:
        """What translates filters on the fields of this connection."""
        return Filters(self._unified(), _parse)

    @property
    def article_index(self) -> SearchIndex:
        """Haystack's ``ArticleIndex``, which says what belongs into the index."""
        return self._unified().get_index(Article)

    def put(self, writer: Writer, article: Article) -> None:
        """Add the document of ``article``, in place of an older one, to a commit."""
        writer.put(self.document(article))

    def document(self, article: Article) -> dict[str, Any]:
        """Return the document that is indexed of ``article``."""
        return _document(self.article_index, article)

    def values(
        self, document: Document, only: Collection[str] | None = None
    ) -> dict[str, Any]:
        """Return a document's fields as ``ArticleIndex`` knows them, and its ``pk``.

        Args:
            document: one that was found.
            only: the names of the fields that are wanted; None for all.
        """
        fields = self._unified().all_searchfields()
        return {
            "pk": document.fields[DJANGO_ID],
            **from_document(document.fields, fields, only),
        }

    def update(
        self,
        index: SearchIndex,
        iterable: Iterable[Model],
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Index ``iterable`` in one commit.

        Other processes that write to the index are waited for. If they take too long,
        nothing is indexed: an error, or a logged one on a connection with
        ``SILENTLY_FAIL``, as Haystack has it.
        """
        del commit  # There is no commit later than this one.
        with (
            self._may_fail("Articles were not indexed."),
            self.index.writer() as writer,
        ):
            for row in iterable:
                try:
                    _put(writer, index, row)
                except SkipDocument:
                    logger.debug("%s is not to be indexed.", get_identifier(row))

    def remove(
        self,
        obj_or_string: Model | str,
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Remove one document, named by its object or its identifier."""
        del commit
        key = get_identifier(obj_or_string)
        with self._may_fail(f"{key} was not removed."), self.index.writer() as writer:
            writer.remove(key)

    def clear(
        self,
        models: Sequence[type[Model]] | None = None,
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Remove the documents of some models, or every document."""
        del commit
        indexed = set(self._unified().get_indexed_models())
        with self._may_fail("The index was not cleared."):
            if models is None or indexed <= {*models}:
                # This mends an index that cannot be read, too.
                self.index.clear()
            else:
                self._remove_all(models)

    @log_query  # type: ignore[untyped-decorator]
    def search(self, query_string: str, **kwargs: Any) -> dict[str, Any]:
        """Search as a ``SearchQuerySet`` asks, or for a query string of a reader's."""
        search = Search(**self.build_search_kwargs(query_string, **kwargs))
        try:
            found = self.index.find(search)
            return {
                "results": self._results(found.documents, search.query, **kwargs),
                "hits": found.total,
                "facets": {
                    "fields": {
                        name: field_facet(found.facets[name], options)
                        for name, options in (kwargs.get("facets") or {}).items()
                    },
                    "dates": {
                        name: self._date_facet(name, details, search, found)
                        for name, details in (kwargs.get("date_facets") or {}).items()
                    },
                    "queries": self._query_facets(search, kwargs.get("query_facets")),
                },
                "spelling_suggestion": self._suggestion(
                    kwargs.get("spelling_query"), search.query
                ),
            }
        except IndexDamagedError as error:
            raise SearchBackendError(str(error)) from error

    def build_search_kwargs(  # noqa: PLR0913  Haystack's names
        self,
        query_string: str,
        *,
        sort_by: Sequence[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        facets: Mapping[str, Any] | None = None,
        date_facets: Mapping[str, Any] | None = None,
        narrow_queries: Iterable[str] | None = None,
        models: Iterable[type[Model]] | None = None,
        **_other: Any,
    ) -> dict[str, Any]:
        """Translate what Haystack passes to what the engine's ``Search`` takes."""
        self._check_facets(facets or ())
        self._check_dates(date_facets or ())
        end = ALL if end_offset is None else end_offset
        return {
            "query": self._narrowed(query_string, narrow_queries),
            "chosen": _of_models(models),
            "facets": tuple(facets or ()),
            "histograms": {
                name: "day" for name in date_facets or () if not self._has_moments(name)
            },
            "sort": [self._sort_key(name) for name in sort_by or ()],
            "offset": start_offset,
            # An empty window still has its total, and nobody looks at what is in it.
            "limit": max(1, end - start_offset),
        }

    def more_like_this(  # noqa: PLR0913  Haystack's names
        self,
        model_instance: Model,
        additional_query_string: str = "",
        *,
        start_offset: int = 0,
        end_offset: int | None = None,
        narrow_queries: Iterable[str] | None = None,
        models: Iterable[type[Model]] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Find articles like one: the likest ones, of those that filters leave."""
        allowed = self._narrowed(additional_query_string, narrow_queries)
        try:
            alike = self.index.more_like(
                get_identifier(model_instance), MOST_ALIKE, chosen=_of_models(models)
            ).documents
            keys = trees.any_of(trees.value(ID, d.fields[ID]) for d in alike)
            left = Search(trees.among(allowed, keys), limit=MOST_ALIKE)
            kept = {document.fields[ID] for document in self.index.find(left).documents}
        except IndexDamagedError as error:
            raise SearchBackendError(str(error)) from error
        documents = [document for document in alike if document.fields[ID] in kept]
        window = documents[start_offset:end_offset]
        return {
            "results": self._results(window, allowed, **kwargs),
            "hits": len(documents),
        }

    def _remove_all(self, models: Iterable[type[Model]]) -> None:
        everything = Search(trees.everything(), _of_models(models), limit=ALL)
        with self.index.writer() as writer:
            for document in self.index.find(everything).documents:
                writer.remove(document.fields[ID])

    @contextmanager
    def _may_fail(self, message: str) -> Iterator[None]:
        """Log that the index is locked, where failures are to be silent."""
        try:
            yield
        except IndexLockedError:
            if not self.silently_fail:
                raise
            logger.exception(message)

    def _narrowed(
        self, query_string: str, narrow_queries: Iterable[str] | None
    ) -> Tree:
        """Return what to look for, among what every one of the narrow queries leaves."""
        if isinstance(query_string, BuiltQuery):
            tree = query_string.tree
        else:
            tree = _parse(query_string)
        narrow = [self.filters.tree(read(text)) for text in narrow_queries or ()]
        return trees.among(tree, trees.all_of(narrow)) if narrow else tree

    def _check_facets(self, names: Iterable[str]) -> None:
        facets = self._names("facet")
        for name in names:
            if name not in facets:
                raise SearchBackendError(
                    f"{name!r} is not a facet. Make it a FacetCharField in ArticleIndex, "
                    "or count days with date_facet()."
                )

    def _sort_key(self, name: str) -> SortKey:
        field = name.removeprefix("-")
        orders = [*self._names("number"), *self._names("facet")]
        if field not in orders:
            raise SearchBackendError(
                f"Results are sorted by relevance or by {', '.join(orders)}, not by "
                f"{field!r}. Make it a date, an IntegerField or a FacetCharField in "
                "ArticleIndex."
            )
        return SortKey(field, descending=name.startswith("-"))

    def _names(self, kind: str) -> list[str]:
        return [field.name for field in self.index.fields if field.kind == kind]

    def _check_dates(self, names: Iterable[str]) -> None:
        fields = self._unified().all_searchfields()
        for name in names:
            if name not in fields or not is_date(fields[name]):
                raise SearchBackendError(
                    f"{name!r} has no dates to count. Make it a DateField or a "
                    "DateTimeField in ArticleIndex."
                )

    def _has_moments(self, name: str) -> bool:
        return has_moments(self._unified().all_searchfields()[name])

    def _date_facet(
        self, name: str, details: Mapping[str, Any], search: Search, found: Found
    ) -> list[tuple[Any, int]]:
        """Count stretches of time: days in the search's own pass, moments one by one."""
        is_fine = self._has_moments(name)
        parts = stretches(details, has_days_only=not is_fine)
        if is_fine:
            ends = [{f"{name}__gte": p.start, f"{name}__lt": p.end} for p in parts]
            counts = self._count(search, [SearchNode([*e.items()]) for e in ends])
        else:
            counts = count_days(parts, found.histograms[name].bars)
        return [(p.start, count) for p, count in zip(parts, counts, strict=True)]

    def _query_facets(
        self, search: Search, facets: Iterable[tuple[str, str]] | None
    ) -> dict[str, int]:
        named = {f"{name}:{text}": read(text, name) for name, text in facets or ()}
        return dict(zip(named, self._count(search, named.values()), strict=True))

    def _count(self, search: Search, filters: Iterable[SearchNode]) -> list[int]:
        """Count what ``search`` finds under each of ``filters``."""
        return self.index.totals(
            replace(search, query=trees.among(search.query, self.filters.tree(node)))
            for node in filters
        )

    def _results(
        self,
        documents: Iterable[Document],
        tree: Tree,
        *,
        highlight: bool | Mapping[str, Any] = False,
        result_class: type[SearchResult] | None = None,
        fields: Collection[str] | None = None,
        **_other: Any,
    ) -> list[SearchResult]:
        options = highlight if isinstance(highlight, Mapping) else {}
        marker = self._marker(tree, options) if highlight else None
        results = []
        for document in documents:
            app_label, model_name = document.fields[DJANGO_CT][0].split(".")
            result = (result_class or SearchResult)(
                app_label,
                model_name,
                score=document.score,
                id=document.fields[ID],
                **self.values(document, fields or None),
            )
            if marker:
                result.highlighted = marker(document)
            results.append(result)
        return results

    def _marker(
        self, tree: Tree, options: Mapping[str, Any]
    ) -> Callable[[Document], dict[str, list[str]]]:
        """Return what makes the snippet of a document."""
        if unknown := sorted(set(options) - _HIGHLIGHT_OPTIONS):
            raise SearchBackendError(
                f"highlight() has no option {unknown[0]!r}. It has "
                f"{', '.join(sorted(_HIGHLIGHT_OPTIONS))}."
            )
        forms = self.index.matched(trees.wanted_words(tree))
        length = options.get("length", search_settings().snippet_length)
        name = DOCUMENT_FIELD
        return lambda document: {
            name: [snippet(document.fields[name], forms, length=length)]
        }

    def _suggestion(self, text: str | None, tree: Tree) -> str | None:
        if not self.include_spelling:
            return None
        words = " ".join(word.text for word in trees.wanted_words(tree))
        return self.index.suggest(text or words)

    def _unified(self) -> UnifiedIndex:
        return connections[self.connection_alias].get_unified_index()


def _put(writer: Writer, index: SearchIndex, row: Model) -> None:
    writer.put(_document(index, row))


def _document(index: SearchIndex, row: Model) -> dict[str, Any]:
    return to_document(index.full_prepare(row), index.fields.values())


def _of_models(models: Iterable[type[Model]] | None) -> dict[str, list[str]]:
    return {DJANGO_CT: [get_model_ct(model) for model in models]} if models else {}


def _parse(text: str) -> Tree:
    """Read what a reader typed."""
    settings = search_settings()
    limits = Limits(settings.max_query_length, settings.max_query_words)
    return query_tree(read_query(text, limits, today=localdate()).root)
