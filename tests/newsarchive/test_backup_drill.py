"""The drill: back up, destroy, restore, and compare every row and 50 searches."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from newsarchive.environment import ROOT
from search.analysis.storage import kept_folder

DRILL = """
import django
django.setup()
from tests.newsarchive import drill
drill.{what}()
"""
OLD_SCHEMA = """
import django
django.setup()
from django.core.management import call_command
for target in (["auth"], ["articles", "0003"], ["search", "0001"]):
    call_command("migrate", *target, verbosity=0)
"""
JOBS, OUTBOX = "procrastinate_jobs", "search_outboxentry"
# Where a restore changes what was true of the old installation only.
CHANGED = {JOBS, OUTBOX}


class Installation:
    """A database of its own on the server of the tests, and a folder of its own."""

    def __init__(self, var: Path, name: str) -> None:
        self.var = var
        self.name = name
        self.url = psycopg.conninfo.make_conninfo(
            os.environ["DATABASE_URL"], dbname=name
        )
        var.mkdir()
        # The dictionaries are made once for all tests.
        with suppress(OSError):
            (var / "analysis").symlink_to(kept_folder())

    def make(self) -> None:
        """Make its database."""
        self._server("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")

    def destroy(self) -> None:
        """Drop its database."""
        self._server("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def run(self, *command: str) -> str:
        """Run a program in it; return what it prints."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ
            | {
                "NEWSARCHIVE_VAR": str(self.var),
                "DATABASE_URL": self.url,
                "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
                "SECRET_KEY": "the same for both installations of the drill, of 50+",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *command: str) -> str:
        """Run a command of ``manage.py``."""
        return self.run("manage.py", *command)

    def ask(self) -> dict[str, Any]:
        """Return every row, and what the searches find."""
        answer: dict[str, Any] = json.loads(self.drill("ask"))
        return answer

    def drill(self, what: str) -> str:
        """Have something be done by the drill; return what it prints."""
        return self.run("-c", DRILL.format(what=what))

    def _server(self, statement: LiteralString) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(sql.SQL(statement).format(sql.Identifier(self.name)))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Return an archive with some of everything."""
    folder = tmp_path_factory.mktemp("drill")
    installation = Installation(folder / "old", f"drill_old_{os.getpid()}")
    installation.make()
    installation.manage("migrate", "--verbosity=0")
    installation.drill("fill")
    yield installation
    installation.destroy()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Installation]:
    """Return an empty installation."""
    installation = Installation(tmp_path / "new", f"drill_new_{os.getpid()}")
    installation.make()
    yield installation
    installation.destroy()


def moved(rows: list[str], old: Installation, new: Installation) -> list[str]:
    return sorted(row.replace(str(old.var), str(new.var)) for row in rows)


@pytest.mark.parametrize("option", ["", "--with-index"])
def test_what_was_destroyed_is_back_row_by_row_and_found_as_before(
    old: Installation, new: Installation, tmp_path: Path, option: str
) -> None:
    before = old.ask()
    assert len(before["searches"]) == 50
    assert len(before["rows"]["articles_article"]) > 250
    assert sum(search["total"] > 0 for search in before["searches"]) > 40
    assert any('"hides": true' in row for row in before["rows"][OUTBOX])
    old.manage("backup", str(tmp_path / "backups"), *filter(None, [option]))

    told = new.manage("restore", str(tmp_path / "backups"))
    assert "Rows and index agree" in told
    assert ("as it was in the backup" in told) == bool(option)

    after = new.ask()
    assert after["rows"].keys() == before["rows"].keys()
    for table, rows in before["rows"].items():
        if table not in CHANGED:
            assert after["rows"][table] == moved(rows, old, new), table
    assert len(after["rows"][JOBS]) == len(before["rows"][JOBS])
    # What was due is followed; what the clock brings is still to come.
    due = [row for row in before["rows"][OUTBOX] if '"hides": true' not in row]
    assert after["rows"][OUTBOX] == due
    assert after["searches"] == before["searches"]


def test_an_older_schema_is_brought_up_to_date(
    new: Installation, tmp_path: Path
) -> None:
    before = Installation(tmp_path / "before", f"drill_before_{os.getpid()}")
    before.make()
    try:
        before.run("-c", OLD_SCHEMA)
        with psycopg.connect(before.url) as connection:
            connection.execute(
                "INSERT INTO articles_source (name, slug, homepage, country, language, "
                "description) VALUES ('الأطلس', 'atlas', '', '', '', '')"
            )
            connection.execute(
                "INSERT INTO articles_article (title, subtitle, body, language, authors, "
                "place, source_id, url, origin_id, status, created, changed) "
                "SELECT 'عنوان', '', 'نص', 'ar', '{}', '', id, '', '', 'published', "
                "now(), now() FROM articles_source"
            )
        before.manage("backup", str(tmp_path / "backups"))
        told = new.manage("restore", str(tmp_path / "backups"))
    finally:
        before.destroy()
    assert "with 1 documents. Rows and index agree" in told
    with psycopg.connect(new.url) as connection:
        # What is there since: a table, and the roles.
        assert connection.execute("SELECT FROM articles_watch").rowcount == 0
        assert connection.execute("SELECT FROM auth_group").rowcount > 3
