"""Bring the index up to date with the articles, whoever changed them.

A trigger writes an entry for every change of an article. ``drain`` takes the entries
that are due, indexes or removes their articles in one commit, and deletes the entries
afterwards: a crash in between repeats work and loses none. ``follow`` does so
whenever the database says that there is an entry, and when an embargo ends.
``rebuild`` makes a new index beside the old one, which is searched meanwhile; what
changes in between is followed in both. ``hidden`` names the articles that the index still shows and readers may not see.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event

from django.db import connection
from django.db.models.functions import Now

from articles.models import Article
from search.backends import ArchiveSearchBackend, default_backend
from search.conf import search_settings
from search.engine import Index, IndexLockedError
from search.models import OutboxEntry

logger = logging.getLogger(__name__)

CHANNEL = "newsarchive_outbox"
LOOK_SECONDS = 5.0
"""How often ``follow`` looks for ended embargoes: the longest one is shown late."""


def identifier(article_id: int) -> str:
    """Return the key under which the index holds an article."""
    return f"{Article._meta.label_lower}.{article_id}"  # noqa: SLF001  Django's public _meta


def pending() -> int:
    """Count the entries that are due."""
    return OutboxEntry.objects.filter(due__lte=Now()).count()


def hidden() -> list[str]:
    """Return the keys of documents that must not be shown any more."""
    entries = OutboxEntry.objects.filter(hides=True)
    return [identifier(n) for n in entries.values_list("article_id", flat=True)]


def rebuild(progress: Callable[[int], object] | None = None) -> int:
    """Build a new index aside, put it in the old one's place, and return its size.

    Args:
        progress: is told the number of articles after each commit.
    """
    backend = default_backend()
    last = total = 0
    with backend.index.rebuilding() as aside:
        while True:
            # Locked before anything is read, as in ``_follow_batch``, which writes there
            # too: whoever reads an article later writes it later.
            with aside.writer() as writer:
                batch = backend.article_index.index_queryset().filter(pk__gt=last)
                batch = batch.order_by("pk")[: search_settings().batch_size]
                count = 0
                for article in batch:
                    backend.put(writer, article)
                    last, count = article.pk, count + 1
            if not count:
                return total
            total += count
            if progress:
                progress(count)


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
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                drain()
                _wait_for_change(stop)
        except Exception:
            logger.exception("Could not follow the articles; trying again.")
            connection.close()
            stop.wait(LOOK_SECONDS)
    connection.close()


def _batches(wait: float, most_rewritten: int) -> Iterator[int]:
    while OutboxEntry.objects.filter(due__lte=Now()).exists():
        followed = _follow_batch(wait, most_rewritten)
        if followed:
            yield followed


def _follow_batch(wait: float, most_rewritten: int) -> int:
    backend = default_backend()
    # The index is locked before anything is read: two processes that follow the same
    # article do so one after the other, and the later one reads the later state.
    with ExitStack() as locks:
        writers = [
            locks.enter_context(index.writer(wait=wait, most_rewritten=most_rewritten))
            for index in _followed(backend)
        ]
        entries = dict(
            OutboxEntry.objects.filter(due__lte=Now())
            .order_by("pk")
            .values_list("pk", "article_id")[: search_settings().batch_size]
        )
        changed = set(entries.values())
        gone = set(changed)
        for article in backend.article_index.index_queryset().filter(pk__in=changed):
            for writer in writers:
                backend.put(writer, article)
            gone.remove(article.pk)
        for article_id in gone:
            for writer in writers:
                writer.remove(identifier(article_id))
    # Another process may have followed the same ones before they were gone.
    deleted, _ = OutboxEntry.objects.filter(pk__in=entries).delete()
    return deleted


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
