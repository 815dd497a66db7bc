"""How fast a file is imported: to the database, and until all of it is found.

    python -m bench.importing FILE [--limit N] [--beside N] [--kills N] [--json]

Imports the file twice, each time into an empty archive of its own under a temporary
folder, in a process of its own as the worker does: alone, and while another process
follows the articles into the index. Beside it django-import-export imports the first
``--beside`` articles into the same database: a ``ModelResource`` as its documentation
begins, which looks each article up by source and id, and saves it: once alone, and once
with the dry run that its admin begins with.

With ``--kills N`` the importing process and the one that follows are killed N times at
random moments instead, and what is in the archive and the index at the end is counted.
"""

import argparse
import atexit
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from typing import Any

from bench.corpus import read_records

_FIELDS = ("origin_id", "title", "body", "language", "source", "section", "url")


def main() -> None:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, help="articles to import at most")
    parser.add_argument("--beside", type=int, default=2000, metavar="N")
    parser.add_argument("--kills", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        sys.exit(
            f"{options.file}: there is no such file. README, 'Development', says where "
            "articles to measure with are looked for."
        )
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    # Called after the database has stopped, which registers later.
    atexit.register(shutil.rmtree, folder)
    os.environ["NEWSARCHIVE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    file = _limited(options.file, options.limit, folder)
    _set_up()
    figures = _killed(file, options.kills) if options.kills else _measured(file)
    if options.beside and not options.kills:
        figures |= _beside(options.file, options.beside)
        ratio = figures["to the database (articles/s)"] / figures["import-export (/s)"]
        figures["times import-export"] = ratio
    if options.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:34} {figure:>12,.1f}")


def _limited(file: Path, limit: int | None, folder: Path) -> Path:
    """Return a file of the first articles of another."""
    if limit is None:
        return file
    shorter = folder / "articles.jsonl"
    with shorter.open("w", encoding="utf-8") as out:
        for number, record in enumerate(read_records([file])):
            if number == limit:
                break
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return shorter


def _set_up() -> None:
    from newsarchive import database  # noqa: PLC0415

    database.ensure_running()
    _set_up_django()
    from django.core.management import call_command  # noqa: PLC0415

    from search.analysis import classify  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    # The dictionaries are made once in the life of an installation.
    classify(["كتاب", "book"])


def _set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()


def _measured(file: Path) -> dict[str, Any]:
    """Import ``file`` alone, then with the index following; return figures by name."""
    from articles.models import Import  # noqa: PLC0415
    from search import outbox  # noqa: PLC0415

    loaded, before, peak = _timed(_queued(file))
    _empty()
    run = _queued(file)
    follower, stop = _follower()
    began = time.perf_counter()
    _timed(run)
    while outbox.pending():
        time.sleep(0.05)
    found = time.perf_counter() - began
    stop.set()
    follower.join()
    run = Import.objects.get(pk=run.pk)
    return {
        "records": run.position,
        "added": run.added,
        "duplicates": run.duplicate,
        "nearly the same": run.rows.filter(similar__isnull=False).count(),
        "failed": run.failed,
        "to the database (s)": loaded,
        "to the database (articles/s)": run.position / loaded,
        "to searchable (s)": found,
        "to searchable (articles/s)": run.position / found,
        "memory before (MB)": before,
        "peak memory (MB)": peak,
    }


def _timed(run: Any) -> tuple[float, float, float]:
    """Bring an import on; return the seconds, and the memory before and at its peak.

    The process has started when the clock does: the worker's figures are of work.
    """
    context = get_context("spawn")
    memory = context.Queue()
    importer = context.Process(target=_import, args=(run.pk, memory))
    importer.start()
    before = memory.get()
    began = time.perf_counter()
    peak = memory.get()
    seconds = time.perf_counter() - began
    importer.join()
    return seconds, before, peak


def _empty() -> None:
    """Leave no article and no import."""
    from django.db import connection  # noqa: PLC0415

    from articles.models import Article, Import, Sketch  # noqa: PLC0415
    from search.models import OutboxEntry  # noqa: PLC0415

    tables = [model._meta.db_table for model in (Article, Import, Sketch, OutboxEntry)]  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)}, articles_band CASCADE")


