"""How fast articles of the database become an index that is searched.

    python -m bench.indexing [FILE...] [--limit N] [--workers N] [--json]

FILEs are loaded into a database of their own, under a temporary folder, as
``manage.py load_articles`` does; without them, the Arabic newspapers of the folder of
real articles, of which the first N are taken. Then each system, in a process of its own,
indexes the rows: ours as the outbox is followed, in one process, and as
``manage.py rebuild_index --workers N`` does it (none with ``--workers 0``); SQLite FTS5,
Tantivy and stock Haystack with Whoosh read the same rows and are given the folded words.
Stock Haystack is given 5,000 articles at most.

Printed are articles a second from rows to a committed index, the size of the index beside
that of the texts (ours and Haystack's keep the texts, the others do not), the peak memory
of the process (the others than ours hold all texts), and the time from saving one article
to finding it in the index that ours has built.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from atexit import register
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any

from bench.corpus import NONE, Article, folded_words, newspapers
from bench.engines import make, size_of
from bench.loading import peak

YARDSTICKS = ("haystack_whoosh", "sqlite_fts5", "tantivy")
SAVED = 7
"""Articles saved one by one, to see how soon each is found."""

Figures = dict[str, Any]


class LeftOutError(Exception):
    """A way to index is not there."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    options = _options(arguments)
    if options.system:
        _start_django()
        try:
            print(json.dumps(_index(options.system, options.folder, options.workers)))
        except LeftOutError as error:
            print(f"{options.system} is left out: {error}", file=sys.stderr)
            print(json.dumps(None))
        return
    files = options.files or newspapers()
    for file in files:
        if not file.is_file():
            sys.exit(
                f"{file}: there is no such file. README, 'Development', says where "
                "articles to measure with are looked for."
            )
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    # Called after the database has stopped, which registers later.
    register(rmtree, folder, ignore_errors=True)
    os.environ["NEWSARCHIVE_VAR"] = str(folder / "var")
    os.environ.pop("DATABASE_URL", None)
    figures = measure(files, options.limit, options.workers, folder)
    if options.json:
        print(json.dumps(figures))
        return
    show(figures)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--json", action="store_true")
    # What this program starts itself with.
    parser.add_argument("--system", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def measure(
    files: Sequence[Path], limit: int | None, workers: int, folder: Path
) -> Figures:
    """Load ``files``, let every system index what was loaded, and return the figures."""
    _start_django()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from search.analysis import classify  # noqa: PLC0415

    # The dictionaries are made once for an installation, which is not measured here.
    classify(["كتاب", "book"])
    call_command("migrate", verbosity=0)
    figures: Figures = {"articles": _load(files, limit), "text_bytes": _text_bytes()}
    connections.close_all()
    names = ["ours", *(["ours_workers"] if workers else []), *YARDSTICKS]
    figures["workers"] = workers
    measured = {name: _in_own_process(name, folder / name, workers) for name in names}
    figures["systems"] = {name: own for name, own in measured.items() if own}
    return figures


def _start_django() -> None:
    from newsarchive import database  # noqa: PLC0415

    database.ensure_running()
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()


def _load(files: Sequence[Path], limit: int | None) -> int:
    from articles.importing import Batch, open_records  # noqa: PLC0415

    loaded = 0
    for file in files:
        rest = None if limit is None else limit - loaded
        with file.open("rb") as stream:
            records = islice(open_records(stream, file.name), rest)
            loaded += Batch().load(records).added
    if not loaded:
        sys.exit("There is no article to measure with.")
    return loaded


def _text_bytes() -> int:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(octet_length(title) + octet_length(body)) FROM articles_article"
        )
        return int(cursor.fetchone()[0])


def _in_own_process(name: str, folder: Path, workers: int) -> Figures | None:
    print(f"{name} ...", file=sys.stderr, flush=True)
    asked = ["--system", name, "--folder", str(folder), "--workers", str(workers)]
    ended = subprocess.run(  # noqa: S603  Our own program.
        [sys.executable, "-m", "bench.indexing", *asked],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        check=False,
    )
    if ended.returncode:
        sys.exit(f"{name} ended with an error, which is told above.")
    figures: Figures | None = json.loads(ended.stdout)
    return figures


