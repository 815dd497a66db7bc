"""Running it all: one command up, one signal down, and nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from pytest_django.fixtures import Settings

from newsarchive.environment import ROOT
from newsarchive.serving import (
    Address,
    ServeError,
    Supervisor,
    alone,
    hint_for_hosts,
    is_loopback,
    listen,
)
from search.analysis.storage import kept_folder


class Archive:
    """``manage.py serve`` with data of its own."""

    def __init__(self, var: Path, **environment: str) -> None:
        clean = {
            k: v
            for k, v in os.environ.items()
            if k not in {"DATABASE_URL", "HOST", "PORT", "SECRET_KEY"}
        }
        self.output = ""
        # The dictionaries are made once for all tests.
        var.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            (var / "analysis").symlink_to(kept_folder())
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=clean | {"NEWSARCHIVE_VAR": str(var)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait(self) -> str:
        """Wait until the site is open; return what was printed."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line
            if "Ctrl-C" in line:
                break
        return self.output

    def address(self) -> str:
        """Return the site's address."""
        found = re.search(r"http://\S+/", self.output)
        assert found, self.output
        return found[0]

    def tree(self) -> list[psutil.Process]:
        """Return every process that belongs to it, the database included."""
        me = psutil.Process(self.process.pid)
        pid = int((self.var() / "postgres" / "postmaster.pid").read_text().split()[0])
        database = psutil.Process(pid)
        return [
            me,
            database,
            *me.children(recursive=True),
            *database.children(recursive=True),
        ]

    def var(self) -> Path:
        """Return the folder of its data."""
        return Path(psutil.Process(self.process.pid).environ()["NEWSARCHIVE_VAR"])

    def refused(self) -> str:
        """Wait for it to end by itself with an error; return what it printed."""
        output, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 1
        assert "Traceback" not in output
        return output

    def stop(self, number: signal.Signals) -> int:
        """Send a signal; return the exit status."""
        self.process.send_signal(number)
        try:
            self.output += self.process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the data folder of one archive, which tests start one after the other."""
    folder = tmp_path_factory.mktemp("var")
    yield folder
    archive = Archive(folder)
    archive.wait()
    archive.stop(signal.SIGTERM)


def left(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return what still runs some seconds later."""
    _, alive = psutil.wait_procs(processes, timeout=10)
    return [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def test_the_first_run_makes_an_archive_and_the_second_changes_nothing(
    tmp_path: Path,
) -> None:
    first = Archive(tmp_path)
    assert "Sign in as:   admin  password: " in first.wait()
    with urlopen(
        first.address() + "search.json?q=%D8%AD%D9%85%D9%88%D8%B4%D9%8A"
    ) as page:
        assert b'"total": 1' in page.read()
    processes = first.tree()
    assert len(processes) > 8
    assert first.stop(signal.SIGTERM) == 0
    assert "Traceback" not in first.output
    assert left(processes) == []

    second = Archive(tmp_path)
    assert "password" not in second.wait()
    with urlopen(second.address() + "en/") as page:
        assert page.status == 200
    assert second.stop(signal.SIGINT) == 0
    assert "Traceback" not in second.output


def test_a_first_run_that_is_interrupted_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    first = Archive(tmp_path)
    assert first.process.stdout
    for line in first.process.stdout:
        if "Loading sample articles" in line:
            break
    assert first.stop(signal.SIGINT) in {1, -signal.SIGINT}
    assert "Traceback" not in first.output
    second = Archive(tmp_path)
    told = first.output + second.wait()
    assert told.count("password: ") == 1
    with urlopen(second.address() + "search.json") as page:
        assert b'"total": 62' in page.read()
    assert second.stop(signal.SIGTERM) == 0


def test_an_interrupt_that_is_lost_while_preparing_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handlers: dict[int, Callable[..., None]] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    with listen("127.0.0.1", None).listener as listener:
        supervisor = Supervisor(Address("127.0.0.1", 8000, listener), print)
        supervisor.stop_on_signals()
        assert handlers.keys() == {signal.SIGINT, signal.SIGTERM}
        with pytest.raises(KeyboardInterrupt):
            handlers[signal.SIGINT](signal.SIGINT, None)
        with pytest.raises(KeyboardInterrupt):
            supervisor.run(lambda: pytest.fail("The site was opened."))


def test_a_second_archive_over_the_same_data_is_refused(var: Path) -> None:
    first = Archive(var)
    first.wait()
    second = Archive(var)
    assert f"running already: {first.address()}" in second.refused()
    first.stop(signal.SIGTERM)


def test_a_killed_archive_leaves_no_site_behind_and_starts_again(var: Path) -> None:
    first = Archive(var)
    first.wait()
    children = psutil.Process(first.process.pid).children(recursive=True)
    first.stop(signal.SIGKILL)
    assert left(children) == []
    second = Archive(var)
    assert "Newsarchive:" in second.wait()
    assert second.stop(signal.SIGTERM) == 0


def test_a_worker_that_dies_is_started_again(var: Path) -> None:
    archive = Archive(var)
    archive.wait()
    me = psutil.Process(archive.process.pid)
    [worker] = [p for p in me.children() if "work" in p.cmdline()]
    worker.kill()
    end = time.monotonic() + 10
    workers: list[psutil.Process] = []
    while not workers and time.monotonic() < end:
        time.sleep(0.1)
        workers = [
            p for p in me.children() if p.pid != worker.pid and "work" in p.cmdline()
        ]
    assert workers
    assert archive.stop(signal.SIGTERM) == 0


def test_readers_wait_for_a_site_and_a_database_that_were_killed(var: Path) -> None:
    archive = Archive(var)
    archive.wait()
    page = archive.address() + "search.json"
    for name in ("gunicorn", "postgres"):
        victim = next(p for p in archive.tree() if name in " ".join(p.cmdline()))
        victim.kill()
        # Nobody is turned away: the socket is open, and the page waits for its database.
        with urlopen(page, timeout=30) as answer:
            assert b'"total": 62' in answer.read()
    assert archive.stop(signal.SIGTERM) == 0
    assert "The site was killed; it is started again." in archive.output
    assert "The database ended; it was started again." in archive.output


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PORT": "x"}, "PORT='x': use a whole number from 1 to 65535"),
        ({"HOST": "203.0.113.7"}, "HOST=203.0.113.7 cannot be listened on"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "No database answers"),
        ({"DATABASE_URL": "mysql://x"}, "use postgresql://user:password@host"),
        ({"DEBUG": "yes"}, "use 'True' or 'False'"),
    ],
)
def test_what_cannot_be_is_said_without_a_traceback(
    var: Path, environment: dict[str, str], message: str
) -> None:
    assert message in Archive(var, **environment).refused()


def test_a_port_that_was_asked_for_must_be_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match="Choose another port"):
            listen("127.0.0.1", port)


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    first = listen("127.0.0.1", None)
    with first.listener, listen("127.0.0.1", None).listener as second:
        assert second.getsockname()[1] > first.port


def test_addresses_are_written_for_browsers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for host, url in (
        ("127.0.0.1", f"http://127.0.0.1:{port}/"),
        ("0.0.0.0", f"http://localhost:{port}/"),
    ):
        address = listen(host, port)
        address.listener.close()
        assert address.url == url


def test_only_hosts_that_others_reach_want_a_name(settings: Settings) -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert hint_for_hosts("127.0.0.1") is None
    assert "ALLOWED_HOSTS" in (hint_for_hosts("0.0.0.0") or "")
    settings.ALLOWED_HOSTS = ["*"]
    assert hint_for_hosts("0.0.0.0") is None


def test_one_at_a_time_serves_a_folder(tmp_path: Path) -> None:
    second = alone(tmp_path, "http://two/")
    with alone(tmp_path, "http://one/"), pytest.raises(ServeError, match="http://one/"):
        second.__enter__()
    with alone(tmp_path, "http://two/"):
        pass
