"""What Haystack's documentation has one write for such articles."""

from haystack import indexes

from bench.stock.models import StockArticle


class StockArticleIndex(indexes.SearchIndex, indexes.Indexable):  # type: ignore[misc]
    """Text, and two facets."""

    text = indexes.CharField(document=True, model_attr="text")
    key = indexes.CharField(model_attr="key", indexed=False)
    section = indexes.CharField(model_attr="section", faceted=True)
    year = indexes.CharField(model_attr="year", faceted=True)

    def get_model(self) -> type[StockArticle]:
        """Return the model that documents are made of."""
        return StockArticle
