"""Bring an import on: chunk by chunk, from where it was, until it ends or is told to stop.

``bring_on`` is what the worker does with an import. Each chunk is one transaction with
its articles, rows and the position reached, so that whoever is killed, at whatever
moment, leaves nothing half done, and the next one goes on from there. An import is
brought on by one process at a time. Pausing and cancelling are seen between chunks.
"""

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from psycopg.errors import DiskFull

from articles.auditing import Actor, acting
from articles.importing.building import build_record
from articles.importing.copying import copy_in
from articles.importing.filling import Defaults
from articles.importing.formats import FormatError, open_records
from articles.importing.known import resketch
from articles.importing.locks import alone
from articles.importing.mapping import Mapping
from articles.importing.options import ReadingOptions
from articles.importing.records import Record, RecordError
from articles.importing.undoing import undo_rows
from articles.importing.writing import ChunkWriter, Ready
from articles.imports import Import, ImportRow, Outcome, State
from articles.models import Section, Source, Status

logger = logging.getLogger(__name__)

CHUNK = 500
RECONNECT_SECONDS = (1, 2, 5, 10, 20, 30)
"""How long to wait for a database that went away, time after time."""

TURN_SECONDS = 0.0005
"""How long reading may keep writing waiting, once the database has answered."""

_LOCKS = 0x4E41
"""Ours among the advisory locks of the database."""

# Shown to editors, translated.
FILE_GONE = gettext_noop(
    "The file of this import is gone. Put it back where it was, and resume."
)
DISK_FULL = gettext_noop(
    "The database's disk is full. Make room, and resume: nothing is lost."
)
UNREADABLE = gettext_noop("The file cannot be read: ")
NO_MORE = gettext_noop("The file has no such record any more.")

Found = Record | RecordError
Item = TypeVar("Item")


class _Stopped(Exception):  # noqa: N818  No error: somebody wanted it.
    """The import was paused or cancelled, or is another process's."""


class _ProblemError(Exception):
    """The import cannot go on; the message says why and what to do."""


def bring_on(pk: int, progress: Callable[[Import], object] | None = None) -> None:
    """Do what is to be done with an import, until it ends or is told to stop.

    A database that restarts meanwhile is waited for. ``progress`` is told how far the
    import is after each chunk.
    """
    for wait in (*RECONNECT_SECONDS, None):
        try:
            with alone(_LOCKS, pk) as mine:
                if mine:
                    _Runner(pk, progress or (lambda _run: None)).work()
        except (OperationalError, InterfaceError) as error:
            if isinstance(error.__cause__, DiskFull):
                _stop(pk, DISK_FULL)
                return
            if wait is None or connection.in_atomic_block:
                raise
            logger.warning("Import %d: %s; trying again.", pk, error)
            connection.close()
            time.sleep(wait)
        except Exception as error:
            # Nobody expected it: who looks at the import is told, and so is the log.
            _stop(pk, f"{type(error).__name__}: {error}"[:1000])
            raise
        else:
            return


def is_at_work(pk: int) -> bool:
    """Whether some process has the import in hand."""
    with alone(_LOCKS, pk) as mine:
        return not mine


def reading_options(run: Import) -> ReadingOptions:
    """Return how the file of an import is to be read."""
    said = dict(run.reading)
    mapping = said.pop("mapping", None)
    zone = said.pop("zone", None)
    return ReadingOptions(
        mapping=Mapping.of(mapping) if mapping else None,
        zone=ZoneInfo(zone) if zone else None,
        **said,
    )


def defaults_of(run: Import) -> Defaults:
    """Return what stands in for what the file of an import does not say."""
    zone = run.reading.get("zone") or timezone.get_default_timezone_name()
    return Defaults(
        source=run.source,
        section=run.section,
        language=run.language,
        title=run.title,
        status=Status(run.status),
        zone=ZoneInfo(zone),
    )


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield the items in lists of ``CHUNK``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _ahead(items: Iterable[Item]) -> Generator[Item, None, None]:
    """Yield items, the next of which is being made while one is in use.

    Who uses an item mostly waits for the database. Python would have it wait for itself
    as well, after each answer: it lets a thread run on for ten times as long as is set
    here before another has its turn.
    """
    iterator = iter(items)
    with _turns_of(TURN_SECONDS), ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, iterator, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, iterator, None)
            yield item


