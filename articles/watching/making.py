"""Make an import of what a watch found."""

from pathlib import Path

from django.contrib.admin.models import ADDITION, LogEntry
from django.utils.translation import gettext as _

from articles.imports import Import, State
from articles.watches import Watch


def make_import(watch: Watch, path: Path, name: str) -> Import:
    """Make an import that waits for the worker, and note it in the admin's log."""
    run = Import.objects.create(
        name=name,
        path=str(path),
        size=path.stat().st_size,
        state=State.QUEUED,
        source=watch.source,
        section=watch.section,
        language=watch.language,
        status=watch.status,
        policy=watch.policy,
        watch=watch,
        by=watch.by,
    )
    if watch.by_id:
        message = _("Found at %(place)s.") % {"place": watch.place}
        LogEntry.objects.log_actions(
            watch.by_id, [run], ADDITION, change_message=message, single_object=True
        )
    return run
