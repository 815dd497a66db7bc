"""The page of an article: what it shows, what it answers, what it costs."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rispy
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from articles.models import Article, Status
from search import outbox
from search.backends import ArchiveSearchBackend
from tests.articles.importing.desk import make_import
from tests.articles.importing.desk import run as run_import
from tests.factories import make_article, make_section, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_backend")]

HOSTILE = "<script>alert(1)</script>\"'{x}{{ y }}{% z %}&amp;\N{RIGHT-TO-LEFT OVERRIDE}"


def address(article: Article, language: str = "en") -> str:
    with translation.override(language):
        return article.get_absolute_url()


def get(article: Article, language: str = "en", **parameters: str) -> str:
    response = Client().get(address(article, language), parameters)
    assert response.status_code == 200
    return response.content.decode()


def tag(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response["ETag"]


def test_a_page_shows_the_article_as_published() -> None:
    article = make_article(
        title="حصاد الزيتون",
        subtitle="في مكناس",
        body="بدأ الحصاد.\nوانتهى.",
        language="ar",
        authors=["سعاد", "Amal"],
        section=make_section(name="زراعة"),
        place="مكناس",
        url="https://atlas.example/1",
        published_on=date(2019, 9, 21),
        published_at=datetime(2019, 9, 21, 8, tzinfo=UTC),
    )
    page = get(article)
    assert re.search(r'<article class="reading" lang="ar" dir="rtl">', page)
    assert '<p id="p2">وانتهى.' in page
    for text in ("حصاد الزيتون", "في مكناس", "سعاد", "Amal", "زراعة", "مكناس"):
        assert text in page
    assert "21 September 2019" in page
    assert "08:00 UTC" in page
    assert 'href="/en/calendar/2019/9/21/"' in page
    assert 'href="https://atlas.example/1"' in page
    assert f"http://testserver/articles/{article.pk}/" in page


def test_no_text_of_an_article_is_taken_for_markup() -> None:
    article = make_article(
        title=HOSTILE,
        subtitle=HOSTILE,
        body=f"{HOSTILE}\n{HOSTILE}",
        authors=[HOSTILE, "", "/", ".", "a\nb"],
        place=HOSTILE,
        source=make_source(name=HOSTILE),
        section=make_section(name=HOSTILE),
    )
    make_article(source=article.source, title=HOSTILE)
    for parameters in ({}, {"q": "alert"}, {"q": HOSTILE}, {"q": "a\0b"}):
        page = get(article, **parameters)
        assert "<script>alert" not in page
        assert "{{ y }}" in page
        assert "&amp;amp;" in page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_page_names_its_addresses_and_what_it_is(language: str) -> None:
    article = make_article(title='A "b" & c', published_on=date(2019, 9, 21))
    page = get(article, language)
    host = "http://testserver"
    path = f"articles/{article.pk}/"
    assert f'<link rel="canonical" href="{host}/{language}/{path}">' in page
    for other in ("ar", "fr", "en"):
        link = f'<link rel="alternate" hreflang="{other}" href="{host}/{other}/{path}">'
        assert link in page
    assert f'hreflang="x-default" href="{host}/{path}">' in page
    assert '<meta property="og:title" content="A &quot;b&quot; &amp; c">' in page
    assert '"@type": "NewsArticle"' in page
    for ending in ("bib", "ris", "json"):
        assert f'href="/{language}/{path}cite.{ending}"' in page


def test_the_permalink_leads_to_the_language_of_the_reader(client: Client) -> None:
    path = reverse("permalink", args=[7])
    assert path == "/articles/7/"
    for language in ("fr", "en"):
        response = client.get(path, headers={"accept-language": language})
        assert response.status_code == 302
        assert response["Location"] == f"/{language}/articles/7/"
        assert "Accept-Language" in response["Vary"]


def test_a_withdrawn_article_is_gone_with_its_text(client: Client) -> None:
    article = make_article(title="Secret", body="Hidden.", status=Status.WITHDRAWN)
    for path in (
        address(article),
        reverse("citation", args=[article.pk, "bib"]),
    ):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 410
        assert "Secret" not in page
        assert "Hidden" not in page
        assert 'type="search"' in page


def _draft() -> dict[str, Any]:
    return {"status": Status.DRAFT}


def _embargoed() -> dict[str, Any]:
    return {"embargo": timezone.now() + timedelta(days=1)}


def _never_seen() -> dict[str, Any]:
    return _embargoed() | {"status": Status.WITHDRAWN}


@pytest.mark.parametrize("values", [_draft, _embargoed, _never_seen])
def test_what_was_never_public_is_as_if_it_were_not(
    client: Client, values: Callable[[], dict[str, Any]]
) -> None:
    article = make_article(title="Secret", **values())
    for path in (address(article), reverse("citation", args=[article.pk, "ris"])):
        response = client.get(path)
        assert response.status_code == 404
        assert "Secret" not in response.content.decode()
        assert 'type="search"' in response.content.decode()


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("json", "application/vnd.citationstyles.csl+json; charset=utf-8"),
    ],
)
def test_citations_are_files_of_their_format(
    client: Client, ending: str, content_type: str
) -> None:
    article = make_article(title="حصاد")
    response = client.get(reverse("citation", args=[article.pk, ending]))
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    name = f"newsarchive-{article.pk}.{ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "حصاد" in response.content.decode()
    assert f"http://testserver/articles/{article.pk}/" in response.content.decode()


def test_a_citation_speaks_the_language_of_the_page(client: Client) -> None:
    article = make_article(url="https://atlas.example/1")
    names = set()
    for language in ("ar", "fr", "en"):
        with translation.override(language):
            path = reverse("citation", args=[article.pk, "ris"])
        [record] = rispy.loads(client.get(path).content.decode())
        names.add(record["name_of_database"])
    assert len(names) == 3


@pytest.mark.parametrize("ending", ["", "pdf", "bib.exe"])
def test_there_are_no_other_formats(client: Client, ending: str) -> None:
    article = make_article()
    assert client.get(f"{address(article)}cite.{ending}").status_code == 404


def test_a_page_that_did_not_change_is_not_sent_again(client: Client) -> None:
    article = make_article()
    for path in (address(article), reverse("citation", args=[article.pk, "bib"])):
        known = tag(client, path)
        assert tag(client, path) == known
        response = client.get(path, headers={"if-none-match": known})
        assert response.status_code == 304
        assert response.content == b""
        assert response["Cache-Control"] == "no-cache"
    assert "Cookie" in client.get(address(article))["Vary"]


def _renamed_source(article: Article) -> None:
    article.source.name = "Another name"
    article.source.save()


def _corrected(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(body="Text as corrected.")


def _followed(article: Article) -> None:
    make_article(source=article.source, published_on=date(2021, 1, 1))


def _withdrawn_neighbour(article: Article) -> None:
    Article.objects.exclude(pk=article.pk).update(status=Status.WITHDRAWN)


@pytest.mark.parametrize(
    "change", [_renamed_source, _corrected, _followed, _withdrawn_neighbour]
)
def test_whatever_changes_on_a_page_changes_its_validator(
    client: Client, change: Callable[[Article], None]
) -> None:
    article = make_article(published_on=date(2020, 1, 1))
    make_article(source=article.source, published_on=date(2019, 1, 1))
    known = tag(client, address(article))
    change(article)
    response = client.get(address(article), headers={"if-none-match": known})
    assert response.status_code == 200
    assert response["ETag"] != known


def test_each_language_choice_and_query_has_its_own_validator(client: Client) -> None:
    article = make_article(body="A harvest.")
    path = address(article)
    paths = [path, address(article, "ar"), address(article, "fr"), f"{path}?q=harvest"]
    tags = [tag(client, path) for path in paths]
    client.cookies["conventions"] = "arabic.levantine"
    tags.append(tag(client, address(article, "ar")))
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("others", [1, 40])
def test_a_page_costs_six_queries_in_an_archive_of_any_size(
    search_backend: ArchiveSearchBackend,
    django_assert_num_queries: DjangoAssertNumQueries,
    others: int,
) -> None:
    source, section = make_source(), make_section()
    article, *_ = [
        make_article(
            source=source,
            section=section,
            body=f"The harvest of olives began on 3 March 20{10 + number % 10}.",
        )
        for number in range(others + 1)
    ]
    outbox.drain()
    client = Client()
    client.get(address(article))
    # The article with its source and section; the first and last day of the archive;
    # the articles before and after; those that are alike; what is hidden, of which no
    # word is marked; and the import it came by.
    with django_assert_num_queries(6):
        page = client.get(address(article), {"q": "olives"}).content.decode()
    assert "related-title" in page
    assert "<mark" in page


def test_what_there_was_no_time_for_is_not_kept(settings: Settings) -> None:
    article, _ = [
        make_article(body=f"The harvest of olives in valley {number} began early.")
        for number in range(2)
    ]
    outbox.drain()
    client = Client()
    whole = client.get(address(article))
    assert "related-title" in whole.content.decode()
    assert whole.has_header("ETag")

    settings.SEARCH = {"related_budget": 0.0}
    cut = client.get(address(article), headers={"If-None-Match": whole["ETag"]})
    assert cut.status_code == 200
    assert "olives in valley 0" in cut.content.decode()
    assert "related-title" not in cut.content.decode()
    assert not cut.has_header("ETag")
    assert "no-store" in cut["Cache-Control"]


def test_by_which_import_it_came_is_told_as_far_as_a_reader_may_know(
    tmp_path: Path, admin_client: Client, admin_user: Any
) -> None:
    assert ">Imported<" not in get(make_article())
    told = {"id": "1", "body": "It rained on Fez.", "source": "Atlas"}
    secret = make_import(tmp_path, told, name="<b>from-our-spy.jsonl", by=admin_user)
    ended = run_import(secret)
    article = ended.rows.get().article
    assert article
    page = get(article)
    assert ">Imported<" in page
    assert "spy" not in page
    assert "line 1" not in page
    staff = admin_client.get(address(article)).content.decode()
    assert "&lt;b&gt;from-our-spy.jsonl" in staff
    assert "line 1" in staff
    assert reverse("admin:articles_import_change", args=[ended.pk]) in staff
    # Whoever may not see imports is a stranger, staff or not.
    admin_user.is_superuser = False
    admin_user.save()
    assert "spy" not in admin_client.get(address(article)).content.decode()


def test_a_citation_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = reverse("citation", args=[make_article().pk, "json"])
    with django_assert_num_queries(1):
        client.get(path)
