"""Import files of any kind that the desk takes, with its engine, for scripts."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from articles.importing.filling import find_named, find_or_create
from articles.importing.running import bring_on
from articles.models import Import, ImportRow, Section, Source, Status
from newsarchive.management.formats import FORMATS_HELP
from search import outbox

FAILURES_TOLD = 100


class Command(BaseCommand):
    """``manage.py import_files PATH...``: what the desk does, from a terminal."""

    help = (
        "Import files, and make their articles searchable. Each file is an import at the "
        "desk, where failed rows can be mended and the import taken back. The exit status "
        f"is 1 if any record failed or a file could not be read. {FORMATS_HELP}"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take paths, and what stands in for what the files do not say."""
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            type=Path,
            help="a file, or a folder, of which all files are taken",
        )
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
        parser.add_argument(
            "--policy",
            choices=Import.Policy.values,
            default=Import.Policy.SKIP.value,
            help="what becomes of articles that the archive has",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be, write nothing"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object a file"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import every file, then bring the index up to date."""
        paths = list(_files(options["paths"]))
        whole = [self._import(path, options) for path in paths]
        if not options["dry_run"]:
            outbox.drain()
        if not all(whole):
            sys.exit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> bool:
        """Import one file, say what became of it, and return whether all of it was."""
        with transaction.atomic() if options["dry_run"] else nullcontext():
            run = _make_import(path, options)
            with tqdm(
                total=run.size,
                desc=path.name,
                unit="B",
                unit_scale=True,
                disable=True if options["json"] else None,
            ) as bar:
                try:
                    bring_on(run.pk, lambda now: bar.update(now.bytes_read - bar.n))
                except KeyboardInterrupt:
                    Import.objects.filter(pk=run.pk).update(state=Import.State.PAUSED)
                    raise
            run.refresh_from_db()
            failures = list(
                run.rows.filter(outcome="failed").order_by("position")[:FAILURES_TOLD]
            )
            self._say(run, failures, options)
            if options["dry_run"]:
                transaction.set_rollback(True)
        return run.state == Import.State.FINISHED and not run.failed

    def _say(
        self, run: Import, failures: Sequence[ImportRow], options: dict[str, Any]
    ) -> None:
        counts = {name: getattr(run, name) for name in _COUNTED}
        if options["json"]:
            told = {
                "file": run.path,
                "import": None if options["dry_run"] else run.pk,
                "state": run.state,
                "problem": run.problem,
                **counts,
                "failures": [{"place": r.place, "reason": r.reason} for r in failures],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for row in failures:
            self.stderr.write(f"{run.name}: {row.place}: {row.reason}")
        if run.failed > len(failures):
            more = run.failed - len(failures)
            self.stderr.write(f"{run.name}: and {more} more failed")
        if run.problem:
            self.stderr.write(f"{run.name}: {run.problem}")
        shown = ", ".join(f"{number} {name}" for name, number in counts.items())
        would = "would be: " if options["dry_run"] else ""
        self.stdout.write(f"{run.name}: {would}{shown}")


_COUNTED = ("added", "updated", "unchanged", "duplicate", "failed")


def _make_import(path: Path, options: dict[str, Any]) -> Import:
    run = Import(
        name=path.name,
        path=str(path.resolve()),
        size=path.stat().st_size,
        state=Import.State.QUEUED,
        language=options["language"],
        policy=options["policy"],
        status=Status.DRAFT if options["draft"] else Status.PUBLISHED,
    )
    if options["source"]:
        run.source = find_named(options["source"], Source)
        if run.source is None:
            run.source = find_or_create(options["source"], Source)
            run.made_sources = [run.source.pk]
    if options["section"]:
        run.section = find_named(options["section"], Section)
        if run.section is None:
            run.section = find_or_create(options["section"], Section)
            run.made_sections = [run.section.pk]
    run.save()
    return run


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that are named, and those in folders.

    Raises:
        CommandError: there is no such file.
    """
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            yield from sorted(one for one in inside if not one.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"{path}: there is no such file")
