"""Follow the entries that are due: into the index, in order, in commits."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from threading import Event

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from search.backends import ArchiveSearchBackend, default_backend
from search.conf import search_settings
from search.engine import DocumentsError, Index, IndexLockedError
from search.models import OutboxEntry
from search.outbox.entries import (
    CHANNEL,
    identifier,
    leave_place,
    pending,
    take_place,
)
from search.outbox.failing import (
    Failures,
    halves,
    is_last,
    keep_failure,
    next_attempt,
    put_articles,
    reason_of,
)

logger = logging.getLogger(__name__)

PAGE = 500
"""Articles that are read from the database at once."""

LOOK_SECONDS = 5.0
"""How often ``follow`` looks for ended embargoes: the longest one is shown late."""

Entries = Mapping[int, Sequence[OutboxEntry]]
"""Article -> its entries that one commit follows, and those of failed attempts."""


def drain(
    *,
    wait: float = 60.0,
    most_rewritten: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Follow every entry that is due; return how many there were.

    Args:
        wait: seconds to wait for another process that writes to the index.
        most_rewritten: documents that merging may rewrite in one commit, if other than
            the setting of that name.
        progress: is told the number of entries after each commit.

    Raises:
        IndexLockedError: another process wrote all that time.
    """
    total = 0
    most = (
        search_settings().most_rewritten if most_rewritten is None else most_rewritten
    )
    for followed in _batches(wait, most):
        total += followed
        if progress:
            progress(followed)
    return total


def follow_own_changes() -> None:
    """Follow what this process has just committed, if that is quickly done.

    Larger changes, and changes while another process writes, are left to the worker.
    """
    settings = search_settings()
    if not 0 < pending() <= settings.most_followed_at_once:
        return
    try:
        drain(
            wait=settings.write_wait,
            most_rewritten=settings.most_followed_at_once,
        )
    except IndexLockedError:
        logger.info("The index is being written to; the worker follows this change.")


def follow(stop: Event) -> None:
    """Follow every change as it is committed, until ``stop`` is set.

    An error is logged and the attempt repeated: nothing is lost, since entries stay.
    """
    while not stop.is_set():
        try:
            take_place()
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                drain()
                _wait_for_change(stop)
        except Exception:
            logger.exception("Could not follow the articles; trying again.")
            connection.close()
            stop.wait(LOOK_SECONDS)
    leave_place()
    connection.close()


def _batches(wait: float, most_rewritten: int | None) -> Iterator[int]:
    size = search_settings().batch_size
    while waiting := pending():
        # While many wait nobody waits for one: segments are merged as they should be.
        most = most_rewritten if waiting <= size else None
        batch = _Batch(wait, most)
        followed = batch.follow()
        if followed:
            yield followed


class _Batch:
    """What one commit follows, or several if a document turns out to be at fault."""

    def __init__(self, wait: float, most_rewritten: int | None) -> None:
        self._wait = wait
        self._most_rewritten = most_rewritten

    def follow(
        self,
        only: Sequence[int] | None = None,
        failures: Mapping[int, str] | None = None,
    ) -> int:
        """Follow the first entries that are due; return how many there were.

        Args:
            only: the articles that are looked at; None for all.
            failures: articles of which it is known that they cannot be indexed.
        """
        backend = default_backend()
        entries: Entries = {}
        failed: Failures = dict(failures or {})
        try:
            # The index is locked before anything is read: two processes that follow the
            # same article do so one after the other, and the later one reads the later
            # state.
            with ExitStack() as locks:
                writers = [
                    locks.enter_context(
                        index.writer(
                            wait=self._wait, most_rewritten=self._most_rewritten
                        )
                    )
                    for index in _followed(backend)
                ]
                entries = _entries(only)
                gone = set(entries)
                for begin in range(0, len(entries), PAGE):
                    chosen = sorted(entries)[begin : begin + PAGE]
                    articles = backend.article_index.index_queryset()
                    read = list(articles.filter(pk__in=chosen))
                    put_articles(backend, writers, read, failed)
                    gone.difference_update(article.pk for article in read)
                gone.update(n for n in failed if _is_last(entries.get(n, ())))
                for article_id in gone:
                    for writer in writers:
                        writer.remove(identifier(article_id))
        except DocumentsError as error:
            return self._split(sorted(set(entries) - set(failed)), error)
        return _settle(entries, failed)

    def _split(self, articles: Sequence[int], error: DocumentsError) -> int:
        """Follow ``articles``, one of which is at fault, in smaller commits."""
        if not articles:
            raise error
        if len(articles) == 1:
            return self.follow(articles, {articles[0]: reason_of(error)})
        return sum(self.follow(half) for half in halves(articles))


def _entries(only: Sequence[int] | None) -> Entries:
    """Return the first entries that are due, and what was tried of their articles."""
    due = OutboxEntry.objects.filter(due__lte=Now()).order_by("pk")
    if only is not None:
        due = due.filter(article_id__in=only)
    entries: dict[int, list[OutboxEntry]] = defaultdict(list)
    for entry in due[: search_settings().batch_size]:
        entries[entry.article_id].append(entry)
    later = Q(due=None) | Q(due__gt=Now())
    tried = OutboxEntry.objects.filter(later, attempts__gt=0, article_id__in=[*entries])
    for entry in tried:
        entries[entry.article_id].append(entry)
    return entries


def _is_last(entries: Sequence[OutboxEntry]) -> bool:
    return bool(entries) and is_last(next_attempt(entries))


def _settle(entries: Entries, failed: Failures) -> int:
    """Delete the entries that were followed, and keep what went wrong with others."""
    followed = [
        entry.pk
        for article_id, own in entries.items()
        if article_id not in failed
        for entry in own
    ]
    # Another process may have followed the same ones before they were gone.
    deleted, _ = OutboxEntry.objects.filter(pk__in=followed).delete()
    kept = [n for n in failed if n in entries]
    for article_id in kept:
        own = entries[article_id]
        keep_failure(own, next_attempt(own), failed[article_id])
    return deleted + len(kept)


def _followed(backend: ArchiveSearchBackend) -> Iterator[Index]:
    """Yield the index, and the one that is being built beside it, if there is one."""
    yield backend.index
    # Asked when the first is locked: what is built takes its place under that lock.
    if backend.index.is_being_built():
        yield backend.index.aside()


def _wait_for_change(stop: Event) -> None:
    """Return when there is an entry, when it is time to look, or when told to stop."""
    connection.ensure_connection()
    end = time.monotonic() + LOOK_SECONDS
    while time.monotonic() < end and not stop.is_set():
        # Django's connection is psycopg's, which hands over what LISTEN brings.
        for _ in connection.connection.notifies(timeout=0.25, stop_after=1):
            return
