"""Make the index complete: build it where there is none, and follow every change."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from search import outbox
from search.backends import default_backend
from search.engine import Index, IndexDamagedError


class Command(BaseCommand):
    """``manage.py prepare_index``: what ``serve`` runs before the site opens."""

    help = "Build the search index if there is none, and bring it up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Leave an index that agrees with the database."""
        index = default_backend().index
        if self._usable(index):
            outbox.drain()
            return
        # In this order: whoever is interrupted in between begins again.
        outbox.enqueue_all()
        index.clear()
        with tqdm(total=outbox.pending(), desc=_("Indexing"), unit="") as bar:
            outbox.drain(progress=bar.update)

    def _usable(self, index: Index) -> bool:
        if not index.exists():
            return False
        try:
            index.count()
        except IndexDamagedError as error:
            self.stderr.write(f"{error} It is being built anew.")
            return False
        return True
