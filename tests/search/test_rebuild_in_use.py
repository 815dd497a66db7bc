"""The index is built anew while the archive is in use: nobody notices."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from articles.models import Article
from search import outbox
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.results import SearchRequest
from tests.factories import build_article, make_article, make_source

STANDING = 24

pytestmark = pytest.mark.django_db(transaction=True)


class Reader(Thread):
    """Searches all the time, and notes whatever is not as it should be."""

    def __init__(self, withdrawn: set[int]) -> None:
        super().__init__(name="reader")
        self.stop = Event()
        self.searches = 0
        self.problems: list[str] = []
        self._withdrawn = withdrawn

    def run(self) -> None:
        """Search until told to stop."""
        try:
            while not self.stop.is_set():
                self._search()
                self.searches += 1
                # As readers do: others get their turn.
                self.stop.wait(0.05)
        except Exception as error:  # noqa: BLE001  Whatever it is, it is a problem.
            self.problems.append(repr(error))
        finally:
            connection.close()

    def _search(self) -> None:
        standing = find(SearchRequest(query="harvest", per_page=100))
        if standing.total != STANDING or len(standing.hits) != STANDING:
            self.problems.append(f"{standing.total} of {STANDING} are found")
        # What was withdrawn before the search began must not be in it.
        gone = set(self._withdrawn)
        shown = {hit.id for hit in find(SearchRequest(query="fading")).hits}
        if shown & gone:
            self.problems.append(f"{shown & gone} are withdrawn, and shown")


@pytest.fixture
def reader(
    search_backend: ArchiveSearchBackend, settings: Settings
) -> Iterator[Reader]:
    """Return somebody who searches an archive from now on."""
    settings.SEARCH = {"batch_size": 8, "budget": 60.0}
    source = make_source()
    bodies = ["harvest"] * STANDING + ["fading"] * 2
    Article.objects.bulk_create(
        build_article(body=body, source=source) for body in bodies
    )
    outbox.drain()
    reader = Reader(set())
    reader.start()
    yield reader
    reader.stop.set()
    reader.join(30)


@pytest.mark.parametrize("workers", [1, 2])
def test_searches_see_every_article_and_every_change_while_an_index_is_built(
    reader: Reader, search_backend: ArchiveSearchBackend, workers: int
) -> None:
    fading = list(Article.objects.filter(body="fading"))
    added: list[Article] = []

    def change(_count: int) -> None:
        # Another process saves, withdraws and follows in the middle of it.
        thread = Thread(target=_change, args=[fading, added, reader._withdrawn])
        thread.start()
        thread.join(60)
        assert find(SearchRequest(query="sowing")).total == len(added)

    before = reader.searches
    outbox.rebuild(progress=change, workers=workers)
    reader.stop.set()
    reader.join(60)
    outbox.drain()

    assert not reader.problems
    assert reader.searches > before
    assert len(added) == len(reader._withdrawn) == 2
    assert find(SearchRequest(query="sowing")).total == len(added)
    assert find(SearchRequest(query="fading")).total == len(fading)
    assert find(SearchRequest(query="harvest")).total == STANDING
    assert outbox.agrees()


def _change(fading: list[Article], added: list[Article], withdrawn: set[int]) -> None:
    # What is added while an index is built is in it: it must end some time.
    if fading:
        added.append(make_article(body="sowing"))
        article = fading.pop()
        article.status = "withdrawn"
        article.save()
        withdrawn.add(article.pk)
    outbox.drain()
    connection.close()
