"""Readers wait for a database that comes back; what was sent is not sent twice."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from articles import article_views
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


def test_a_database_that_stays_away_is_told_of(
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
    assert "الأرشيف لا يجيب الآن" in answer.content.decode()


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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "الأرشيف لا يجيب الآن"),
        ("fr", "L’archive ne répond pas"),
        ("en", "The archive does not answer"),
    ],
)
def test_readers_are_told_in_their_language_without_a_database(
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
    language: str,
    words: str,
) -> None:
    def away(_pk: int) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(article_views, "_find", away)
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        answer = client.get(f"/{language}/articles/7/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert words in page
    assert f'href="/{language}/articles/7/"' in page


def test_only_what_was_looked_for_can_be_tried_again_by_a_link() -> None:
    for method, is_offered in (("GET", True), ("POST", False)):
        request = RequestFactory().generic(method, "/en/conventions/?a=1")
        with translation.override("en"):
            page = patience._sorry(request).content.decode()
        assert ("Try again</a>" in page) is is_offered
