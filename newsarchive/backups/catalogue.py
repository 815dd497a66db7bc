"""What the database has: tables, columns, who refers to whom, sequences.

Asked of PostgreSQL and not of the models, since the schema of a backup may be older
than the program.
"""

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from psycopg import Connection, sql

from newsarchive.backups.manifest import Sequence

_OF_NO_EXTENSION = """
    NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'
    )
"""

_COLUMNS = f"""
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND {_OF_NO_EXTENSION}
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""  # noqa: S608  Nothing in it comes from outside.

_REFERENCES = """
    SELECT r.conrelid::regclass::text, r.confrelid::regclass::text
    FROM pg_constraint r
    WHERE r.contype = 'f' AND NOT r.condeferrable
        AND r.connamespace = current_schema()::regnamespace
"""

_SEQUENCES = f"""
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S'
        AND {_OF_NO_EXTENSION}
    ORDER BY c.relname
"""  # noqa: S608  Nothing in it comes from outside.

_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY id"


def tables(connection: Connection[Any]) -> dict[str, tuple[str, ...]]:
    """Return the tables with those of their columns that are written."""
    found = connection.execute(_COLUMNS).fetchall()
    return {name: tuple(columns) for name, columns in found}


def in_order(connection: Connection[Any], names: Iterable[str]) -> list[str]:
    """Sort tables so that what is referred to at once is there at once."""
    graph: dict[str, set[str]] = {name: set() for name in names}
    for referring, referred in connection.execute(_REFERENCES).fetchall():
        if referring != referred and referring in graph and referred in graph:
            graph[referring].add(referred)
    return list(TopologicalSorter(graph).static_order())


def sequences(connection: Connection[Any]) -> list[Sequence]:
    """Return where the numbers of the tables go on."""
    found = []
    for (name,) in connection.execute(_SEQUENCES).fetchall():
        state = sql.SQL("SELECT last_value, is_called FROM {}")
        row = connection.execute(state.format(sql.Identifier(name))).fetchone()
        if row:
            found.append(Sequence(name, row[0], row[1]))
    return found


def migrations(
    connection: Connection[Any], known: Mapping[str, object]
) -> tuple[str, ...]:
    """Return the migrations that a database of these tables has been through."""
    if "django_migrations" not in known:
        return ()
    return tuple(name for (name,) in connection.execute(_MIGRATIONS).fetchall())
