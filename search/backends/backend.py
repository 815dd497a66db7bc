"""Haystack's backend over an engine's index."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import Model
from haystack import connections
from haystack.backends import BaseSearchBackend, log_query
from haystack.constants import DJANGO_CT, DJANGO_ID
from haystack.exceptions import SearchBackendError
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from haystack.utils.loading import UnifiedIndex

from articles.models import Article
from search.backends.documents import engine_fields, from_document, to_document
from search.conf import search_settings
from search.engine import Document, Index, Search, SortKey, Writer, snippet
from search.query import ParsedQuery, parse

MOST_RESULTS = 1000
"""Results given when a caller names no end."""


class ArchiveSearchBackend(BaseSearchBackend):  # type: ignore[misc]
    """Speaks Haystack to Django people and the engine's interface to the index."""

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

    @property
    def article_index(self) -> SearchIndex:
        """Haystack's ``ArticleIndex``, which says what belongs into the index."""
        return self._unified().get_index(Article)

    def put(self, writer: Writer, article: Article) -> None:
        """Add the document of ``article``, in place of an older one, to a commit."""
        index = self.article_index
        writer.put(to_document(index.full_prepare(article), index.fields.values()))

    def values(self, document: Document) -> dict[str, Any]:
        """Return a document's fields as ``ArticleIndex`` knows them, and its ``pk``."""
        fields = self._unified().all_searchfields()
        return {
            "pk": document.fields[DJANGO_ID],
            **from_document(document.fields, fields),
        }

    def update(
        self,
        index: SearchIndex,
        iterable: Iterable[Article],
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Index ``iterable`` in one commit."""
        del index, commit  # There is one index, and no commit later than this one.
        with self.index.writer() as writer:
            for article in iterable:
                self.put(writer, article)

    def remove(
        self,
        obj_or_string: Model | str,
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Remove one document, named by its object or its identifier."""
        del commit
        with self.index.writer() as writer:
            writer.remove(get_identifier(obj_or_string))

    def clear(
        self,
        models: Sequence[type[Model]] | None = None,
        commit: bool = True,  # noqa: FBT001, FBT002  Haystack's signature
    ) -> None:
        """Remove every document; the index holds those of one model only."""
        del models, commit
        self.index.clear()

    @log_query  # type: ignore[untyped-decorator]
    def search(self, query_string: str, **kwargs: Any) -> dict[str, Any]:
        """Search as a ``SearchQuerySet`` asks."""
        parsed = self._parse(query_string)
        found = self.index.find(self.build_search_kwargs(parsed, **kwargs))
        forms = self.index.matched(parsed.words) if kwargs.get("highlight") else None
        result_class = kwargs.get("result_class") or SearchResult
        return {
            "results": [
                self._result(document, forms, result_class)
                for document in found.documents
            ],
            "hits": found.total,
            "facets": {
                "fields": {
                    name: sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
                    for name, counts in found.facets.items()
                }
            },
        }

    def build_search_kwargs(  # noqa: PLR0913  Haystack's names
        self,
        parsed: ParsedQuery,
        *,
        sort_by: Sequence[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        facets: dict[str, Any] | None = None,
        narrow_queries: Iterable[str] | None = None,
        models: Iterable[type[Model]] | None = None,
        **_other: Any,
    ) -> Search:
        """Translate what Haystack passes to a search of the engine's."""
        chosen: dict[str, list[str]] = {}
        for narrow in narrow_queries or ():
            name, _, value = narrow.partition(":")
            chosen.setdefault(name, []).append(value.strip('"'))
        if models:
            chosen[DJANGO_CT] = [get_model_ct(model) for model in models]
        self._check_facets([*chosen, *(facets or ())])
        end = start_offset + MOST_RESULTS if end_offset is None else end_offset
        return Search(
            parsed.tree,
            chosen=chosen,
            facets=tuple(facets or ()),
            sort=[SortKey(s.lstrip("-"), s.startswith("-")) for s in sort_by or ()],
            offset=start_offset,
            limit=end - start_offset,
        )

    def _check_facets(self, names: Iterable[str]) -> None:
        known = {field.name for field in self.index.fields if field.kind == "facet"}
        for name in names:
            if name not in known:
                raise SearchBackendError(
                    f"{name!r} is not a facet. Make it a FacetCharField in ArticleIndex."
                )

    def _result(
        self,
        document: Document,
        forms: frozenset[str] | None,
        result_class: type[SearchResult],
    ) -> SearchResult:
        app_label, model_name = document.fields[DJANGO_CT][0].split(".")
        values = self.values(document)
        result = result_class(app_label, model_name, score=document.score, **values)
        if forms is not None:
            length = search_settings().snippet_length
            result.highlighted = {
                "text": [snippet(values["text"], forms, length=length)]
            }
        return result

    def _parse(self, query_string: str) -> ParsedQuery:
        settings = search_settings()
        return parse(
            query_string,
            max_length=settings.max_query_length,
            max_words=settings.max_query_words,
        )

    def _unified(self) -> UnifiedIndex:
        return connections[self.connection_alias].get_unified_index()
