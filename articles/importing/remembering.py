"""How files with the same columns were read the last time."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from articles.importing.formats import Description
from articles.imports import Import, RememberedReading

_REMEMBERED = ("mapping", "date_order", "zone")


def remember(run: Import, description: Description) -> None:
    """Keep how a file was read, for the next one of its source with its columns."""
    if not description.columns:
        return
    reading = {name: run.reading[name] for name in _REMEMBERED if name in run.reading}
    RememberedReading.objects.update_or_create(
        source=run.source,
        columns=_signature(column.name for column in description.columns),
        defaults={"reading": reading},
    )


def recall(run: Import, description: Description) -> dict[str, Any]:
    """Return how a file with these columns was read: of its source, or the last one."""
    found = RememberedReading.objects.filter(
        columns=_signature(column.name for column in description.columns)
    ).order_by("-changed")
    if run.source_id:
        found = found.filter(source_id=run.source_id)
    remembered = found.first() if description.columns else None
    return dict(remembered.reading) if remembered else {}


def _signature(columns: Iterable[str]) -> str:
    return sha256("\n".join(sorted(columns)).encode()).hexdigest()