@contextmanager
def _turns_of(seconds: float) -> Iterator[None]:
    """Have the threads of this process take shorter turns for a while."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(seconds, before))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class _Runner:
    """Brings one import on."""

    def __init__(self, pk: int, progress: Callable[[Import], object]) -> None:
        self._run = Import.objects.select_related("by").get(pk=pk)
        self._progress = progress
        self._began = time.monotonic()

    def _for_whom(self) -> AbstractContextManager[None]:
        """Have the record of changes name whoever brought the file."""
        by = self._run.by
        return acting(Actor(by.pk, by.get_username(), "")) if by else nullcontext()

    def work(self) -> None:
        try:
            if self._run.state == State.UNDOING:
                self._undo()
                return
            self._turn(State.QUEUED, State.RUNNING)
            if self._run.state != State.RUNNING:
                return
            self._writer = ChunkWriter(self._run, defaults_of(self._run))
            resketch(self._is_wanted)
            with self._for_whom():
                if self._run.finished is None:
                    self._read()
                self._retry()
            self._turn(State.RUNNING, State.FINISHED)
        except _Stopped:
            self._run.refresh_from_db()
        except _ProblemError as problem:
            _stop(self._run.pk, str(problem))

    def _turn(self, before: State, after: State) -> None:
        """Go from one state to another, unless somebody changed it meanwhile."""
        Import.objects.filter(pk=self._run.pk, state=before).update(
            state=after, problem=""
        )
        self._run.refresh_from_db()

    def _is_wanted(self) -> bool:
        state = Import.objects.values_list("state", flat=True).get(pk=self._run.pk)
        if state != State.RUNNING:
            raise _Stopped
        return True

    def _read(self) -> None:
        with self._opened() as stream:
            found = self._records(stream)
            # What was written is read once more, and passed over.
            rest = islice(found, self._run.position, None)
            told = (
                ([self._writer.sketched(each) for each in chunk], stream.tell())
                for chunk in chunks(rest)
            )
            with closing(_ahead(told)) as ready:
                for chunk, bytes_read in ready:
                    self._write(chunk, bytes_read)
        Import.objects.filter(pk=self._run.pk).update(finished=timezone.now())

    def _write(self, chunk: Sequence[Ready], bytes_read: int) -> None:
        with transaction.atomic():
            run = self._locked()
            if run.position != self._run.position:
                raise _Stopped
            rows = self._writer.write(
                [
                    (ImportRow(run=run, position=run.position + number), ready)
                    for number, ready in enumerate(chunk)
                ]
            )
            copy_in(rows)
            self._writer.save_versions()
            run.position += len(chunk)
            run.bytes_read = bytes_read
            _count(run, rows)
            self._save(run)
        self._progress(run)

    def _retry(self) -> None:
        """Try the failed rows again: mended ones as they are now, others from the file."""
        rows = self._run.rows.filter(
            outcome=Outcome.FAILED, attempt__lt=self._run.attempt
        ).order_by("position")
        options = reading_options(self._run)
        mended = rows.filter(mended=True).exclude(values=None)
        for chunk in chunks(list(mended.values_list("pk", flat=True))):
            held = ImportRow.objects.filter(pk__in=chunk).order_by("position")
            self._rewrite(
                [
                    (row, build_record(row.values or {}, row.place, options=options))
                    for row in held
                ]
            )
        positions = set(rows.values_list("position", flat=True))
        if not positions:
            return
        with self._opened() as stream:
            last = max(positions) + 1
            found = enumerate(islice(self._records(stream), last))
            for wanted in chunks(pair for pair in found if pair[0] in positions):
                by_position = dict(wanted)
                held = self._run.rows.filter(position__in=by_position)
                self._rewrite([(row, by_position[row.position]) for row in held])
        rows.update(attempt=self._run.attempt, reason=NO_MORE)

    def _rewrite(self, chunk: Sequence[tuple[ImportRow, Found]]) -> None:
        with transaction.atomic():
            run = self._locked()
            places = {row.pk: row.place for row, _ in chunk}
            rows = self._writer.write(
                [(row, self._writer.sketched(found)) for row, found in chunk]
            )
            for row in rows:
                row.place, row.attempt = places[row.pk], run.attempt
            ImportRow.objects.bulk_update(rows, _REWRITTEN)
            self._writer.save_versions()
            run.failed -= len(rows)
            _count(run, rows)
            self._save(run)
        self._progress(run)

    def _locked(self) -> Import:
        """Return the import, which nobody changes until the transaction ends."""
        run = Import.objects.select_for_update().get(pk=self._run.pk)
        if run.state != State.RUNNING:
            raise _Stopped
        return run

    def _save(self, run: Import) -> None:
        made = self._writer.filler.made
        run.made_sources += [one.pk for one in made if isinstance(one, Source)]
        run.made_sections += [one.pk for one in made if isinstance(one, Section)]
        made.clear()
        now = time.monotonic()
        run.seconds += now - self._began
        run.save(update_fields=_COUNTED)
        self._began, self._run = now, run

    def _undo(self) -> None:
        while undo_rows(self._run, CHUNK):
            if not Import.objects.filter(pk=self._run.pk, state=State.UNDOING).exists():
                return
        self._turn(State.UNDOING, State.UNDONE)

    def _records(self, stream: BinaryIO) -> Iterator[Found]:
        try:
            return open_records(stream, self._run.name, reading_options(self._run))
        except (FormatError, ValueError) as error:
            raise _ProblemError(f"{UNREADABLE}{error}") from error

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            with Path(self._run.path).open("rb") as stream:
                yield stream
        except FileNotFoundError as error:
            raise _ProblemError(FILE_GONE) from error
        except OSError as error:
            raise _ProblemError(f"{UNREADABLE}{error.strerror}") from error


_REWRITTEN = [
    "outcome",
    "reason",
    "raw",
    "values",
    "article",
    "fingerprint",
    "similar",
    "likeness",
    "attempt",
]

_COUNTED = [
    "position",
    "bytes_read",
    "seconds",
    "made_sources",
    "made_sections",
    *Outcome.values,
]


def _count(run: Import, rows: Iterable[ImportRow]) -> None:
    for outcome, number in Counter(row.outcome for row in rows).items():
        setattr(run, outcome, getattr(run, outcome) + number)


def _stop(pk: int, problem: str) -> None:
    logger.error("Import %d stopped: %s", pk, problem)
    try:
        Import.objects.filter(pk=pk, state__in=[State.RUNNING, State.QUEUED]).update(
            state=State.STOPPED, problem=problem
        )
    except Error:
        # It stays running, and the worker takes it up when it starts the next time.
        logger.exception("Import %d could not be marked as stopped.", pk)
