"""Restoring: refused, whole, or as it was before; and alive afterwards."""

import os
import secrets
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError
from django.db import connection
from pytest_django.fixtures import Settings

from articles.desk import uploads
from articles.models import Article, Import
from newsarchive.backups import (
    BackupError,
    catalogue,
    find,
    make,
    manifest,
    restoring,
)
from newsarchive.backups import restore as restore_backup
from newsarchive.backups.manifest import Manifest
from search import outbox
from search.backends import ArchiveSearchBackend
from search.finder import find as find_articles
from search.models import OutboxEntry
from search.results import SearchRequest
from tests.factories import make_article
from tests.newsarchive.commands import run


@pytest.fixture(autouse=True)
def var(
    transactional_db: None,
    search_backend: ArchiveSearchBackend,
    settings: Settings,
    tmp_path: Path,
) -> Path:
    """Return the folder of an installation of the test's own."""
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    return Path(settings.VAR)


@pytest.fixture
def place(tmp_path: Path, var: Path) -> Path:
    """Return a folder with a backup of an archive that has changed since."""
    make_article(title="خبر القطار")
    make_article(title="مسودة", status="draft")
    User.objects.create_user("suad")
    uploads.keep(SimpleUploadedFile("a.txt", b"uploaded"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('q', 'was at work', 'doing'), ('q', 'waits', 'todo')"
        )
    make(tmp_path / "backups")
    return tmp_path / "backups"


def restore(place: Path) -> list[str]:
    """Replace what there is; return what was told."""
    told: list[str] = []
    restore_backup(find(place), told=told.append, agreed=lambda _found: True)
    return told


def test_what_was_changed_since_is_as_it_was(place: Path) -> None:
    Article.objects.filter(title="خبر القطار").update(title="عنوان آخر")
    Article.objects.filter(title="مسودة").delete()
    make_article()
    later = Path(uploads.keep(SimpleUploadedFile("b.txt", b"later")).path)
    kept = Path(Import.objects.order_by("pk")[0].path)
    kept.unlink()
    restore(place)
    assert sorted(Article.objects.values_list("title", flat=True)) == [
        "خبر القطار",
        "مسودة",
    ]
    assert kept.read_bytes() == b"uploaded"
    assert not later.exists()
    assert find_articles(SearchRequest(query="القطار")).total == 1
    assert not (Path(django_settings.VAR) / "restoring.json").exists()


def test_the_archive_lives_on_afterwards(place: Path) -> None:
    restore(place)
    number = max(Article.objects.values_list("pk", flat=True))
    published = Article.objects.published().get()
    new = make_article(title="المطار")
    assert new.pk > number
    outbox.drain()
    assert find_articles(SearchRequest(query="المطار")).total == 1
    # Triggers are at work again: a change is noted, and the ledger counts it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "UPDATE articles_article SET status = 'withdrawn' WHERE id = %s",
            [published.pk],
        )
        cursor.execute(
            "SELECT sum(articles) FROM articles_tally WHERE kind = 'archive'"
        )
        assert cursor.fetchone() == (1,)
    assert OutboxEntry.objects.filter(article_id=published.pk, hides=True).exists()


