"""The outbox: which articles still have to reach the index.

Its rows are written by a trigger of the database (see the migrations), whoever
changes an article and by whatever path: the admin, ``bulk_create``, SQL by hand.
``search.outbox`` takes them out again.
"""

from django.db import models


class OutboxEntry(models.Model):
    """One change of one article that the index has not followed yet.

    Attributes:
        article_id: the article; no foreign key, since it may be gone.
        due: when to follow it: now, or when an embargo ends.
        hides: whether readers may no longer see the article as the index knows it.
    """

    article_id = models.BigIntegerField()
    due = models.DateTimeField()
    hides = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["due"], name="outbox_due"),
            models.Index(
                fields=["article_id"],
                name="outbox_hides",
                condition=models.Q(hides=True),
            ),
        ]

    def __str__(self) -> str:
        return f"article {self.article_id}"
