"""One process at a time: locks of the database, which dies with whoever holds them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(space: int, number: int) -> Iterator[bool]:
    """Keep other processes from what has a number, or say that another has it.

    The database lets go by itself when the process dies.

    Args:
        space: what is numbered; each kind of thing has its own.
        number: of the thing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, number])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken and connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, number])
