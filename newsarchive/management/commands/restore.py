"""Bring a backup back into an installation."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsarchive.backups import BackupError, find, restore


class Command(BaseCommand):
    """``manage.py restore DIR``: into an empty installation."""

    help = (
        "Bring back a backup, DIR or the newest in it: rows, uploads and index, all of "
        "it or nothing. Stop the site and the worker first."
    )
    # The tables are what is to be made.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup, and whether what there is may be lost."""
        parser.add_argument("place", metavar="DIR", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="remove the articles and users that there are; asks first",
        )
        parser.add_argument(
            "--noinput",
            action="store_false",
            dest="interactive",
            help="do not ask: with --replace, that is yes",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore it, and say what was."""
        began = time.monotonic()
        agreed = self._ask if options["interactive"] else lambda _found: True
        try:
            restored = restore(
                find(options["place"]),
                told=self._say,
                agreed=agreed if options["replace"] else None,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        index = "built anew" if restored.rebuilt else "as it was in the backup"
        self.stdout.write(
            f"Restored in {time.monotonic() - began:.1f} s: {restored.rows} rows, "
            f"{restored.uploads} uploaded files, and the index, {index}, with "
            f"{restored.documents} documents. Rows and index agree."
        )

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()

    def _ask(self, found: str) -> bool:
        self._say(f"This installation has {found}, which will be gone for good.")
        try:
            return input('Write "replace" to go on: ').strip() == "replace"
        except EOFError:
            return False
