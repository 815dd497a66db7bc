"""Backups: complete or not there, of one moment, private, and checked to the last byte."""

import json
import os
import resource
import secrets
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError
from django.db import connection
from pytest_django.fixtures import Settings

from articles.desk import uploads
from articles.models import Article, Tally
from newsarchive.backups import (
    BackupError,
    age_of_newest,
    check,
    find,
    make,
    making,
    manifest,
)
from newsarchive.backups.files import unpacked
from newsarchive.environment import ROOT
from search import outbox
from search.backends import ArchiveSearchBackend
from search.engine import IndexLockedError
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
def place(tmp_path: Path) -> Path:
    """Return a folder for backups that is not there yet."""
    return tmp_path / "backups"


def rows_of(folder: Path, table: str) -> list[list[str]]:
    """Return the rows of a table in a backup, as PostgreSQL writes them."""
    path = folder / "database" / f"{table}.copy.zst"
    text = b"".join(unpacked(path)).decode()
    return [line.split("\t") for line in text.splitlines()]


def test_a_backup_is_a_folder_that_only_its_owner_reads(place: Path) -> None:
    make_article(title="خبر")
    made = make(place)
    assert find(place) == made.path
    assert check(made.path) == made.manifest
    modes = {stat.S_IMODE(p.stat().st_mode) for p in place.rglob("*") if p.is_file()}
    assert modes <= {0o600, 0o644}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    for path in made.path.rglob("*"):
        assert not path.stat().st_mode & 0o077


def test_rows_are_there_as_they_are_written(place: Path) -> None:
    text = 'سطر\nثان\tو\\N "و" \\ آخر'
    make_article(title="خبر", body=text)
    made = make(place)
    entry = next(t for t in made.manifest.tables if t.name == "articles_article")
    (row,) = rows_of(made.path, "articles_article")
    assert "content_hash" not in entry.columns
    body = row[entry.columns.index("body")]
    assert body == text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def test_the_secret_is_told_apart_and_not_kept(place: Path, settings: Settings) -> None:
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    made = make(place)
    for path in made.path.rglob("*"):
        if path.is_file():
            assert settings.SECRET_KEY.encode() not in path.read_bytes()
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    again = make(place)
    assert again.manifest.settings["secret"] != made.manifest.settings["secret"]


