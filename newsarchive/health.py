"""For those who watch the machine: is the process up, and can it serve readers?"""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search import outbox
from search.backends import default_backend
from search.engine import IndexDamagedError
from search.status import delays

logger = logging.getLogger(__name__)

LIMIT_MS = 2000
"""How long the database may take for one answer."""

GOOD = "ok"


class NotReadyError(Exception):
    """Readers cannot be served; the message says why, without naming anything secret."""


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process is up."""
    del request
    return HttpResponse(f"{GOOD}\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Say of each part whether it is ready; 503 if one is not."""
    del request
    checks: dict[str, Callable[[], str]] = {
        "database": lambda: _asked(_database),
        "migrations": lambda: _asked(_migrations),
        "index": _index,
        "outbox": lambda: _asked(_outbox),
    }
    parts = {name: _told(check) for name, check in checks.items()}
    is_ready = all(part == GOOD for part in parts.values())
    told: dict[str, Any] = {"ready": is_ready, **parts}
    return JsonResponse(told, status=200 if is_ready else 503)


def _told(check: Callable[[], str]) -> str:
    """Return what a check says; reasons that may name hosts or paths go to the log."""
    try:
        return check()
    except NotReadyError as error:
        return str(error)
    except DatabaseError:
        logger.exception("The database is not ready.")
        return "the database does not answer in time"


def _asked(check: Callable[[], str]) -> str:
    """Let a check ask the database, for a limited time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true)", [str(LIMIT_MS)]
        )
        return check()


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return GOOD


def _migrations() -> str:
    if not _are_applied():
        # Asked again the next time.
        _are_applied.cache_clear()
        raise NotReadyError("there are migrations to apply: run 'manage.py migrate'")
    return GOOD


@cache
def _are_applied() -> bool:
    """Whether the database is as this version wants it: asked until it is, then known."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _index() -> str:
    index = default_backend().index
    if not index.exists():
        raise NotReadyError("there is no index: run 'manage.py prepare_index'")
    try:
        index.snapshot()
    except IndexDamagedError as error:
        logger.exception("The index is not ready.")
        raise NotReadyError(
            "the index cannot be read: run 'manage.py rebuild_index'"
        ) from error
    return GOOD


def _outbox() -> str:
    with override("en"):
        problems = delays(outbox.waiting())
    if problems:
        raise NotReadyError(" ".join(problems))
    return GOOD
