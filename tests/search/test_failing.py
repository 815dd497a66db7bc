"""Articles that cannot be indexed hold up no other one, and are not forgotten."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from articles.models import Article, Status
from search import outbox
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.models import OutboxEntry
from search.outbox import rebuilding
from search.results import SearchRequest
from tests import poison
from tests.factories import build_article, make_article, make_source
from tests.poison import UNCLASSIFIED, UNPREPARED

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

WORDS = [UNPREPARED, UNCLASSIFIED]


def found(query: str = "") -> int:
    return find(SearchRequest(query)).total


def let_time_pass() -> None:
    """Make due what is to be tried again."""
    OutboxEntry.objects.filter(attempts__gt=0, due__gt=Now()).update(due=Now())


def set_aside(word: str) -> Article:
    article = make_article(body=f"harvest {word}")
    for _ in range(3):
        let_time_pass()
        outbox.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.article_id, entry.attempts, entry.due) == (article.pk, 4, None)
    return article


@pytest.mark.parametrize("word", WORDS)
def test_one_among_a_thousand_holds_up_no_other(
    word: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SEARCH = {"most_attempts": 1}
    poison.poison(monkeypatch)
    source = make_source()
    articles = [build_article(source=source, body="harvest") for _ in range(1000)]
    articles[617].body = f"harvest {word}"
    Article.objects.bulk_create(articles)

    assert outbox.drain() == 1000

    assert found("harvest") == 999
    entry = OutboxEntry.objects.get()
    assert entry.article_id == articles[617].pk
    assert word in entry.reason
    assert outbox.waiting() == outbox.Waiting(0, 0.0, 0, 1)


@pytest.mark.parametrize("word", WORDS)
def test_it_is_tried_again_later_and_set_aside_in_the_end(
    word: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison.poison(monkeypatch)
    article = make_article(body=f"harvest {word}")
    waits = []
    for attempt in (1, 2, 3):
        entry = OutboxEntry.objects.get()
        assert (entry.attempts, outbox.pending()) == (attempt, 0)
        assert entry.due
        assert entry.tried
        waits.append(round((entry.due - entry.tried).total_seconds()))
        let_time_pass()
        outbox.drain()
    assert waits == [60, 240, 960]
    assert OutboxEntry.objects.get().due is None
    assert f"Article {article.pk} cannot be indexed (attempt 4 of 4)" in caplog.text


@pytest.mark.parametrize("word", WORDS)
def test_a_change_has_it_tried_anew(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    poison.poison(monkeypatch)
    article = set_aside(word)
    article.body = f"{word} again"
    article.save()
    assert OutboxEntry.objects.get().attempts == 1
    article.body = "sowing"
    article.save()
    assert found("sowing") == 1
    assert not OutboxEntry.objects.exists()


@pytest.mark.parametrize("word", WORDS)
def test_one_that_heals_is_found_when_it_is_tried_again(word: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        poison.poison(patch)
        set_aside(word)
        assert found() == 0
    assert outbox.try_again([OutboxEntry.objects.get().pk]) == 1
    outbox.drain()
    assert found("harvest") == 1
    assert not OutboxEntry.objects.exists()


def test_its_old_text_is_found_until_it_is_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison.poison(monkeypatch)
    article = make_article(body="sowing")
    article.body = f"harvest {UNPREPARED}"
    article.save()
    assert found("sowing") == 1
    for _ in range(3):
        let_time_pass()
        outbox.drain()
    assert found("sowing") == 0


@pytest.mark.parametrize("word", WORDS)
def test_what_was_withdrawn_before_stays_hidden(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison.poison(monkeypatch)
    make_article(body="sowing")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET status = 'withdrawn'")
        cursor.execute(
            "UPDATE articles_article SET status = 'published', body = %s", [word]
        )
    assert found("sowing") == 0
    for _ in range(4):
        outbox.drain()
        assert found("sowing") == 0
        assert outbox.hidden()
        let_time_pass()
    # Withdrawn once more, nothing is left to be indexed.
    Article.objects.all().set_status(Status.WITHDRAWN)
    assert (found(), outbox.hidden()) == (0, [])


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_new_index_is_built_without_it(
    word: str,
    workers: int,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    search_backend: ArchiveSearchBackend,
) -> None:
    settings.SEARCH = {"batch_size": 10}
    source = make_source()
    articles = [build_article(source=source, body="harvest") for _ in range(30)]
    articles[17].body = f"harvest {word}"
    Article.objects.bulk_create(articles)
    outbox.drain()
    assert found() == 30
    poison.poison(monkeypatch)
    # What a worker begins with, which knows nothing of what is patched here.
    monkeypatch.setattr(rebuilding, "django", SimpleNamespace(setup=poison.setup))

    assert outbox.rebuild(workers=workers) == 29

    assert found("harvest") == 29
    entry = OutboxEntry.objects.get()
    assert (entry.article_id, entry.attempts) == (articles[17].pk, 1)
    assert word in entry.reason
    assert outbox.agrees()
    monkeypatch.undo()
    assert outbox.rebuild(workers=workers) == 30
    assert not OutboxEntry.objects.exists()


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), MemoryError(), OSError("full"), ImportError()]
)
def test_what_goes_wrong_beside_the_article_is_not_laid_to_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(101))
    put = ArchiveSearchBackend.put
    calls = []

    def fail_in_the_middle(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 50:
            raise error
        put(*args)

    with monkeypatch.context() as patch:
        patch.setattr(ArchiveSearchBackend, "put", fail_in_the_middle)
        with pytest.raises(type(error)):
            outbox.drain()
    assert (outbox.pending(), found()) == (101, 0)
    assert not OutboxEntry.objects.filter(attempts__gt=0).exists()
    outbox.drain()
    assert found() == 101


def test_an_interruption_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(101))
    monkeypatch.setattr(ArchiveSearchBackend, "put", interrupt)
    with pytest.raises(KeyboardInterrupt):
        outbox.drain()
    assert outbox.pending() == 101


def test_many_at_once_are_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    poison.poison(monkeypatch)
    source = make_source()
    words = [UNPREPARED, "harvest", UNCLASSIFIED, "harvest"]
    Article.objects.bulk_create(
        build_article(source=source, body=words[n % 4]) for n in range(120)
    )
    outbox.drain()
    assert found() == 60
    assert OutboxEntry.objects.filter(attempts=1).count() == 60
    assert outbox.waiting().retried == 60
