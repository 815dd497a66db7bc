"""Lists of sources, sections, authors and places."""

import re
from html import unescape

import pytest
from django.test import Client

from articles.models import Article, Status
from tests.factories import build_article, make_article, make_section, make_source

pytestmark = pytest.mark.django_db

KINDS = ["sources", "sections", "authors", "places"]


def make(name: str) -> Article:
    """Make an article of which everything has ``name``."""
    slug = f"s{abs(hash(name))}"
    return make_article(
        source=make_source(name=name, slug=slug),
        section=make_section(name=name, slug=slug),
        authors=[name],
        place=name,
    )


def names(client: Client, path: str, language: str = "ar") -> list[str]:
    page = client.get(f"/{language}/{path}").content.decode()
    listed = page.split('class="entries"')[1:]
    found = re.findall(r"<bdi[^>]*>([^<]*)</bdi>", listed[0]) if listed else []
    return [unescape(name) for name in found]


def letters(client: Client, path: str, language: str = "ar") -> list[str]:
    page = client.get(f"/{language}/{path}").content.decode()
    nav = page.split('class="letters"')[1].split("</nav>")[0]
    return re.findall(r">([^<]+)</a>", nav)[1:]


@pytest.mark.parametrize("kind", KINDS)
def test_names_stand_in_the_order_of_the_reader_s_script(
    client: Client, kind: str
) -> None:
    for name in ("Zoé", "القدس", "أحمد", "Émile", "قاسم", "24", "بدر"):
        make(name)
    arabic, latin = ["أحمد", "بدر", "قاسم", "القدس"], ["Émile", "Zoé"]
    assert names(client, f"{kind}/") == [*arabic, *latin, "24"]
    assert names(client, f"{kind}/", "fr") == [*latin, *arabic, "24"]
    assert letters(client, f"{kind}/") == ["ا", "ب", "ق", "E", "Z", "#"]
    assert letters(client, f"{kind}/", "en") == ["E", "Z", "ا", "ب", "ق", "#"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_and_a_part_of_the_name_narrow_the_list(
    client: Client, kind: str
) -> None:
    for name in ("القاهرة", "قطر", "بغداد", "باريس", "O'Neill", "50%"):
        make(name)
    assert names(client, f"{kind}/?letter=ق") == ["القاهرة", "قطر"]
    assert names(client, f"{kind}/?filter=القاهره") == ["القاهرة"]
    assert names(client, f"{kind}/?filter=ا") == ["باريس", "بغداد", "القاهرة"]
    assert names(client, f"{kind}/?filter=ا&letter=ب") == ["باريس", "بغداد"]
    assert names(client, f"{kind}/?filter=NEILL") == ["O'Neill"]
    assert names(client, f"{kind}/?filter=%25") == ["50%"]
    assert names(client, f"{kind}/?filter=_") == []
    assert len(names(client, f"{kind}/?letter=Q")) == 6
    assert len(names(client, f"{kind}/?filter=%00")) == 6


def test_what_is_filtered_away_is_said_and_the_way_back_shown(client: Client) -> None:
    make("قطر")
    page = client.get("/en/authors/?filter=<b>").content.decode()
    assert "No name has “&lt;b&gt;” in it." in page
    assert 'href="?"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_readers_may_see_is_listed(client: Client, kind: str) -> None:
    make("قطر")
    for article in (make("تونس"), make("ليبيا")):
        Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN)
    assert names(client, f"{kind}/") == ["قطر"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_without_names_says_so(client: Client, kind: str) -> None:
    page = client.get(f"/en/{kind}/").content.decode()
    assert "No article of the archive names any yet." in page


@pytest.mark.parametrize("kind", ["authors", "places"])
def test_hundreds_of_names_come_in_pages(client: Client, kind: str) -> None:
    source = make_source()
    Article.objects.bulk_create(
        build_article(source=source, authors=[f"N {n:03}"], place=f"N {n:03}")
        for n in range(205)
    )
    assert names(client, f"{kind}/?page=3") == [f"N {n}" for n in range(200, 205)]
    page = client.get(f"/en/{kind}/?filter=N&page=2").content.decode()
    assert "205 names" in page
    assert "?filter=N&amp;page=3" in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "?filter=ا", "?letter=ا&page=2"])
def test_a_list_costs_as_many_queries_in_any_archive(
    client: Client, django_assert_num_queries: object, kind: str, query: str
) -> None:
    for number in range(15):
        make(f"ا {number}")
    # The state of the archive; the letters; the names of the page.
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get(f"/ar/{kind}/{query}")
