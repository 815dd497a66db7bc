"""Tell how the search index is, and end with 1 if something is not well."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from search.status import IndexStatus, index_status


class Command(BaseCommand):
    """``manage.py index_status``: for people, and with ``--json`` for programs."""

    help = (
        "Tell what the search index holds and what waits for it; ends with 1 if unwell."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell it."""
        # As the rest of what it says.
        with override("en"):
            status = index_status()
        self.stdout.write(_as_json(status) if options["json"] else _as_text(status))
        if status.problems:
            sys.exit(1)


def _as_json(status: IndexStatus) -> str:
    return json.dumps(status.as_data(), ensure_ascii=False, indent=2)


def _as_text(status: IndexStatus) -> str:
    index, waiting = status.index, status.waiting
    lines = {"articles that should be found": f"{status.articles}"}
    if index and status.committed:
        lines |= {
            "documents": f"{index.documents}",
            "last commit": status.committed.isoformat(sep=" ", timespec="seconds"),
            "segments": f"{index.segments}",
            "size": f"{index.bytes / 1e6:.1f} MB",
        }
    lines |= {
        "format": f"{status.format}",
        "changes that wait": f"{waiting.backlog}",
        "the oldest for": f"{waiting.oldest_seconds:g} s",
        "tried again later": f"{waiting.retried}",
        "set aside": f"{waiting.set_aside}",
        "a worker follows": "yes" if status.is_followed else "no",
        "a new index is built": "yes" if status.is_being_built else "no",
    }
    width = max(map(len, lines))
    told = [f"{name:<{width}}  {value}" for name, value in lines.items()]
    return "\n".join(
        [*told, *status.problems] if status.problems else [*told, "All is well."]
    )
