"""The editors' desk: articles in, published, withdrawn."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Source, Status
from search.finder import find
from search.results import SearchRequest
from tests.factories import make_article, make_section, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

LIST = reverse("admin:articles_article_changelist")
ADD = reverse("admin:articles_article_add")
IMPORT = reverse("admin:articles_import_add")


def total(query: str = "") -> int:
    return find(SearchRequest(query)).total


def change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def values(source: Source, **others: Any) -> dict[str, Any]:
    """What the form of an article sends."""
    return {
        "title": "حصاد الزيتون",
        "subtitle": "",
        "body": "بدأ الحصاد.\r\nوانتهى.",
        "language": "",
        "authors": "سعاد\r\nAmal",
        "place": "",
        "source": source.pk,
        "section": "",
        "published_on": "2020-01-01",
        "published_at_0": "",
        "published_at_1": "",
        "url": "",
        "origin_id": "",
        "status": "published",
        "embargo_0": "",
        "embargo_1": "",
    } | others


def action(name: str, *articles: Article) -> dict[str, Any]:
    return {"action": name, "_selected_action": [article.pk for article in articles]}


def test_an_article_saved_is_found_at_the_next_search(admin_client: Client) -> None:
    response = admin_client.post(ADD, values(make_source()))
    assert response.status_code == 302
    article = Article.objects.get()
    assert article.body == "بدأ الحصاد.\nوانتهى."
    assert article.authors == ["سعاد", "Amal"]
    assert article.language == "ar"
    assert total("الحصاد") == 1


def test_saving_without_a_change_keeps_the_text_as_published(
    admin_client: Client,
) -> None:
    body = "  أول \n\nثان\n"
    article = make_article(body=body, language="ar")
    before = article.content_hash
    sent = values(article.source, title=article.title, body=body.replace("\n", "\r\n"))
    assert admin_client.post(change(article), sent).status_code == 302
    article.refresh_from_db()
    assert article.body == body
    assert article.content_hash == before


def test_a_text_that_shows_no_language_has_that_of_its_source(
    admin_client: Client,
) -> None:
    admin_client.post(ADD, values(make_source(language="ar"), title="1", body="2"))
    assert Article.objects.get().language == "ar"


def test_the_day_follows_from_the_time(admin_client: Client) -> None:
    sent = values(
        make_source(),
        published_on="",
        published_at_0="2020-05-01",
        published_at_1="06:30:00",
    )
    admin_client.post(ADD, sent)
    article = Article.objects.get()
    assert article.published_on == date(2020, 5, 1)
    assert article.published_at == datetime(2020, 5, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": " "}, "required"),
        ({"body": " \r\n "}, "Give the article a text"),
        ({"language": "xx"}, "ISO 639"),
        ({"body": "123", "title": "1"}, "cannot be guessed"),
        (
            {"published_at_0": "2021-05-01", "published_at_1": "06:30:00"},
            "not on the day",
        ),
        ({"url": "javascript:alert(1)"}, "valid URL"),
        ({"status": "gone"}, "valid choice"),
    ],
)
def test_a_wrong_value_is_told_and_nothing_saved(
    admin_client: Client, wrong: dict[str, str], message: str
) -> None:
    response = admin_client.post(ADD, values(make_source(), **wrong), headers=ENGLISH)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Article.objects.count() == 0


ENGLISH = {"accept-language": "en"}


def test_withdrawing_and_publishing_is_seen_at_the_next_search(
    admin_client: Client,
) -> None:
    articles = [make_article(), make_article()]
    assert total() == 2
    admin_client.post(LIST, action("withdraw", *articles))
    assert total() == 0
    assert set(Article.objects.values_list("status", flat=True)) == {"withdrawn"}
    admin_client.post(LIST, action("publish", *articles))
    assert total() == 2
    assert LogEntry.objects.count() == 4


def test_deleting_is_seen_at_the_next_search(admin_client: Client) -> None:
    article, other = make_article(), make_article()
    url = reverse("admin:articles_article_delete", args=[article.pk])
    admin_client.post(url, {"post": "yes"})
    assert total() == 1
    admin_client.post(LIST, action("delete_selected", other) | {"post": "yes"})
    assert total() == 0


def test_readers_cannot_publish(client: Client) -> None:
    user = User.objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_article"))
    client.force_login(user)
    article = make_article(status=Status.DRAFT)
    assert client.get(LIST).status_code == 200
    client.post(LIST, action("publish", article))
    assert client.get(IMPORT).status_code == 403
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_pages_for_editors_open(admin_client: Client) -> None:
    article = make_article(section=make_section(), language="ar", title="<b>عنوان")
    for url in (
        f"{LIST}?q={article.title}",
        f"{LIST}?status__exact=published&published_on__year=2020",
        ADD,
        IMPORT,
        change(article),
        reverse("admin:articles_source_changelist"),
        reverse("admin:articles_source_add"),
        reverse("admin:articles_section_changelist"),
        reverse("admin:articles_source_change", args=[article.source.pk]),
    ):
        response = admin_client.get(url)
        assert response.status_code == 200, url
        assert "<b>عنوان" not in response.content.decode()
    page = admin_client.get(change(article)).content.decode()
    assert page.count('dir="auto"') >= 4
    assert article.get_absolute_url() in page.replace("/en/", "/ar/") or "view" in page


def test_view_on_site_is_offered_for_what_readers_see(admin_client: Client) -> None:
    shown = make_article()
    hidden = make_article(embargo=timezone.now() + timedelta(days=1))
    link = 'class="viewsitelink"'
    assert link in admin_client.get(change(shown)).content.decode()
    assert link not in admin_client.get(change(hidden)).content.decode()


def test_a_source_with_articles_is_not_deleted(admin_client: Client) -> None:
    source = make_article().source
    url = reverse("admin:articles_source_delete", args=[source.pk])
    admin_client.post(url, {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    for url in (LIST, ADD, IMPORT):
        response = client.get(url)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
