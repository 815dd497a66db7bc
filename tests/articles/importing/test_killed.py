"""The worker is killed, again and again: each record is imported exactly once."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from django.db import connection

from articles.importing.running import is_at_work
from articles.models import Article, Import
from articles.tasks import queue
from search import outbox
from search.analysis.storage import kept_folder
from search.finder import find
from search.results import SearchRequest
from tests.articles.importing.desk import line
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

RECORDS = 3000
KILLS = 4


def address() -> str:
    """Return the address of the database of this test."""
    settings = connection.settings_dict
    user = quote(settings["USER"]) + (
        f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    )
    host = f"host={settings['HOST']}&port={settings['PORT'] or 5432}"
    return f"postgresql://{user}@/{settings['NAME']}?{host}"


@contextmanager
def worker(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``manage.py work``, with data of its own, and kill all of it at the end."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address(), "NEWSARCHIVE_VAR": str(var)},
    )
    try:
        yield process
    finally:
        whole = psutil.Process(process.pid)
        for one in [whole, *whole.children(recursive=True)]:
            one.send_signal(signal.SIGKILL)
        process.wait()


def wait_until_at_work(started: Import) -> None:
    """Wait until a process of the worker has the import in hand."""
    end = time.monotonic() + 30
    while not is_at_work(started.pk):
        assert time.monotonic() < end, "The worker does nothing."
        time.sleep(0.02)


def kill_importer(pid: int) -> None:
    """Kill the process that a worker has for the import."""
    for child in psutil.Process(pid).children():
        # It may just have ended by itself.
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
                child.wait()


@pytest.mark.usefixtures("search_backend")
def test_each_record_is_imported_exactly_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = tmp_path
    (var / "analysis").symlink_to(kept_folder())
    path = var / "records.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(RECORDS):
            file.write(json.dumps(line(number)) + "\n")
    started = Import.objects.create(
        name=path.name,
        path=str(path),
        size=path.stat().st_size,
        state=Import.State.QUEUED,
    )
    queue(started.pk)
    chance = random.Random()  # noqa: S311  Moments, not secrets.
    for _ in range(KILLS // 2):
        with worker(var) as process:
            wait_until_at_work(started)
            time.sleep(chance.random() * 0.3)
            kill_importer(process.pid)
            # Another one goes on, and dies with the worker and all that is its.
            wait_until_at_work(started)
            time.sleep(chance.random() * 0.3)
    with worker(var):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            ended = Import.objects.get(pk=started.pk)
            if ended.state == Import.State.FINISHED and not outbox.pending():
                break
            time.sleep(0.1)
    assert (ended.state, ended.added) == (Import.State.FINISHED, RECORDS)
    positions = ended.rows.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(RECORDS))
    ids = Article.objects.values_list("origin_id", flat=True)
    assert sorted(ids) == sorted(str(number) for number in range(RECORDS))
    # The worker's index is where the one of this test is.
    found = find(SearchRequest("harvest", per_page=100))
    hits = {
        hit.id
        for page in range(found.pages)
        for hit in find(SearchRequest("harvest", page=page + 1, per_page=100)).hits
    }
    assert found.total == len(hits) == RECORDS
    assert hits == set(Article.objects.values_list("pk", flat=True))
