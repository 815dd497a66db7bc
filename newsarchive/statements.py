"""Stop statements of the database that take longer than a reader waits.

``limit`` gives every connection that this process opens from now on an end to each of
its statements, and to each wait for a lock. The web process calls it; commands and the
worker take the time that they need. At the desk, where large imports are taken back and
many articles changed at once, statements may take longer.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from psycopg.errors import LockNotAvailable, QueryCanceled

logger = logging.getLogger(__name__)

RETRY_SECONDS = "10"
_UID = "newsarchive.statements"

Handler = Callable[[HttpRequest], HttpResponse]


def limit() -> None:
    """Limit the statements of this process, on all connections that it opens."""
    connection_created.connect(_limit, dispatch_uid=_UID)


def unlimit() -> None:
    """Take that back, for connections that are opened from now on."""
    connection_created.disconnect(dispatch_uid=_UID)


class StatementsMiddleware:
    """Answers 503 where a statement was stopped, and gives the desk more time."""

    def __init__(self, get_response: Handler) -> None:
        """Take what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not request.path.startswith(reverse("admin:index")):
            return self._get_response(request)
        with _at_the_desk():
            return self._get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Say that it took too long; None for other errors."""
        cause = exception.__cause__
        stopped = isinstance(cause, QueryCanceled | LockNotAvailable)
        if not (isinstance(exception, OperationalError) and stopped):
            return None
        view = getattr(request.resolver_match, "view_name", "")
        logger.warning("%s took too long in the database: %s", view, cause)
        response = render(request, "busy.html", status=503)
        response["Retry-After"] = RETRY_SECONDS
        response["Cache-Control"] = "no-store"
        return response


@contextmanager
def _at_the_desk() -> Iterator[None]:
    if not connection_created.has_listeners(BaseDatabaseWrapper) or not _is_limited():
        yield
        return
    # Without a database the page finds so out itself, and is answered for.
    with suppress(OperationalError, InterfaceError):
        connection.ensure_connection()
        _set(connection, settings.DESK_STATEMENT_SECONDS, settings.LOCK_SECONDS)
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            _set(connection, settings.STATEMENT_SECONDS, settings.LOCK_SECONDS)


def _is_limited() -> bool:
    return any(key[0] == _UID for key, *_ in connection_created.receivers)


def _limit(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    _set(connection, settings.STATEMENT_SECONDS, settings.LOCK_SECONDS)


def _set(connection: BaseDatabaseWrapper, statement: float, lock: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false), "
            "set_config('lock_timeout', %s, false)",
            [f"{round(statement * 1000)}ms", f"{round(lock * 1000)}ms"],
        )
