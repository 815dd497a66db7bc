"""An article appears and disappears at its time, on every page, untouched by anyone.

The clock is the database's, and cannot be moved. Everything that waits for a moment is
moved instead, past every trigger: to the database that is as if a day had gone by.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles.models import Article, Section, Source, Status, Tally
from search import outbox
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.models import OutboxEntry
from search.results import SearchRequest
from search.verifying import verify
from tests.factories import make_article, make_section, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

COMING, GOING, STAYING = "plantedcoming", "plantedgoing", "plantedstaying"

PAGES = [
    "/en/",
    "/ar/",
    "/en/feed/",
    "/en/calendar/2020/",
    "/en/calendar/2020/1/",
    "/en/calendar/2020/1/1/",
    "/en/calendar/day/1/1/",
    "/en/sources/atlas/",
    "/en/sources/atlas/feed/",
    "/en/sections/culture/",
    "/en/sections/culture/feed/",
    "/en/authors/",
    "/en/authors/Amal/",
    "/en/authors/Amal/feed/",
    "/en/places/",
    "/en/places/Fès/",
    "/en/places/Fès/feed/",
    "/en/search/?q=harvest",
    "/search.json?q=harvest",
    "/en/search/feed/?q=harvest",
    "/en/search/values/author/?q=harvest",
    "/en/search/complete/?q=planted",
]
"""Pages on which an article shows: by its title, by an author of its own, or in a count."""

COUNTED = {"/en/places/", "/en/calendar/2020/", "/en/calendar/2020/1/"}
LISTED = [page for page in PAGES if page not in COUNTED]


@pytest.fixture(autouse=True)
def _caches_are_empty() -> Iterator[None]:
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def shelf() -> tuple[Source, Section]:
    return make_source(slug="atlas", name="Atlas"), make_section(slug="culture")


def make(word: str, shelf: tuple[Source, Section], **values: object) -> Article:
    """Make an article that every page of ``LISTED`` names by ``word``."""
    source, section = shelf
    return make_article(
        title=f"{word} title",
        body=f"The harvest began. {word}",
        authors=["Amal", f"{word} author"],
        place="Fès",
        source=source,
        section=section,
        published_on=date(2020, 1, 1),
        **values,
    )


def let_a_day_pass() -> None:
    """Move what waits for a moment a day towards it."""
    moved = {
        "articles_article": ["embargo", "expiry"],
        "articles_tally": ["visible_from"],
        "search_outboxentry": ["due"],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in moved.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for column in columns:
                cursor.execute(
                    f"UPDATE {table} SET {column} = {column} - interval '1 day'"  # noqa: S608
                    f" WHERE {column} > now()"
                )
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def read(client: Client, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200, page
    content = response.getvalue()
    assert isinstance(content, bytes)
    return content.decode()


def soon() -> dict[str, object]:
    return {"embargo": timezone.now() + timedelta(hours=1)}


def not_for_long() -> dict[str, object]:
    return {"expiry": timezone.now() + timedelta(hours=1)}


def test_every_page_changes_at_the_moment(
    client: Client, shelf: tuple[Source, Section], settings: Settings
) -> None:
    moment = timezone.now() + timedelta(hours=1)
    make(STAYING, shelf)
    coming = make(COMING, shelf, embargo=moment)
    # At the very moment at which another appears: counts stay the same.
    going = make(GOING, shelf, expiry=moment)
    tags = {}
    for page in PAGES:
        text = read(client, page)
        assert COMING not in text, page
        if page in LISTED:
            assert GOING in text, page
            assert STAYING in text, page
        tags[page] = client.get(page).get("ETag")
    assert client.get(f"/en/articles/{coming.pk}/").status_code == 404
    assert client.get(f"/en/articles/{going.pk}/").status_code == 200

    let_a_day_pass()

    # Nobody has followed yet: what must not be seen is not, all the same.
    for page in PAGES:
        response = client.get(page, headers={"If-None-Match": tags[page] or "none"})
        assert response.status_code == 200, page
        assert GOING not in read(client, page), page
    outbox.drain()
    for page in PAGES:
        text = read(client, page)
        assert GOING not in text, page
        if page in LISTED:
            assert COMING in text, page
    assert client.get(f"/en/articles/{coming.pk}/").status_code == 200
    assert client.get(f"/en/articles/{going.pk}/").status_code == 410
    assert outbox.agrees()
    assert not verify()


@pytest.mark.parametrize("ending", ["bib", "ris", "json"])
def test_an_article_that_has_expired_is_gone_with_its_citations(
    ending: str, client: Client, shelf: tuple[Source, Section]
) -> None:
    article = make(GOING, shelf, **not_for_long())
    address = f"/en/articles/{article.pk}/cite.{ending}"
    assert client.get(address).status_code == 200
    let_a_day_pass()
    assert client.get(address).status_code == 410
    assert GOING not in client.get(f"/en/articles/{article.pk}/").content.decode()


def test_sitemaps_list_what_may_be_seen_at_the_moment(
    client: Client, shelf: tuple[Source, Section]
) -> None:
    coming, going = make(COMING, shelf, **soon()), make(GOING, shelf, **not_for_long())
    text = read(client, "/sitemap-1.xml")
    assert f"/{going.pk}/" in text
    assert f"/{coming.pk}/" not in text
    let_a_day_pass()
    text = read(client, "/sitemap-1.xml")
    assert f"/{going.pk}/" not in text
    assert f"/{coming.pk}/" in text


def test_counts_go_by_the_clock(shelf: tuple[Source, Section]) -> None:
    make(COMING, shelf, **soon())
    make(GOING, shelf, **not_for_long())
    make(GOING, shelf, **not_for_long())

    def counts() -> set[int]:
        kinds = ["archive", "day", "source", "section", "author", "place"]
        values = ["", "2020-01-01", str(shelf[0].pk), str(shelf[1].pk), "Amal", "Fès"]
        return {
            Tally.objects.of(kind, value).total()
            for kind, value in zip(kinds, values, strict=True)
        }

    assert counts() == {2}
    let_a_day_pass()
    assert counts() == {1}


def test_neighbours_and_the_like_go_by_the_clock(
    client: Client, shelf: tuple[Source, Section]
) -> None:
    staying = make(STAYING, shelf)
    make(COMING, shelf, **soon())
    make(GOING, shelf, **not_for_long())
    address = f"/en/articles/{staying.pk}/"
    text = read(client, address)
    assert GOING in text
    assert COMING not in text
    let_a_day_pass()
    assert GOING not in read(client, address)
    outbox.drain()
    assert COMING in read(client, address)


def test_a_moment_that_is_put_off_does_not_count(
    shelf: tuple[Source, Section],
) -> None:
    article = make(GOING, shelf, **not_for_long())
    article.expiry = timezone.now() + timedelta(days=30)
    article.save()
    let_a_day_pass()
    assert find(SearchRequest(GOING)).total == 1
    article.expiry = None
    article.save()
    for _ in range(31):
        let_a_day_pass()
    assert find(SearchRequest(GOING)).total == 1
    assert not OutboxEntry.objects.filter(hides=True).exists()


def test_an_expiry_in_the_past_hides_at_once(shelf: tuple[Source, Section]) -> None:
    article = make(GOING, shelf)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_article SET expiry = now() - interval '1 minute'"
        )
    assert find(SearchRequest(GOING)).total == 0
    outbox.drain()
    assert (outbox.hidden(), find(SearchRequest()).total) == ([], 0)
    article.expiry = None
    article.save()
    assert find(SearchRequest(GOING)).total == 1


def test_what_expires_while_an_index_is_built_is_not_found(
    shelf: tuple[Source, Section], search_backend: ArchiveSearchBackend
) -> None:
    make(GOING, shelf, **not_for_long())
    make(COMING, shelf, **soon())
    outbox.rebuild(progress=lambda _count: let_a_day_pass())
    assert find(SearchRequest(GOING)).total == 0
    outbox.drain()
    assert find(SearchRequest(COMING)).total == 1
    assert search_backend.index.count() == 1


def test_a_draft_neither_appears_nor_disappears(
    shelf: tuple[Source, Section],
) -> None:
    make(COMING, shelf, status=Status.DRAFT, **soon())
    make(GOING, shelf, status=Status.WITHDRAWN, **not_for_long())
    let_a_day_pass()
    outbox.drain()
    assert find(SearchRequest()).total == 0


def test_an_expiry_is_after_the_embargo(shelf: tuple[Source, Section]) -> None:
    moment = timezone.now()
    with pytest.raises(IntegrityError, match="article_expires_after_embargo"):
        make(GOING, shelf, embargo=moment, expiry=moment)
