"""What tests of every package share: an index of the test's own, and the archive."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from haystack import connections
from hypothesis import settings as hypothesis_settings

from search import outbox
from search.analysis import classify
from search.backends import ArchiveSearchBackend, default_backend
from search.engine import Field, Index

ROOT = Path(__file__).resolve().parent.parent

# The first example of a test may load a model or a dictionary: no deadline.
hypothesis_settings.register_profile("newsarchive", deadline=None, max_examples=60)
hypothesis_settings.load_profile("newsarchive")


@pytest.fixture(autouse=True)
def _indexes_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every index that a test opens: left to chance, files stay open."""
    opened: list[Index] = []
    open_index = Index.__init__

    def remember(index: Index, path: Path, fields: Iterable[Field]) -> None:
        open_index(index, path, fields)
        opened.append(index)

    monkeypatch.setattr(Index, "__init__", remember)
    yield
    for index in opened:
        index.close()


@pytest.fixture(autouse=True, scope="session")
def _dictionaries_are_made() -> None:
    """Make what is made once in a checkout, so that no test has to wait for it."""
    classify(["كتاب", "book"])


@pytest.fixture(autouse=True)
def _language_is_the_default() -> None:
    """Begin in the archive's language: a request leaves that of its page behind."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_job_is_left(request: pytest.FixtureRequest) -> None:
    """Begin with an empty queue: its tables are not Django's, who empties the others."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def search_backend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ArchiveSearchBackend]:
    """Return the backend of an empty index of the test's own."""
    # Haystack keeps the dictionary that it saw at import: overriding the setting
    # would go unnoticed.
    monkeypatch.setitem(
        connections.connections_info["default"], "PATH", str(tmp_path / "index")
    )
    connections.reload("default")
    yield default_backend()
    monkeypatch.undo()
    connections.reload("default")


@pytest.fixture
def archive(transactional_db: None, search_backend: ArchiveSearchBackend) -> None:
    """Load the articles that a newcomer's archive begins with, and index them."""
    fixtures = sorted(str(path) for path in (ROOT / "fixtures").glob("*.json"))
    call_command("loaddata", *fixtures, verbosity=0)
    outbox.drain()


@pytest.fixture(scope="session")
def press() -> Path:
    """Return the folder of real press articles, or say where they are looked for."""
    named = os.environ.get("NEWSARCHIVE_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not (folder / "press").is_dir():
        pytest.skip(
            f"{folder} has no press articles: name their folder in NEWSARCHIVE_DATA"
        )
    return folder / "press"
