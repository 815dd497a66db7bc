"""Run the whole archive from one terminal: prepare, start, watch and stop.

``prepare`` brings database and index to where the site can open. A ``Supervisor``
starts the site (gunicorn) and the background worker, starts again what dies, and stops
both when it is told to. It holds the socket: readers who come while the site is started
again wait, and are not turned away. The database is not its child: it belongs to
``newsarchive.database``, which stops it with its last user and revives it for us.
"""

import contextlib
import ctypes
import fcntl
import http.client
import ipaddress
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article
from newsarchive import database
from newsarchive.environment import ROOT

DEFAULT_PORT = 8000
PORTS_TRIED = 100
START_SECONDS = 60.0
STOP_SECONDS = 8.0
RESTART_SECONDS = 2.0
ADMIN = "admin"


class ServeError(Exception):
    """The archive cannot be run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the site is, and the socket that listens there."""

    host: str
    port: int
    listener: socket.socket

    @property
    def url(self) -> str:
        """The site's address for a browser on this machine."""
        host = self.host
        if host in {"0.0.0.0", "::"}:  # noqa: S104  Only compared.
            host = "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def listen(host: str, port: int | None) -> Address:
    """Listen at ``host``, on ``port`` or on the first free one from 8000 up.

    Raises:
        ServeError: the address is taken, or is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [port] if port else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    for tried in ports:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, tried))
        except OSError as error:
            listener.close()
            reason = error
            continue
        listener.listen(128)
        return Address(host, tried, listener)
    if port:
        raise ServeError(
            f"HOST={host} PORT={port} cannot be listened on: {reason.strerror}. "
            "Choose another port, or leave PORT out."
        )
    raise ServeError(f"HOST={host} cannot be listened on: {reason.strerror}.")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


@contextmanager
def alone(var: Path, url: str) -> Iterator[None]:
    """Be the one that serves the data in ``var``, and leave ``url`` for others to read.

    Raises:
        ServeError: another process serves it.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            running = file.read().strip()
            raise ServeError(f"The archive is running already: {running}") from error
        file.seek(0)
        file.truncate()
        file.write(url)
        file.flush()
        yield


def prepare(say: Callable[[str], object]) -> None:
    """Bring database, files and index to where the site can open.

    It may be interrupted at any point: what is left to do is done the next time.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
    if not User.objects.exists() and not Article.objects.exists():
        _first_run(say)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("prepare_index")
    connections.close_all()


def _first_run(say: Callable[[str], object]) -> None:
    """Load the samples and make the user ``admin``, both or neither."""
    say("Loading sample articles ...")
    fixtures = sorted(str(path) for path in (ROOT / "fixtures").glob("*.json"))
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        call_command("loaddata", *fixtures, verbosity=0)
        User.objects.create_superuser(ADMIN, password=password)
    # Said at once: nobody could sign in if it were interrupted before it is said.
    say(f"Sign in as:   {ADMIN}  password: {password}")
    say("              (shown this once; change it in the admin)")


class Supervisor:
    """The site and the worker, as child processes."""

    def __init__(self, address: Address, say: Callable[[str], object]) -> None:
        self._address = address
        self._say = say
        self._stopped = False
        self._runs = False
        self._site: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def stop_on_signals(self) -> None:
        """Take SIGINT and SIGTERM as the wish to stop, from now on.

        Until ``run`` is called, KeyboardInterrupt ends what is done meanwhile.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note_stop)

    def run(self, when_ready: Callable[[], object]) -> bool:
        """Run until told to stop; return whether that was why it ended.

        Raises:
            KeyboardInterrupt: it was told to stop before.
        """
        self._runs = True
        if self._stopped:
            # Raised before where exceptions are lost, such as in a callback of the
            # garbage collector, it has interrupted nothing.
            raise KeyboardInterrupt
        try:
            self._site = self._start_site()
            self._worker = self._start_worker()
            if not self._wait_until_ready():
                return self._stopped
            when_ready()
            return self._watch()
        finally:
            self._stop()

    def _note_stop(self, *_args: object) -> None:
        self._stopped = True
        if not self._runs:
            raise KeyboardInterrupt

    def _watch(self) -> bool:
        while not self._stopped:
            self._revive_database()
            if _has_ended(self._site):
                # What ends by itself would do so again.
                if not _was_killed(self._site):
                    return False
                self._say("The site was killed; it is started again.")
                self._site = self._start_site()
            if _has_ended(self._worker):
                self._say("The background worker ended; it is started again.")
                time.sleep(RESTART_SECONDS)
                if not self._stopped:
                    self._worker = self._start_worker()
            time.sleep(0.1)
        return True

    def _revive_database(self) -> None:
        try:
            if database.revive():
                self._say("The database ended; it was started again.")
        except database.DatabaseError as error:
            self._say(str(error))
            time.sleep(RESTART_SECONDS)

    def _wait_until_ready(self) -> bool:
        end = time.monotonic() + START_SECONDS
        while not self._stopped and time.monotonic() < end:
            if _has_ended(self._site):
                return False
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        host = self._address.url.removeprefix("http://").rstrip("/")
        site = http.client.HTTPConnection(host, timeout=START_SECONDS)
        try:
            site.request("GET", "/en/")
            return bool(site.getresponse().status)
        except OSError:
            return False
        finally:
            site.close()

    def _start_site(self) -> subprocess.Popen[bytes]:
        # The socket listens already: no other process can take the port meanwhile.
        number = self._address.listener.fileno()
        command = [
            *(sys.executable, "-m", "gunicorn", "--config", "python:newsarchive.web"),
            *("--bind", f"fd://{number}"),
            *("--workers", "2", "--worker-class", "gthread", "--threads", "8"),
            *("--timeout", "120", "--graceful-timeout", "5"),
            # At "warning" it has a line for every HEAD request that Django answers.
            *("--log-level", "error"),
        ]
        return _start(command, pass_fds=(number,))

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return _start([sys.executable, str(ROOT / "manage.py"), "work"])

    def _stop(self) -> None:
        children = [child for child in (self._site, self._worker) if child]
        for child in children:
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _has_ended(child: subprocess.Popen[bytes] | None) -> bool:
    return child is None or child.poll() is not None


def _was_killed(child: subprocess.Popen[bytes] | None) -> bool:
    return child is not None and child.returncode < 0


def _start(
    command: list[str], pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, which ends with this process."""
    return subprocess.Popen(  # noqa: S603  Our own programs.
        command,
        cwd=ROOT,
        # Each thread would else keep memory of its own for what is long done.
        env={"MALLOC_ARENA_MAX": "2", **os.environ},
        pass_fds=pass_fds,
        # Ctrl-C reaches every process of the terminal; the children are told to stop
        # by this one, in its order.
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  No threads run here.
    )


def _end_with_parent() -> None:
    """Ask Linux to terminate this child when its parent is killed.

    Other systems have no such wish: there a SIGKILL of the parent leaves the children
    to be stopped by hand.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
        if os.getppid() == 1:
            # The parent died before the wish was known.
            os._exit(1)


def hint_for_hosts(host: str) -> str | None:
    """Say what readers on other machines need, if ``host`` is open to them."""
    if is_loopback(host) or "*" in settings.ALLOWED_HOSTS:
        return None
    return (
        "Readers on other machines: name the host name that they use in ALLOWED_HOSTS, "
        "such as ALLOWED_HOSTS=archive.example.org"
    )
