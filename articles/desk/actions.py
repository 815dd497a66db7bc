"""What editors do with an import; each is noted in the admin's log."""

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.importing.previewing import describe_file
from articles.importing.remembering import remember
from articles.importing.undoing import REVERSIBLE, remove_unused, take_back
from articles.imports import Import, ImportRow, Outcome, State
from articles.tasks import queue

PAGE = 500

PAUSABLE = (State.QUEUED, State.RUNNING)
RESUMABLE = (State.PAUSED, State.STOPPED)
CANCELLABLE = (*PAUSABLE, *RESUMABLE, State.NEW)
REVERSIBLE_STATES = (State.FINISHED, State.CANCELLED, State.PAUSED, State.STOPPED)


class ActionError(Exception):
    """The import is not where this can be done; the message says so."""


def note(user: User, run: Import, message: str, flag: int = CHANGE) -> None:
    """Write a line of the admin's log."""
    LogEntry.objects.log_actions(
        user.pk, [run], flag, change_message=message, single_object=True
    )


def note_upload(user: User, run: Import) -> None:
    """Write into the log that a file was uploaded."""
    note(user, run, _("Uploaded."), ADDITION)


def start(user: User, run: Import) -> None:
    """Have a previewed import run, and remember how it is read."""
    remember(run, describe_file(run))
    _turn(run, (State.NEW,), State.QUEUED)
    queue(run.pk)
    note(user, run, _("Started."))


def pause(user: User, run: Import) -> None:
    """Have an import wait after the chunk in hand."""
    _turn(run, PAUSABLE, State.PAUSED)
    note(user, run, _("Paused."))


def resume(user: User, run: Import) -> None:
    """Have an import go on from where it is."""
    _turn(run, RESUMABLE, State.QUEUED)
    queue(run.pk)
    note(user, run, _("Resumed."))


def cancel(user: User, run: Import) -> None:
    """End an import after the chunk in hand; what it wrote stays."""
    _turn(run, CANCELLABLE, State.CANCELLED)
    note(user, run, _("Cancelled."))


def retry(user: User, run: Import) -> None:
    """Try the rows again that failed, and no other."""
    if not run.failed:
        raise ActionError(_("No row of this import failed."))
    with transaction.atomic():
        _turn(run, (State.FINISHED,), State.QUEUED)
        Import.objects.filter(pk=run.pk).update(attempt=F("attempt") + 1)
    queue(run.pk)
    note(user, run, _("The failed rows are tried again."))


def undo(user: User, run: Import) -> None:
    """Take back all that an import did, but for what was edited since."""
    with transaction.atomic():
        _turn(run, REVERSIBLE_STATES, State.UNDOING)
        run.rows.exclude(kept="").update(kept="")
    queue(run.pk)
    note(user, run, _("Taken back."))


def undo_edited(user: User, run: Import) -> int:
    """Take back what was edited since, too; return how many rows that were."""
    total = 0
    while rows := list(
        run.rows.exclude(kept="").filter(undone=False).order_by("-position")[:PAGE]
    ):
        take_back(rows, insist=True)
        total += len(rows)
    remove_unused(run)
    note(user, run, _("Taken back with what was edited since."))
    return total


def undo_chosen(
    user: User, run: Import, pks: list[int], *, insist: bool = False
) -> list[ImportRow]:
    """Take chosen rows back; return those whose articles were edited since."""
    rows = run.rows.filter(pk__in=pks, outcome__in=REVERSIBLE, undone=False)
    held = list(rows.order_by("-position"))
    kept = take_back(held, insist=insist)
    taken = len(held) - len(kept)
    message = ngettext(
        "%(number)d row taken back.", "%(number)d rows taken back.", taken
    )
    note(user, run, message % {"number": taken})
    return kept


def mend(user: User, row: ImportRow, values: dict[str, str]) -> None:
    """Correct a row that failed; it is tried again with the others."""
    if row.outcome != Outcome.FAILED:
        raise ActionError(_("This row did not fail."))
    row.values, row.mended = values, True
    row.save(update_fields=["values", "mended"])
    note(user, row.run, _("Corrected: %(place)s.") % {"place": row.place})


def _turn(run: Import, before: tuple[State, ...], after: State) -> None:
    """Go from one state to another.

    Raises:
        ActionError: it is in none of the states ``before``.
    """
    changed = Import.objects.filter(pk=run.pk, state__in=before).update(
        state=after, problem=""
    )
    run.refresh_from_db()
    if not changed:
        raise ActionError(
            _("This cannot be done: the import is %s.") % run.get_state_display()
        )
