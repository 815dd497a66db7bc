"""Make the index complete: build it where there is none, and follow every change."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.models import Article
from search import outbox
from search.analysis import classify
from search.backends import default_backend
from search.engine import Index, IndexDamagedError


class Command(BaseCommand):
    """``manage.py prepare_index``: what ``serve`` runs before the site opens."""

    help = "Build the search index if there is none, and bring it up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Leave an index that agrees with the database, and dictionaries that are open.

        Those of another version take half a minute to make, which is not for the first
        reader to wait for.
        """
        classify(["كلمة", "mot"])
        index = default_backend().index
        if reason := self._wrong_with(index):
            self.stdout.write(f"{reason} It is being built.")
            total = Article.objects.published().count()
            with tqdm(total=total, desc=_("Indexing"), unit="") as bar:
                outbox.rebuild(progress=bar.update)

    def _wrong_with(self, index: Index) -> str | None:
        """Say why the index cannot be brought up to date, or bring it there."""
        if not index.exists():
            return "There is no search index yet."
        try:
            outbox.drain()
            if outbox.agrees():
                return None
        except IndexDamagedError as error:
            return str(error)
        # Another database, or one that was restored or emptied.
        articles = Article.objects.published().count()
        return (
            f"The search index has {index.count()} documents for {articles} articles."
        )
