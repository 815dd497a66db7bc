"""Kill the archive's processes at random while it is used: is anything lost or shown?

    python -m bench.crash [--kills N] [--writers N] [--readers N] [--seed N] [--json]

An archive of its own, under a temporary folder, is served as ``make run`` serves it.
Writers (`bench.writers`) save, edit, publish, withdraw and delete articles; readers
search; and N times one process is killed with SIGKILL: of the site (gunicorn's master or
one of those that answer), the worker, a writer (which writes to the index too), or
PostgreSQL (its first process, or one that serves somebody). Afterwards

- every save that a writer was told of is in the database, as it was told,
- the index holds what the database shows, and nothing else, word by word,
- no search was answered with an error page, nor with an article that had been withdrawn
  or deleted before it was asked.

Printed are the kills of each kind, what was checked, and for each kind the seconds until
a search that was asked after the kill was answered. The status is 1 if anything is wrong.
A kill under way, cut connections are no error page: the reader asks again.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from atexit import register
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import psutil

from bench.http import served
from bench.writers import ADDRESS, STATES, unique_word, version_word
from search.analysis.storage import kept_folder

KINDS = ("site", "site process", "worker", "writer", "database", "database process")
BETWEEN_S = (0.2, 2.5)
"""Seconds from one kill to the next."""

PATIENCE_S = 60.0
"""Seconds after which what does not answer is said not to recover."""

SETTLE_S = 120.0
"""Seconds that the index has to follow at the end."""

FOR_GONE = 0.7
"""Share of the searches that look for what must not be found."""

READ_S = 1.0
"""Seconds after which what a writer said has surely been read."""

ERROR = 500


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, print, and leave nothing behind."""
    options = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    register(rmtree, folder, ignore_errors=True)
    if (dictionaries := kept_folder()).is_dir():
        # They are made once, and belong to no archive.
        (folder / dictionaries.name).symlink_to(dictionaries)
    os.environ["NEWSARCHIVE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    with served() as port:
        trial = Trial(port, folder, options)
        trial.run()
        wrong = trial.check()
    figures = trial.figures()
    if options.json:
        print(json.dumps({**figures, "wrong": wrong}))
    else:
        show(figures, wrong)
    sys.exit(1 if wrong else 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--writers", type=int, default=2, metavar="N")
    parser.add_argument("--readers", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


@dataclass(slots=True)
class Known:
    """What is known of an article.

    Attributes:
        state: what the last act that was done left.
        version: of its text.
        begun: acts since then of which nobody knows whether they were done.
        acts: how many acts were begun in all.
    """

    state: str = ""
    version: int = 0
    begun: list[tuple[str, int]] = field(default_factory=list)
    acts: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether it must not be shown."""
        return self.state in {"withdrawn", "deleted"} and not self.begun

    def may_be(self) -> set[tuple[str, int]]:
        """Return what it may be now, as (state, version); a deleted one has none."""
        ends = {_end(self.state, self.version)}
        for act, version in self.begun:
            ends.add(_after(self.state, self.version, act, version))
        return ends


def _after(state: str, version: int, act: str, new: int) -> tuple[str, int]:
    """Return what an act makes of an article."""
    keeps_text = act in {"withdraw", "delete"}
    return _end(STATES.get(act, state), version if keeps_text else new)  # type: ignore[call-overload]


def _end(state: str, version: int) -> tuple[str, int]:
    return ("deleted", 0) if state in {"", "deleted"} else (state, version)


class Trial:
    """One archive, who uses it, and what became of it."""

    def __init__(self, port: int, folder: Path, options: argparse.Namespace) -> None:
        self._port = port
        self._folder = folder
        self._options = options
        self._chance = random.Random(options.seed)  # noqa: S311  Nothing secret.
        self._known: dict[str, Known] = {}
        self._lock = threading.Lock()
        self._writers: dict[int, subprocess.Popen[str]] = {}
        self._names = itertools.count()
        self._over = threading.Event()
        self._counts: Counter[str] = Counter()
        self._kills: Counter[str] = Counter()
        self._recovered: dict[str, list[float]] = defaultdict(list)
        self._wrong: list[str] = []
        self._settled = 0.0

    def run(self) -> None:
        """Let writers write and readers read while processes are killed."""
        threads = [
            *(self._thread(self._mind_writer, n) for n in range(self._options.writers)),
            *(self._thread(self._read, n) for n in range(self._options.readers)),
        ]
        try:
            # Every kind is killed, in an order that the seed makes.
            for number in range(self._options.kills):
                time.sleep(self._chance.uniform(*BETWEEN_S))
                self._kill(KINDS[number % len(KINDS)])
        finally:
            self._over.set()
            for writer in list(self._writers.values()):
                writer.kill()
            for thread in threads:
                thread.join()

    def _thread(self, task: Callable[[int], None], number: int) -> threading.Thread:
        thread = threading.Thread(target=task, args=(number,))
        thread.start()
        return thread

    # Killing

    def _kill(self, kind: str) -> None:
        if not self._killed(kind):
            return
        self._kills[kind] += 1
        if kind != "writer":
            self._recovered[kind].append(self._until_answered())

    def _killed(self, kind: str) -> bool:
        """Kill a process of a kind. What was killed before is soon there again."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            victims = [p for p in self._victims(kind) if p.is_running()]
            with suppress(psutil.NoSuchProcess):
                if victims:
                    self._chance.choice(victims).kill()
                    return True
            time.sleep(0.05)
        return False

    def _victims(self, kind: str) -> list[psutil.Process]:
        if kind == "writer":
            return [psutil.Process(w.pid) for w in self._writers.values()]
        if kind.startswith("database"):
            return self._of_database(kind)
        children = psutil.Process().children(recursive=True)
        return [child for child in children if _kind_of(child) == kind]

    def _of_database(self, kind: str) -> list[psutil.Process]:
        with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
            file = self._folder / "postgres" / "postmaster.pid"
            first = psutil.Process(int(file.read_text().split()[0]))
            return [first] if kind == "database" else first.children()
        return []

    def _until_answered(self) -> float:
        """Return the seconds until a search that is asked now is answered."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_S:
            if self._ask("/search.json?q=olives")[0] == http.HTTPStatus.OK:
                return time.monotonic() - began
            time.sleep(0.05)
        self._wrong.append(f"no search was answered within {PATIENCE_S:.0f} s")
        return PATIENCE_S

    # Writing

    def _mind_writer(self, number: int) -> None:
        """Keep a writer at work, and note what it says."""
        while not self._over.is_set():
            name = f"{number}n{next(self._names)}"
            command = [sys.executable, "-m", "bench.writers", name, name.split("n")[1]]
            with subprocess.Popen(  # noqa: S603  Our own program.
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=Path(__file__).parent.parent,
            ) as writer:
                self._writers[number] = writer
                for line in writer.stdout or ():
                    with suppress(json.JSONDecodeError):
                        self._note(json.loads(line))

    def _note(self, said: dict[str, Any]) -> None:
        act, version = said["act"], said["version"]
        with self._lock:
            known = self._known.setdefault(said["key"], Known())
            if not said["done"]:
                known.begun.append((act, version))
                known.acts += 1
                return
            known.begun.remove((act, version))
            known.state, known.version = _after(
                known.state, known.version, act, version
            )
            self._counts["saves that were told"] += 1

    # Reading

    def _read(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311  Nothing secret.
        while not self._over.is_set():
            with self._lock:
                gone = [(k, one.acts) for k, one in self._known.items() if one.is_gone]
            if gone and chance.random() < FOR_GONE:
                self._look_for_gone(*chance.choice(gone))
            else:
                page = chance.choice(("/ar/search/?q=olives", "/search.json?q=north"))
                self._ask(page)

    def _look_for_gone(self, key: str, acts: int) -> None:
        """Search for what was withdrawn or deleted before."""
        status, page = self._ask(f"/search.json?q={unique_word(key)}")
        if status != http.HTTPStatus.OK:
            return
        was_shown = bool(json.loads(page)["total"])
        if was_shown:
            # Perhaps it was published again, which is not read yet.
            time.sleep(READ_S)
        with self._lock:
            was_left_alone = self._known[key].acts == acts
        if was_left_alone:
            self._counts["searches for what is gone"] += 1
            if was_shown:
                self._wrong.append(f"{key} was shown after it was gone")

    def _ask(self, address: str) -> tuple[int, bytes]:
        site = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            site.request("GET", address)
            answer = site.getresponse()
            page = answer.read()
        except (OSError, http.client.HTTPException):
            self._counts["connections cut by a kill"] += 1
            return 0, b""
        finally:
            site.close()
        self._counts["searches answered"] += 1
        if answer.status >= ERROR:
            self._wrong.append(f"{address} was answered with {answer.status}")
        return answer.status, page

    # Checking

    def check(self) -> list[str]:
        """Compare what was told with the database, and the database with the index."""
        with _database():
            self._settle()
            return [
                *self._wrong,
                *self._missing_in_database(),
                *differences_of_index(),
            ]

    def _settle(self) -> None:
        from search import outbox  # noqa: PLC0415

        began = time.monotonic()
        while outbox.pending() and time.monotonic() - began < SETTLE_S:
            time.sleep(0.1)
        self._settled = time.monotonic() - began
        if waiting := outbox.pending():
            self._wrong.append(f"{waiting} changes never reached the index")

    def _missing_in_database(self) -> Iterator[str]:
        from articles.models import Article  # noqa: PLC0415

        rows = Article.objects.filter(url__startswith=ADDRESS)
        held = {row.url.removeprefix(ADDRESS): row for row in rows}
        for key, known in self._known.items():
            row = held.get(key)
            possible = known.may_be()
            self._counts["articles compared"] += 1
            if row is None:
                if ("deleted", 0) not in possible:
                    yield f"{key} is lost: {known}"
            elif not any(
                row.status == state and version_word(version) in row.body.split()
                for state, version in possible
            ):
                yield f"{key} is {row.status} with {row.body!r}, and should be {known}"

    def figures(self) -> dict[str, Any]:
        """Return what was done and how long it took to recover."""
        return {
            "kills": dict(self._kills),
            "counts": dict(self._counts),
            "recovered_s": {
                kind: [statistics.median(times), max(times)]
                for kind, times in self._recovered.items()
            },
            "settled_s": self._settled,
        }


def _kind_of(process: psutil.Process) -> str:
    """Return what a process of the archive is."""
    with suppress(psutil.NoSuchProcess):
        command, parent = " ".join(process.cmdline()), process.parent()
        if "manage.py work" in command:
            return "worker"
        if "gunicorn" in command:
            is_first = parent is not None and "serve" in parent.cmdline()
            return "site" if is_first else "site process"
    return ""


@contextmanager
def _database() -> Iterator[None]:
    """Use the database of the archive that is served."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connections  # noqa: PLC0415

    try:
        yield
    finally:
        connections.close_all()


def differences_of_index() -> Iterator[str]:
    """Say where the index differs from what the database shows, word by word."""
    from articles.models import Article  # noqa: PLC0415
    from search import outbox  # noqa: PLC0415
    from search.backends import default_backend  # noqa: PLC0415

    snapshot = default_backend().index.snapshot()
    shown = 0
    for article in Article.objects.iterator(chunk_size=500):
        document = snapshot.document(outbox.identifier(article.pk))
        should_be = article.status == "published"
        shown += should_be
        if should_be != (document is not None):
            yield f"article {article.pk} is {article.status}, in the index: {document}"
        elif document and document.fields["text"] != article.body:
            yield f"article {article.pk} is in the index with an older text"
    if snapshot.documents.count != shown:
        yield f"the index has {snapshot.documents.count} documents for {shown} articles"


def show(figures: dict[str, Any], wrong: Sequence[str]) -> None:
    """Print what happened."""
    print(f"{sum(figures['kills'].values())} kills")
    print(f"{'':18}{'kills':>7}{'median s':>10}{'longest s':>11}")
    for kind, number in figures["kills"].items():
        median, longest = figures["recovered_s"].get(kind, (None, None))
        times = "" if median is None else f"{median:10.2f}{longest:11.2f}"
        print(f"{kind:18}{number:7}{times}")
    for name, number in figures["counts"].items():
        print(f"{name:32}{number:>8,}")
    print(f"{'the index had followed after':32}{figures['settled_s']:>8.2f} s")
    print(f"{'wrong':32}{len(wrong):>8}")
    for line in wrong[:20]:
        print(f"  {line}")


if __name__ == "__main__":
    main()
