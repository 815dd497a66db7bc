"""Is the process up, and can it serve readers?"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from newsarchive import health
from search import signals
from search.backends import ArchiveSearchBackend
from search.models import OutboxEntry
from tests.factories import make_article

pytestmark = pytest.mark.usefixtures("search_backend")


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    told: dict[str, Any] = response.json()
    assert told["ready"] == (response.status_code == 200)
    return response.status_code, told


# Without a database: whatever asks it fails.
def test_a_process_that_is_up_says_so_and_touches_nothing(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_is_ready_says_so_of_each_part(client: Client) -> None:
    make_article()
    assert ready(client) == (
        200,
        {
            "ready": True,
            "database": "ok",
            "migrations": "ok",
            "index": "ok",
            "outbox": "ok",
        },
    )


@pytest.mark.django_db(transaction=True)
def test_a_missing_index_is_told(client: Client) -> None:
    status, told = ready(client)
    assert status == 503
    assert "prepare_index" in told["index"]


@pytest.mark.django_db(transaction=True)
def test_a_damaged_index_is_told_without_its_path(
    client: Client, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    index = search_backend.index
    for segment in index.path.glob("*.arrays"):
        segment.unlink()
    index.__init__(index.path, index.fields)  # type: ignore[misc]  # as another process
    status, told = ready(client)
    assert status == 503
    assert "rebuild_index" in told["index"]
    assert str(index.path) not in str(told)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_to_be_applied_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    health._are_applied.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id IN"
            " (SELECT max(id) FROM django_migrations WHERE app = 'search')"
            " RETURNING name"
        )
        (name,) = cursor.fetchone()
    try:
        status, told = ready(client)
        assert status == 503
        assert "manage.py migrate" in told["migrations"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('search', %s, now())",
                [name],
            )
    assert ready(client)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_change_that_has_waited_too_long_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    monkeypatch.setattr(signals, "follow_own_changes", lambda: None)
    make_article()
    OutboxEntry.objects.update(due=timezone.now() - timedelta(hours=1))
    status, told = ready(client)
    assert status == 503
    assert "has waited" in told["outbox"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_told_without_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise DatabaseError("no route to postgresql://secret@host")

    make_article()
    monkeypatch.setattr(health, "_database", fail)
    status, told = ready(client)
    assert status == 503
    assert told["database"] == "the database does not answer in time"


@pytest.mark.django_db(transaction=True)
def test_a_slow_database_is_not_waited_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        return "ok"

    make_article()
    monkeypatch.setattr(health, "_outbox", sleep)
    monkeypatch.setattr(health, "LIMIT_MS", 50)
    status, told = ready(client)
    assert (status, told["outbox"]) == (503, "the database does not answer in time")
