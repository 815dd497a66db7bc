"""Load articles from files, and make them searchable."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.importing import (
    Batch,
    BatchReport,
    Defaults,
    FormatError,
    find_or_create,
    open_records,
)
from articles.models import Section, Source, Status
from newsarchive.management.formats import FORMATS_HELP
from search import outbox


class Command(BaseCommand):
    """``manage.py load_articles PATH...``: any size, in memory that does not grow."""

    help = (
        "Load articles, the plain and fast way: no import is made of it that could be "
        "looked at or taken back. Articles that the archive has, by their ids, are passed "
        f"over. The exit status is 1 if any record failed. {FORMATS_HELP}"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take paths, and what stands in for what the files do not say."""
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path)
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="the source of articles that name none; made if there is none",
        )
        parser.add_argument("--section", metavar="NAME", help="likewise the section")
        parser.add_argument("--language", default="", help="likewise the language")
        parser.add_argument(
            "--draft", action="store_true", help="leave the articles as drafts"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load every file, then bring the index up to date."""
        paths: Sequence[Path] = options["paths"]
        for path in paths:
            if not path.is_file():
                raise CommandError(f"{path}: there is no such file")
        source, section = options["source"], options["section"]
        defaults = Defaults(
            source=find_or_create(source, Source) if source else None,
            section=find_or_create(section, Section) if section else None,
            language=options["language"],
            status=Status.DRAFT if options["draft"] else Status.PUBLISHED,
        )
        failed = sum(self._load(path, defaults) for path in paths)
        self._index()
        if failed:
            sys.exit(1)

    def _load(self, path: Path, defaults: Defaults) -> int:
        """Load one file, say what became of it, and return how much of it failed."""
        batch = Batch(defaults)
        with (
            path.open("rb") as stream,
            tqdm(
                total=path.stat().st_size, desc=path.name, unit="B", unit_scale=True
            ) as bar,
        ):
            try:
                records = open_records(stream, path.name)
            except FormatError as error:
                raise CommandError(str(error)) from error
            batch.load(records, progress=lambda: bar.update(stream.tell() - bar.n))
        self._summarise(path, batch.report)
        return batch.report.failed

    def _summarise(self, path: Path, report: BatchReport) -> None:
        for error in report.errors:
            self.stderr.write(f"{path.name}: {error}")
        if report.failed > len(report.errors):
            more = report.failed - len(report.errors)
            self.stderr.write(f"{path.name}: and {more} more failed")
        self.stdout.write(
            f"{path.name}: {report.added} added, {report.known} known, "
            f"{report.failed} failed"
        )

    def _index(self) -> None:
        with tqdm(total=outbox.pending(), desc="Indexing", unit="") as bar:
            outbox.drain(progress=bar.update)
        self.stdout.write("The search index is up to date.")
