"""What readers wait while others flood the archive with the costliest searches.

    python -m bench.flooding [FILE...] [--limit N] [--seconds S] [--hostile N] [--here] [--json]

FILEs (without them, the Arabic newspapers of the folder of real articles, of which the
first N are taken) are loaded and indexed in an archive of their own, under a temporary
folder, which is then served as ``make run`` serves it; ``--here`` serves that of
``NEWSARCHIVE_VAR``. Two readers ask for searches and two for other pages, one after the
other each: alone; then beside hostile clients that ask for the costliest queries we know
as fast as they can, from as many addresses and without request limits; and beside as
many of one address, which is limited. Printed is what readers wait, in milliseconds, and
how many of them got no page; and of the hostile requests how many were served.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import sys
import tempfile
import threading
import time
from atexit import register
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import quote

from bench import queries as drawing
from bench.corpus import DataError, newspapers, read_articles
from bench.fuzz import COSTLY
from bench.http import prepare, served

SAMPLE = 20_000
OTHERS = ("/ar/", "/ar/calendar/", "/ar/sources/", "/ar/authors/", "/fr/search/help/")

Address = Callable[[random.Random], str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and leave nothing behind."""
    options = _options(arguments)
    files = options.files or newspapers()
    try:
        sample = read_articles(files, min(options.limit or SAMPLE, SAMPLE))
        queries = [" ".join(query.words) for query in drawing.draw(sample)]
    except (DataError, drawing.TooFewError) as error:
        sys.exit(str(error))
    if not options.here:
        folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
        register(rmtree, folder, ignore_errors=True)
        os.environ["NEWSARCHIVE_VAR"] = str(folder)
        os.environ.pop("DATABASE_URL", None)
        prepare(files, options.limit)
    figures: dict[str, Any] = {}
    # Behind a proxy that tells addresses, this program can have as many as it likes.
    with served(PROXIES="1") as port:
        _measure(port, queries, 0, options.seconds)
        figures["alone"] = _measure(port, queries, 0, options.seconds)
        figures["many addresses"] = _measure(
            port, queries, options.hostile, options.seconds, apart=True
        )
    # Readers here ask more than any reader does: they share no address either.
    with served(PROXIES="1", REQUEST_LIMITS="100") as port:
        figures["one address"] = _measure(
            port, queries, options.hostile, options.seconds
        )
    print(json.dumps(figures) if options.json else _table(figures))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S")
    parser.add_argument("--hostile", type=int, default=8, metavar="N")
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _measure(
    port: int,
    queries: Sequence[str],
    hostile: int,
    seconds: float,
    *,
    apart: bool = False,
) -> dict[str, Any]:
    """Let readers and hostile clients ask for some time."""

    def search(chance: random.Random) -> str:
        # A parameter that says nothing makes an address that nobody asked for before.
        query = quote(chance.choice(queries))
        return f"/ar/search/?q={query}&once={chance.getrandbits(64)}"

    def other(chance: random.Random) -> str:
        return f"{chance.choice(OTHERS)}?once={chance.getrandbits(64)}"

    def costly(chance: random.Random) -> str:
        query = quote(chance.choice(COSTLY))
        return f"/ar/search/?q={query}&rung=root&once={chance.getrandbits(64)}"

    end = time.monotonic() + seconds
    groups: dict[str, list[_Client]] = {
        "searches": [_Client(port, search, end, None) for _ in range(2)],
        "other pages": [_Client(port, other, end, None) for _ in range(2)],
        "hostile": [
            _Client(port, costly, end, f"198.51.100.{n if apart else 1}")
            for n in range(hostile)
        ],
    }
    clients = list(itertools.chain.from_iterable(groups.values()))
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return {name: _summed(group) for name, group in groups.items() if group}


class _Client(threading.Thread):
    """Asks for one page after the other; of a new address each time, if it has none."""

    def __init__(
        self, port: int, address: Address, end: float, named: str | None
    ) -> None:
        super().__init__()
        self._port = port
        self._address = address
        self._end = end
        self._named = named
        self.answers: list[tuple[int, float]] = []

    def run(self) -> None:
        """Ask until the end."""
        chance = random.Random()  # noqa: S311  Nothing is secret here.
        while time.monotonic() < self._end:
            began = time.perf_counter()
            status = self._ask(chance)
            self.answers.append((status, 1000 * (time.perf_counter() - began)))

    def _ask(self, chance: random.Random) -> int:
        named = self._named or f"203.0.{chance.randrange(256)}.{chance.randrange(256)}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            connection.request(
                "GET", self._address(chance), headers={"X-Forwarded-For": named}
            )
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


def _summed(group: Sequence[_Client]) -> dict[str, Any]:
    answers = [answer for client in group for answer in client.answers]
    served_in = sorted(ms for status, ms in answers if status == http.HTTPStatus.OK)
    return {
        "asked": len(answers),
        "served": len(served_in),
        "median_ms": _at(served_in, 0.5),
        "p95_ms": _at(served_in, 0.95),
    }


def _at(rising: Sequence[float], share: float) -> float | None:
    return round(rising[int(share * (len(rising) - 1))], 1) if rising else None


def _table(figures: dict[str, Any]) -> str:
    lines = [f"{'':30}{'asked':>8}{'served':>8}{'median ms':>11}{'p95 ms':>9}"]
    for beside, groups in figures.items():
        lines += [
            f"{beside:18}{name:12}{own['asked']:8}{own['served']:8}"
            f"{own['median_ms'] or '-':>11}{own['p95_ms'] or '-':>9}"
            for name, own in groups.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
