"""Readers wait for a database that comes back; what was sent is not sent twice."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from pytest_django.fixtures import Settings

from newsarchive import patience
from newsarchive.patience import PatienceMiddleware

pytestmark = pytest.mark.django_db(transaction=True)


def broken(method: str, view: Callable[..., HttpResponse]) -> HttpResponse | None:
    """Return the answer when ``view`` met a connection that broke."""
    request = RequestFactory().generic(method, "/")
    request.resolver_match = ResolverMatch(view, (), {})
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.close()
    return middleware().process_exception(request, OperationalError("gone"))


def middleware() -> PatienceMiddleware:
    return PatienceMiddleware(lambda _request: HttpResponse())


def count_articles(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_article")
        return HttpResponse(str(cursor.fetchone()[0]))


def test_a_page_whose_connection_broke_is_made_again() -> None:
    answer = broken("GET", count_articles)
    assert answer is not None
    assert (answer.status_code, answer.content) == (200, b"0")


def test_what_was_sent_is_not_done_again() -> None:
    calls = []

    def save(request: HttpRequest) -> HttpResponse:
        calls.append(request)
        return HttpResponse()

    answer = broken("POST", save)
    assert answer is not None
    assert answer.status_code == 503
    assert answer["Retry-After"] == patience.RETRY_SECONDS
    assert calls == []


def test_a_database_that_stays_away_is_said_in_three_languages(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DATABASE_PATIENCE = 0.3

    def refuse() -> None:
        raise OperationalError("connection refused")

    connection.close()
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    answer = Client().get("/ar/calendar/")
    monkeypatch.undo()
    assert answer.status_code == 503
    page = answer.content.decode()
    for language in ("ar", "fr", "en"):
        assert f'lang="{language}"' in page


def test_without_a_database_who_is_signed_in_is_told_so_too(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DATABASE_PATIENCE = 0.3
    admin_client.raise_request_exception = False

    def refuse() -> None:
        raise OperationalError("connection refused")

    connection.close()
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    # Who asks is looked up before any view is.
    answer = admin_client.post("/admin/articles/source/add/", {"name": "Atlas"})
    monkeypatch.undo()
    assert answer.status_code == 503
    assert answer["Retry-After"] == patience.RETRY_SECONDS


def test_other_errors_of_the_database_are_not_waited_for() -> None:
    request = RequestFactory().get("/")
    connection.ensure_connection()
    assert middleware().process_exception(request, OperationalError("slow")) is None
    assert middleware().process_exception(request, ValueError()) is None
