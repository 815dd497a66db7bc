"""How long a backup and its restoration take, how large it is, and whether all is back.

    python -m bench.restoring [--articles N] [--archive VAR] [--json]

Loads the articles of the Arabic newspapers into an archive of its own (or takes one that
is there, with its embedded database), backs it up with its index and without,
checks both, and restores each into an empty installation, where the index is carried or
built anew. Then every table is compared by its number of rows, and 50 searches by what they
find. Each step is a process of its own, whose peak memory is told.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import newspapers
from newsarchive.environment import ROOT

MB = 1e6

ASK = """
import json, sys
import django
django.setup()
from django.db import connection
from search.finder import find
from search.results import SearchRequest
with connection.cursor() as cursor:
    names = [n for n in connection.introspection.table_names(cursor)]
    rows = {}
    for name in sorted(names):
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        rows[name] = cursor.fetchone()[0]
    cursor.execute("SELECT md5(string_agg(content_hash, '' ORDER BY id)) FROM articles_article")
    texts = cursor.fetchone()[0]
    cursor.execute(
        "SELECT title FROM articles_article ORDER BY md5(id::text) LIMIT 50"
    )
    titles = [title for (title,) in cursor.fetchall()]
found = []
for title in titles:
    words = " ".join(title.split()[:2])
    page = find(SearchRequest(query=words, per_page=100))
    facets = [[f.name, [[v.value, v.count] for v in f.values]] for f in page.facets]
    found.append([words, page.total, sorted(hit.id for hit in page.hits), facets])
json.dump({"rows": rows, "texts": texts, "found": found}, sys.stdout)
"""


class Step:
    """What a process took."""

    def __init__(self, var: Path, *command: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  Our own programs.
            [sys.executable, *command],
            cwd=ROOT,
            env=environment
            | {
                "NEWSARCHIVE_VAR": str(var),
                "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout  # noqa: S101  It was asked for.
        self.output = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} failed: {self.output}")
        self.seconds = time.perf_counter() - began
        self.memory = usage.ru_maxrss / 1024


def main() -> None:
    """Measure, compare, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, metavar="N", help="all without it")
    parser.add_argument(
        "--archive", type=Path, metavar="VAR", help="take this archive, and load none"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsarchive-") as folder:
        figures = _measure(Path(folder), options.archive, options.articles)
    if options.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:48} {figure:>12,.1f}")


def _measure(
    folder: Path, archive: Path | None, articles: int | None
) -> dict[str, float]:
    old = archive or _loaded(folder, articles)
    before = _ask(old)
    figures: dict[str, float] = {"articles": before["rows"]["articles_article"]}
    for kind, option in {"with the index": ["--with-index"], "without": []}.items():
        place = folder / f"backups {kind}"
        step = Step(old, "manage.py", "backup", str(place), *option)
        _note(figures, f"backup {kind}", step)
        (made,) = place.glob("2*")
        for part in filter(Path.is_dir, sorted(made.iterdir())):
            size = sum(path.stat().st_size for path in part.iterdir())
            figures[f"backup {kind}: {part.name} (MB)"] = size / MB
        step = Step(old, "manage.py", "backup", "--check", str(place))
        _note(figures, f"check of the backup {kind}", step)
        new = folder / f"restored-{kind.replace(' ', '-')}"
        step = Step(new, "manage.py", "restore", str(place))
        _note(figures, f"restore {kind}", step)
        _compare(before, _ask(new))
    figures["tables that are the same"] = len(before["rows"])
    figures["searches that find the same"] = len(before["found"])
    return figures


def _loaded(folder: Path, articles: int | None) -> Path:
    """Load real articles into an archive of the benchmark's own."""
    var = folder / "archive"
    file = folder / "articles.jsonl"
    with file.open("w", encoding="utf-8") as copy:
        copy.writelines(islice(_lines(), articles))
    Step(var, "manage.py", "migrate", "--verbosity=0")
    Step(var, "manage.py", "load_articles", str(file), "--source", "Newspapers")
    return var


def _lines() -> Iterator[str]:
    for path in newspapers():
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield from file


def _ask(var: Path) -> dict[str, Any]:
    code = f"from newsarchive import database\ndatabase.ensure_running()\n{ASK}"
    answer: dict[str, Any] = json.loads(Step(var, "-c", code).output)
    return answer


def _note(figures: dict[str, float], name: str, step: Step) -> None:
    figures[f"{name} (s)"] = step.seconds
    figures[f"{name}, peak memory (MB)"] = step.memory


def _compare(before: dict[str, Any], after: dict[str, Any]) -> None:
    for name in before["rows"]:
        if before["rows"][name] != after["rows"].get(name):
            sys.exit(f"{name} has {after['rows'].get(name)} rows.")
    for part in ("texts", "found"):
        if before[part] != after[part]:
            sys.exit(f"What was restored differs in its {part}.")


if __name__ == "__main__":
    main()
