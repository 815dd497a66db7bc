"""The pages of watches: who may have what looked at, and what they are told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from articles import tasks
from articles.models import Article, Import, Watch
from tests.articles.importing.desk import line
from tests.factories import make_source
from tests.newsarchive.commands import write

pytestmark = pytest.mark.django_db(transaction=True)

ADD = reverse("admin:articles_watch_add")
LIST = reverse("admin:articles_watch_changelist")
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.VAR = tmp_path / "var"
    settings.WATCH_FOLDERS = [str(tmp_path)]
    return iter([None])


def choices(**others: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "kind": "feed",
        "place": "https://feed.example/rss",
        "every": "30",
        "active": "on",
        "source": "",
        "section": "",
        "language": "",
        "status": "draft",
        "policy": "skip",
    } | others


def client_of(*permissions: str) -> Client:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def change(watch: Watch) -> str:
    return reverse("admin:articles_watch_change", args=[watch.pk])


def page(client: Client, path: str) -> str:
    response = client.get(path, headers=ENGLISH)
    assert response.status_code == 200
    return response.content.decode()


def test_a_watch_is_added_and_noted(admin_client: Client) -> None:
    assert "address or folder" in page(admin_client, ADD).lower()
    response = admin_client.post(ADD, choices(status="published"), headers=ENGLISH)
    assert response.status_code == 302
    watch = Watch.objects.get()
    assert (watch.place, watch.every, watch.status) == (
        "https://feed.example/rss",
        30,
        "published",
    )
    assert watch.by
    assert watch.by.username == "admin"
    assert LogEntry.objects.get().object_id == str(watch.pk)
    assert "https://feed.example/rss" in page(admin_client, LIST)
    assert "https://feed.example/rss" in page(admin_client, change(watch))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"place": "ftp://feed.example/"}, "is no address of a feed"),
        ({"place": "https://a:b@feed.example/"}, "user name or a password"),
        ({"place": "https://feed.example:22/"}, "Port 22"),
        ({"place": ""}, "This field is required"),
        ({"kind": "folder", "place": "/etc"}, "NEWSARCHIVE_WATCH_FOLDERS"),
        ({"kind": "folder", "place": "a\0b"}, "Null characters"),
        ({"every": "0"}, "greater than or equal to 1"),
        ({"every": "99999999999999999999"}, "less than or equal to"),
        ({"language": "Arabic"}, "at most 3"),
        ({"language": "a1"}, "ISO 639"),
        ({"kind": "x"}, "Select a valid choice"),
        ({"status": "x"}, "Select a valid choice"),
    ],
)
def test_what_would_never_work_is_refused_in_words(
    admin_client: Client, values: dict[str, str], said: str
) -> None:
    response = admin_client.post(ADD, choices(**values), headers=ENGLISH)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert Watch.objects.count() == 0


def test_who_may_not_publish_has_drafts_made() -> None:
    client = client_of("add_watch", "change_watch", "view_watch")
    response = client.post(ADD, choices(status="published"), headers=ENGLISH)
    assert "Select a valid choice" in response.content.decode()
    assert client.post(ADD, choices()).status_code == 302
    watch = Watch.objects.get()
    Watch.objects.update(status="published")
    other = choices(place="https://other.example/", status="published")
    assert (
        "Select a valid"
        in client.post(change(watch), other, headers=ENGLISH).content.decode()
    )


def test_who_may_not_is_refused() -> None:
    client = client_of("add_import", "change_import", "view_import", "view_watch")
    watch = Watch.objects.create(place="https://feed.example/")
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, choices()).status_code == 403
    assert client.post(change(watch), choices()).status_code == 403
    assert "https://feed.example/" in page(client, change(watch))
    client.post(LIST, {"action": "look_now", "_selected_action": [watch.pk]})
    assert not jobs("articles.look_at_watch", watch.pk)


def test_another_address_begins_anew(admin_client: Client) -> None:
    watch = Watch.objects.create(
        place="https://feed.example/rss",
        every=30,
        etag="x",
        entries="y",
        problem="Gone.",
        failures=7,
        due=timezone.now() + timedelta(days=1),
    )
    admin_client.post(change(watch), choices())
    watch.refresh_from_db()
    assert (watch.etag, watch.failures) == ("x", 7)
    admin_client.post(change(watch), choices(place="https://other.example/"))
    watch.refresh_from_db()
    assert (watch.etag, watch.entries, watch.problem) == ("", "", "")
    assert watch.failures == 0
    assert watch.due <= timezone.now()


def test_problems_are_told_in_the_editor_s_language(admin_client: Client) -> None:
    watch = Watch.objects.create(
        place="https://feed.example/rss",
        problem="%(host)s answers with status %(status)d (%(words)s).",
        problem_values={"host": "<b>feed", "status": 500, "words": "Error"},
    )
    for path in (LIST, change(watch)):
        assert "&lt;b&gt;feed answers with status 500" in page(admin_client, path)
        arabic = admin_client.get(path, headers={"accept-language": "ar"})
        assert "answers with" not in arabic.content.decode()


def test_a_folder_is_looked_at_by_the_worker(
    admin_client: Client, tmp_path: Path
) -> None:
    make_source()
    inbox = tmp_path / "in"
    inbox.mkdir()
    write(inbox / "a.jsonl", line(1))
    values = choices(kind="folder", place=str(inbox), status="published")
    admin_client.post(ADD, values)
    watch = Watch.objects.get()
    tasks.look_at_watches(0)
    tasks.look_at_watches(0)
    assert jobs("articles.look_at_watch", watch.pk) == 1
    tasks.look_at_watch(watch.pk)
    assert Import.objects.count() == 0
    admin_client.post(LIST, {"action": "look_now", "_selected_action": [watch.pk]})
    tasks.look_at_watch(watch.pk)
    run = Import.objects.get()
    assert jobs("articles.bring_import_on", run.pk) == 1
    tasks.bring_import_on(run.pk)
    assert Article.objects.get().status == "published"
    assert "1 article added" in page(admin_client, LIST)
    imported = reverse("admin:articles_import_change", args=[run.pk])
    assert imported in page(admin_client, change(watch))
    assert "a.jsonl" in page(admin_client, imported)
    messages = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert len(messages) == 3


def jobs(task: str, pk: int) -> int:
    """Return how many jobs wait for the worker."""
    return ProcrastinateJob.objects.filter(
        task_name=task, args={"pk": pk}, status="todo"
    ).count()
