"""The article that Haystack indexes. It is never saved: no database is needed."""

from typing import ClassVar

from django.db import models


class StockArticle(models.Model):
    """An article as ``bench.corpus`` gives it."""

    key = models.TextField()
    text = models.TextField()
    section = models.TextField()
    year = models.TextField()

    class Meta:
        app_label = "stock"
        managed = False

    objects: ClassVar[models.Manager["StockArticle"]]

    def __str__(self) -> str:
        return self.key
