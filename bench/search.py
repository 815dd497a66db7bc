"""How fast engines search the same articles, all asked for the same.

    python -m bench.search [--articles FILE...] [--limit N] [--engines A,B] [--json]

FILEs are JSON lines (`.jsonl` or `.jsonl.xz`); without them, the Arabic newspapers of the
folder of real articles, of which the first N are taken. Every engine is given the same
folded words. Queries of six kinds are drawn from the articles, the same each time
(`bench.queries`); each asks for the total, the first 20 hits and the counts of two
facets: the section, or the source where there is none, and the year.

One engine after the other, one thread, warm: each query is run once before its time
counts. The time of a query is the median of several runs; shown are the median and the
95th percentile over the queries. What every engine says is compared with counts by plain
sets, and what differs is told. An engine that needs long to build its index is given
fewer articles, which is told too: Whoosh's own `--whoosh-articles`, stock Haystack 5,000.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from atexit import register
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

from bench import queries as drawing
from bench.corpus import Article, DataError, newspapers, read_articles
from bench.engines import ENGINES, Engine, MissingError, make
from bench.queries import KINDS, Query, TooFewError

RUNS = 9
SECONDS_FOR_RUNS = 0.5
WHOOSH_ARTICLES = 20_000

Timing = dict[str, float]
Expected = Sequence[tuple[int, Mapping[str, Mapping[str, int]]]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    options = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    # Called after the database has stopped, which registers later.
    register(rmtree, folder, ignore_errors=True)
    os.environ["NEWSARCHIVE_VAR"] = str(folder / "var")
    os.environ.pop("DATABASE_URL", None)
    try:
        articles = read_articles(options.articles or newspapers(), options.limit)
        queries = drawing.draw(articles)
    except (DataError, TooFewError) as error:
        sys.exit(str(error))
    figures: dict[str, Any] = {"articles": len(articles), "engines": {}}
    for name in options.engines:
        _say(f"{name} ...")
        try:
            figures["engines"][name] = measure(
                name, folder / name, articles, queries, options.whoosh_articles
            )
        except MissingError as error:
            _say(f"{name} is left out: {error}.")
    if options.json:
        print(json.dumps(figures))
        return
    show(figures)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument(
        "--engines",
        type=_names,
        default=list(ENGINES),
        metavar="A,B",
        help=f"those to measure, of {', '.join(ENGINES)}",
    )
    parser.add_argument(
        "--whoosh-articles", type=int, default=WHOOSH_ARTICLES, metavar="N"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _names(written: str) -> list[str]:
    names = written.split(",")
    for name in names:
        if name not in ENGINES:
            raise argparse.ArgumentTypeError(
                f"{name!r} is none of {', '.join(ENGINES)}"
            )
    return names


def measure(
    name: str,
    folder: Path,
    articles: Sequence[Article],
    queries: Sequence[Query],
    whoosh_articles: int = WHOOSH_ARTICLES,
) -> dict[str, Any]:
    """Build the index of one engine, ask it, and return its figures.

    Raises:
        MissingError: the engine cannot be had here.
    """
    engine = make(name, folder)
    try:
        most = whoosh_articles if name == "whoosh" else engine.most
        given = articles[:most]
        engine.build(given)
        if engine.exact:
            tell_differences(name, engine, queries, drawing.expected(given, queries))
        gc.collect()
        # What is in memory now stays; there is no need to look through it meanwhile.
        gc.freeze()
        times = [milliseconds(engine, query) for query in queries]
    finally:
        engine.close()
        gc.unfreeze()
        rmtree(folder, ignore_errors=True)
    return {
        "articles": len(given),
        **summary(times),
        "kinds": {
            kind: summary(
                [
                    spent
                    for query, spent in zip(queries, times, strict=True)
                    if query.kind == kind
                ]
            )
            for kind in KINDS
        },
    }


def milliseconds(engine: Engine, query: Query) -> float:
    """Return the median time of ``query``, which was run once before."""
    engine.search(query)
    runs: list[float] = []
    while len(runs) < RUNS and sum(runs) < SECONDS_FOR_RUNS:
        start = time.perf_counter()
        engine.search(query)
        runs.append(time.perf_counter() - start)
    return 1000 * statistics.median(runs)


def summary(times: Sequence[float]) -> Timing:
    """Return median and 95th percentile."""
    ordered = sorted(times)
    return {
        "median_ms": statistics.median(ordered),
        "p95_ms": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
    }


def tell_differences(
    name: str, engine: Engine, queries: Sequence[Query], expected: Expected
) -> None:
    """Say for which queries an engine has another total, or other facet counts."""
    for query, (total, facets) in zip(queries, expected, strict=True):
        answer = engine.search(query)
        asked = f"{name}, {query.kind} {' '.join(query.words)}"
        if answer.total != total:
            _say(f"{asked}: {answer.total} articles instead of {total}")
        elif any(dict(answer.facets.get(f, {})) != dict(facets[f]) for f in facets):
            _say(f"{asked}: other facet counts than by plain sets")


def show(figures: Mapping[str, Any]) -> None:
    """Print a table, and the ratios to ours."""
    engines = figures["engines"]
    print(f"{figures['articles']:,} articles; milliseconds, median / p95")
    print(f"{'':16}{'articles':>9}" + "".join(f"{k:>18}" for k in ("all", *KINDS)))
    for name, own in engines.items():
        columns = [own, *(own["kinds"][kind] for kind in KINDS)]
        print(f"{name:16}{own['articles']:9,}" + "".join(map(_cell, columns)))
    ours = engines.get("ours_written")
    for name, own in engines.items():
        if ours and own is not ours:
            median = own["median_ms"] / ours["median_ms"]
            p95 = own["p95_ms"] / ours["p95_ms"]
            print(f"{name} / ours_written: median {median:.3g}, p95 {p95:.3g}")


def _cell(timing: Timing) -> str:
    both = f"{timing['median_ms']:.3f} / {timing['p95_ms']:.3f}"
    return f"{both:>18}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
