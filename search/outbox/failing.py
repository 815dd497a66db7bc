"""Articles that cannot be indexed: tried again later, and set aside in the end.

``put_articles`` puts articles into a commit and notes those that cannot be. Where a
document turns out to be at fault only when a commit is made of all, ``split`` halves
them until it is found. What goes wrong beside the articles (the database, the disk, the
memory, the index) is raised: it would go wrong with every other one.

The old document of such an article stays until it is set aside. Then it goes too: what
is found is what the archive holds, or nothing.
"""

import logging
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import timedelta

from django.db import Error, transaction
from django.db.models.functions import Now

from articles.models import Article
from search.backends import ArchiveSearchBackend
from search.conf import search_settings
from search.engine import IndexDamagedError, IndexLockedError, Writer
from search.models import OutboxEntry

logger = logging.getLogger(__name__)

REASON_LENGTH = 500
BACKOFF = 4

NOT_THE_ARTICLE = (
    Error,
    ImportError,
    IndexDamagedError,
    IndexLockedError,
    MemoryError,
    OSError,
)
"""Errors that have nothing to do with what is indexed."""

Failures = dict[int, str]
"""Articles that cannot be indexed, and why."""


def put_articles(
    backend: ArchiveSearchBackend,
    writers: Sequence[Writer],
    articles: Iterable[Article],
    failures: MutableMapping[int, str],
) -> None:
    """Put ``articles`` into a commit; what cannot be is noted in ``failures``."""
    for article in articles:
        # What was found out before is not tried again.
        if article.pk in failures:
            continue
        try:
            for writer in writers:
                backend.put(writer, article)
        except NOT_THE_ARTICLE:
            raise
        except Exception as error:  # noqa: BLE001  whatever the text leads to
            failures[article.pk] = reason_of(error)


def reason_of(error: BaseException) -> str:
    """Return what a person may read of an error."""
    written = f"{type(error).__name__}: {error}".encode(errors="replace").decode()
    # PostgreSQL keeps every character but this one.
    return written.replace("\0", "\N{SYMBOL FOR NULL}")[:REASON_LENGTH]


def halves(several: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """Return both halves of what has two or more."""
    middle = len(several) // 2
    return several[:middle], several[middle:]


def next_attempt(entries: Iterable[OutboxEntry]) -> int:
    """Return which attempt it is that the due ``entries`` of one article led to."""
    # An entry without attempts is a change, with which everything begins anew.
    return min(entry.attempts for entry in entries) + 1


def is_last(attempt: int) -> bool:
    """Whether an article that cannot be indexed now is set aside."""
    return attempt >= search_settings().most_attempts


def keep_failure(entries: Sequence[OutboxEntry], attempt: int, reason: str) -> None:
    """Make one entry of all ``entries`` of an article, with what went wrong."""
    kept = max(entries, key=lambda entry: entry.pk)
    others = [entry.pk for entry in entries if entry is not kept]
    with transaction.atomic():
        OutboxEntry.objects.filter(pk__in=others).delete()
        # Another process may have followed the article since, and deleted the entry.
        OutboxEntry.objects.filter(pk=kept.pk).update(
            hides=any(entry.hides for entry in entries),
            **_failed(attempt, reason),
        )
    tell(kept.article_id, attempt, reason)


def note_failures(failures: Mapping[int, str]) -> None:
    """Make entries for articles that have none and could not be indexed."""
    known = set(
        OutboxEntry.objects.filter(article_id__in=[*failures]).values_list(
            "article_id", flat=True
        )
    )
    for article_id, reason in failures.items():
        if article_id not in known:
            OutboxEntry.objects.create(
                article_id=article_id, hides=False, **_failed(1, reason)
            )
        tell(article_id, 1, reason)


def tell(article_id: int, attempt: int, reason: str) -> None:
    """Log that an article could not be indexed."""
    logger.error(
        "Article %d cannot be indexed (attempt %d of %d): %s",
        article_id,
        attempt,
        search_settings().most_attempts,
        reason,
    )


def _failed(attempt: int, reason: str) -> dict[str, object]:
    wait = search_settings().retry_wait * BACKOFF ** (attempt - 1)
    due = None if is_last(attempt) else Now() + timedelta(seconds=wait)
    return {"attempts": attempt, "reason": reason, "tried": Now(), "due": due}