def test_a_backup_shows_one_moment_of_all_tables(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    dump = making._dump

    def change_and_dump(*arguments: Any) -> Any:
        # Committed by another session while the backup is being written.
        make_article()
        return dump(*arguments)

    monkeypatch.setattr(making, "_dump", change_and_dump)
    made = make(place)
    assert Article.objects.count() > 30
    assert made.manifest.rows("articles_article") == 1
    assert len(rows_of(made.path, "articles_source")) == 1
    archive = [r for r in rows_of(made.path, "articles_tally") if "archive" in r]
    assert len(archive) == 1


def test_numbers_go_on_after_those_that_are_in_use(place: Path) -> None:
    article = make_article()
    sequences = {s.name: s for s in make(place).manifest.sequences}
    assert sequences["articles_article_id_seq"].last >= article.pk


def test_the_files_of_imports_are_in_it(place: Path) -> None:
    kept = uploads.keep(SimpleUploadedFile("a.txt", b"uploaded"))
    gone = uploads.keep(SimpleUploadedFile("b.txt", b"gone"))
    Path(gone.path).unlink()
    out, err, status = run("backup", place)
    path = find(place)
    assert status == 0
    assert (path / "uploads" / Path(kept.path).name).read_bytes() == b"uploaded"
    assert Path(gone.path).name in err
    assert "1 uploaded files" in out


def test_the_index_is_in_it_if_wanted(
    place: Path, search_backend: ArchiveSearchBackend
) -> None:
    with pytest.raises(BackupError, match="no search index"):
        make(place, with_index=True)
    make_article()
    outbox.drain()
    made = make(place, with_index=True)
    folder = search_backend.index.path
    assert {p.name for p in (made.path / "index").iterdir()} == {
        p.name for p in folder.iterdir() if p.suffix in {".toc", ".arrays"}
    }
    assert made.manifest.index is not None
    assert not list(folder.parent.glob("index.backup-*"))


def test_the_index_and_the_outbox_are_of_one_moment(
    place: Path, search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    outbox.drain()
    link = making._link

    def try_to_commit_and_link(aside: Path | None) -> None:
        make_article()
        with pytest.raises(IndexLockedError):
            outbox.drain(wait=0.05)
        link(aside)

    monkeypatch.setattr(making, "_link", try_to_commit_and_link)
    made = make(place, with_index=True)
    assert made.manifest.rows("articles_article") == 1
    assert made.manifest.rows("search_outboxentry") == 0


def test_a_folder_with_other_things_is_refused(place: Path) -> None:
    place.mkdir()
    (place / "thesis.doc").write_text("")
    with pytest.raises(BackupError, match="folder for backups only"):
        make(place)
    assert [p.name for p in place.iterdir()] == ["thesis.doc"]


def test_old_backups_are_removed_when_told(place: Path) -> None:
    first, second = make(place).path, make(place).path
    out, _, _ = run("backup", place, keep=2)
    assert not first.exists()
    assert second.exists()
    assert f"Removed: {first}" in out
    with pytest.raises(CommandError, match="keep one at least"):
        run("backup", place, keep=0)


KILLED = """
import os, signal
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from pathlib import Path
from newsarchive.backups import make, making
making.written = lambda manifest: os.kill(os.getpid(), signal.SIGKILL)
make(Path({place!r}))
"""


def test_a_killed_backup_is_none_and_is_cleared_away_by_the_next(place: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    script = KILLED.format(name=name, place=str(place))
    killed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "newsarchive.settings"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    (left,) = place.glob(".unfinished-*")
    assert (left / "database" / "articles_article.copy.zst").exists()
    with pytest.raises(BackupError, match="no backup in"):
        find(place)
    made = make(place)
    assert not left.exists()
    assert find(place) == made.path


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_a_full_disk_is_said_and_leaves_nothing(place: Path) -> None:
    make_article(body=os.urandom(20_000).hex())
    with no_file_larger_than(10_000), pytest.raises(BackupError, match="MB left"):
        make(place)
    assert [p.name for p in place.iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match=r"file/backups: Not a directory"):
        make(tmp_path / "file" / "backups")


def test_two_backups_at_once_do_not_mix(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = making._dump

    def begin_another(*arguments: Any) -> Any:
        with pytest.raises(BackupError, match="Another process writes a backup"):
            make(place)
        return dump(*arguments)

    monkeypatch.setattr(making, "_dump", begin_another)
    made = make(place)
    assert check(made.path)


def test_whatever_file_is_damaged_is_named(
    place: Path, search_backend: ArchiveSearchBackend
) -> None:
    uploads.keep(SimpleUploadedFile("a.txt", b"uploaded"))
    make_article()
    outbox.drain()
    made = make(place, with_index=True)
    files = [path for path in made.path.rglob("*") if path.is_file()]
    assert len(files) > 30
    for path in files:
        whole = path.read_bytes()
        damages = (
            [whole[:-1], bytes([whole[0] ^ 1]) + whole[1:]] if whole else [b"more"]
        )
        for damage in (*damages, None):
            path.unlink()
            if damage is not None:
                path.write_bytes(damage)
            with pytest.raises(BackupError) as raised:
                check(made.path)
            assert path.name in str(raised.value)
            path.write_bytes(whole)
    assert check(made.path) == made.manifest


def test_the_command_checks_the_newest(place: Path) -> None:
    make_article()
    make(place)
    newest = make(place).path
    out, _, status = run("backup", place, check=True)
    assert status == 0
    assert f"{newest}\n1 articles, " in out
    (newest / "database" / "auth_user.copy.zst").unlink()
    with pytest.raises(CommandError, match="auth_user"):
        run("backup", place, check=True)


def test_a_backup_of_a_later_format_is_refused(place: Path) -> None:
    path = make(place).path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 2}))
    with pytest.raises(BackupError, match="format 2"):
        manifest.read(path.parent)


def test_the_age_is_that_of_the_newest(place: Path) -> None:
    assert age_of_newest(place) is None
    make(place)
    age = age_of_newest(place)
    assert age is not None
    assert timedelta() <= age < timedelta(minutes=1)


def test_the_place_may_come_from_the_environment(
    place: Path, settings: Settings
) -> None:
    with pytest.raises(CommandError, match="NEWSARCHIVE_BACKUPS"):
        run("backup")
    settings.BACKUPS = place
    run("backup")
    assert find(place)


def test_press_variants_are_kept_with_it(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.txt"
    own.write_text("أميركا = أمريكا\n")
    monkeypatch.setenv("NEWSARCHIVE_VARIANTS", str(own))
    made = make(place)
    assert (made.path / "variants.txt").read_text() == own.read_text()
    assert made.manifest.settings["press variants"]


def test_the_ledger_is_no_larger_than_the_archive(place: Path) -> None:
    make_article()
    assert make(place).manifest.rows("articles_tally") == Tally.objects.count()
