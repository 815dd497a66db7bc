"""Say what is wrong with this installation, and how to mend it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from newsarchive.doctor import examine, is_well, report


class Command(BaseCommand):
    """``manage.py doctor``: status 1 if something does not work.

    Where not even this command can be begun, ``manage.py`` has the rest examined.
    """

    help = "Say in words what is wrong with this installation, and how to mend it."
    # They are among what is looked at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Examine, and tell."""
        found = examine()
        self.stdout.write(report(found, as_json=options["json"]))
        if not is_well(found):
            sys.exit(1)
