"""What search says on the page of an article: marks, and what is alike."""

from pathlib import Path

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from articles.models import Article, Status
from articles.reading import DateLink, Paragraph
from search import outbox
from search.backends import ArchiveSearchBackend, default_backend
from search.templatetags.reading import (
    RELATED,
    MarkedArticle,
    Run,
    marked_article,
    related_articles,
)
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_backend")]

TEXT = "وصل قطار في 3 مارس 2019، ثم القطارات."
DATE = DateLink(12, 23, "/ar/calendar/2019/3/3/")


@pytest.fixture
def article(search_backend: ArchiveSearchBackend) -> Article:
    article = make_article(
        title="القطار السريع", subtitle="قطار", body=TEXT, language="ar"
    )
    outbox.drain()
    return article


def marked(article: Article, query: str) -> MarkedArticle:
    paragraphs = [Paragraph(1, TEXT, "", (DATE,))]
    return marked_article(article, paragraphs, QueryDict(query))


def test_words_are_numbered_through_title_subtitle_and_text(article: Article) -> None:
    found = marked(article, "q=قطار")
    assert found.title == (Run("القطار", mark=1), Run(" السريع"))
    assert found.subtitle == (Run("قطار", mark=2),)
    [paragraph] = found.paragraphs
    assert [(run.text, run.mark) for run in paragraph.runs if run.mark] == [
        ("قطار", 3),
        ("القطارات", 4),
    ]
    assert found.marks == 4


@pytest.mark.parametrize("query", ["", "q=", "q=قطار", "q=2019", "q=قطار مارس في 3"])
def test_runs_joined_are_the_text_as_published(article: Article, query: str) -> None:
    found = marked(article, query)
    [paragraph] = found.paragraphs
    assert "".join(run.text for run in paragraph.runs) == TEXT
    assert "".join(run.text for run in found.title) == article.title
    numbers = [
        run.mark
        for runs in (found.title, found.subtitle, paragraph.runs)
        for run in runs
        if run.mark
    ]
    assert numbers == list(range(1, found.marks + 1))


def test_a_word_in_a_date_is_marked_and_leads_on(article: Article) -> None:
    [paragraph] = marked(article, "q=2019").paragraphs
    linked = [(run.text, run.mark) for run in paragraph.runs if run.address]
    assert linked == [("3 مارس ", None), ("2019", 1)]


def test_marks_are_those_of_the_search_that_led_here(article: Article) -> None:
    assert marked(article, "q=قطار&rung=written").marks == 2
    assert marked(article, "q=قطار&without=القطارات").marks == 3
    assert marked(article, "q=-قطار السريع").marks == 1
    assert marked(article, "q=قط*").marks >= 2


def test_a_damaged_index_leaves_the_text_to_read(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    default_backend().index.close()
    folder = Path(default_backend()._path)
    for path in folder.iterdir():
        if path.is_file():
            path.write_bytes(b"nonsense")
    assert marked(article, "q=قطار").marks == 0
    assert related_articles({}, article) == []


def test_what_is_alike_comes_in_one_query_without_what_is_hidden(
    search_backend: ArchiveSearchBackend,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    article, *others = [
        make_article(body=f"The harvest of olives in valley {number} began early.")
        for number in range(RELATED + 3)
    ]
    other = make_article(body="Trains were late again yesterday evening.")
    outbox.drain()
    hidden = others[0]
    Article.objects.filter(pk=hidden.pk).update(status=Status.WITHDRAWN)
    with django_assert_num_queries(1):
        found = related_articles({}, article)
        names = {row.source.name for row in found}
    assert len(found) == RELATED == len(names)
    assert not {article, hidden, other} & set(found)


def test_an_article_that_the_index_lacks_has_nothing_alike() -> None:
    assert related_articles({}, make_article()) == []


@pytest.mark.parametrize("budget", [0.0, 60.0])
def test_what_is_alike_is_left_out_where_there_is_no_time(
    settings: Settings, budget: float
) -> None:
    settings.SEARCH = {"related_budget": budget}
    article, other = [
        make_article(body=f"The harvest of olives in valley {number} began early.")
        for number in range(2)
    ]
    outbox.drain()
    unfinished: set[str] = set()
    found = related_articles({"unfinished": unfinished}, article)
    assert (found, unfinished) == (
        ([], {"related"}) if budget == 0 else ([other], set())
    )
    # A page that does not ask is not told.
    assert related_articles({}, article) == found
