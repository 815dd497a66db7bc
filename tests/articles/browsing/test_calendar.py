"""The calendar: what is on which page, and which pages there are."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Status
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


def look(client: Client, path: str, status: int = 200) -> str:
    response = client.get(f"/en/calendar/{path}")
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "2019/2/29/",
        "2019/13/",
        "2019/0/",
        "2019/4/31/",
        "day/2/30/",
        "day/13/1/",
        "day/0/0/",
        "0/",
        "1599/",
        "1599/1/1/",
        "9999/12/",
        "9999/12/31/",
        f"{10**30}/",
        f"{10**30}/1/",
        f"2019/{10**30}/1/",
        "-1/",
    ],
)
def test_there_is_no_such_day(client: Client, path: str) -> None:
    look(client, path, 404)


def test_years_end_where_a_machine_would_go_on_for_ever(client: Client) -> None:
    year = timezone.localdate().year
    look(client, f"{year + 1}/")
    look(client, f"{year + 2}/", 404)
    make_article(published_on=date(year + 2, 1, 1))
    make_article(published_on=date(1, 1, 1))
    for path in (f"{year + 2}/", f"{year + 2}/1/", f"{year + 2}/1/1/", "1/", "1/1/1/"):
        look(client, path)


def test_days_without_articles_say_so_and_lead_to_those_that_have_any(
    client: Client,
) -> None:
    make_article(published_on=date(2019, 3, 1))
    make_article(published_on=date(2021, 7, 9))
    make_article(published_on=date(2020, 1, 1), status=Status.DRAFT)
    make_article(published_on=None)
    page = look(client, "2020/1/1/")
    assert "no article of this day" in page
    assert "noindex" in page
    assert '<a rel="prev" href="/en/calendar/2019/3/1/">' in page
    assert '<a rel="next" href="/en/calendar/2021/7/9/">' in page
    page = look(client, "2020/1/")
    assert '<a rel="prev" href="/en/calendar/2019/3/">' in page
    assert '<a rel="next" href="/en/calendar/2021/7/">' in page
    page = look(client, "2020/")
    assert '<a rel="prev" href="/en/calendar/2019/">' in page
    assert '<a rel="next" href="/en/calendar/2021/">' in page
    assert 'rel="next"' not in look(client, "2021/7/9/")


def test_a_day_lists_its_articles_the_latest_first(client: Client) -> None:
    source = make_source()
    for number in range(31):
        make_article(
            source=source, title=f"No {number};", published_on=date(2019, 3, 1)
        )
    make_article(title="Another day", published_on=date(2019, 3, 2))
    page = look(client, "2019/3/1/")
    assert "31 articles" in page
    assert page.index("No 30;") < page.index("No 1;")
    assert "No 0;" not in page
    assert "Another day" not in page
    assert "No 0;" in look(client, "2019/3/1/?page=2")
    # The nearest page there is.
    assert "No 0;" in look(client, "2019/3/1/?page=99")
    assert "No 30;" in look(client, "2019/3/1/?page=x")
    assert "Friday, 1 March 2019" in page


def test_a_year_shows_its_days_with_their_number(client: Client) -> None:
    for day in (1, 1, 9):
        make_article(published_on=date(2019, 3, day))
    page = look(client, "2019/")
    assert page.count("<table") == 12
    assert '<a class="square shade-5" href="/en/calendar/2019/3/1/">' in page
    assert '>1<span class="visually-hidden">: 2 articles</span>' in page
    assert "/en/calendar/2019/3/2/" not in page
    assert "3 articles" in page


def test_a_month_shows_days_and_articles(client: Client) -> None:
    make_article(title="In March", published_on=date(2019, 3, 31))
    make_article(title="In April", published_on=date(2019, 4, 1))
    page = look(client, "2019/3/")
    assert "In March" in page
    assert "In April" not in page
    assert "/en/calendar/2019/3/31/" in page


def test_all_years_are_there_with_their_months(client: Client) -> None:
    make_article(published_on=date(2017, 3, 1))
    make_article(published_on=date(2019, 3, 1))
    make_article(published_on=None)
    page = look(client, "")
    for path in ("2017/", "2017/3/", "2019/3/", "undated/"):
        assert f'href="/en/calendar/{path}"' in page
    assert page.index("2019") < page.index("2017")


def test_a_day_of_any_year(client: Client) -> None:
    make_article(title="Leap", published_on=date(2016, 2, 29))
    make_article(title="Leap again", published_on=date(2020, 2, 29))
    make_article(title="No leap", published_on=date(2020, 2, 28))
    page = look(client, "day/2/29/")
    assert "Leap again" in page
    assert "No leap" not in page
    assert "29 February" in page
    assert 'href="/en/calendar/day/3/1/"' in page
    assert "2 articles" in page


def test_what_has_no_date_has_its_place(client: Client) -> None:
    make_article(title="Some day", published_on=None)
    make_article(title="That day")
    page = look(client, "undated/")
    assert "Some day" in page
    assert "That day" not in page


def test_an_archive_without_dates_says_so(client: Client) -> None:
    assert "No article of the archive has a date yet" in look(client, "")
    assert "Every article of the archive has a date" in look(client, "undated/")


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # The state of the archive; its years; its days.
        pytest.param("", 3, id="years"),
        # The state; years; days of the year.
        pytest.param("2019/", 3, id="year"),
        # The state; days of the month; its articles; the days before it and after.
        pytest.param("2019/3/", 4, id="month"),
        # The state; how many there are; articles; the days before and after.
        pytest.param("2019/3/1/", 4, id="day"),
        # The state; the years; how many in which; articles.
        pytest.param("day/3/1/", 4, id="day of year"),
        # The state; how many; articles.
        pytest.param("undated/", 3, id="undated"),
        # A later page, from keys: the state; how many; keys; articles; days around.
        pytest.param("2019/3/1/?page=2", 5, id="second page"),
    ],
)
def test_a_page_costs_as_many_queries_in_any_archive(
    client: Client, django_assert_num_queries: object, path: str, queries: int
) -> None:
    for number in range(33):
        make_article(published_on=date(2019, 3, 1), authors=[f"A{number}"])
        make_article(published_on=date(2019, 3, 1) + timedelta(days=40 * number))
        make_article(published_on=None)
    with django_assert_num_queries(queries):  # type: ignore[operator]
        look(client, path)
