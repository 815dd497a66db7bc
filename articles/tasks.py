"""Imports in the background: who brings them on, and who takes up what was left.

Watches too: every minute, those that are due are looked at.

The worker gives each import a process of its own, so that several run at once beside
the index, and what ends one of them ends nothing else. Nothing here is needed to know
where an import stands: its row says so, and whoever dies leaves it to be taken up.
"""

import logging
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import django
from django.db import connection, transaction
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from articles.imports import Import, State
from articles.processes import end_with_parent

logger = logging.getLogger(__name__)

TRIES = 3
DIED = gettext_noop(
    "The process that reads this file was killed again and again at the same place. "
    "Look at the log of the worker, and resume."
)

_TO_DO = (State.QUEUED, State.RUNNING, State.UNDOING)


@app.task(name="articles.bring_import_on")
def bring_import_on(pk: int) -> None:
    """Bring an import on in a process of its own, until it ends or is told to stop."""
    if not Import.objects.filter(pk=pk).exists():
        logger.info("Import %d was deleted while it waited.", pk)
        return
    tries, position = 0, -1
    while tries < TRIES:
        try:
            _apart(pk)
        except BrokenProcessPool:
            reached = Import.objects.values_list("position", flat=True).get(pk=pk)
            tries = 0 if reached > position else tries + 1
            position = reached
            logger.warning("The process of import %d was killed.", pk)
        else:
            return
    Import.objects.filter(pk=pk, state__in=_TO_DO).update(
        state=State.STOPPED, problem=DIED
    )


@app.periodic(cron="* * * * *")
@app.task(name="articles.take_up_imports")
def take_up_imports(timestamp: int) -> None:
    """Take up what a worker left that was killed, or whose machine was."""
    del timestamp
    take_up()


def take_up() -> None:
    """Queue every import that is to be brought on and is in nobody's hands."""
    # Imported here: the worker's own process reads no file.
    from articles.importing.running import is_at_work  # noqa: PLC0415

    waiting = Import.objects.filter(state__in=_TO_DO).order_by("pk")
    for pk in waiting.values_list("pk", flat=True):
        if not is_at_work(pk):
            queue(pk)


@app.periodic(cron="* * * * *")
@app.task(name="articles.look_at_watches")
def look_at_watches(timestamp: int) -> None:
    """Have the watches looked at whose time has come."""
    del timestamp
    # Imported here: the worker's own process knows no format until it needs one.
    from articles.watching import due  # noqa: PLC0415

    for pk in due().values_list("pk", flat=True):
        queue_look(pk)


@app.task(name="articles.look_at_watch")
def look_at_watch(pk: int) -> None:
    """Look at a folder or feed, and have the imports of what is new there brought on."""
    from articles.watching import look  # noqa: PLC0415

    for run in look(pk):
        queue(run.pk)


def queue_look(pk: int) -> None:
    """Have the worker look at a watch."""
    job = look_at_watch.configure(queueing_lock=f"articles.watch.{pk}")
    try:
        with transaction.atomic():
            job.defer(pk=pk)
    except AlreadyEnqueued:
        logger.info("Watch %d waits for the worker already.", pk)


def queue(pk: int) -> None:
    """Have the worker bring an import on."""
    job = bring_import_on.configure(queueing_lock=f"articles.import.{pk}")
    try:
        with transaction.atomic():
            job.defer(pk=pk)
    except AlreadyEnqueued:
        logger.info("Import %d waits for the worker already.", pk)


def _apart(pk: int) -> None:
    """Bring an import on in a process of its own, and wait for it."""
    # Nothing of this process is its, least of all the connection to the database.
    context = get_context("spawn")
    database = str(connection.settings_dict["NAME"])
    with ProcessPoolExecutor(1, context, initializer=django.setup) as pool:
        pool.submit(_bring_on, pk, database).result()


def _bring_on(pk: int, database: str) -> None:
    """Do what that process is for; its settings may name another database."""
    from articles.importing.running import bring_on  # noqa: PLC0415

    end_with_parent()
    if database != connection.settings_dict["NAME"]:
        connection.close()
        connection.settings_dict["NAME"] = database
    bring_on(pk)
    connection.close()
