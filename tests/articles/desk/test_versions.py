"""Earlier versions of an article: what changed, by whom, by which import; and back."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.desk.versions import steps
from articles.models import Article, ArticleVersion
from search.finder import find
from search.results import SearchRequest
from tests.articles.importing.desk import line, make_import, run
from tests.factories import make_article, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

ENGLISH = {"accept-language": "en"}
HOSTILE = "<script>alert(1)</script>"


def versions_of(article: Article) -> str:
    return reverse("admin:article_versions", args=[article.pk])


def page_of(version: ArticleVersion) -> str:
    return reverse("admin:article_version", args=[version.article_id, version.pk])


def back(version: ArticleVersion) -> str:
    return reverse("admin:article_version_back", args=[version.article_id, version.pk])


def text(client: Client, path: str) -> str:
    response = client.get(path, headers=ENGLISH)
    assert response.status_code == 200
    return response.content.decode()


def updated(tmp_path: Path, by: Any = None, **values: Any) -> Article:
    """Make an article that an import has updated."""
    make_article(
        source=make_source(name="Atlas"),
        origin_id="1",
        title="Old rain",
        body="It rained on Fez.\nNobody came.",
        language="en",
    )
    fresh = line(1, title="New rain", body="It rained on Rabat.\nNobody came.") | values
    assert run(make_import(tmp_path, fresh, policy="update", by=by)).updated == 1
    return Article.objects.get()


def test_versions_are_listed_with_what_changed(
    admin_client: Client, tmp_path: Path, admin_user: Any
) -> None:
    article = updated(tmp_path, by=admin_user)
    change = reverse("admin:articles_article_change", args=[article.pk])
    assert versions_of(article) in text(admin_client, change)
    page = text(admin_client, versions_of(article))
    version = ArticleVersion.objects.get()
    assert page_of(version) in page
    assert "title · text" in page
    assert version.row
    imported = reverse("admin:articles_import_change", args=[version.row.run_id])
    assert imported in page
    assert "admin" in page


def test_a_version_is_shown_beside_what_replaced_it(
    admin_client: Client, tmp_path: Path
) -> None:
    updated(tmp_path)
    Article.objects.update(place=HOSTILE)
    page = text(admin_client, page_of(ArticleVersion.objects.get()))
    assert '<td lang="en" dir="auto">It rained on <del>Fez</del>.</td>' in page
    assert '<td lang="en" dir="auto">It rained on <ins>Rabat</ins>.</td>' in page
    assert "1 paragraph is the same" in page
    assert HOSTILE not in page
    assert "<ins>&lt;script&gt;" in page


def test_a_version_is_brought_back_and_what_was_is_kept(
    admin_client: Client, tmp_path: Path, admin_user: Any
) -> None:
    article = updated(tmp_path)
    Article.objects.update(status="withdrawn")
    version = ArticleVersion.objects.get()
    response = admin_client.post(back(version), headers=ENGLISH)
    assert response["Location"] == versions_of(article)
    article.refresh_from_db()
    assert (article.title, article.status) == ("Old rain", "withdrawn")
    kept = ArticleVersion.objects.latest("pk")
    assert (kept.values["title"], kept.by, kept.row) == ("New rain", admin_user, None)
    assert LogEntry.objects.get().object_id == str(article.pk)
    # And back again.
    admin_client.post(back(kept))
    article.refresh_from_db()
    assert article.title == "New rain"
    assert [step.labels for step in steps(article)]
    assert ArticleVersion.objects.count() == 3
    assert "at the desk" in text(admin_client, versions_of(article))


def test_the_search_follows(admin_client: Client, tmp_path: Path) -> None:
    updated(tmp_path)
    admin_client.post(back(ArticleVersion.objects.get()))
    assert find(SearchRequest("Fez")).total == 1
    assert find(SearchRequest("Rabat")).total == 0


def test_what_is_so_already_is_left_alone(admin_client: Client, tmp_path: Path) -> None:
    updated(tmp_path)
    version = ArticleVersion.objects.get()
    admin_client.post(back(version))
    admin_client.post(back(version))
    assert ArticleVersion.objects.count() == 2
    assert LogEntry.objects.count() == 1


def test_what_cannot_be_brought_back_is_told(
    admin_client: Client, tmp_path: Path
) -> None:
    article = updated(tmp_path)
    version = ArticleVersion.objects.get()
    Article.objects.update(origin_id="2")
    make_article(source=article.source, origin_id="1")
    response = admin_client.post(back(version), headers=ENGLISH, follow=True)
    assert "Another article of the source has the id “1” now." in (
        response.content.decode()
    )
    version.values["source_id"] = 999_999
    version.save()
    response = admin_client.post(back(version), headers=ENGLISH, follow=True)
    assert "What the version was of is gone: source." in response.content.decode()
    assert "removed" in text(admin_client, page_of(version))
    assert ArticleVersion.objects.count() == 1


def test_what_an_import_did_can_still_be_asked_back_after_that(
    admin_client: Client, tmp_path: Path
) -> None:
    updated(tmp_path)
    version = ArticleVersion.objects.get()
    admin_client.post(back(version))
    assert version.row
    imported = version.row.run
    imported.state = "undoing"
    imported.save()
    assert run(imported).rows.get().kept
    assert Article.objects.get().title == "Old rain"


def test_who_may_not_is_refused(tmp_path: Path) -> None:
    article = updated(tmp_path)
    version = ArticleVersion.objects.get()
    user = User.objects.create_user("reader", is_staff=True)
    client = Client()
    client.force_login(user)
    for path in (versions_of(article), page_of(version)):
        assert client.get(path).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="view_article"))
    page = text(client, page_of(version))
    assert "Bring this version back" not in page
    assert "by an import" in page
    assert ".jsonl" not in page + text(client, versions_of(article))
    assert client.post(back(version)).status_code == 403
    assert Article.objects.get().title == "New rain"


def test_addresses_that_do_not_exist_are_not_found(
    admin_client: Client, tmp_path: Path
) -> None:
    article = updated(tmp_path)
    version = ArticleVersion.objects.get()
    other = make_article()
    for path in (
        reverse("admin:article_versions", args=[999_999]),
        reverse("admin:article_version", args=[other.pk, version.pk]),
        reverse("admin:article_version", args=[article.pk, 999_999]),
    ):
        assert admin_client.get(path).status_code == 404
    assert admin_client.get(back(version)).status_code == 405
    assert "no import has updated" in text(admin_client, versions_of(other))


def test_many_versions_cost_no_more_queries(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = updated(tmp_path)
    for number in range(5):
        fresh = line(1, title=f"Rain {number}")
        run(make_import(tmp_path, fresh, policy="update"))
    with django_assert_num_queries(1):
        assert [step.labels for step in steps(article)]
