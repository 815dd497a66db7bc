"""The outbox: which articles still have to reach the index.

Its rows are written by a trigger of the database (see the migrations), whoever
changes an article and by whatever path: the admin, ``bulk_create``, SQL by hand.
``search.outbox`` takes them out again, or notes in them why it cannot.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """One change of one article that the index has not followed yet.

    Attributes:
        article_id: the article; no foreign key, since it may be gone.
        due: when to follow it: now, when the clock changes what readers may see of the
            article, or when to try again; None if it is set aside.
        hides: whether readers may no longer see the article as the index knows it.
        attempts: how often it was tried in vain; 0 for a change that is still to come.
        reason: what went wrong the last time.
        tried: when that was.
    """

    article_id = models.BigIntegerField(_("article"))
    due = models.DateTimeField(_("tried again"), null=True)
    hides = models.BooleanField()
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    reason = models.TextField(_("reason"), default="", db_default="")
    tried = models.DateTimeField(_("tried"), null=True)

    class Meta:
        verbose_name = _("article that cannot be indexed")
        verbose_name_plural = _("articles that cannot be indexed")
        indexes = [
            models.Index(fields=["due"], name="outbox_due"),
            models.Index(
                fields=["article_id"],
                name="outbox_hides",
                condition=models.Q(hides=True),
            ),
            models.Index(
                fields=["article_id"],
                name="outbox_tried",
                condition=models.Q(attempts__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"article {self.article_id}"
