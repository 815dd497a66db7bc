"""Say on which rung of the match ladder two words meet."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.analysis import meetings
from search.management.arguments import language

_NAMES = {
    "written": "as written",
    "folded": "folded",
    "variant": "as press variants",
    "lemma": "by lemma",
    "root": "by root",
    "name": "as names",
}


class Command(BaseCommand):
    """``manage.py conflate A B``: exit status 0 if they meet, 1 if they do not."""

    help = "Say on which rung two words or names meet: exit status 1 if on none."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take two words."""
        parser.add_argument("one", metavar="A", help="a word or a name")
        parser.add_argument("other", metavar="B", help="another")
        parser.add_argument(
            "--language", type=language, help="ISO 639 code of the language of both"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print every rung on which they meet, the narrowest first."""
        one, other = options["one"], options["other"]
        found = meetings(one, other, options["language"])
        for meeting in found:
            self.stdout.write(
                f"{one} and {other} meet {_NAMES[meeting.rung]}: {meeting.shared}"
            )
        if not found:
            self.stdout.write(f"{one} and {other} do not meet on any rung.")
            sys.exit(1)
