"""How the index is, in words, for programs and at the desk."""

import io
import json
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from search import outbox, signals
from search.backends import ArchiveSearchBackend
from search.models import OutboxEntry
from search.status import index_status
from tests.factories import make_article
from tests.poison import UNPREPARED, poison

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

STATUS = "/admin/search/outboxentry/status/"
FAILURES = "/admin/search/outboxentry/"


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it look as if a worker followed."""
    monkeypatch.setattr(outbox, "is_followed", lambda: True)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(
        User.objects.create_superuser("chief"),
        "django.contrib.auth.backends.ModelBackend",
    )
    return client


def problems() -> str:
    with translation.override("en"):
        return " ".join(index_status().problems)


def test_a_well_index_is_told_with_its_figures(followed: None) -> None:
    make_article()
    make_article()
    status = index_status()
    assert status.problems == ()
    assert status.articles == 2
    assert status.index
    assert (status.index.documents, status.index.segments) == (2, 2)
    assert status.index.bytes > 1000
    assert status.committed
    assert abs(status.committed - datetime.now(UTC)) < timedelta(minutes=1)
    assert (status.is_followed, status.is_being_built) == (True, False)


def test_what_waits_for_too_long_is_told(
    followed: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    monkeypatch.setattr(signals, "follow_own_changes", lambda: None)
    make_article()
    assert problems() == ""
    OutboxEntry.objects.update(due=timezone.now() - timedelta(minutes=6))
    assert "for 360 seconds, longer than 300" in problems()
    settings.SEARCH = {"most_backlog": 0, "longest_wait": 1000}
    assert problems() == "1 change waits for the index, more than 0."


def test_a_worker_that_is_missing_is_told_and_one_that_follows_is_seen() -> None:
    make_article()
    assert "No worker" in problems()
    stop = Event()
    worker = Thread(target=outbox.follow, args=[stop])
    worker.start()
    try:
        while not outbox.is_followed():
            stop.wait(0.01)
        assert problems() == ""
    finally:
        stop.set()
        worker.join()


def test_an_index_that_lacks_something_is_told(
    followed: None, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    search_backend.index.clear()
    assert "0 documents for 1 articles" in problems()


def test_an_index_that_is_missing_or_damaged_is_told(
    followed: None, search_backend: ArchiveSearchBackend
) -> None:
    assert "no search index" in problems()
    make_article()
    for segment in search_backend.index.path.glob("*.arrays"):
        segment.write_bytes(b"rubbish")
    search_backend.index.close()
    search_backend.index.__init__(  # type: ignore[misc]  # as another process opens it
        search_backend.index.path, search_backend.index.fields
    )
    assert "rebuild_index" in problems()
    assert index_status().index is None


def test_an_index_that_is_being_built_is_told(
    followed: None, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    with search_backend.index.rebuilding():
        assert index_status().is_being_built


def test_the_command_ends_with_1_when_something_is_not_well(
    followed: None, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    out = io.StringIO()
    call_command("index_status", stdout=out)
    assert "All is well." in out.getvalue()
    assert "documents" in out.getvalue()
    search_backend.index.clear()
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("index_status", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["healthy"], told["articles"], told["index"]["documents"]) == (
        False,
        1,
        0,
    )
    assert datetime.fromisoformat(told["index"]["committed"]).tzinfo


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_desk_shows_how_the_index_is(
    language: str, followed: None, admin: Client
) -> None:
    make_article()
    page = admin.get(STATUS, headers={"Accept-Language": language})
    with translation.override(language):
        assert translation.gettext("All is well.") in page.content.decode()


def test_the_desk_shows_the_index_to_those_only_who_may_see_it(client: Client) -> None:
    assert client.get(STATUS).status_code == 302
    client.force_login(User.objects.create_user("editor", is_staff=True))
    assert client.get(STATUS).status_code == 403
    assert client.get(FAILURES).status_code == 403


def test_the_desk_names_what_cannot_be_indexed_and_tries_it_again(
    admin: Client,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        poison(patch)
        article = make_article(title="Harvest <b>", body=UNPREPARED)
        page = admin.get(FAILURES).content.decode()
    assert f"/admin/articles/article/{article.pk}/change/" in page
    assert "Harvest &lt;b&gt;" in page
    assert "ValueError: venom has no length" in page
    entry = OutboxEntry.objects.get()
    admin.post(FAILURES, {"action": "try_again", "_selected_action": [entry.pk]})
    assert not OutboxEntry.objects.exists()
    assert outbox.agrees()


def test_what_waits_for_its_turn_is_not_named(admin: Client) -> None:
    article = make_article()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET title = 'Waiting'")
    page = admin.get(FAILURES).content.decode()
    assert f"/admin/articles/article/{article.pk}/" not in page
    assert OutboxEntry.objects.count() == 1
