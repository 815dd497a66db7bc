"""Which field of an article becomes which field of a document."""

from datetime import date, datetime
from typing import Any

from haystack import fields, indexes

from articles.models import Article
from articles.querysets import ArticleQuerySet
from search.analysis import order_numbers
from search.results import MISSING


class ArticleIndex(indexes.SearchIndex, indexes.Indexable):  # type: ignore[misc]
    """The document made of an article.

    ``text`` and the other character fields are analysed and kept as published. The
    facet fields hold what stands in addresses: slugs, codes, names and years. ``length``
    is the text's, in characters, and the ``title_order`` numbers sort by title.
    """

    text = indexes.CharField(document=True, model_attr="body")
    title = indexes.CharField(model_attr="title")
    subtitle = indexes.CharField(model_attr="subtitle")
    authors = indexes.CharField()
    place = indexes.CharField(model_attr="place")
    source = indexes.FacetCharField(model_attr="source__slug")
    section = indexes.FacetCharField(model_attr="section__slug", default=MISSING)
    language = indexes.FacetCharField(model_attr="language")
    author = fields.FacetMultiValueField()
    dateline = indexes.FacetCharField()
    year = indexes.FacetCharField()
    published_on = indexes.DateField(model_attr="published_on", null=True)
    published_at = indexes.DateTimeField(model_attr="published_at", null=True)
    length = indexes.IntegerField()
    title_order_1 = indexes.IntegerField()
    title_order_2 = indexes.IntegerField()
    title_order_3 = indexes.IntegerField()

    def get_model(self) -> type[Article]:
        """Return the model that documents are made of."""
        return Article

    def get_updated_field(self) -> str:
        """Return what ``update_index --age`` looks at."""
        return "changed"

    def index_queryset(self, using: str | None = None) -> ArticleQuerySet:
        """Return the articles that belong into the index: those readers may see."""
        del using  # One index holds them all.
        return Article.objects.published().select_related("source", "section")

    def read_queryset(self, using: str | None = None) -> ArticleQuerySet:
        """Return the articles that may be shown for documents of the index."""
        return self.index_queryset(using)

    def prepare_authors(self, article: Article) -> str:
        """Return the authors as one text."""
        return "، ".join(article.authors)

    def prepare_author(self, article: Article) -> list[str]:
        """Return each of the authors."""
        return list(article.authors) or [MISSING]

    def prepare_dateline(self, article: Article) -> str:
        """Return the place of the dateline."""
        return article.place or MISSING

    def prepare_length(self, article: Article) -> int:
        """Return the characters of the text."""
        return len(article.body)

    def prepare(self, obj: Article) -> dict[str, Any]:
        """Return all fields; what sorts by title is reckoned once."""
        prepared: dict[str, Any] = super().prepare(obj)
        for number, order in enumerate(order_numbers(obj.title), start=1):
            prepared[f"title_order_{number}"] = order
        return prepared

    def prepare_year(self, article: Article) -> str:
        """Return the year of publication."""
        day: date | datetime | None = article.published_on
        return str(day.year) if day else MISSING
