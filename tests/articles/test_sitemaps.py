"""What search engines are told."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import sitemaps
from articles.models import Status
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    found = ET.fromstring(b"".join(response)).iterfind(".//s:loc", NAMES)  # noqa: S314  ours
    return [element.text or "" for element in found]


def test_the_index_names_sitemaps_of_what_readers_see(client: Client) -> None:
    source = make_source()
    arabic = make_article(source=source, language="ar")
    french = make_article(source=source, language="fr")
    german = make_article(source=source, language="de")
    make_article(source=source, status=Status.DRAFT)
    make_article(source=source, status=Status.WITHDRAWN)
    make_article(source=source, embargo=timezone.now() + timedelta(days=1))
    [sitemap] = addresses(client, "/sitemap.xml")
    assert sitemap == "http://testserver/sitemap-1.xml"
    assert addresses(client, sitemap.removeprefix("http://testserver")) == [
        f"http://testserver/ar/articles/{arabic.pk}/",
        f"http://testserver/fr/articles/{french.pk}/",
        f"http://testserver/ar/articles/{german.pk}/",
    ]


def test_a_sitemap_ends_where_the_protocol_says(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 2)
    source = make_source()
    numbers = [make_article(source=source).pk for _ in range(5)]
    assert len(addresses(client, "/sitemap.xml")) == 3
    # Whether the part is there, and its articles.
    with django_assert_num_queries(2):
        second = addresses(client, "/sitemap-2.xml")
    assert [int(address.split("/")[-2]) for address in second] == numbers[2:4]
    assert len(addresses(client, "/sitemap-3.xml")) == 1


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_there_is_no_sitemap_beyond_the_last(client: Client, number: int) -> None:
    make_article()
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_an_empty_archive_has_an_empty_index(client: Client) -> None:
    assert addresses(client, "/sitemap.xml") == []


def test_robots_are_kept_from_searches_and_shown_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Disallow: /ar/search/" in lines
    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
