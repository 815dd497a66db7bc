"""The home page."""

from datetime import date

import pytest
from django.test import Client

from articles.models import Status
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2024, 7, 21))


def test_it_shows_what_is_new_what_there_is_and_where_to_go(client: Client) -> None:
    source = make_source(name="الأطلس", slug="atlas", language="ar")
    make_article(source=source, title="New", published_on=date(2020, 3, 1))
    make_article(source=source, title="Old", published_on=date(2001, 3, 1))
    make_article(source=source, title="Undated", published_on=None)
    make_article(title="Draft", status=Status.DRAFT, source=make_source(name="Unseen"))
    page = client.get("/en/").content.decode()
    assert page.index(">New<") < page.index(">Old<") < page.index(">Undated<")
    assert "Draft" not in page
    assert "Unseen" not in page
    assert "3 articles, as published." in page
    assert '<bdi lang="ar" dir="auto">الأطلس</bdi>' in page
    assert "1 March 2001" in page
    for path in (
        "calendar/2001/",
        "calendar/undated/",
        "sources/",
        "authors/",
        "places/",
    ):
        assert f'href="/en/{path}"' in page


def test_it_shows_what_was_on_this_day_in_other_years(client: Client) -> None:
    make_article(title="Today", published_on=date(2024, 7, 21))
    make_article(title="That day", published_on=date(2004, 7, 21))
    make_article(title="The day after", published_on=date(2004, 7, 22))
    page = client.get("/en/").content.decode()
    section = page[page.index('id="day-title"') :].split("</section>")[0]
    assert "That day" in section
    assert "Today" not in section
    assert "The day after" not in section
    assert 'href="/en/calendar/day/7/21/"' in section


def test_an_empty_archive_says_how_it_is_filled(client: Client) -> None:
    page = client.get("/en/").content.decode()
    assert "The archive has no articles yet." in page
    assert "Latest<" not in page


def test_it_costs_as_many_queries_in_any_archive(
    client: Client, django_assert_num_queries: object
) -> None:
    for year in range(2000, 2015):
        make_article(published_on=date(year, 7, 21), source=make_source())
    # The state of the archive; its years; this day in its years, and the articles of
    # those; the latest; how many of which source, and the sources.
    with django_assert_num_queries(7):  # type: ignore[operator]
        client.get("/ar/")
