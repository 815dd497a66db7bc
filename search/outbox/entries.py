"""What stands in the outbox: what is due, what hides, what could not be indexed."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection
from django.db.models import Count, Min, Q
from django.db.models.functions import Extract, Now

from articles.models import Article
from search.models import OutboxEntry

CHANNEL = "newsarchive_outbox"
"""On which the database says that there is an entry."""

_DUE = Q(due__lte=Now())
_TRIED = Q(attempts__gt=0)
_PLACE = (0x6E6577, 1)
"""The lock that whoever follows holds, beside the others."""

_IS_FOLLOWED = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2
            AND classid = %s AND objid = %s
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much the index has still to follow.

    Attributes:
        backlog: entries that are due.
        oldest_seconds: how long the oldest of them has been; 0 if there is none.
        retried: articles that could not be indexed and will be tried again.
        set_aside: articles that could not be indexed and will not be tried again before
            they are changed, or somebody asks for it.
    """

    backlog: int
    oldest_seconds: float
    retried: int
    set_aside: int


def identifier(article_id: int) -> str:
    """Return the key under which the index holds an article."""
    return f"{Article._meta.label_lower}.{article_id}"  # noqa: SLF001  Django's public _meta


def pending() -> int:
    """Count the entries that are due."""
    return OutboxEntry.objects.filter(_DUE).count()


def waiting() -> Waiting:
    """Tell how much the index has still to follow, in one query."""
    found: dict[str, Any] = OutboxEntry.objects.aggregate(
        backlog=Count("pk", filter=_DUE),
        oldest=Extract(Now() - Min("due", filter=_DUE), "epoch"),
        retried=Count("article_id", filter=_TRIED & Q(due__gt=Now()), distinct=True),
        set_aside=Count("article_id", filter=Q(due=None), distinct=True),
    )
    return Waiting(
        backlog=found["backlog"],
        oldest_seconds=round(max(float(found["oldest"] or 0.0), 0.0), 1),
        retried=found["retried"],
        set_aside=found["set_aside"],
    )


def hidden() -> list[str]:
    """Return the keys of documents that must not be shown any more."""
    # What is to be tried again later hides now.
    entries = OutboxEntry.objects.filter(_DUE | _TRIED, hides=True)
    return [identifier(n) for n in entries.values_list("article_id", flat=True)]


def try_again(entries: Iterable[int]) -> int:
    """Have the articles of ``entries`` tried as if they had just been changed."""
    tried = OutboxEntry.objects.filter(_TRIED, pk__in=[*entries])
    number = tried.update(due=Now(), attempts=0)
    notify()
    return number


def notify() -> None:
    """Tell whoever follows that there is an entry, once it is committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def take_place() -> None:
    """Be known as a process that follows, until the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", _PLACE)


def leave_place() -> None:
    """Be known so no longer."""
    # A connection that is broken has left it.
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", _PLACE)


def is_followed() -> bool:
    """Whether a process follows, whatever it is doing at the moment.

    A worker holds a lock of the database's, which dies with its connection.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_FOLLOWED, _PLACE)
        (is_there,) = cursor.fetchone()
    return bool(is_there)