def test_a_job_that_was_at_work_is_not_begun_again(place: Path) -> None:
    restore(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs")
        assert dict(cursor.fetchall()) == {"was at work": "failed", "waits": "todo"}


def test_an_archive_with_articles_is_refused(place: Path) -> None:
    with pytest.raises(CommandError, match=r"has 2 article\(s\) and 1 user\(s\)"):
        run("restore", place)
    make_article(title="kept")
    assert Article.objects.filter(title="kept").exists()


def test_replacing_is_asked_about(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article(title="kept")
    monkeypatch.setattr("builtins.input", lambda _prompt: "yes")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", place, replace=True)
    assert Article.objects.filter(title="kept").exists()
    monkeypatch.setattr("builtins.input", lambda _prompt: "replace")
    out, _, _ = run("restore", place, replace=True)
    assert "gone for good" in out
    assert "Rows and index agree" in out
    assert not Article.objects.filter(title="kept").exists()


def test_without_a_terminal_nothing_is_replaced(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_terminal(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", no_terminal)
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", place, replace=True)
    run("restore", place, replace=True, interactive=False)


def test_a_damaged_backup_is_refused_before_anything_is_touched(place: Path) -> None:
    make_article(title="kept")
    path = find(place) / "database" / "articles_source.copy.zst"
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(CommandError, match="articles_source"):
        run("restore", place, replace=True, interactive=False)
    assert Article.objects.filter(title="kept").exists()
    assert not (Path(django_settings.VAR) / "restoring.json").exists()


def test_what_the_database_does_not_take_leaves_it_as_it_was(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article(title="kept")
    # Sources are left out: the articles' foreign keys fail at the very end.
    order = catalogue.in_order
    monkeypatch.setattr(
        catalogue,
        "in_order",
        lambda *args: [n for n in order(*args) if n != "articles_source"],
    )
    with pytest.raises(BackupError, match="foreign key"):
        restore(place)
    assert Article.objects.filter(title="kept").exists()
    assert OutboxEntry._meta.db_table
    make_article(title="and triggers are on")
    outbox.drain()
    assert find_articles(SearchRequest(query="triggers")).total == 1


def test_a_broken_off_restore_is_repeated_without_being_asked(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    for point in ("_bring_uploads", "_load", "_bring_schema_on", "_bring_index"):
        with monkeypatch.context() as patched:
            patched.setattr(restoring._Restoring, point, die)
            with pytest.raises(KeyboardInterrupt):
                restore(place)
        assert (Path(django_settings.VAR) / "restoring.json").exists()
    restore_backup(find(place), told=lambda _message: None)
    assert Article.objects.count() == 2
    assert not (Path(django_settings.VAR) / "restoring.json").exists()


def test_a_backup_of_a_later_version_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = manifest.read(find(place))
    later = {name: getattr(real, name) for name in Manifest.__dataclass_fields__} | {
        "migrations": (*real.migrations, "articles.9999_telepathy"),
        "program": "9.0",
    }
    path = find(place) / "manifest.json"
    path.write_text(manifest.written(Manifest(**later)))
    with pytest.raises(BackupError, match=r"version 9\.0.*articles\.9999_telepathy"):
        restore(place)


def test_an_older_backup_is_not_put_into_a_newer_schema(place: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('articles', '9999_later', now())"
        )
        try:
            with pytest.raises(
                BackupError, match=r"articles\.9999_later.*empty database"
            ):
                restore(place)
        finally:
            connection.cursor().execute(
                "DELETE FROM django_migrations WHERE name = '9999_later'"
            )


def test_a_database_that_is_in_use_is_refused(place: Path) -> None:
    url = psycopg.conninfo.make_conninfo(
        os.environ["DATABASE_URL"], dbname=str(connection.settings_dict["NAME"])
    )
    with (
        psycopg.connect(url),
        pytest.raises(BackupError, match=r"1 other program\(s\) use the database"),
    ):
        restore(place)


def test_other_settings_are_pointed_out(place: Path, settings: Settings) -> None:
    settings.TIME_ZONE = "Africa/Casablanca"
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    told = "\n".join(restore(place))
    assert "NEWSARCHIVE_TIME_ZONE was UTC and is Africa/Casablanca" in told
    assert "everybody signs in again" in told


def test_no_room_is_said_before_anything_is_touched(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_SPARE", 2**60)
    with pytest.raises(BackupError, match="MB left"):
        restore(place)
    assert not (Path(django_settings.VAR) / "restoring.json").exists()


def test_a_folder_without_a_backup_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, message in [
        (tmp_path / "nothing", "is no folder"),
        (tmp_path / "empty", "There is no backup in"),
    ]:
        with pytest.raises(CommandError, match=message):
            run("restore", path)
