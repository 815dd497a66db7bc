"""The time budget of a search: whichever part it runs out in, there is a page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from search import finder
from search.engine import Deadline
from search.finder import complete, explain_hit, find, list_facet, list_forms
from search.results import SearchRequest

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("archive"),
]

HARD = SearchRequest(
    'قطار "الأمن الوطني"~9 مدر* musee~ -متحف OR train', share=True, per_page=100
)
NOTHING = SearchRequest("قطرا زززز")


class Countdown(Deadline):
    """Is over when it was asked so many times, as if each step took as long."""

    __slots__ = ("asked", "most")

    def __init__(self, most: int) -> None:
        super().__init__(None)
        self.most = most
        self.asked = 0

    def is_over(self) -> bool:
        self.asked += 1
        if self.asked > self.most:
            self.was_met = True
        return self.was_met


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Countdown]:
    """Let everything that is asked for a request share a countdown."""

    def count(most: int) -> Countdown:
        countdown = Countdown(most)
        monkeypatch.setattr(finder, "Deadline", lambda _seconds: countdown)
        monkeypatch.setattr(
            "search.engine.searching.Deadline", lambda _seconds=None: countdown
        )
        return countdown

    return count


def _some_of(steps: int) -> Iterator[int]:
    """Yield some numbers below ``steps``, the first and the last among them."""
    yield from range(0, steps - 1, max(1, steps // 20))
    yield from range(max(steps - 1, 0), steps)


@pytest.mark.parametrize("request_", [HARD, NOTHING], ids=["found", "not found"])
def test_wherever_the_time_is_over_there_is_a_page_that_says_so(
    counted: Callable[[int], Countdown], request_: SearchRequest
) -> None:
    # What a pattern stands for is remembered: the second time is as any other.
    find(request_)
    steps = counted(10**9)
    whole = find(request_)
    assert "partial" not in {note.kind for note in whole.notes}
    assert steps.asked > 20
    for most in _some_of(steps.asked):
        counted(most)
        page = find(request_)
        assert "partial" in {note.kind for note in page.notes}, most
        assert page.total <= whole.total
        assert {hit.id for hit in page.hits} <= {hit.id for hit in whole.hits}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lambda: list_forms(HARD), id="forms"),
        pytest.param(lambda: list_facet(HARD, "source", "a"), id="values"),
        pytest.param(lambda: explain_hit(HARD, 1), id="why"),
        pytest.param(lambda: complete("قطا"), id="completions"),
        pytest.param(lambda: finder.marked_words(HARD), id="an article's words"),
    ],
)
def test_every_other_part_ends_in_time_too(
    counted: Callable[[int], Countdown], part: Callable[[], Any]
) -> None:
    steps = counted(10**9)
    part()
    for most in _some_of(steps.asked):
        counted(most)
        part()


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "استغرق"), ("fr", "trop de temps"), ("en", "took too long")],
)
def test_a_reader_is_told(
    client: Client, counted: Callable[[int], Countdown], language: str, words: str
) -> None:
    counted(0)
    answer = client.get(f"/{language}/search/?q=قطار")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    counted(0)
    assert client.get("/search.json?q=قطار").json()["partial"]


def test_pages_end_where_turning_to_them_would_cost_too_much(
    client: Client, settings: Any
) -> None:
    settings.SEARCH = {"most_results": 4}
    first = find(SearchRequest(per_page=2))
    assert (first.pages, first.request.page) == (2, 1)
    assert first.total > 4
    assert "window" not in {note.kind for note in first.notes}

    beyond = find(SearchRequest(per_page=2, page=10**9))
    assert (beyond.pages, beyond.request.page) == (2, 2)
    assert "window" in {note.kind for note in beyond.notes}
    page = client.get("/en/search/?per_page=2&page=99").content.decode()
    assert "Only the first articles" in page
