"""Compare the index with the database, both ways, by all that is indexed.

``verify`` makes of every article that readers may see the document that it should have,
and compares it with the one that the index keeps: every stored field, and so every word
and every facet. First everything is compared while the archive is in use; what differs is
looked at again while nobody writes to the index, and differs then only if no change of
it waits in the outbox. ``repair`` puts what differs into the outbox.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Q
from django.db.models.functions import Now
from numpy.typing import NDArray

from articles.models import Article
from search import outbox
from search.backends import ArchiveSearchBackend, default_backend
from search.engine import Snapshot
from search.engine.fields import KEY
from search.models import OutboxEntry
from search.outbox.entries import notify
from search.outbox.failing import NOT_THE_ARTICLE

PAGE = 500
"""Articles that are read from the database, and looked at again, at once."""

KEYS_AT_ONCE = 10_000

_PREFIX = outbox.identifier(0)[:-1]

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Differences:
    """How index and database differ, beside what waits in the outbox.

    Attributes:
        articles: that were compared.
        documents: with which they were.
        missing: articles that the index lacks.
        stale: articles of which it has another document, or two.
        surplus: articles that readers may not see or that are gone, and that it has.
        foreign: keys of documents that are of no article.
    """

    articles: int = 0
    documents: int = 0
    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.missing or self.stale or self.surplus or self.foreign)

    @property
    def ids(self) -> list[int]:
        """The articles that it names."""
        return sorted({*self.missing, *self.stale, *self.surplus})


def verify(progress: Callable[[int], object] | None = None) -> Differences:
    """Compare the index with the database.

    Args:
        progress: is told how many articles were compared since it was told the last
            time.

    Raises:
        IndexDamagedError: the index cannot be read.
        IndexLockedError: another process wrote to the index all the time.
    """
    backend = default_backend()
    kept = _Kept(backend, backend.index.snapshot())
    differences = Differences(documents=kept.snapshot.documents.count)
    suspects = set(kept.doubled)
    for page in _pages(backend):
        suspects.update(article.pk for article in page if not kept.agrees_with(article))
        differences.articles += len(page)
        if progress:
            progress(len(page))
    suspects.update(kept.unseen())
    differences.foreign = kept.foreign
    return look_again(sorted(suspects), differences)


def look_again(suspects: Sequence[int], differences: Differences) -> Differences:
    """Add to ``differences`` those of ``suspects`` that differ for no good reason."""
    backend = default_backend()
    for begin in range(0, len(suspects), PAGE):
        chosen = suspects[begin : begin + PAGE]
        # While nobody commits, what is different and has no entry is wrong: entries are
        # written with the change, and deleted after the commit that follows it.
        with backend.index.writer():
            kept = _Kept(backend, backend.index.snapshot())
            visible = backend.article_index.index_queryset().filter(pk__in=chosen)
            articles = {article.pk: article for article in visible}
            followed = OutboxEntry.objects.filter(
                Q(due__lte=Now()) | Q(attempts__gt=0), article_id__in=chosen
            )
            excused = set(followed.values_list("article_id", flat=True))
        for pk in chosen:
            if pk not in excused:
                _judge(pk, articles.get(pk), kept, differences)
    return differences


def repair(differences: Differences) -> None:
    """Have what differs followed: written anew, or removed.

    Raises:
        IndexLockedError: another process wrote to the index all the time.
    """
    surplus = set(differences.surplus)
    entries = [
        OutboxEntry(article_id=pk, due=Now(), hides=pk in surplus)
        for pk in differences.ids
    ]
    OutboxEntry.objects.bulk_create(entries, batch_size=PAGE)
    notify()
    if differences.foreign:
        with default_backend().index.writer() as writer:
            for key in differences.foreign:
                writer.remove(key)
    outbox.drain()


def _judge(
    pk: int, article: Article | None, kept: "_Kept", differences: Differences
) -> None:
    if article is None:
        if kept.has(pk):
            differences.surplus.append(pk)
    elif not kept.has(pk):
        differences.missing.append(pk)
    elif pk in kept.doubled or not kept.agrees_with(article):
        differences.stale.append(pk)


def _pages(backend: ArchiveSearchBackend) -> Iterator[list[Article]]:
    articles = backend.article_index.index_queryset().order_by("pk")
    last = 0
    while page := list(articles.filter(pk__gt=last)[:PAGE]):
        yield page
        last = page[-1].pk


class _Kept:
    """The documents of one commit, by article: 17 bytes for each."""

    def __init__(self, backend: ArchiveSearchBackend, snapshot: Snapshot) -> None:
        self._backend = backend
        self.snapshot = snapshot
        self.foreign: list[str] = []
        ids, docs = self._read()
        order = np.argsort(ids, kind="stable")
        self._ids, self._docs = ids[order], docs[order]
        self._seen = np.zeros(len(ids), dtype=np.bool_)
        doubled = self._ids[1:][self._ids[1:] == self._ids[:-1]]
        self.doubled: frozenset[int] = frozenset(doubled.tolist())

    def has(self, pk: int) -> bool:
        """Whether there is a document of an article."""
        return self._place(pk) >= 0

    def agrees_with(self, article: Article) -> bool:
        """Whether the document of ``article`` is the one that it should have."""
        place = self._place(article.pk)
        if place < 0:
            return False
        self._seen[place] = True
        try:
            wanted = self._backend.document(article)
        except NOT_THE_ARTICLE:
            raise
        except Exception:  # noqa: BLE001  Nothing can be made of it: nothing agrees.
            return False
        return _without_none(wanted) == self._document(int(self._docs[place]))

    def unseen(self) -> list[int]:
        """Return the articles with a document that ``agrees_with`` was not asked for."""
        found: list[int] = self._ids[~self._seen].tolist()
        return found

    def _place(self, pk: int) -> int:
        place = int(np.searchsorted(self._ids, pk))
        is_there = place < len(self._ids) and self._ids[place] == pk
        return place if is_there else -1

    def _document(self, number: int) -> Mapping[str, Any]:
        part = self.snapshot.documents.part_of(number)
        return part.data.stored_fields(number - part.base)

    def _read(self) -> tuple[Ints, Ints]:
        documents = self.snapshot.documents
        every = documents.every()
        ids = np.full(len(every), -1, dtype=np.int64)
        for begin in range(0, len(every), KEYS_AT_ONCE):
            some = every[begin : begin + KEYS_AT_ONCE]
            for place, key in enumerate(documents.keys(KEY, some), start=begin):
                number = key.removeprefix(_PREFIX)
                if (
                    number != key
                    and number.isdecimal()
                    and len(number) < len(str(2**63))
                ):
                    ids[place] = int(number)
                else:
                    self.foreign.append(key)
        own = ids >= 0
        return ids[own], every[own].astype(np.int64)


def _without_none(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
