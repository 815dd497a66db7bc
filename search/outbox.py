"""Bring the index up to date with the articles, whoever changed them.

A trigger writes an entry for every change of an article. ``drain`` takes the entries
that are due, indexes or removes their articles in one commit, and deletes the entries
afterwards: a crash in between repeats work and loses none. ``follow`` does so
whenever the database says that there is an entry, and when an embargo ends.
``rebuild`` makes a new index beside the old one, which is searched meanwhile; what
changes in between is followed in both. ``hidden`` names the articles that the index still shows and readers may not see.
"""

import logging
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Event, Thread

import django
from django.db import connection
from django.db.models.functions import Now

from articles.models import Article
from articles.querysets import ArticleQuerySet
from search.backends import ArchiveSearchBackend, default_backend
from search.conf import search_settings
from search.engine import Index, IndexLockedError
from search.engine.codec import ArraySegment
from search.engine.writing import SegmentWriter
from search.models import OutboxEntry

logger = logging.getLogger(__name__)

CHANNEL = "newsarchive_outbox"
PAGE = 500
"""Articles that are read from the database at once."""

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


def rebuild(
    progress: Callable[[int], object] | None = None, *, workers: int = 1
) -> int:
    """Build a new index aside, put it in the old one's place, and return its size.

    Args:
        progress: is told the number of articles after each commit.
        workers: processes that share the work; with one, this process does it all.

    Raises:
        IndexLockedError: another process is building one.
        BrokenProcessPool: one of the workers was killed.
    """
    told = progress or (lambda _count: None)
    # What these are about is read later than they were written.
    due = OutboxEntry.objects.filter(due__lte=Now())
    followed = list(due.values_list("pk", flat=True))
    with default_backend().index.rebuilding() as aside:
        total = _build(aside, told) if workers == 1 else _share(aside, told, workers)
    for chunk in _chunks(followed, search_settings().batch_size):
        OutboxEntry.objects.filter(pk__in=chunk).delete()
    return total


def _chunks(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _build(aside: Index, progress: Callable[[int], object]) -> int:
    backend = default_backend()
    last = total = 0
    while True:
        # Locked before anything is read, as in ``_follow_batch``, which writes there
        # too: whoever reads an article later writes it later.
        with aside.writer() as writer:
            articles = backend.article_index.index_queryset().filter(pk__gt=last)
            count = 0
            for article in islice(_in_pages(articles), search_settings().batch_size):
                backend.put(writer, article)
                last, count = article.pk, count + 1
        if not count:
            return total
        total += count
        progress(count)


def _share(aside: Index, progress: Callable[[int], object], workers: int) -> int:
    """Build as ``_build`` does, each commit in as many shares as there are ``workers``.

    They hold no lock: this process does, from before any of them reads until all are
    done, so that what changes meanwhile is followed afterwards.
    """
    articles = default_backend().article_index.index_queryset().order_by("pk")
    size = search_settings().batch_size
    last = total = 0
    # Nothing of this process is theirs, least of all its connection to the database.
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=django.setup) as pool:
        while True:
            with aside.writer() as writer:
                keys = articles.filter(pk__gt=last).values_list("pk", flat=True)
                numbers = list(keys[: workers * size])
                shares = _chunks(numbers, math.ceil(len(numbers) / workers) or 1)
                work = partial(_make_segment, aside.path, _database())
                for segment in pool.map(work, shares):
                    writer.adopt(segment)
            if not numbers:
                return total
            last = numbers[-1]
            total += len(numbers)
            progress(len(numbers))


def _make_segment(folder: Path, database: str, keys: Sequence[int]) -> ArraySegment:
    """Make a segment of the articles from the first to the last of ``keys``.

    This is what a worker does. Its settings name the database with which the process
    began that started it; that process may be connected to another one of the server.
    """
    _end_with_parent()
    if database != _database():
        connection.close()
        connection.settings_dict["NAME"] = database
    backend = default_backend()
    articles = backend.article_index.index_queryset()
    with SegmentWriter(folder, backend.index.fields) as writer:
        for article in _in_pages(articles.filter(pk__range=(keys[0], keys[-1]))):
            backend.put(writer, article)
    return writer.segment


def _database() -> str:
    return str(connection.settings_dict["NAME"])


@cache
def _end_with_parent() -> None:
    """See to it that this process ends when the one that started it is killed."""

    def wait_and_end() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait_and_end, daemon=True).start()


def _in_pages(articles: ArticleQuerySet) -> Iterator[Article]:
    """Yield ``articles`` by their keys, holding few texts at a time."""
    last = 0
    while page := list(articles.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield from page
        last = page[-1].pk


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
    size = search_settings().batch_size
    while waiting := pending():
        # While many wait nobody waits for one: segments are merged as they should be.
        followed = _follow_batch(wait, most_rewritten if waiting <= size else None)
        if followed:
            yield followed


def _follow_batch(wait: float, most_rewritten: int | None) -> int:
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
        changed = sorted(set(entries.values()))
        gone = set(changed)
        for begin in range(0, len(changed), PAGE):
            articles = backend.article_index.index_queryset()
            for article in articles.filter(pk__in=changed[begin : begin + PAGE]):
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
