"""Back the archive up, or tell whether a backup is whole."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsarchive.backups import BackupError, Manifest, check, find, make
from newsarchive.backups.making import INDEX, UPLOADS
from newsarchive.backups.places import forget_old


class Command(BaseCommand):
    """``manage.py backup DIR``: while the archive is in use."""

    help = (
        "Write a backup to a folder of its own in DIR: database, uploads, and what tells "
        "the settings; with --with-index the index too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, and what to do with it."""
        parser.add_argument(
            "place",
            nargs="?",
            metavar="DIR",
            type=Path,
            help="a folder for backups only; without it NEWSARCHIVE_BACKUPS",
        )
        parser.add_argument(
            "--with-index",
            action="store_true",
            help="keep the index as well, so that restoring need not build it",
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="afterwards remove all backups there but the newest N",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="write none: read DIR, or the newest backup in it, and say if it is whole",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write or check one."""
        place = options["place"] or settings.BACKUPS
        if place is None:
            raise CommandError(
                "Name a folder for backups, here or in NEWSARCHIVE_BACKUPS."
            )
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError(f"--keep {options['keep']}: keep one at least.")
        began = time.monotonic()
        try:
            if options["check"]:
                path = find(place)
                manifest = check(path)
            else:
                made = make(place, with_index=options["with_index"])
                path, manifest = made.path, made.manifest
                self._warn(manifest)
        except BackupError as error:
            raise CommandError(str(error)) from error
        verb = "Whole" if options["check"] else "Backed up"
        seconds = time.monotonic() - began
        self.stdout.write(f"{verb} in {seconds:.1f} s: {path}\n{_told(manifest)}")
        if options["keep"] and not options["check"]:
            for old in forget_old(place, options["keep"]):
                self.stdout.write(f"Removed: {old}")

    def _warn(self, manifest: Manifest) -> None:
        for name in manifest.lost:
            self.stderr.write(
                f"The file {name} of an import is gone from {manifest.uploads}: "
                "the backup cannot have it."
            )


def _told(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables)
    index = "with the index" if manifest.under(INDEX) else "without the index"
    return (
        f"{manifest.rows('articles_article')} articles, {rows} rows of "
        f"{len(manifest.tables)} tables, {len(manifest.under(UPLOADS))} uploaded files, "
        f"{index}: {manifest.bytes / 1e6:.1f} MB. Made {manifest.made} by version "
        f"{manifest.program}."
    )
