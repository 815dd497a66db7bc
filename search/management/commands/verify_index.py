"""Compare the search index with the database, and mend it if told to."""

import sys
import time
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.models import Article
from search.engine import IndexDamagedError, IndexLockedError
from search.verifying import Differences, look_again, repair, verify

SHOWN = 20


class Command(BaseCommand):
    """``manage.py verify_index``: safe while the archive is in use."""

    help = "Compare every article with its document; ends with 1 if they differ."

    def add_arguments(self, parser: Any) -> None:
        """Take whether to mend what differs."""
        parser.add_argument(
            "--repair", action="store_true", help="index anew what differs"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare, and mend."""
        try:
            left = self._compare(mend=options["repair"])
        except (IndexDamagedError, IndexLockedError) as error:
            raise CommandError(str(error)) from error
        if left:
            sys.exit(1)

    def _compare(self, *, mend: bool) -> Differences:
        began = time.monotonic()
        total = Article.objects.published().count()
        with tqdm(total=total, desc=_("Comparing"), unit="") as bar:
            found = verify(progress=bar.update)
        self.stdout.write(
            f"{found.articles} articles and {found.documents} documents compared in "
            f"{time.monotonic() - began:.1f} s."
        )
        self._tell(found)
        if found and mend:
            found = self._repair(found)
        elif found:
            self.stdout.write("Mend them with 'manage.py verify_index --repair'.")
        return found

    def _repair(self, found: Differences) -> Differences:
        repair(found)
        left = look_again(found.ids, Differences())
        mended = len(found.ids) - len(left.ids) + len(found.foreign)
        self.stdout.write(f"Mended: {mended}.")
        if left:
            self.stdout.write("These still differ:")
            self._tell(left)
        return left

    def _tell(self, found: Differences) -> None:
        if not found:
            self.stdout.write("They agree.")
        kinds: dict[str, Sequence[object]] = {
            "missing from the index": found.missing,
            "indexed otherwise than they are": found.stale,
            "in the index, but not to be found": found.surplus,
            "documents of no article": found.foreign,
        }
        for kind, names in kinds.items():
            if names:
                first = ", ".join(map(str, names[:SHOWN]))
                more = ", ..." if len(names) > SHOWN else ""
                self.stdout.write(f"{len(names)} {kind}: {first}{more}")
