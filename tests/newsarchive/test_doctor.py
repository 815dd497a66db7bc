"""Each way in which an installation can be broken, and the words that say so."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from articles.desk import uploads
from newsarchive.doctor import Finding, databases, examine, is_well, machine, report
from newsarchive.doctor import archive as of_archive
from newsarchive.environment import ROOT
from search import outbox
from search.analysis.arabic.morphology import installed_morphology
from search.backends import ArchiveSearchBackend
from search.outbox.entries import leave_place, take_place
from tests.factories import make_article
from tests.newsarchive.commands import run


class Usage(NamedTuple):
    """How full a disk is, as far as it is looked at."""

    free: int


Probe = Callable[[], Iterator[Finding]]


@pytest.fixture
def var(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an installation of the test's own."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(folder))
    settings.VAR = folder
    return folder


def said(probe: Probe) -> str:
    """Return what a probe finds, in words."""
    return report([("probe", f) for f in probe()], as_json=False)


def nothing_said(probe: Probe) -> bool:
    return said(probe) == "All is well."


@contextmanager
def database_url(monkeypatch: pytest.MonkeyPatch, **change: str) -> Iterator[None]:
    """Have the database be reached in another way, or not at all."""
    change = {"dbname": str(connection.settings_dict["NAME"])} | change
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], **change)
    with monkeypatch.context() as patched:
        patched.setenv("DATABASE_URL", url)
        yield


def test_a_folder_that_cannot_be_written(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nothing_said(machine.folder)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(tmp_path / "file" / "var"))
    assert "file/var: Not a directory" in said(machine.folder)
    assert "chown" in said(machine.folder)


def test_a_full_disk(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (var / "index").mkdir()
    (var / "index" / "MAIN_a.arrays").write_bytes(b"x" * 200_000)
    for free, words in [
        (2**20, "has 1 MB left"),
        (machine.LEAST_FREE, ""),
    ]:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: Usage(free))
        assert words in said(machine.disk)
    monkeypatch.setattr(machine, "LEAST_FREE", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(9))
    assert "rebuild_index" in said(machine.disk)


def test_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:  102400 kB\n")
    monkeypatch.setattr(machine, "_MEMORY", tmp_path / "meminfo")
    assert "100 MB of memory are available" in said(machine.memory)
    (tmp_path / "meminfo").write_text("MemAvailable:  10240000 kB\n")
    (tmp_path / "memory.max").write_text("104857600\n")
    monkeypatch.setattr(machine, "_CGROUP_LIMIT", tmp_path / "memory.max")
    assert "100 MB of memory are available" in said(machine.memory)
    (tmp_path / "memory.max").write_text("max\n")
    assert nothing_said(machine.memory)


def test_few_file_descriptors() -> None:
    old = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, old[1]))
    try:
        assert "may open 512 files" in said(machine.open_files)
        assert "LimitNOFILE=4096" in said(machine.open_files)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, old)


def test_an_embedded_database_of_another_version(var: Path) -> None:
    (var / "postgres").mkdir()
    (var / "postgres" / "PG_VERSION").write_text("12\n")
    assert "is of PostgreSQL 12, and the embedded one is" in said(
        machine.embedded_database
    )
    (var / "postgres" / "PG_VERSION").write_text("18\n")
    assert nothing_said(machine.embedded_database)


def test_an_embedded_database_that_does_not_start(var: Path) -> None:
    (var / "postgres").mkdir()
    (var / "postgres" / "log").write_text(
        "LOG: hello\nPANIC: could not locate a valid\n"
    )
    assert "PANIC: could not locate a valid" in said(machine.embedded_log)


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nothing_said(databases.answers)
    with database_url(monkeypatch, host="/nowhere"):
        assert "No database answers at DATABASE_URL" in said(databases.answers)
        assert "Start the server" in said(databases.answers)


@pytest.fixture
def stranger(transactional_db: None) -> Iterator[str]:
    """Return a user of the database who owns nothing in it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS doctor_stranger")
        cursor.execute("CREATE ROLE doctor_stranger LOGIN")
    yield "doctor_stranger"
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE doctor_stranger")


