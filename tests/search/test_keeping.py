"""Pages of searches are made again only when they would be other ones."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Source
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.results import ResultPage, SearchRequest
from tests.factories import make_article, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

PATHS = [
    "/ar/search/?q=harvest",
    "/ar/search/feed/?q=harvest",
    "/ar/search/forms/?q=harvest",
    "/ar/search/values/source/?q=harvest",
    "/search.json?q=harvest",
    "/ar/search/complete/?q=har",
]


def ask(client: Client, path: str = PATHS[0], tag: str = "") -> Any:
    return client.get(path, headers={"If-None-Match": tag})


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    make_article(title="Harvest", body="The harvest began.")
    first = ask(client, path)
    assert first.status_code == 200
    # The state of the archive, with what is hidden.
    with django_assert_num_queries(1):
        second = ask(client, path, first["ETag"])
    assert (second.status_code, second.content) == (304, b"")
    with django_assert_num_queries(1):
        third = ask(client, path)
    assert third.content == first.content
    assert third["Content-Type"] == first["Content-Type"]
    for response in (first, second, third):
        assert response["ETag"] == first["ETag"]
        assert response["Cache-Control"] == "no-cache"
        assert "Cookie" in response["Vary"]


def add(_: Article) -> None:
    make_article(body="Another harvest.")


def rename(_: Article) -> None:
    Source.objects.update(name="اسم")


def withdraw(_: Article) -> None:
    # By hand: no process of the archive follows it into the index.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET status = 'withdrawn'")


@pytest.mark.parametrize("change", [add, rename, withdraw])
def test_every_change_is_seen_at_once(
    client: Client, change: Callable[[Article], None]
) -> None:
    article = make_article(source=make_source(slug="atlas"), body="The harvest began.")
    before = ask(client)
    change(article)
    after = ask(client, tag=before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_a_withdrawn_article_is_in_no_kept_page(client: Client) -> None:
    make_article(title="Saffron", body="The harvest began.")
    assert b"Saffron" in ask(client).content
    withdraw(Article.objects.get())
    for path in PATHS:
        assert b"Saffron" not in ask(client, path).content


def test_a_commit_of_the_index_alone_makes_pages_anew(
    client: Client, search_backend: ArchiveSearchBackend
) -> None:
    make_article(body="The harvest began.")
    before = ask(client)
    search_backend.index.clear()
    after = ask(client, tag=before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_languages_and_conventions_have_pages_of_their_own(client: Client) -> None:
    for _ in range(3):
        make_article(body="The harvest began.")
    arabic = ask(client)
    client.cookies["conventions"] = "arabic.common"
    other = ask(client)
    assert other["ETag"] != arabic["ETag"]
    english = ask(client, PATHS[0].replace("/ar/", "/en/"))
    assert english["ETag"] != other["ETag"]


@pytest.mark.parametrize(
    ("budget", "searches"),
    [pytest.param(-1.0, 2, id="partial"), pytest.param(5.0, 1, id="whole")],
)
def test_what_was_found_in_too_little_time_is_not_kept(
    client: Client,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    budget: float,
    searches: int,
) -> None:
    make_article(body="The harvest began.")
    settings.SEARCH = {"budget": budget}
    asked: list[SearchRequest] = []
    page, data = PATHS[0], PATHS[4]

    def find_and_count(request: SearchRequest) -> ResultPage:
        asked.append(request)
        return find(request)

    monkeypatch.setattr("search.views.find", find_and_count)
    answers = [ask(client, path) for path in (page, page, data, data)]
    assert len(asked) == 2 * searches
    for answer in answers:
        assert answer.has_header("ETag") == (searches == 1)
        assert ("no-store" in answer["Cache-Control"]) == (searches == 2)
