"""Haystack's commands, and what an index does beside other writers."""

import logging
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import now
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.query import SearchQuerySet

from articles.models import Article, Source, Status
from search import outbox
from search.backends import ArchiveSearchBackend
from search.engine import Index, IndexLockedError
from search.search_indexes import ArticleIndex
from tests.factories import build_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def keys() -> list[int]:
    """Return the primary keys of every document, also of those that stand twice."""
    return sorted(map(int, SearchQuerySet().values_list("pk", flat=True)))


@pytest.fixture
def articles(search_backend: ArchiveSearchBackend) -> list[Article]:
    source = make_source()
    made = [build_article(source=source, body=f"Train {n}.") for n in range(23)]
    Article.objects.bulk_create(made)
    call_command("clear_index", interactive=False, verbosity=0)
    return made


def update(**options: object) -> None:
    call_command("update_index", **{"verbosity": 0, **options})


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="in one process"),
        pytest.param({"batchsize": 5}, id="in batches"),
        pytest.param({"workers": 2, "batchsize": 4}, id="in two processes"),
    ],
)
def test_update_index_loses_no_article_and_holds_none_twice(
    articles: list[Article], options: dict[str, int]
) -> None:
    update(**options)
    assert keys() == [article.pk for article in articles]
    update(**options)
    assert keys() == [article.pk for article in articles]
    # The processes have left this one's connection to the database alone.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("workers", [0, 2])
def test_update_index_removes_what_readers_may_not_see(
    articles: list[Article], workers: int
) -> None:
    update()
    with connection.cursor() as cursor:
        # Behind the back of whatever follows changes.
        cursor.execute(
            "UPDATE articles_article SET status = %s WHERE id = %s",
            [Status.WITHDRAWN, articles[0].pk],
        )
        cursor.execute("DELETE FROM articles_article WHERE id = %s", [articles[1].pk])
    update(workers=workers, batchsize=4)
    assert len(keys()) == 23
    update(remove=True, workers=workers, batchsize=4)
    assert keys() == [article.pk for article in articles[2:]]


def test_update_index_takes_what_changed_of_late(articles: list[Article]) -> None:
    Article.objects.exclude(pk=articles[3].pk).update(
        changed=now() - timedelta(hours=5)
    )
    call_command("clear_index", interactive=False, verbosity=0)
    update(age=2)
    assert keys() == [articles[3].pk]
    update(age=8)
    assert len(keys()) == 23


def test_rebuild_index_begins_anew(
    articles: list[Article], search_backend: ArchiveSearchBackend
) -> None:
    update()
    search_backend.index.close()
    [table] = search_backend.index.path.glob("*.toc")
    table.write_bytes(b"nothing of the kind")
    with pytest.raises(SearchBackendError, match="rebuild_index"):
        keys()
    with pytest.raises(SearchBackendError, match="rebuild_index"):
        len(SearchQuerySet().more_like_this(articles[0]))
    call_command("rebuild_index", "--noinput", verbosity=0)
    assert len(keys()) == 23


def test_clear_index_leaves_nothing(articles: list[Article]) -> None:
    update()
    call_command("clear_index", interactive=False, verbosity=0)
    assert keys() == []


def test_other_models_are_cleared_without_touching_articles(
    articles: list[Article], search_backend: ArchiveSearchBackend
) -> None:
    update()
    search_backend.clear(models=[Source])
    assert len(keys()) == 23
    search_backend.clear(models=[Article])
    assert keys() == []


def test_a_model_is_cleared_by_its_documents_where_there_are_others(
    articles: list[Article],
    search_backend: ArchiveSearchBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    update()
    unified = search_backend._unified()
    monkeypatch.setattr(unified, "get_indexed_models", lambda: [Article, Source])
    search_backend.clear(models=[Source])
    assert len(keys()) == 23
    search_backend.clear(models=[Article])
    assert keys() == []


def test_the_index_of_articles_updates_removes_and_reindexes(
    articles: list[Article], search_backend: ArchiveSearchBackend
) -> None:
    index = search_backend.article_index
    index.update_object(articles[0])
    index.update_object(articles[1])
    assert keys() == [articles[0].pk, articles[1].pk]
    index.remove_object(articles[0])
    search_backend.remove(f"articles.article.{articles[1].pk}")
    assert keys() == []
    index.reindex()
    assert len(keys()) == 23


def test_an_article_may_be_skipped(
    articles: list[Article],
    search_backend: ArchiveSearchBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepare = ArticleIndex.full_prepare

    def skip_the_first(index: ArticleIndex, article: Article) -> dict[str, object]:
        if article.pk == articles[0].pk:
            raise SkipDocument
        prepared: dict[str, object] = prepare(index, article)
        return prepared

    monkeypatch.setattr(ArticleIndex, "full_prepare", skip_the_first)
    update()
    assert keys() == [article.pk for article in articles[1:]]


@pytest.fixture
def impatient(
    search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wait for other writers no longer than a moment."""
    writer, clear = Index.writer, Index.clear
    monkeypatch.setattr(Index, "writer", lambda self, **_: writer(self, wait=0.01))
    monkeypatch.setattr(Index, "clear", lambda self, **_: clear(self, wait=0.01))


@pytest.mark.usefixtures("impatient")
def test_a_locked_index_is_logged_or_an_error_as_the_connection_says(
    search_backend: ArchiveSearchBackend,
    articles: list[Article],
    caplog: pytest.LogCaptureFixture,
) -> None:
    update()
    other = Index(search_backend.index.path, search_backend.index.fields)
    attempts: list[Callable[[], None]] = [
        lambda: search_backend.update(search_backend.article_index, articles[:1]),
        lambda: search_backend.remove(articles[0]),
        search_backend.clear,
    ]
    with other.writer(), caplog.at_level(logging.ERROR):
        for number, attempt in enumerate(attempts, start=1):
            attempt()
            assert len(caplog.records) == number
        with patch.object(search_backend, "silently_fail", new=False):
            for attempt in attempts:
                with pytest.raises(IndexLockedError):
                    attempt()
    assert len(keys()) == 23


def test_rebuild_index_wants_a_worker() -> None:
    with pytest.raises(CommandError, match="--workers 0: there has to be one"):
        call_command("rebuild_index", "--noinput", "--workers", "0")


def test_rebuild_index_tells_that_a_worker_was_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(**_options: object) -> int:
        raise BrokenProcessPool

    monkeypatch.setattr(outbox, "rebuild", killed)
    with pytest.raises(CommandError, match="The old index is as it was"):
        call_command("rebuild_index", "--noinput", "--workers", "2", verbosity=0)
