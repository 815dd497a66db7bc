"""What tests write is not written among what the checkout keeps."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from haystack import connections

from articles.importing.keeping import folder
from newsarchive.environment import ROOT
from newsarchive.testing import FOLDER
from search import outbox
from search.analysis.storage import kept_folder
from tests.factories import make_article

CHECKOUT = ROOT / "var"

SHOW = """
import django
django.setup()
from django.conf import settings
from haystack import connections
print(settings.VAR)
print(connections["default"].options["PATH"])
"""


def test_everything_that_is_kept_is_in_the_folder_of_the_run() -> None:
    written = [
        settings.VAR,
        settings.STATIC_ROOT,
        settings.HAYSTACK_CONNECTIONS["default"]["PATH"],
        connections.connections_info["default"]["PATH"],
        connections["default"].options["PATH"],
        folder(),
    ]
    for path in map(Path, written):
        assert path.is_relative_to(FOLDER)
        assert not path.is_relative_to(CHECKOUT)


def test_dictionaries_are_those_that_were_made_before() -> None:
    assert kept_folder() == FOLDER / "analysis"
    assert not kept_folder().resolve().is_relative_to(FOLDER)


@pytest.mark.django_db(transaction=True)
def test_an_article_is_indexed_beside_the_checkout() -> None:
    before = sorted((CHECKOUT / "index").glob("*"))
    make_article(title="مقالة لا يراها أحد")
    outbox.drain()
    assert list((FOLDER / "index").glob("*.toc"))
    assert sorted((CHECKOUT / "index").glob("*")) == before


def test_child_processes_write_there_too() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines() == [str(FOLDER), str(FOLDER / "index")]