def test_a_user_without_privileges(
    stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_url(monkeypatch):
        assert nothing_said(databases.privileges)
    with database_url(monkeypatch, user=stranger):
        found = said(databases.privileges)
    assert "tables are not doctor_stranger's, articles_article first" in found
    assert "GRANT CREATE ON SCHEMA public TO doctor_stranger" in found


def test_a_database_that_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nothing_said(databases.writable)
    with database_url(
        monkeypatch, dbname="postgres", options="-c default_transaction_read_only=on"
    ):
        assert "can only be read" in said(databases.writable)


def test_few_connections_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nothing_said(databases.connections_left)
    monkeypatch.setattr(databases, "FULL", 0)
    assert "connections of the database are taken" in said(databases.connections_left)


def test_clocks_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nothing_said(databases.clock)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() - 90)
    assert "differ by 90 s" in said(databases.clock)


def test_a_schema_of_another_age(transactional_db: None) -> None:
    assert nothing_said(of_archive.schema)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('articles', '9999_later', now())"
        )
        try:
            found = said(of_archive.schema)
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert "has been through articles.9999_later" in found
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'search' RETURNING app, name"
        )
        gone = cursor.fetchall()
        try:
            found = said(of_archive.schema)
        finally:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) "
                "VALUES (%s, %s, now())",
                gone,
            )
    assert "The database lacks" in found
    assert "manage.py migrate" in found


def test_mistakes_in_the_settings(settings: Settings) -> None:
    settings.USE_TZ = False
    assert "newsarchive.E011" in said(of_archive.mistakes)


def test_no_index_and_no_worker(
    transactional_db: None, search_backend: ArchiveSearchBackend
) -> None:
    found = said(of_archive.index)
    assert "There is no search index. Run 'manage.py prepare_index'." in found
    assert "No worker follows changes. Start 'manage.py work'." in found


