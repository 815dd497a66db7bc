"""Feeds, as a reader of feeds reads them."""

from datetime import UTC, date, datetime

import feedparser
import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Status
from tests.factories import make_article, make_section, make_source

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> feedparser.FeedParserDict:
    feed = feedparser.parse(client.get(address).content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("kind", ["source", "section", "author", "place"])
def test_each_subject_has_a_feed_of_its_own(client: Client, kind: str) -> None:
    name = 'سعاد <"و">'
    source = make_source(name=name, slug="atlas", description="صحيفة <يومية>")
    section = make_section(name=name, slug="atlas")
    own = {"source": source, "section": section, "authors": [name], "place": name}
    make_article(title="الأول", published_on=date(2019, 1, 1), **own)
    make_article(title="الثاني & الأخير", published_on=date(2020, 1, 1), **own)
    make_article(title="مسودة", status=Status.DRAFT, **own)
    make_article(title="بلا تاريخ", published_on=None, **own)
    make_article(title="آخر")
    key = "atlas" if kind in {"source", "section"} else name
    feed = read(client, reverse(f"{kind}-feed", args=[key]))
    assert [entry.title for entry in feed.entries] == ["الثاني & الأخير", "الأول"]
    assert name in feed.feed.title
    assert feed.feed.link.endswith(reverse(kind, args=[key]))
    assert feed.feed.language == "ar"


def test_the_latest_of_the_archive_come_with_their_time(client: Client) -> None:
    moment = datetime(2020, 5, 17, 9, 30, tzinfo=UTC)
    article = make_article(published_on=moment.date(), published_at=moment)
    make_article(published_on=date(2020, 5, 16))
    feed = read(client, "/fr/feed/")
    assert [entry.published_parsed[:5] for entry in feed.entries] == [
        (2020, 5, 17, 9, 30),
        (2020, 5, 16, 0, 0),
    ]
    assert feed.entries[0].link == f"http://testserver/fr/articles/{article.pk}/"
    assert feed.entries[0].author == article.source.name


def test_control_characters_do_not_break_a_feed(client: Client) -> None:
    make_article(title="أ\x01ب", subtitle="\x0bج", authors=["\x02"])
    assert read(client, "/ar/feed/").entries[0].title == "أب"
    assert read(client, reverse("author-feed", args=["\x02"])).entries


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # The state of the archive; the articles with their sources.
        pytest.param("feed/", 2, id="archive"),
        # The state; the source; its articles.
        pytest.param("sources/atlas/feed/", 3, id="source"),
        # The state; whether readers may see any article of the author; the articles.
        pytest.param("authors/Souad/feed/", 3, id="author"),
    ],
)
def test_a_feed_costs_as_many_queries_in_any_archive(
    client: Client, django_assert_num_queries: object, path: str, queries: int
) -> None:
    source = make_source(slug="atlas")
    for number in range(12):
        make_article(
            source=source, authors=["Souad"], published_on=date(2020, 1, 1 + number)
        )
    with django_assert_num_queries(queries):  # type: ignore[operator]
        client.get(f"/ar/{path}")