def _killed(file: Path, kills: int) -> dict[str, Any]:
    """Import ``file`` by processes that are killed; count what there is at the end."""
    from django.db.models import Count  # noqa: PLC0415

    from articles.importing.running import is_at_work  # noqa: PLC0415
    from articles.models import Article, Import  # noqa: PLC0415
    from search import outbox  # noqa: PLC0415
    from search.finder import find  # noqa: PLC0415
    from search.results import SearchRequest  # noqa: PLC0415

    run = _queued(file)
    context = get_context("spawn")
    chance = random.Random()  # noqa: S311  Moments, not secrets.
    began = time.perf_counter()
    memory = context.Queue()
    for _ in range(kills):
        follower, stop = _follower()
        importer = context.Process(target=_import, args=(run.pk, memory))
        importer.start()
        while not is_at_work(run.pk):
            time.sleep(0.05)
        time.sleep(4 * chance.random())
        for process in (importer, follower):
            if process.pid:
                os.kill(process.pid, signal.SIGKILL)
            process.join()
        del stop
    reached = Import.objects.get(pk=run.pk).position
    importer = context.Process(target=_import, args=(run.pk, memory))
    importer.start()
    importer.join()
    outbox.drain()
    run = Import.objects.get(pk=run.pk)
    rows = run.rows.values("position").annotate(n=Count("pk"))
    return {
        "kills": kills,
        "reached when killed last": reached,
        "records": run.position,
        "rows": run.rows.count(),
        "rows twice": rows.filter(n__gt=1).count(),
        "added": run.added,
        "duplicates": run.duplicate,
        "failed": run.failed,
        "articles": Article.objects.count(),
        "ids": Article.objects.values("origin_id").distinct().count(),
        "found": find(SearchRequest()).total,
        "seconds": time.perf_counter() - began,
    }


def _queued(file: Path) -> Any:
    from articles.models import Import  # noqa: PLC0415

    return Import.objects.create(
        name=file.name,
        path=str(file.resolve()),
        size=file.stat().st_size,
        state=Import.State.QUEUED,
    )


def _follower() -> tuple[BaseProcess, Any]:
    context = get_context("spawn")
    stop = context.Event()
    process = context.Process(target=_follow, args=(stop,))
    process.start()
    return process, stop


def _follow(stop: Event) -> None:
    """Follow the articles into the index, as the worker does."""
    _set_up_django()
    from search import outbox  # noqa: PLC0415

    outbox.follow(stop)


def _import(pk: int, memory: Any) -> None:
    """Bring the import on, as the worker's own process for it does."""
    _set_up_django()
    from articles.importing.running import bring_on  # noqa: PLC0415

    memory.put(_peak())
    bring_on(pk)
    memory.put(_peak())


def _beside(file: Path, number: int) -> dict[str, Any]:
    """Import the first articles of ``file`` by django-import-export."""
    try:
        import tablib  # noqa: PLC0415
        from import_export.resources import ModelResource  # noqa: PLC0415
    except ImportError:
        sys.exit("django-import-export is missing: make dev installs it.")
    from django.conf import settings  # noqa: PLC0415

    from articles.models import Article, Source  # noqa: PLC0415

    settings.INSTALLED_APPS.append("import_export")
    source = Source.objects.create(name="Beside", slug="beside")

    class ArticleResource(ModelResource):  # type: ignore[misc,unused-ignore]
        class Meta:
            model = Article
            fields = (*_FIELDS[:5], "url", "status")
            import_id_fields = ("source", "origin_id")

    table = tablib.Dataset(headers=[*_FIELDS[:5], "url", "status"])
    for place, record in enumerate(read_records([file])):
        if place == number:
            break
        title = (record["title"] or "?")[:1000]
        body = record["body"]
        table.append([record["id"], title, body, "ar", source.pk, "", "published"])
    began = time.perf_counter()
    ArticleResource().import_data(table, dry_run=True, raise_errors=True)
    previewed = time.perf_counter()
    result = ArticleResource().import_data(table, raise_errors=True)
    ended = time.perf_counter()
    return {
        "import-export: added": result.totals["new"],
        "import-export (/s)": number / (ended - previewed),
        "with its dry run (/s)": number / (ended - began),
    }


def _peak() -> float:
    """Return the most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # The other figure begins with that of the process which started this one.
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        return int(found[1]) / 1024 if found else 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
