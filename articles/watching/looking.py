"""Look at a watch, note what happened, and when to look again.

What fails is looked at less and less often: after each failure in a row twice as long
is waited, up to a day, or as long as the server asks for.
"""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from articles.importing.locks import alone
from articles.imports import Import
from articles.watches import Kind, Watch
from articles.watching.feeds import look_at_feed
from articles.watching.folders import Looked, look_at_folder, unread_problem
from articles.watching.limits import watching_limits
from articles.watching.problems import WatchError

logger = logging.getLogger(__name__)

_LOCKS = 0x4E42
"""Ours among the advisory locks of the database."""

_MOST_DOUBLINGS = 12


def due() -> QuerySet[Watch]:
    """Return the watches whose time has come."""
    return Watch.objects.filter(active=True, due__lte=timezone.now()).order_by("due")


def look(pk: int) -> list[Import]:
    """Look at a watch, unless another process does; return the imports that it made.

    What is wrong with what it looks at is noted, and no error.
    """
    with alone(_LOCKS, pk) as mine:
        watch = Watch.objects.select_related("by").filter(pk=pk, active=True).first()
        if not mine or watch is None:
            return []
        try:
            looked = _look(watch)
        except WatchError as problem:
            _note_failure(watch, problem)
            return []
        except (OperationalError, InterfaceError):
            # The database went away: nothing is known of the watch.
            raise
        except Exception as error:
            logger.exception("Watch %d failed.", pk)
            _note_failure(
                watch,
                WatchError(
                    "%(error)s", error=f"{type(error).__name__}: {error}"[:1000]
                ),
            )
            return []
        _note_success(watch, looked)
        return looked.imports


def _look(watch: Watch) -> Looked:
    if watch.kind == Kind.FOLDER:
        return look_at_folder(watch)
    return Looked(imports=look_at_feed(watch))


def _note_success(watch: Watch, looked: Looked) -> None:
    now = timezone.now()
    problem, values = unread_problem(looked.unread)
    _update(
        watch,
        looked=now,
        due=now if looked.more else now + watch.interval,
        failures=0,
        problem=problem,
        problem_values=values,
    )


def _note_failure(watch: Watch, problem: WatchError) -> None:
    logger.warning("Watch %d: %s", watch.pk, problem)
    now = timezone.now()
    most = max(watch.interval, timedelta(minutes=watching_limits().most_minutes))
    doubled = watch.interval * 2 ** min(watch.failures + 1, _MOST_DOUBLINGS)
    wait = max(min(doubled, most), timedelta(seconds=problem.wait))
    _update(
        watch,
        looked=now,
        due=now + wait,
        failures=watch.failures + 1,
        problem=problem.text,
        problem_values=problem.values,
        # Who stopped it meanwhile is not overruled.
        **({"active": False} if problem.gone else {}),
    )


def _update(watch: Watch, **values: object) -> None:
    """Note what happened, and leave alone what an editor may have changed meanwhile."""
    Watch.objects.filter(pk=watch.pk, place=watch.place).update(**values)