def _index(name: str, folder: Path, workers: int) -> Figures:
    """Index every article with one system, in this process."""
    from newsarchive import environment  # noqa: PLC0415

    if name == "ours":
        figures = _timed(_follow_outbox, environment.var_directory() / "index")
        return {**figures, "saved_ms": 1000 * statistics.median(_saved_and_found())}
    if name == "ours_workers":
        return _timed(lambda: _rebuild(workers), environment.var_directory() / "index")
    return _timed(lambda: _yardstick(name, folder / name), folder / name)


def _timed(index: Callable[[], int], folder: Path) -> Figures:
    start = time.perf_counter()
    count = index()
    seconds = time.perf_counter() - start
    return {
        "articles": count,
        "seconds": seconds,
        "articles_per_s": count / seconds,
        "index_bytes": size_of(folder),
        "peak_mb": _peak(),
    }


def _peak() -> float:
    """Return the peak memory in MB of this process, or the largest that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    status = Path("/proc/self/status")
    if not status.exists():
        return max(peak(), children / (1024 * 1024))
    # Linux counts for a process what the one that started it had: this it does not.
    own = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return max(int(own[1]) if own else 0, children) / 1024


def _follow_outbox() -> int:
    from search import outbox  # noqa: PLC0415

    # The trigger has filled it while the articles were loaded.
    return outbox.drain()


def _rebuild(workers: int) -> int:
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    from search.backends import default_backend  # noqa: PLC0415

    asked = ["--noinput", "--workers", str(workers)]
    try:
        call_command("rebuild_index", *asked, verbosity=0, stdout=sys.stderr)
    except CommandError as error:
        raise LeftOutError(
            f"manage.py rebuild_index {' '.join(asked)}: {error}"
        ) from error
    return default_backend().index.count()


def _yardstick(name: str, folder: Path) -> int:
    engine = make(name, folder)
    articles = list(islice(_rows(), engine.most))
    engine.build(articles)
    engine.close()
    return len(articles)


def _rows() -> Iterator[Article]:
    """Yield the articles of the database as yardsticks are given them."""
    from articles.models import Article as Row  # noqa: PLC0415

    rows = Row.objects.published().select_related("source", "section")
    for row in rows.iterator():
        yield Article(
            key=str(row.pk),
            text=" ".join(folded_words(f"{row.title}\n{row.body}")),
            section=(row.section or row.source).slug,
            year=str(row.published_on.year) if row.published_on else NONE,
        )


def _saved_and_found() -> list[float]:
    """Save articles one by one; return the seconds until each was found."""
    from articles.models import Article as Row  # noqa: PLC0415
    from search.finder import find  # noqa: PLC0415
    from search.results import SearchRequest  # noqa: PLC0415

    times = []
    for number, row in enumerate(Row.objects.published().order_by("pk")[:SAVED]):
        word = f"qzqz{'abcdefghij'[number]}"
        row.body += f" {word}"
        start = time.perf_counter()
        # It is followed by the process that saves it, as after a change in the admin.
        row.save()
        while not find(SearchRequest(word)).total:
            if time.perf_counter() - start > 60:  # noqa: PLR2004  one minute
                sys.exit("A saved article was not found within a minute.")
            time.sleep(0.001)
        times.append(time.perf_counter() - start)
    return times


def show(figures: Figures) -> None:
    """Print a table."""
    size = figures["text_bytes"]
    print(f"{figures['articles']:,} articles, {size / 1e6:,.0f} MB of text")
    print(f"{'':16}{'articles':>9}{'a second':>10}{'index MB':>10}{'peak MB':>9}")
    for name, own in figures["systems"].items():
        print(
            f"{name:16}{own['articles']:9,}{own['articles_per_s']:10,.0f}"
            f"{own['index_bytes'] / 1e6:10,.0f}{own['peak_mb']:9,.0f}"
        )
    ours = figures["systems"]["ours"]
    stock = figures["systems"]["haystack_whoosh"]
    print(f"ours / stock: {ours['articles_per_s'] / stock['articles_per_s']:.1f}")
    print(f"index / text: {ours['index_bytes'] / size:.2f}")
    print(f"one article, from saving to finding: {ours['saved_ms']:.0f} ms")


if __name__ == "__main__":
    main()
