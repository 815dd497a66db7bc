"""Probes of the database, asked without Django, which may be what is wrong."""

import os
import time
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg

from newsarchive import database
from newsarchive.doctor.findings import Finding

CLOCK_SECONDS = 5.0
FULL = 0.9

_OTHERS_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT pg_has_role(current_user, c.relowner, 'USAGE')
    ORDER BY 1
"""
_MAY_CREATE = """
    SELECT coalesce(has_schema_privilege(current_user, current_schema(), 'CREATE'), false)
"""
_TAKEN = """
    SELECT count(*), current_setting('max_connections')::int
    FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
_CLOCK = "SELECT extract(epoch FROM clock_timestamp())::float8"
_READ_ONLY = """
    SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool
"""


def answers() -> Iterator[Finding]:
    """Nothing works without the database."""
    try:
        database.check(os.environ["DATABASE_URL"])
    except database.DatabaseError as error:
        yield Finding(
            "error",
            str(error),
            "Start the server, or mend host, port, name, user and password in "
            "DATABASE_URL.",
        )


def privileges() -> Iterator[Finding]:
    """Migrations and restoring change tables, which only their owner may."""
    with _connection() as connection:
        user = connection.info.user
        others = [name for (name,) in connection.execute(_OTHERS_TABLES).fetchall()]
        if others:
            yield Finding(
                "error",
                f"{len(others)} tables are not {user}'s, {others[0]} first.",
                f"As their owner: REASSIGN OWNED BY ... TO {user}, or ALTER TABLE ... "
                f"OWNER TO {user}.",
            )
        if not _one(connection, _MAY_CREATE):
            yield Finding(
                "error",
                f"The database user {user} may not make tables.",
                f"As owner of the database: GRANT CREATE ON SCHEMA public TO {user}.",
            )


def writable() -> Iterator[Finding]:
    """A standby or a database that was set to reading takes no article."""
    with _connection() as connection:
        if _one(connection, _READ_ONLY):
            yield Finding(
                "error",
                "The database can only be read.",
                "Name the primary server in DATABASE_URL; or the disk of the server "
                "was full, and it was set so: ALTER DATABASE ... RESET "
                "default_transaction_read_only.",
            )


def connections_left() -> Iterator[Finding]:
    """Whoever comes when all are taken meets an error."""
    with _connection() as connection:
        row = connection.execute(_TAKEN).fetchone()
        taken, most = row or (0, 1)
        if taken > FULL * most:
            yield Finding(
                "warning",
                f"{taken} of {most} connections of the database are taken.",
                "Run fewer processes and threads, or raise max_connections.",
            )


def clock() -> Iterator[Finding]:
    """Embargoes end by the clock of the database, and articles are dated by ours."""
    with _connection() as connection:
        before = time.time()
        there = float(_one(connection, _CLOCK))
        skew = there - (before + time.time()) / 2
        if abs(skew) > CLOCK_SECONDS:
            yield Finding(
                "warning",
                f"The clocks of database and archive differ by {abs(skew):.0f} s: "
                "embargoes end by that of the database.",
                "Have both machines set by NTP.",
            )


def _connection() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5)


def _one(connection: psycopg.Connection[Any], query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
