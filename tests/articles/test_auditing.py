"""What was changed is kept, by whatever path, with who, from where, before and after."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from articles.auditing import Actor, AuditEntry, acting
from articles.importing.running import bring_on
from articles.models import Article, Import, Source, Status
from tests.factories import build_article, make_article, make_source

pytestmark = pytest.mark.django_db

ACTOR = Actor(7, "سعاد", "203.0.113.9")


def entries(table: str = "articles_article") -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(table=table).order_by("pk"))


def test_an_article_that_comes_in_costs_no_entry() -> None:
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(3))
    make_article()
    assert entries() == []


def test_a_change_keeps_what_differs_and_nothing_else() -> None:
    article = make_article(title="قديم")
    with acting(ACTOR):
        article.title = "جديد"
        article.save()
    [entry] = entries()
    assert (entry.row, entry.action) == (article.pk, "change")
    assert (entry.before, entry.after) == ({"title": "قديم"}, {"title": "جديد"})
    assert (entry.actor, entry.actor_name, entry.address) == (
        7,
        "سعاد",
        "203.0.113.9",
    )


def test_saving_without_a_change_is_none() -> None:
    make_article().save()
    assert entries() == []


def test_sql_and_bulk_updates_are_kept_like_a_form() -> None:
    articles = [make_article() for _ in range(3)]
    Article.objects.set_status(Status.WITHDRAWN)
    assert [entry.row for entry in entries()] == [article.pk for article in articles]
    assert entries()[0].before == {"status": "published"}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET place = 'Fès'")
    last = entries()[-1]
    assert (last.before, last.after) == ({"place": ""}, {"place": "Fès"})
    assert last.actor_name == ""


def test_what_is_deleted_is_kept_whole() -> None:
    article = make_article(body="بدأ الحصاد.", authors=["سعاد"])
    pk = article.pk
    article.delete()
    [entry] = entries()
    assert (entry.row, entry.action, entry.after) == (pk, "delete", None)
    assert entry.before is not None
    assert entry.before["body"] == "بدأ الحصاد."
    assert entry.before["authors"] == ["سعاد"]


def test_who_acts_is_forgotten_afterwards() -> None:
    source = make_source()
    with acting(ACTOR):
        source.name = "A"
        source.save()
    source.name = "B"
    source.save()
    assert [entry.actor for entry in entries("articles_source")] == [None, 7, None]


def test_who_acts_is_forgotten_after_an_error_too() -> None:
    source = make_source()
    with pytest.raises(ZeroDivisionError), acting(ACTOR):
        raise ZeroDivisionError
    Source.objects.filter(pk=source.pk).update(name="B")
    assert entries("articles_source")[-1].actor is None


def test_passwords_are_told_to_have_changed_and_not_kept() -> None:
    user = User.objects.create_user("amal", password="first password")
    user.set_password("second password")
    user.save()
    added, changed = entries("auth_user")
    assert added.after is not None
    assert set(added.after["password"]) == {"*"}
    assert changed.before == changed.after == {"password": "***"}


def test_roles_given_and_taken_are_kept_under_the_user() -> None:
    user = User.objects.create_user("amal")
    role = Group.objects.get(name="editor")
    user.groups.add(role)
    user.groups.remove(role)
    found = entries("auth_user_groups")
    assert [(entry.row, entry.action) for entry in found] == [
        (user.pk, "add"),
        (user.pk, "delete"),
    ]


def test_signing_in_is_no_change() -> None:
    user = User.objects.create_user("amal", password="first password")
    Client().force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert [entry.action for entry in entries("auth_user")] == ["add"]


def browser(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en", REMOTE_ADDR="203.0.113.9")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def member(role: str) -> User:
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get(name=role))
    return user


def withdraw(client: Client, article: Article) -> None:
    form: dict[str, Any] = {"action": "withdraw", "_selected_action": [article.pk]}
    client.post("/admin/articles/article/", form)


def test_what_is_done_at_the_desk_has_its_user_and_address() -> None:
    editor, article = member("editor"), make_article()
    withdraw(browser(editor), article)
    [entry] = entries()
    assert (entry.actor, entry.actor_name) == (editor.pk, "editor")
    assert entry.address == "203.0.113.9"


def test_the_history_of_an_article_shows_before_and_after() -> None:
    article = make_article(body="بقي.\nذهب.")
    article.body = "بقي.\nجاء."
    article.save()
    client = browser(member("editor"))
    withdraw(client, article)
    page = client.get(f"/admin/articles/article/{article.pk}/history/")
    text = page.content.decode()
    assert "<del>ذهب.</del>" in text
    assert "<ins>جاء.</ins>" in text
    assert "بقي." not in text
    assert "published" in text
    assert "withdrawn" in text
    assert "203.0.113.9" in text


def test_those_without_the_permission_do_not_see_it() -> None:
    article = make_article()
    client = browser(member("importer"))
    Article.objects.update(title="قديم جدا")
    page = client.get(f"/admin/articles/article/{article.pk}/history/")
    assert page.status_code == 200
    assert "What was changed" not in page.content.decode()
    assert client.get("/admin/articles/auditentry/").status_code == 403


def test_what_is_gone_is_found_among_all_changes() -> None:
    article = make_article(title="غاب")
    article.delete()
    [entry] = entries()
    client = browser(member("editor"))
    assert client.get("/admin/articles/auditentry/").status_code == 200
    page = client.get(f"/admin/articles/auditentry/{entry.pk}/change/")
    assert "غاب" in page.content.decode()


def test_changes_of_users_are_for_those_who_see_users() -> None:
    User.objects.create_user("amal", email="amal@example.org")
    [entry] = entries("auth_user")
    path = f"/admin/articles/auditentry/{entry.pk}/change/"
    assert browser(member("editor")).get(path).status_code == 302
    page = browser(member("admin")).get(path)
    assert "amal@example.org" in page.content.decode()


def test_nobody_changes_what_was() -> None:
    root = User.objects.create_superuser("root")
    [entry] = entries("auth_user")
    client = browser(root)
    for path in ("change", "delete"):
        page = client.post(f"/admin/articles/auditentry/{entry.pk}/{path}/", {})
        assert page.status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("search_backend")
def test_what_an_import_updates_has_the_name_of_who_brought_it(tmp_path: Path) -> None:
    amal = User.objects.create_user("amal")
    source = make_source(name="الأطلس", slug="atlas")
    article = make_article(source=source, origin_id="1", title="قديم", language="ar")
    file = tmp_path / "a.jsonl"
    value = {"id": "1", "title": "جديد", "body": "بدأ الحصاد.", "source": "الأطلس"}
    file.write_text(json.dumps(value), encoding="utf-8")
    run = Import.objects.create(
        name=file.name, path=str(file), by=amal, policy="update", state="queued"
    )
    bring_on(run.pk)
    [entry] = entries()
    assert (entry.row, entry.actor_name) == (article.pk, "amal")
    assert entry.after is not None
    assert entry.after["title"] == "جديد"
    source.name = "B"
    source.save()
    assert entries("articles_source")[-1].actor is None
