"""Build a new index beside the old one, in one process or in several."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from articles.models import Article
from articles.processes import end_with_parent
from articles.querysets import ArticleQuerySet
from search.backends import default_backend
from search.conf import search_settings
from search.engine import DocumentsError, Index
from search.engine.codec import ArraySegment
from search.engine.fields import KEY
from search.engine.writing import SegmentWriter
from search.models import OutboxEntry
from search.outbox.entries import identifier
from search.outbox.failing import (
    Failures,
    halves,
    note_failures,
    put_articles,
    reason_of,
)

PAGE = 500
"""Articles that are read from the database at once."""

Made = tuple[list[ArraySegment], Failures]
"""What a worker makes of its share."""


def rebuild(
    progress: Callable[[int], object] | None = None, *, workers: int = 1
) -> int:
    """Build a new index aside, put it in the old one's place, and return its size.

    Args:
        progress: is told the number of articles after each commit.
        workers: processes that share the work; with one, this process does it all.

    Articles that cannot be indexed are left out, and noted in the outbox.

    Raises:
        IndexLockedError: another process is building one.
        BrokenProcessPool: one of the workers was killed.
    """
    told = progress or (lambda _count: None)
    # What these are about is read later than they were written.
    due = OutboxEntry.objects.filter(Q(due__lte=Now()) | Q(attempts__gt=0))
    followed = list(due.values_list("pk", "article_id"))
    failures: Failures = {}
    with default_backend().index.rebuilding() as aside:
        if workers == 1:
            total = _build(aside, told, failures)
        else:
            total = _share(aside, told, failures, workers)
    done = [pk for pk, article_id in followed if article_id not in failures]
    for chunk in _chunks(done, search_settings().batch_size):
        OutboxEntry.objects.filter(pk__in=chunk).delete()
    note_failures(failures)
    return total


def agrees() -> bool:
    """Whether the index has as many documents as there are articles that could be in it.

    Raises:
        IndexDamagedError: it cannot be read.
    """
    tried = OutboxEntry.objects.filter(attempts__gt=0).values("article_id")
    snapshot = default_backend().index.snapshot()
    old = [
        key
        for key in tried.values_list("article_id", flat=True).distinct()
        if snapshot.documents.number_of(KEY, identifier(key).encode()) >= 0
    ]
    articles = Article.objects.published().exclude(pk__in=tried)
    return snapshot.documents.count - len(old) == articles.count()


def _chunks(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _build(aside: Index, progress: Callable[[int], object], failures: Failures) -> int:
    articles = default_backend().article_index.index_queryset().order_by("pk")
    last = total = 0
    while True:
        # Locked before anything is read, as in ``following``, where what changes is
        # written there too: whoever reads an article later writes it later.
        with aside.writer() as writer:
            keys = articles.filter(pk__gt=last).values_list("pk", flat=True)
            numbers = list(keys[: search_settings().batch_size])
            if numbers:
                segments, failed = _make_segments(aside.path, numbers)
                for segment in segments:
                    writer.adopt(segment)
                failures |= failed
        if not numbers:
            return total
        last = numbers[-1]
        count = len(numbers) - len(failed)
        total += count
        progress(count)


def _share(
    aside: Index, progress: Callable[[int], object], failures: Failures, workers: int
) -> int:
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
                work = partial(_do_share, aside.path, _database())
                known = len(failures)
                for segments, failed in pool.map(work, shares):
                    for segment in segments:
                        writer.adopt(segment)
                    failures |= failed
            if not numbers:
                return total
            last = numbers[-1]
            count = len(numbers) - (len(failures) - known)
            total += count
            progress(count)


def _do_share(folder: Path, database: str, keys: Sequence[int]) -> Made:
    """Make segments of the articles from the first to the last of ``keys``.

    This is what a worker does. Its settings name the database with which the process
    began that started it; that process may be connected to another one of the server.
    """
    end_with_parent()
    if database != _database():
        connection.close()
        connection.settings_dict["NAME"] = database
    return _make_segments(folder, keys)


def _make_segments(folder: Path, keys: Sequence[int]) -> Made:
    """Make a segment of the articles from the first to the last of ``keys``.

    If a document cannot be part of one, several, without it.
    """
    failures: Failures = {}
    try:
        return [_make_segment(folder, keys, failures)], failures
    except DocumentsError as error:
        if len(keys) == 1:
            return [], {keys[0]: reason_of(error)}
    segments: list[ArraySegment] = []
    for half in halves(keys):
        made, failed = _make_segments(folder, half)
        segments += made
        failures |= failed
    return segments, failures


def _make_segment(
    folder: Path, keys: Sequence[int], failures: Failures
) -> ArraySegment:
    backend = default_backend()
    articles = backend.article_index.index_queryset()
    with SegmentWriter(folder, backend.index.fields) as writer:
        chosen = _in_pages(articles.filter(pk__range=(keys[0], keys[-1])))
        put_articles(backend, [writer], chosen, failures)
    return writer.segment


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _in_pages(articles: ArticleQuerySet) -> Iterator[Article]:
    """Yield ``articles`` by their keys, holding few texts at a time."""
    last = 0
    while page := list(articles.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield from page
        last = page[-1].pk
