"""The outbox: the index follows the articles, whoever changed them."""

import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from multiprocessing import active_children
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles.models import Article, Status
from search import outbox, signals
from search.backends import ArchiveSearchBackend
from search.engine import IndexLockedError
from search.finder import find
from search.models import OutboxEntry
from search.outbox import following, rebuilding
from search.results import SearchRequest
from tests.factories import build_article, make_article, make_section, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


def found(query: str = "") -> int:
    return find(SearchRequest(query)).total


def test_a_saved_article_is_found_at_the_next_search() -> None:
    article = make_article(body="The harvest began.")
    assert found("harvest") == 1
    article.body = "The fishing began."
    article.save()
    assert (found("harvest"), found("fishing")) == (0, 1)
    article.delete()
    assert found("fishing") == 0
    assert outbox.pending() == 0


def test_saving_takes_less_than_a_second() -> None:
    for _ in range(3):
        make_article()
    began = time.perf_counter()
    make_article(body="The harvest began.")
    assert found("harvest") == 1
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_an_article_that_is_taken_back_is_gone(status: Status) -> None:
    article = make_article()
    article.status = status
    article.save()
    assert found() == 0


def test_changes_in_bulk_are_followed() -> None:
    Article.objects.bulk_create([build_article(), build_article()])
    assert found() == 2
    Article.objects.all().set_status(Status.WITHDRAWN)
    assert found() == 0
    Article.objects.all().set_status(Status.PUBLISHED)
    assert found() == 2
    Article.objects.all().delete()
    assert found() == 0


def test_sql_by_hand_is_noted_and_hides_at_once() -> None:
    make_article()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET status = 'withdrawn'")
    assert outbox.pending() == 1
    assert found() == 0
    outbox.drain()
    assert (outbox.pending(), outbox.hidden(), found()) == (0, [], 0)


def test_a_deleted_row_is_hidden_before_the_index_has_followed() -> None:
    make_article()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_article")
    assert found() == 0


def test_a_new_embargo_hides_at_once() -> None:
    make_article()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET embargo = now() + interval '1 day'")
    page = find(SearchRequest())
    assert page.total == 0
    assert all(facet.values == () for facet in page.facets)


def test_an_embargo_that_ends_is_followed() -> None:
    make_article(embargo=timezone.now() + timedelta(seconds=1))
    assert (found(), outbox.pending()) == (0, 0)
    time.sleep(1.1)
    assert outbox.pending() == 1
    outbox.drain()
    assert found() == 1


def test_nothing_is_noted_of_a_change_that_is_taken_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_article()
        _ = 1 / 0
    assert (outbox.pending(), found()) == (0, 0)


def test_a_new_slug_reaches_every_document() -> None:
    article = make_article(section=make_section())
    source, section = article.source, article.section
    assert section
    source.slug, section.slug = "new-source", "new-section"
    source.save()
    section.save()
    outbox.drain()
    page = find(SearchRequest(selected={"source": ("new-source",)}))
    assert [hit.section for hit in page.hits] == ["new-section"]


def test_an_error_in_the_index_loses_nothing(
    search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(ArchiveSearchBackend, "put", fail)
    Article.objects.bulk_create([build_article() for _ in range(101)])
    with pytest.raises(OSError, match="disk full"):
        outbox.drain()
    assert outbox.pending() == 101
    monkeypatch.undo()
    outbox.drain()
    assert (outbox.pending(), search_backend.index.count()) == (0, 101)


def test_a_busy_index_leaves_the_change_to_the_worker(
    search_backend: ArchiveSearchBackend,
    settings: Settings,
) -> None:
    settings.SEARCH = {"write_wait": 0.05}
    with search_backend.index.writer():
        make_article()
    assert outbox.pending() == 1
    outbox.drain()
    assert found() == 1


def test_many_changes_are_left_to_the_worker() -> None:
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(101))
    assert (outbox.pending(), found()) == (101, 0)
    steps: list[int] = []
    assert outbox.drain(progress=steps.append) == 101
    assert (steps, found()) == ([101], 101)


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_the_worker_goes_on_after_an_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(following, "drain", drain_that_fails_once(outbox.drain))
    make_source()
    stop = Event()
    worker = Thread(target=outbox.follow, args=[stop])
    worker.start()
    try:
        Article.objects.bulk_create(build_article() for _ in range(101))
        assert wait_until(lambda: found() == 101)
    finally:
        stop.set()
        worker.join(10)
    assert "trying again" in caplog.text


def drain_that_fails_once(drain: Callable[[], int]) -> Callable[[], int]:
    errors = [OSError("disk full")]

    def failing() -> int:
        if errors:
            raise errors.pop()
        return drain()

    return failing


def test_two_who_follow_share_the_work(search_backend: ArchiveSearchBackend) -> None:
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(101))
    totals: list[int] = []

    def drain() -> None:
        totals.append(outbox.drain())
        connection.close()

    threads = [Thread(target=drain) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) == 101
    assert search_backend.index.count() == 101


def test_the_worker_follows_what_others_commit() -> None:
    stop = Event()
    worker = Thread(target=outbox.follow, args=[stop])
    worker.start()
    try:
        source = make_source()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_article (title, subtitle, body, language, authors,"
                " place, source_id, url, origin_id, status, created, changed)"
                " VALUES ('t', '', 'harvest', 'en', '{}', '', %s, '', '', 'published',"
                " now(), now())",
                [source.pk],
            )
        assert wait_until(lambda: found("harvest") == 1)
    finally:
        stop.set()
        worker.join(10)
    assert not worker.is_alive()
    assert OutboxEntry.objects.count() == 0


