"""How fast articles are loaded and indexed, and whether memory grows with the file.

    python -m bench.loading FILE... [--json]

Loads the files into a database and an index of their own, under a temporary folder,
as ``manage.py load_articles`` does: the article rates of loading and of indexing, the
peak memory of the process after each, and the time of a search for a common word.
"""

import argparse
import atexit
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--query", default="في", help="the word searched for at the end"
    )
    options = parser.parse_args()
    for file in options.files:
        if not file.is_file():
            sys.exit(
                f"{file}: there is no such file. README, 'Development', says where "
                "articles to measure with are looked for."
            )
    folder = tempfile.mkdtemp(prefix="newsarchive-")
    # Called after the database has stopped, which registers later.
    atexit.register(shutil.rmtree, folder)
    os.environ["NEWSARCHIVE_VAR"] = folder
    os.environ.pop("DATABASE_URL", None)
    figures = measure(options.files, options.query)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:24} {figure:>12,.1f}")


def measure(files: list[Path], query: str) -> dict[str, Any]:
    """Load ``files`` into a new archive; return the figures by name."""
    from newsarchive import database  # noqa: PLC0415

    database.ensure_running()
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from articles.importing import Batch, open_records  # noqa: PLC0415
    from search import outbox  # noqa: PLC0415
    from search.analysis import classify  # noqa: PLC0415
    from search.finder import find  # noqa: PLC0415
    from search.results import SearchRequest  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    figures: dict[str, Any] = {"memory before (MB)": peak()}
    began = time.perf_counter()
    loaded = 0
    for file in files:
        with file.open("rb") as stream:
            report = Batch().load(open_records(stream, file.name))
        loaded += report.added
        figures[f"memory after {file.name.split('.')[0]}"] = peak()
    seconds = time.perf_counter() - began
    figures |= {
        "articles": loaded,
        "load (s)": seconds,
        "load (articles/s)": loaded / seconds,
    }
    # The dictionaries are made once in the life of an installation.
    classify(["كتاب", "book"])
    began = time.perf_counter()
    outbox.drain()
    seconds = time.perf_counter() - began
    figures |= {"index (s)": seconds, "index (articles/s)": loaded / seconds}
    figures["memory at the end (MB)"] = peak()
    page = find(SearchRequest(query))
    times = [find(SearchRequest(query)).took_ms for _ in range(20)]
    figures |= {"found": page.total, "search (ms, median)": statistics.median(times)}
    connections.close_all()
    return figures


def peak() -> float:
    """Return the most memory that this process has had, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
