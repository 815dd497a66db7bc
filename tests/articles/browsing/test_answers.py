"""Validators: every browsing page and feed answers 304 until it has changed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.browsing.counts import archive_by_year
from articles.models import Article, Source, Status
from tests.factories import make_article, make_section, make_source

pytestmark = pytest.mark.django_db

PATHS = [
    "",
    "calendar/",
    "calendar/undated/",
    "calendar/2020/",
    "calendar/2020/1/",
    "calendar/2020/1/1/",
    "calendar/day/1/1/",
    "sources/",
    "sections/",
    "authors/",
    "places/",
    "sources/atlas/",
    "sections/culture/",
    "authors/Souad/",
    "places/Rabat/",
    "feed/",
    "sources/atlas/feed/",
    "authors/Souad/feed/",
]


@pytest.fixture
def article() -> Article:
    return make_article(
        source=make_source(slug="atlas"),
        section=make_section(slug="culture"),
        authors=["Souad"],
        place="Rabat",
    )


def let_hours_pass(hours: int) -> None:
    """Move all embargoes back, as time does: nothing else is written."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for row in (
            "article SET embargo = embargo",
            "tally SET visible_from = visible_from",
        ):
            cursor.execute(f"UPDATE articles_{row} - interval '{hours} hours'")
        cursor.execute("SET session_replication_role = DEFAULT")


def tag(client: Client, path: str = "") -> str:
    return client.get(f"/ar/{path}")["ETag"]


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("path", PATHS)
def test_a_page_that_has_not_changed_costs_one_query_and_no_text(
    client: Client, django_assert_num_queries: Callable[..., object], path: str
) -> None:
    first = client.get(f"/ar/{path}")
    assert first.status_code == 200
    # The state of the archive.
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        second = client.get(f"/ar/{path}", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 304
    assert not second.content
    for response in (first, second):
        assert "Cookie" in response["Vary"]
        assert "no-cache" in response["Cache-Control"]
    # Another reader's copy is the same, and is not made again.
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        third = client.get(f"/ar/{path}")
    assert third.content == first.content
    assert third["Content-Type"] == first["Content-Type"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: make_article(), id="another article"),
        pytest.param(lambda article: article.delete(), id="deletion"),
        pytest.param(
            lambda _: Article.objects.all().set_status(Status.WITHDRAWN),
            id="withdrawal",
        ),
        pytest.param(lambda _: Article.objects.update(title="عنوان"), id="a new title"),
        pytest.param(lambda _: Source.objects.update(name="اسم"), id="a new name"),
    ],
)
def test_a_change_of_the_archive_changes_every_tag(
    client: Client, article: Article, change: Callable[[Article], object]
) -> None:
    before = tag(client)
    change(article)
    assert tag(client) != before


def test_what_is_emptied_and_filled_again_is_another_archive(client: Client) -> None:
    before = tag(client)
    make_article().delete()
    assert tag(client) != before


def test_the_end_of_an_embargo_changes_every_tag(client: Client) -> None:
    make_article(title="قريبًا", embargo=timezone.now() + timedelta(hours=1))
    before = client.get("/ar/")
    assert "قريبًا" not in before.content.decode()
    let_hours_pass(2)
    after = client.get("/ar/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "قريبًا" in after.content.decode()


def test_what_many_pages_show_is_counted_once_for_a_state_of_the_archive(
    client: Client, article: Article, django_assert_num_queries: Callable[..., object]
) -> None:
    client.get("/ar/authors/")
    # The state of the archive, and the names of the page: letters have been counted.
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        client.get("/fr/authors/")
    Article.objects.filter(pk=article.pk).update(authors=["Souad", "Zoé"])
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        page = client.get("/ar/authors/").content.decode()
    assert "?letter=Z" in page


def test_what_was_counted_is_counted_again_when_an_embargo_has_ended(
    client: Client,
) -> None:
    make_article(published_on=date(2001, 1, 1))
    embargo = timezone.now() + timedelta(hours=1)
    make_article(published_on=date(2002, 1, 1), embargo=embargo)
    assert "2002" not in client.get("/fr/calendar/").content.decode()
    let_hours_pass(2)
    assert "2002" in client.get("/fr/calendar/").content.decode()


def test_outside_of_a_page_counts_are_not_kept(
    django_assert_num_queries: Callable[..., object],
) -> None:
    make_article(published_on=date(2001, 1, 1))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert archive_by_year() == archive_by_year() == {2001: 1}


def test_language_conventions_and_day_are_part_of_a_tag(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = [tag(client), client.get("/fr/")["ETag"]]
    client.cookies["conventions"] = "arabic.levantine"
    tags.append(tag(client))
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: tomorrow)
    tags.append(tag(client))
    assert len(set(tags)) == 4


def test_two_hosts_do_not_share_a_page(client: Client) -> None:
    make_article()
    page = client.get("/ar/feed/", headers={"host": "localhost"}).content
    assert b"http://localhost/" in page
    page = client.get("/ar/feed/", headers={"host": "127.0.0.1"}).content
    assert b"http://localhost/" not in page


def test_what_is_not_found_is_not_kept(client: Client) -> None:
    response = client.get("/ar/sources/atlas/")
    assert response.status_code == 404
    make_source(slug="atlas")
    assert client.get("/ar/sources/atlas/").status_code == 200


@pytest.mark.parametrize("path", PATHS[:8])
def test_pages_are_read_and_not_written_to(client: Client, path: str) -> None:
    assert client.post(f"/ar/{path}").status_code == 405
