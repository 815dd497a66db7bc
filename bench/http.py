"""How fast the pages of a served archive answer, several readers asking at once.

    python -m bench.http [FILE...] [--limit N] [--clients N] [--seconds S] [--json]

FILEs (without them, the Arabic newspapers of the folder of real articles, of which the
first N are taken) are loaded and indexed in an archive of their own, under a temporary
folder, which is then served as ``make run`` serves it: gunicorn with two workers. For S
seconds a page, after as many that do not count, clients on this machine ask for pages one after the other, each time with
a query drawn from the articles (`bench.queries`): the search page with everything that is
on it, its completions, and the same as JSON. Pages are kept until the archive changes: but
for the last line each address is asked for once only, and made. Printed are requests a second, the median
and the 95th percentile of what a client waits, the pages' size in kB, and the answers
that were no 200.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from atexit import register
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import quote

from bench import queries as drawing
from bench.corpus import DataError, newspapers, read_articles

READY_SECONDS = 120.0

SAMPLE = 20_000
"""Articles that queries are drawn from."""

Addresses = Callable[[random.Random], str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    options = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    # Called after the database has stopped, which registers later.
    register(rmtree, folder, ignore_errors=True)
    os.environ["NEWSARCHIVE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    files = options.files or newspapers()
    try:
        sample = read_articles(files, min(options.limit or SAMPLE, SAMPLE))
        queries = [" ".join(query.words) for query in drawing.draw(sample)]
    except (DataError, drawing.TooFewError) as error:
        sys.exit(str(error))
    figures: dict[str, Any] = {"articles": prepare(files, options.limit)}
    with served() as port:
        for name, address in pages(queries).items():
            figures[name] = ask(port, address, options.clients, options.seconds)
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures, options.clients)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--clients", type=int, default=4, metavar="N")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def prepare(files: Sequence[Path], limit: int | None) -> int:
    """Load and index an archive; return how many articles it has."""
    from newsarchive import database  # noqa: PLC0415

    database.ensure_running()
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from articles.importing import Batch, open_records  # noqa: PLC0415
    from search import outbox  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    loaded = 0
    for file in files:
        rest = None if limit is None else limit - loaded
        with file.open("rb") as stream:
            records = itertools.islice(open_records(stream, file.name), rest)
            loaded += Batch().load(records).added
    print(f"{loaded:,} articles are loaded", file=sys.stderr)
    outbox.drain()
    print("and indexed", file=sys.stderr)
    connections.close_all()
    return loaded


@contextmanager
def served(**environment: str) -> Iterator[int]:
    """Serve the archive as ``make run`` does; give the port.

    Requests are not limited, for all clients have one address, unless ``environment``
    says otherwise.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PORT": str(port), "REQUEST_LIMITS": "0", **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            if _get(http.client.HTTPConnection("127.0.0.1", port), "/en/")[0]:
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"The archive did not answer within {READY_SECONDS:.0f} s.")


def pages(queries: Sequence[str]) -> dict[str, Addresses]:
    """Return what is asked for: name -> a function that draws an address."""

    def query(chance: random.Random) -> str:
        return quote(chance.choice(queries))

    def once(chance: random.Random) -> str:
        # A parameter that says nothing makes an address that nobody asked for before.
        return f"once={chance.getrandbits(64)}"

    return {
        "search page": lambda chance: f"/ar/search/?q={query(chance)}&{once(chance)}",
        "narrowed": lambda chance: (
            f"/ar/search/?q={query(chance)}&date=2015&page=2&{once(chance)}"
        ),
        "json": lambda chance: f"/search.json?q={query(chance)}&{once(chance)}",
        "completions": lambda chance: (
            f"/ar/search/complete/?q={quote(chance.choice(queries)[:3])}&{once(chance)}"
        ),
        "all articles": lambda chance: f"/ar/search/?{once(chance)}",
        "asked before": lambda chance: f"/ar/search/?q={query(chance)}",
    }


def ask(port: int, address: Addresses, clients: int, seconds: float) -> dict[str, Any]:
    """Let ``clients`` ask for addresses, one after the other each, for some time."""
    waited: list[list[float]] = [[] for _ in range(clients)]
    sizes: list[int] = []
    failures: list[int] = []
    warm = time.monotonic() + seconds
    end = warm + seconds

    def client(number: int) -> None:
        chance = random.Random(number)  # noqa: S311  The same addresses each time.
        connection = http.client.HTTPConnection("127.0.0.1", port)
        # Each process of the server has its dictionaries and its index to open.
        while time.monotonic() < warm:
            _get(connection, address(chance))
        while time.monotonic() < end:
            began = time.perf_counter()
            status, size = _get(connection, address(chance))
            waited[number].append(1000 * (time.perf_counter() - began))
            sizes.append(size)
            if status != http.HTTPStatus.OK:
                failures.append(status)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began - seconds
    times = sorted(itertools.chain.from_iterable(waited))
    return {
        "requests": len(times),
        "requests_per_s": len(times) / took,
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * (len(times) - 1))],
        "kb": max(sizes) / 1000,
        "failures": len(failures),
    }


def _get(connection: http.client.HTTPConnection, address: str) -> tuple[int, int]:
    """Return the status of an answer and the bytes of its content."""
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except http.client.HTTPException:
        connection.close()
        return 0, 0


def show(figures: dict[str, Any], clients: int) -> None:
    """Print a table."""
    print(f"{figures['articles']:,} articles, {clients} clients at once")
    print(f"{'':14}{'a second':>9}{'median ms':>11}{'p95 ms':>8}{'kB':>6}{'failed':>8}")
    for name, own in figures.items():
        if isinstance(own, dict):
            print(
                f"{name:14}{own['requests_per_s']:9.0f}{own['median_ms']:11.1f}"
                f"{own['p95_ms']:8.1f}{own['kb']:6.0f}{own['failures']:8}"
            )


if __name__ == "__main__":
    main()
