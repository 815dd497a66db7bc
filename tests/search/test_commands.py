"""Commands of search: making the index complete, and following in the background."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from newsarchive.environment import ROOT
from search import outbox
from search.analysis import latin
from search.analysis.arabic.lexicon import shipped_lexicon
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.results import SearchRequest
from search.tasks import merge_index
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def prepare() -> str:
    out = io.StringIO()
    call_command("prepare_index", stdout=out)
    return out.getvalue()


def test_the_first_reader_does_not_wait_for_dictionaries(
    search_backend: ArchiveSearchBackend,
) -> None:
    shipped_lexicon.cache_clear()
    latin._dictionary.cache_clear()
    prepare()
    assert shipped_lexicon.cache_info().currsize == 1
    assert latin._dictionary.cache_info().currsize == len(latin.LANGUAGES)


def test_a_missing_index_is_built(search_backend: ArchiveSearchBackend) -> None:
    make_article()
    make_article()
    search_backend.index.clear()
    for toc in search_backend.index.path.glob("*.toc"):
        toc.unlink()
    prepare()
    assert find(SearchRequest()).total == 2
    assert outbox.pending() == 0


def test_a_complete_index_is_left_alone(search_backend: ArchiveSearchBackend) -> None:
    make_article()
    before = sorted(path.name for path in search_backend.index.path.iterdir())
    prepare()
    assert sorted(path.name for path in search_backend.index.path.iterdir()) == before


def test_an_index_that_lags_is_brought_up_to_date(
    search_backend: ArchiveSearchBackend,
) -> None:
    make_article(body="old")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET body = 'new'")
    prepare()
    assert find(SearchRequest("new")).total == 1


def test_a_damaged_index_is_told_and_built_anew(
    search_backend: ArchiveSearchBackend,
) -> None:
    make_article()
    for segment in search_backend.index.path.glob("*.arrays"):
        segment.unlink()
    # Another process would find it so: this one has the files open.
    search_backend.index.__init__(  # type: ignore[misc]
        search_backend.index.path, search_backend.index.fields
    )
    assert "cannot be read" in prepare()
    assert find(SearchRequest()).total == 1


def test_an_index_of_another_database_is_told_and_built_anew(
    search_backend: ArchiveSearchBackend,
) -> None:
    make_article()
    with search_backend.index.writer() as writer:
        writer.put({"id": "articles.article.999999", "text": "of another database"})
    assert "2 documents for 1 articles" in prepare()
    assert find(SearchRequest()).total == 1


def test_the_index_is_merged_by_the_clock(search_backend: ArchiveSearchBackend) -> None:
    for _ in range(3):
        make_article()
    merge_index(timestamp=0)
    assert len(list(search_backend.index.path.glob("*.arrays"))) == 1
    assert find(SearchRequest()).total == 3


def test_the_worker_follows_and_ends_when_told(
    search_backend: ArchiveSearchBackend, tmp_path: Path
) -> None:
    make_source()
    database = connection.settings_dict
    output = tmp_path / "output"
    with output.open("w") as file:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORK, str(search_backend.index.path)],
            cwd=ROOT,
            env=os.environ | {"TEST_DATABASE": str(database["NAME"])},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_article (title, subtitle, body, language, authors,"
                " place, source_id, url, origin_id, status, created, changed)"
                " SELECT 't', '', 'harvest', 'en', '{}', '', id, '', '', 'published',"
                " now(), now() FROM articles_source"
            )
        end = time.monotonic() + WORKER_SECONDS
        while not _is_followed() and worker.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert _is_followed(), output.read_text()
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(WORKER_SECONDS)
    assert worker.returncode == 0, output.read_text()
    assert "Traceback" not in output.read_text()


def _is_followed() -> bool:
    # Entries leave after the commit: a worker that is between the two is not done.
    return find(SearchRequest("harvest")).total == 1 and outbox.pending() == 0


WORKER_SECONDS = 60
"""A machine that is busy takes a quarter of a minute to start a worker."""

WORK = f"""
import faulthandler, os, sys
faulthandler.dump_traceback_later({WORKER_SECONDS - 5})
os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
settings.HAYSTACK_CONNECTIONS["default"]["PATH"] = sys.argv[1]
import django
django.setup()
from django.core.management import call_command
call_command("work")
"""