def test_a_damaged_index(
    transactional_db: None, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    outbox.drain()
    search_backend.index.close()
    for table in search_backend.index.path.glob("*.toc"):
        table.write_bytes(b"nonsense")
    assert "rebuild_index" in said(of_archive.index)


def test_an_index_that_is_locked(
    transactional_db: None,
    search_backend: ArchiveSearchBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_article()
    outbox.drain()
    monkeypatch.setattr(of_archive, "LOCK_SECONDS", 0.05)
    assert nothing_said(of_archive.index_lock)
    with search_backend.index.writer():
        found = said(of_archive.index_lock)
    assert f"Process {os.getpid()} has been writing to the index" in found


def test_what_a_killed_rebuild_left(search_backend: ArchiveSearchBackend) -> None:
    search_backend.index.clear()
    assert nothing_said(of_archive.left_building)
    search_backend.index.aside().clear()
    assert "A rebuild of the index was killed" in said(of_archive.left_building)


def test_dictionaries_that_are_not_made(var: Path) -> None:
    assert "The dictionaries are not made yet" in said(of_archive.dictionaries)


def test_static_files_that_are_missing(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    assert "static files are missing" in said(of_archive.static_files)
    assert "collectstatic" in said(of_archive.static_files)


@pytest.mark.parametrize("catalogue", [None, "nonsense"])
def test_a_morphology_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: str | None
) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    installed_morphology.cache_clear()
    if catalogue:
        (tmp_path / "catalogue.json").write_text(catalogue)
    assert "catalogue" in said(of_archive.morphology)
    installed_morphology.cache_clear()


def test_backups_that_are_missing_or_old(
    transactional_db: None, var: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.BACKUPS = None
    settings.ALLOWED_HOSTS = ["localhost"]
    assert nothing_said(of_archive.backups)
    settings.ALLOWED_HOSTS = ["archive.example.org"]
    assert "NEWSARCHIVE_BACKUPS" in said(of_archive.backups)
    settings.BACKUPS = tmp_path / "backups"
    assert "There is no backup in" in said(of_archive.backups)
    run("backup")
    assert nothing_said(of_archive.backups)
    (made,) = settings.BACKUPS.glob("2*")
    made.rename(made.with_name("2020-01-02T03-04-05.000006Z"))
    assert "days old" in said(of_archive.backups)


def test_a_restore_that_was_broken_off(var: Path) -> None:
    assert nothing_said(of_archive.broken_off)
    (var / "restoring.json").write_text("{}")
    assert "A restore was broken off" in said(of_archive.broken_off)


def test_imports_without_their_file(transactional_db: None, var: Path) -> None:
    kept = uploads.keep(SimpleUploadedFile("a.txt", b"uploaded"))
    assert nothing_said(of_archive.import_files)
    Path(kept.path).unlink()
    assert "a.txt first" in said(of_archive.import_files)


def test_a_probe_that_fails_is_a_finding_and_stops_no_other(
    transactional_db: None,
    search_backend: ArchiveSearchBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_options: Any) -> Any:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(of_archive, "_checks", fail)
    found = examine()
    assert ("mistakes", "ZeroDivisionError: by chance") in [
        (name, f.problem) for name, f in found
    ]
    assert any("no search index" in f.problem for _, f in found)


def test_an_installation_that_is_well(
    transactional_db: None,
    search_backend: ArchiveSearchBackend,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("prepare_index", verbosity=0)
    take_place()
    try:
        found = examine()
    finally:
        leave_place()
    assert is_well(found), report(found, as_json=False)


def test_errors_stand_before_warnings_and_decide() -> None:
    found = [
        ("disk", Finding("warning", "Little room.", "Make some.")),
        ("database", Finding("error", "It is down.", id="x.E001")),
    ]
    assert report(found, as_json=False).splitlines() == [
        "error: database: It is down. (x.E001)",
        "warning: disk: Little room.",
        "  Make some.",
        "1 errors, 1 warnings.",
    ]
    assert not is_well(found)
    assert is_well(found[:1])


def doctor(var: Path, *options: str, **environment: str) -> tuple[int, str]:
    """Run ``manage.py doctor``; return its status, and what it says."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", *options],
        cwd=ROOT,
        env=os.environ | {"NEWSARCHIVE_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_it_answers_when_the_settings_are_wrong(tmp_path: Path) -> None:
    status, told = doctor(tmp_path, DEBUG="perhaps")
    assert status == 1
    assert "DEBUG='perhaps': use 'True' or 'False'" in told


def test_it_answers_when_the_embedded_database_cannot_start(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    status, told = doctor(tmp_path, "--json", DATABASE_URL="")
    assert status == 1
    found = {f["probe"]: f["problem"] for f in json.loads(told)["findings"]}
    assert "embedded PostgreSQL does not start" in found["start"]
    assert "is of PostgreSQL 12" in found["embedded database"]


def test_it_names_one_cause_when_the_database_is_empty(tmp_path: Path) -> None:
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname="postgres")
    status, told = doctor(tmp_path, "--json", DATABASE_URL=url)
    assert status == 1
    found = {f["probe"]: f["cure"] for f in json.loads(told)["findings"]}
    assert "manage.py migrate" in found["schema"]
    assert not {"index", "import files", "mistakes of database"} & set(found)


def test_it_answers_when_the_database_is_down(tmp_path: Path) -> None:
    status, told = doctor(
        tmp_path, "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"
    )
    assert status == 1
    answer = json.loads(told)
    assert not answer["well"]
    probes = {finding["probe"] for finding in answer["findings"]}
    assert {"answers", "static files", "dictionaries"} <= probes
    assert not {"index", "privileges"} & probes
