"""The page of a source, a section, an author or a place."""

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Status
from tests.factories import make_article, make_section, make_source

pytestmark = pytest.mark.django_db

KINDS = ["source", "section", "author", "place"]
NAME = 'سعاد <"و">'


def fill(count: int = 3) -> None:
    """Make articles of one source, section, author and place, one in each year."""
    source = make_source(
        name=NAME, slug="atlas", description="A <daily>", homepage="https://x.example/"
    )
    own = {
        "source": source,
        "section": make_section(name=NAME, slug="atlas"),
        "authors": [NAME, "آخر"],
        "place": NAME,
    }
    for number in range(count):
        make_article(
            title=f"No {number};", published_on=date(2001 + number, 5, 9), **own
        )
    make_article(title="Undated", published_on=None, **own)
    make_article(title="Withdrawn", status=Status.WITHDRAWN, **own)
    make_article(title="Other")


def address(kind: str) -> str:
    return reverse(kind, args=["atlas" if kind in {"source", "section"} else NAME])


def look(client: Client, kind: str, query: str = "") -> str:
    response = client.get(address(kind).replace("/ar/", "/en/") + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_there_is_and_lists_it(client: Client, kind: str) -> None:
    fill()
    page = look(client, kind)
    assert page.index("No 2;") < page.index("No 0;") < page.index("Undated")
    assert "Withdrawn" not in page
    assert "Other" not in page
    assert "4 articles" in page
    assert "9 May 2001" in page
    assert '<bdi dir="auto">سعاد &lt;&quot;و&quot;&gt;</bdi></h1>' in page
    assert page.count("<rect") == 3
    assert '<a href="?year=2002">2002</a>' in page
    own = address(kind).replace("/ar/", "/en/").replace("'", "&#x27;")
    assert f'href="{own}feed/"' in page
    key = "atlas" if kind in {"source", "section"} else NAME
    assert f'href="/en/search/?{kind}={quote(key).replace("%20", "+")}"' in page


def test_a_source_is_described(client: Client) -> None:
    fill()
    page = look(client, "source")
    assert "A &lt;daily&gt;" in page
    assert 'href="https://x.example/"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_year_can_be_chosen_and_left(client: Client, kind: str) -> None:
    fill()
    page = look(client, kind, "?year=2002")
    assert "No 1;" in page
    assert "No 0;" not in page
    assert "Undated" not in page
    assert 'class="chip"' in page
    for nonsense in ("x", "0", "99999", "٢٠٠٢٢"):
        assert "No 0;" in look(client, kind, f"?year={nonsense}")
    assert "No article of it" in look(client, kind, "?year=1999")


@pytest.mark.parametrize("kind", KINDS)
def test_its_list_goes_on_over_pages(client: Client, kind: str) -> None:
    fill(31)
    page = look(client, kind)
    assert "No 1;" in page
    assert "No 0;" not in page
    assert '<a rel="next" href="?page=2">' in page
    assert "No 0;" in look(client, kind, "?page=2")


@pytest.mark.parametrize("kind", ["source", "section"])
def test_what_has_no_articles_has_a_page_that_says_so(
    client: Client, kind: str
) -> None:
    make_source(slug="atlas")
    make_section(slug="atlas")
    assert "No article of it can be read here." in look(client, kind)


@pytest.mark.parametrize("kind", ["author", "place"])
def test_a_name_that_readers_see_no_article_of_has_no_page(
    client: Client, kind: str
) -> None:
    fill()
    Article.objects.update(status=Status.DRAFT)
    assert client.get(address(kind)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "queries"),
    [
        # The state of the archive; the source; its years; its ends; its articles.
        ("source", 5),
        ("section", 5),
        # The state; whether there is any; years; ends; articles.
        ("author", 5),
        ("place", 5),
    ],
)
def test_a_page_costs_as_many_queries_in_any_archive(
    client: Client, django_assert_num_queries: object, kind: str, queries: int
) -> None:
    fill(40)
    with django_assert_num_queries(queries):  # type: ignore[operator]
        look(client, kind)
    # A later page: its keys, then its articles. Years and ends have been counted.
    with django_assert_num_queries(queries + 1 - 2):  # type: ignore[operator]
        look(client, kind, "?page=2")