def test_it_is_known_whether_somebody_follows() -> None:
    stop = Event()
    worker = Thread(target=outbox.follow, args=[stop])
    assert not outbox.is_followed()
    worker.start()
    try:
        assert wait_until(outbox.is_followed)
    finally:
        stop.set()
        worker.join(10)
    assert not outbox.is_followed()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_new_index_takes_the_place_of_the_old_one(
    search_backend: ArchiveSearchBackend, workers: int
) -> None:
    make_article(body="harvest")
    gone = make_article(body="harvest")
    search_backend.index.clear()
    Article.objects.filter(pk=gone.pk).delete()
    told: list[int] = []

    assert outbox.rebuild(progress=told.append, workers=workers) == 1
    assert told == [1]
    assert found("harvest") == 1
    assert not search_backend.index.aside().exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_changes_while_an_index_is_built_is_in_the_old_one_and_the_new_one(
    search_backend: ArchiveSearchBackend, workers: int
) -> None:
    make_article(body="harvest")

    def change(_count: int) -> None:
        # Another process changes and follows articles in the middle of it.
        thread = Thread(target=_make_and_drain)
        thread.start()
        thread.join(30)
        assert found("sowing") == 1

    outbox.rebuild(progress=change, workers=workers)

    assert found("sowing") == 1
    assert found("harvest") == 1
    assert search_backend.index.count() == 2


def _make_and_drain() -> None:
    if not Article.objects.filter(body="sowing").exists():
        make_article(body="sowing")
        outbox.drain()
    connection.close()


def test_what_a_killed_builder_left_is_not_followed(
    search_backend: ArchiveSearchBackend,
) -> None:
    aside = search_backend.index.aside()
    aside.clear()
    make_article(body="harvest")
    outbox.drain()

    assert aside.count() == 0
    assert outbox.rebuild() == 1


def test_one_builds_at_a_time(search_backend: ArchiveSearchBackend) -> None:
    with (
        search_backend.index.rebuilding(),
        pytest.raises(IndexLockedError, match="building"),
    ):
        outbox.rebuild()


def test_workers_share_what_is_to_be_indexed(
    search_backend: ArchiveSearchBackend, settings: Settings
) -> None:
    settings.SEARCH = {"batch_size": 2}
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(7))
    told: list[int] = []

    assert outbox.rebuild(progress=told.append, workers=2) == 7
    assert told == [4, 3]
    assert search_backend.index.count() == found() == 7


def test_a_change_that_was_followed_early_is_indexed_once(
    search_backend: ArchiveSearchBackend, settings: Settings
) -> None:
    settings.SEARCH = {"batch_size": 1}
    for _ in range(3):
        make_article(body="harvest")

    def change(_count: int) -> None:
        Article.objects.update(body="sowing")
        outbox.drain()

    assert outbox.rebuild(progress=change, workers=2) == 3
    assert (found("harvest"), found("sowing"), found()) == (0, 3, 3)


def test_nothing_is_read_before_what_is_built_is_locked(
    search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    database = rebuilding._database
    asked: list[str] = []

    def ask() -> str:
        with pytest.raises(IndexLockedError):
            search_backend.index.aside().writer(wait=0)
        asked.append(database())
        return asked[-1]

    monkeypatch.setattr(rebuilding, "_database", ask)
    outbox.rebuild(workers=2)
    assert asked


def test_a_killed_worker_leaves_the_old_index(
    search_backend: ArchiveSearchBackend, settings: Settings
) -> None:
    settings.SEARCH = {"batch_size": 1}
    for _ in range(3):
        make_article(body="harvest")

    def kill(_count: int) -> None:
        for worker in active_children():
            worker.kill()
            worker.join()

    with pytest.raises(BrokenProcessPool):
        outbox.rebuild(progress=kill, workers=2)
    assert found("harvest") == 3
    assert outbox.rebuild() == 3


def test_an_error_in_a_worker_leaves_the_old_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_article(body="harvest")
    # What a worker cannot do: no number is made of a folder.
    monkeypatch.setattr(rebuilding, "_do_share", int)
    with pytest.raises(TypeError):
        outbox.rebuild(workers=2)
    assert found("harvest") == 1


def test_articles_are_read_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 2)
    monkeypatch.setattr(rebuilding, "PAGE", 2)
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(101))
    assert outbox.drain() == 101
    assert found() == 101
    assert outbox.rebuild() == 101
    assert found() == 101


def test_a_builder_that_fails_leaves_the_old_index(
    search_backend: ArchiveSearchBackend,
) -> None:
    make_article(body="harvest")
    with pytest.raises(ZeroDivisionError), search_backend.index.rebuilding():
        _ = 1 / 0
    assert found("harvest") == 1


def test_what_was_due_before_an_index_was_built_is_followed_by_building_it(
    search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "follow_own_changes", lambda: None)
    make_article(body="harvest")
    assert outbox.pending() == 1

    def change(_count: int) -> None:
        if outbox.pending() == 1:
            make_article(body="sowing", embargo=None)

    outbox.rebuild(progress=change)

    # What was written while it was built may have come too late.
    assert outbox.pending() == 1
    outbox.drain()
    assert found("harvest") == found("sowing") == 1


def test_while_many_changes_wait_segments_are_merged_whatever_that_rewrites(
    search_backend: ArchiveSearchBackend,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signals, "follow_own_changes", lambda: None)
    settings.SEARCH = {"batch_size": 1, "most_rewritten": 0}
    for _ in range(20):
        make_article(body="harvest")
    outbox.drain()
    assert found("harvest") == 20
    assert len(search_backend.index.snapshot().documents.parts) < 10
