"""Build the search index anew, beside the one that is searched meanwhile."""

from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.core.management.base import BaseCommand, CommandError
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
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            metavar="N",
            help="processes that index at the same time",
        )

    def handle(self, *_args: Any, workers: int, **_options: Any) -> None:
        """Leave a new index in the place of the old one."""
        if workers < 1:
            raise CommandError(f"--workers {workers}: there has to be one at least.")
        total = Article.objects.published().count()
        with tqdm(total=total, desc=_("Indexing"), unit="") as bar:
            try:
                size = outbox.rebuild(progress=bar.update, workers=workers)
            except BrokenProcessPool as error:
                raise CommandError(
                    "One of the workers was killed, perhaps for want of memory. The old "
                    "index is as it was; try again with fewer workers."
                ) from error
        self.stdout.write(f"The index was built anew, of {size} articles.")
