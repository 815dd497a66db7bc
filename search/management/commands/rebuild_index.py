"""Build the search index anew, beside the one that is searched meanwhile."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.models import Article
from search import outbox


class Command(BaseCommand):
    """``manage.py rebuild_index``: in the place of Haystack's, which clears first."""

    help = "Build the search index anew from the database; searches go on meanwhile."

    def add_arguments(self, parser: Any) -> None:
        """Take what scripts give Haystack's command; there is nothing to ask."""
        parser.add_argument(
            "--noinput", action="store_false", dest="interactive", help="as always"
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Leave a new index in the place of the old one."""
        total = Article.objects.published().count()
        with tqdm(total=total, desc=_("Indexing"), unit="") as bar:
            size = outbox.rebuild(progress=bar.update)
        self.stdout.write(f"The index was built anew, of {size} articles.")
