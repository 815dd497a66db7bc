"""How a served archive bears a mix of readers, an import beside them, and hostile queries.

    python -m bench.load [FILE...] [--limit N] [--archive DIR] [--clients N]
        [--seconds S] [--imported N] [--json]

FILEs (without them, the Arabic newspapers of the folder of real articles) are loaded and
indexed in an archive of their own, under a temporary folder; with DIR, the data of an
archive that does not run are copied there instead. It is served as ``make run`` serves
it, with two workers. For S seconds each, clients on this machine ask one after the other
for a mix of what readers ask for: searches, the second page of a search, articles,
browsing pages, completions, feeds and JSON

1. alone,
2. while N articles are imported by ``manage.py import_files`` and indexed,
3. with every tenth request one of the costliest queries that we know.

Each client has an address of its own. Requests are not limited in number; how many
searches one address and one process make at once is.

Printed are, for each: requests a second, the median, 95th and 99th percentile of what a
client waits in milliseconds (in the third for the ordinary requests alone), errors (of
status 500 and more, and cut connections), what was refused for a time (429 and 503 with
a Retry-After), and the memory of each process of the site at the beginning and the end.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from atexit import register
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bench import queries as drawing
from bench.corpus import DataError, newspapers, read_articles, read_records
from bench.fuzz import COSTLY
from bench.http import prepare, served

SAMPLE = 20_000
"""Articles that queries are drawn from."""

HOSTILE_SHARE = 0.1

TIMEOUT_S = 60.0

ERROR = 500
REFUSED = (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE)

Addresses = Callable[[random.Random], str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    options = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    # Called after the database has stopped, which registers later.
    register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NEWSARCHIVE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    files = options.files or newspapers()
    try:
        sample = read_articles(files, min(options.limit or SAMPLE, SAMPLE))
        queries = [" ".join(query.words) for query in drawing.draw(sample)]
    except (DataError, drawing.TooFewError) as error:
        sys.exit(str(error))
    if options.archive:
        # With their owners: a database that root starts belongs to another user.
        subprocess.run(["cp", "-a", f"{options.archive}/.", folder], check=True)  # noqa: S603, S607
    articles = 0 if options.archive else prepare(files, options.limit)
    figures = _measured(options, folder, files, queries)
    if options.json:
        print(json.dumps({"articles": articles, "phases": figures}))
    else:
        show(figures)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--archive", type=Path, metavar="DIR")
    parser.add_argument("--clients", type=int, default=4, metavar="N")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S")
    parser.add_argument("--imported", type=int, default=20_000, metavar="N")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _measured(
    options: argparse.Namespace,
    folder: Path,
    files: Sequence[Path],
    queries: Sequence[str],
) -> dict[str, Any]:
    with served(PROXIES="1") as port:
        ids = _articles(port, queries)
        ordinary = mix(queries, ids)
        load = Load(port, options.clients)
        # Each process of the server has its dictionaries and its index to open.
        load.run(ordinary, min(options.seconds, 15.0))
        figures = {"alone": load.run(ordinary, options.seconds)}
        with _importing(folder, files, options.imported) as is_over:
            figures["importing"] = load.run(ordinary, options.seconds)
            figures["importing"]["import_s"] = is_over()
        figures["hostile"] = load.run(ordinary, options.seconds, hostile)
    return figures


def _articles(port: int, queries: Sequence[str]) -> list[int]:
    """Return the numbers of articles that searches find."""
    found: set[int] = set()
    site = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    for query in queries[:20]:
        site.request("GET", f"/search.json?q={quote(query)}&per_page=50")
        found.update(hit["id"] for hit in json.load(site.getresponse())["hits"])
    site.close()
    return sorted(found)


def mix(queries: Sequence[str], ids: Sequence[int]) -> Addresses:
    """Return what draws an address as readers ask for them."""

    def draw(chance: random.Random) -> str:
        query = quote(chance.choice(queries))
        # A parameter that says nothing makes an address that nobody asked for before.
        once = f"once={chance.getrandbits(64)}"
        language = chance.choice(("ar", "ar", "ar", "en", "fr"))
        addresses = {
            f"/{language}/search/?q={query}&{once}": 30,
            f"/{language}/search/?q={query}&page=2&{once}": 8,
            f"/{language}/search/?q={query}": 12,
            f"/{language}/articles/{chance.choice(ids)}/": 25,
            f"/{language}/articles/{chance.choice(ids)}/?q={query}": 5,
            f"/{language}/search/complete/?q={query[:18]}&{once}": 10,
            f"/{language}/calendar/2015/{chance.randint(1, 12)}/": 3,
            f"/{language}/": 3,
            f"/{language}/search/feed/?q={query}": 2,
            f"/search.json?q={query}&{once}": 2,
        }
        return chance.choices([*addresses], [*addresses.values()])[0]

    return draw


def hostile(chance: random.Random) -> str:
    """Return the address of a search that costs much."""
    query = quote(chance.choice(COSTLY))
    return f"/ar/search/?q={query}&rung=root&once={chance.getrandbits(64)}"


@dataclass(slots=True)
class _Seen:
    """What clients saw."""

    waited: list[float] = field(default_factory=list)
    hostile: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


class Load:
    """Clients that ask a served archive, one address after the other each."""

    def __init__(self, port: int, clients: int) -> None:
        self._port = port
        self._clients = clients

    def run(
        self, ordinary: Addresses, seconds: float, costly: Addresses | None = None
    ) -> dict[str, Any]:
        """Ask for ``seconds``; with ``costly``, a share of the requests is of those."""
        seen = [_Seen() for _ in range(self._clients)]
        before = memory()
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._ask, args=(n, ordinary, costly, end, one))
            for n, one in enumerate(seen)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._summed(seen, seconds, before)

    def _ask(
        self,
        number: int,
        ordinary: Addresses,
        costly: Addresses | None,
        end: float,
        seen: _Seen,
    ) -> None:
        chance = random.Random(number)  # noqa: S311  The same addresses each time.
        site = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
        while time.monotonic() < end:
            is_costly = costly is not None and chance.random() < HOSTILE_SHARE
            address = costly(chance) if costly and is_costly else ordinary(chance)
            began = time.perf_counter()
            status = _status(site, address, f"203.0.113.{number + 1}")
            took = 1000 * (time.perf_counter() - began)
            (seen.hostile if is_costly else seen.waited).append(took)
            seen.statuses[status] += 1
        site.close()

    def _summed(
        self, seen: Sequence[_Seen], seconds: float, before: dict[str, list[float]]
    ) -> dict[str, Any]:
        times = sorted(itertools.chain.from_iterable(one.waited for one in seen))
        costly = sorted(itertools.chain.from_iterable(one.hostile for one in seen))
        statuses = sum((one.statuses for one in seen), Counter[int]())
        refused = sum(statuses[status] for status in REFUSED)
        broken = sum(n for s, n in statuses.items() if s >= ERROR or not s)
        figures = {
            "requests_per_s": (len(times) + len(costly)) / seconds,
            "p50_ms": statistics.median(times),
            "p95_ms": _percentile(times, 0.95),
            "p99_ms": _percentile(times, 0.99),
            "errors": broken - statuses[http.HTTPStatus.SERVICE_UNAVAILABLE],
            "refused": refused,
            "memory_mb": {"before": before, "after": memory()},
        }
        if costly:
            figures["hostile_p50_ms"] = statistics.median(costly)
            figures["hostile_p99_ms"] = _percentile(costly, 0.99)
        return figures


def _percentile(times: Sequence[float], share: float) -> float:
    return times[int(share * (len(times) - 1))]


def _status(site: http.client.HTTPConnection, address: str, client: str) -> int:
    """Return the status of an answer to a client; 0 for a connection that was cut."""
    try:
        site.request("GET", address, headers={"X-Forwarded-For": client})
        answer = site.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        site.close()
        return 0
    return answer.status


def memory() -> dict[str, list[float]]:
    """Return the memory of its own that each process of the archive has, in MB."""
    found: dict[str, list[float]] = {}
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            command = " ".join(child.cmdline())
            names = {"gunicorn": "site", "manage.py work": "worker"}
            for part, name in names.items():
                if part in command:
                    found.setdefault(name, []).append(
                        child.memory_full_info().uss / 1e6
                    )
    return found


@contextmanager
def _importing(
    folder: Path, files: Sequence[Path], count: int
) -> Iterator[Callable[[], float | None]]:
    """Import articles meanwhile; give what tells how long it took, None if it goes on."""
    records = folder / "imported.jsonl"
    with records.open("w", encoding="utf-8") as out:
        for number, record in enumerate(itertools.islice(read_records(files), count)):
            # New ones: what the archive has it would not bring in again.
            new = {"title": f"{record['title']} ({number})", "url": "", "id": ""}
            line = {key: value for key, value in (record | new).items() if value}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603  Our own program.
        [sys.executable, "manage.py", "import_files", str(records)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
    )
    took: list[float] = []

    def wait() -> None:
        if process.wait() == 0:
            took.append(time.monotonic() - began)

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        yield lambda: took[0] if took else None
    finally:
        waiting.join()


def show(figures: dict[str, Any]) -> None:
    """Print a table, and the memory below it."""
    print(f"{'':12}{'a second':>9}{'p50':>8}{'p95':>8}{'p99':>8}", end="")
    print(f"{'errors':>8}{'refused':>9}")
    for name, own in figures.items():
        print(
            f"{name:12}{own['requests_per_s']:9.1f}{own['p50_ms']:8.1f}"
            f"{own['p95_ms']:8.1f}{own['p99_ms']:8.1f}{own['errors']:8}"
            f"{own['refused']:9}"
        )
    for name, own in figures.items():
        for when, memories in own["memory_mb"].items():
            told = "; ".join(
                f"{process} {', '.join(f'{mb:.0f}' for mb in sorted(sizes))}"
                for process, sizes in memories.items()
            )
            print(f"{name:12}{when:8}{told} MB")
    took = figures["importing"]["import_s"]
    print(f"import: {f'{took:.0f} s' if took else 'was not over'}")
    print(
        f"hostile requests: p50 {figures['hostile']['hostile_p50_ms']:.0f} ms, "
        f"p99 {figures['hostile']['hostile_p99_ms']:.0f} ms"
    )


if __name__ == "__main__":
    main()
