"""How the cost of a search grows with the number of articles.

    python -m bench.growth [FILE...] [--sizes A,B,...] [--json]

FILEs are JSON lines; without them, the Arabic newspapers of the folder of real articles.
For each size an index of our own is built of the first articles, or of all where there
are fewer. The same queries (``bench.queries``), drawn from the smallest of the sizes, are
asked of each, as written and on the lemma rung, as in ``bench.search``. They are asked in
a process that does nothing else, whose memory is told: its own, and what it shares with
other processes that search the same index.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import ladder
from bench.analysis import memory
from bench.corpus import DataError, newspapers, read_articles
from bench.engines.ours import OursLemma, OursWritten
from bench.queries import Query, TooFewError, draw
from bench.search import milliseconds, summary

SIZES = (10_000, 20_000, 40_000, 76_176)
RUNGS = {"ours_written": OursWritten, "ours_lemma": OursLemma}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="A,B")
    parser.add_argument("--json", action="store_true")
    # What this program starts itself with.
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.folder:
        print(json.dumps(ask(options.folder, _read_queries(sys.stdin.read()))))
        return
    try:
        rows = measure(options.files or newspapers(), options.sizes)
    except (DataError, TooFewError) as error:
        sys.exit(str(error))
    if options.json:
        print(json.dumps(rows))
        return
    show(rows)


def _sizes(written: str) -> list[int]:
    return sorted(int(size) for size in written.split(","))


def measure(files: Sequence[Path], sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Return the figures of each size.

    Raises:
        DataError: the articles cannot be read.
        TooFewError: the smallest size has too few words.
    """
    articles = read_articles(files, max(sizes))
    asked = [[q.kind, q.words] for q in draw(articles[: min(sizes)])]
    rows = []
    for size in sorted({min(size, len(articles)) for size in sizes}):
        with tempfile.TemporaryDirectory(prefix="newsarchive-") as folder:
            engine = OursWritten(Path(folder))
            engine.build(articles[:size])
            engine.close()
            ended = subprocess.run(  # noqa: S603  Our own program.
                [sys.executable, "-m", "bench.growth", "--folder", folder],
                cwd=Path(__file__).parent.parent,
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                check=True,
            )
        rows.append({"articles": size, **json.loads(ended.stdout)})
    return rows


def ask(folder: Path, queries: Sequence[Query]) -> dict[str, Any]:
    """Ask the index in ``folder``; return times, and the memory of this process in MB."""
    figures: dict[str, Any] = {}
    for name, kind in RUNGS.items():
        if name == "ours_written" or ladder.is_there():
            engine = kind(folder)
            times = [milliseconds(engine, query) for query in queries]
            figures[name] = {
                **summary(times),
                **{f"{which}_mb": size for which, size in memory().items()},
            }
            engine.close()
    return figures


def _read_queries(written: str) -> list[Query]:
    return [Query(kind, tuple(words)) for kind, words in json.loads(written)]


def show(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table."""
    print(f"{'articles':>9} {'':14}{'median ms':>10}{'p95 ms':>9}", end="")
    print(f"{'own MB':>8}{'shared MB':>11}")
    for row in rows:
        for name in RUNGS:
            if own := row.get(name):
                print(
                    f"{row['articles']:9,} {name:14}{own['median_ms']:10.3f}"
                    f"{own['p95_ms']:9.3f}{own['own_mb']:8.0f}{own['shared_mb']:11.0f}"
                )


if __name__ == "__main__":
    main()
