"""The database: the one named, or an embedded one that its last user stops."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from newsarchive import database
from newsarchive.environment import ROOT

HOLD = (
    "import sys\n"
    "from newsarchive import database\n"
    "print(database.ensure_running(), flush=True)\n"
    "sys.stdin.read()\n"
)


class User:
    """A process that uses the embedded server of a folder until it is let go."""

    def __init__(self, var: Path) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            cwd=ROOT,
            env=environment | {"NEWSARCHIVE_VAR": str(var)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """Wait for the server's address."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """End as programs end."""
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        """End without a chance to clean up."""
        self.process.kill()
        self.process.communicate(timeout=30)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def postmaster(var: Path) -> psutil.Process:
    return psutil.Process(
        int((var / "postgres" / "postmaster.pid").read_text().split()[0])
    )


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """Return a data folder; whatever serves it is stopped at the end."""
    # A short path: the name of a socket may have some hundred characters only.
    yield tmp_path
    user = User(tmp_path)
    user.url()
    user.leave()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_two_users_share_a_server_and_the_last_stops_it(var: Path) -> None:
    first, second = User(var), User(var)
    url = first.url()
    assert second.url() == url
    assert answers(url)
    first.leave()
    assert answers(url)
    second.leave()
    assert not answers(url)


def test_a_killed_user_is_not_counted(var: Path) -> None:
    first, second = User(var), User(var)
    url = first.url()
    second.url()
    first.kill()
    second.leave()
    assert not answers(url)


def test_a_killed_server_is_started_again(var: Path) -> None:
    user = User(var)
    url = user.url()
    server = postmaster(var)
    server.send_signal(signal.SIGKILL)
    psutil.wait_procs([server], timeout=10)
    user.leave()
    again = User(var)
    assert again.url() == url
    end = time.monotonic() + 10
    while not answers(url) and time.monotonic() < end:
        time.sleep(0.1)
    assert answers(url)
    again.leave()


def test_a_user_revives_a_server_that_was_killed(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    held = database._Embedded(var)
    url = held.start()
    assert not held.revive()
    postmaster(var).kill()
    end = time.monotonic() + 10
    while not held.revive() and time.monotonic() < end:
        time.sleep(0.1)
    assert answers(url)
    assert not held.revive()
    held._leave()
    assert not answers(url)


def test_the_named_database_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/archive")
    assert database.ensure_running() == "postgresql://db.example/archive"


def test_an_address_becomes_djangos_settings() -> None:
    settings = database.django_settings(
        "postgresql://me:secret@db.example:5433/archive?sslmode=require"
    )
    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "archive",
        "USER": "me",
        "PASSWORD": "secret",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "postgresql://h/db?colour=red"]
)
def test_other_addresses_are_refused_with_an_example(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host"):
        database.django_settings(url)


def test_a_database_that_answers_is_accepted() -> None:
    database.check(os.environ["DATABASE_URL"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist'),
        ({"host": "/nowhere"}, "No database answers at DATABASE_URL"),
        ({"user": "nobody-known"}, "nobody-known"),
    ],
)
def test_a_database_that_does_not_answer_is_refused_with_the_reason(
    change: dict[str, str], message: str
) -> None:
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], **change)
    with pytest.raises(database.DatabaseError, match=message):
        database.check(url)


def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_SERVER", 990000)
    with pytest.raises(database.DatabaseError, match="use 14 or newer"):
        database.check(os.environ["DATABASE_URL"])


def test_a_folder_that_cannot_be_written_is_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    environment: dict[str, Any] = {
        k: v for k, v in os.environ.items() if k != "DATABASE_URL"
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment | {"NEWSARCHIVE_VAR": str(file / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Newsarchive cannot start" in run.stderr
    assert "Traceback" not in run.stderr
    assert "NEWSARCHIVE_VAR" in run.stderr
