"""What was changed, by whom, from where, with what was there before and after.

Triggers write an ``AuditEntry`` for every row of the tables below that is updated or
deleted, by whatever path; a row that is added has one where people add rows by hand.
Articles come in by ten thousands, and their imports say where they came from: those have
none. An entry keeps what differs, so that a change of status costs no copy of the text.
``acting`` tells the database for whom it works.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SETTING = "newsarchive.actor"
"""The setting of a database session that the triggers read."""

AUDITED = {
    "articles_article": _("article"),
    "articles_source": pgettext_lazy("one of them", "source"),
    "articles_section": pgettext_lazy("one of them", "section"),
    "auth_user": _("user"),
    "auth_user_groups": _("role of a user"),
    "auth_user_user_permissions": _("permission of a user"),
    "auth_group": _("role"),
    "auth_group_permissions": _("permission of a role"),
}
"""Tables, and what their rows are to people."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the address that they act from."""

    id: int
    name: str
    address: str


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Have what is changed meanwhile be changed by ``actor``."""
    _tell(json.dumps(asdict(actor)))
    try:
        yield
    finally:
        # The connection is used again: what comes next is not this one's doing.
        _tell("")


def _tell(said: str) -> None:
    if connection.needs_rollback:
        # With the transaction goes what was said in it.
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, said])


class AuditEntry(models.Model):
    """One row that was added, changed or deleted.

    Attributes:
        row: the number of the row, or of the user or role whose row it is.
        before: the values that differ, as they were; all of a row that was deleted.
        after: the same, as they are since; all of a row that was added.
        actor: the number of the user, kept when the user is gone.
    """

    class Action(models.TextChoices):
        """What happened to the row."""

        ADD = "add", _("added")
        CHANGE = "change", _("changed")
        DELETE = "delete", _("deleted")

    table = models.CharField(
        _("what"), max_length=63, choices=AUDITED, db_collation="C"
    )
    row = models.BigIntegerField(_("number"))
    action = models.CharField(_("action"), max_length=6, choices=Action)
    before: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = (
        models.JSONField(_("before"), null=True)
    )
    after: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = (
        models.JSONField(_("after"), null=True)
    )
    actor = models.BigIntegerField(null=True)
    actor_name = models.TextField(_("by"), blank=True)
    address = models.TextField(_("from"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-pk"]
        default_permissions = ["view"]
        indexes = [models.Index(fields=["table", "row", "id"], name="audit_of_row")]

    def __str__(self) -> str:
        return f"{self.get_table_display()} {self.row}: {self.get_action_display()}"
