"""Imports taken back: database and search are as they were before."""

from pathlib import Path
from typing import Any

import pytest

from articles.importing import running
from articles.importing.known import resketch
from articles.importing.undoing import EDITED, take_back, undo_rows
from articles.models import Article, ArticleVersion, Import, Section, Source
from tests.articles.importing.desk import database, index, line, make_import, run
from tests.factories import make_article, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

State = Import.State


def undo(ended: Import) -> Import:
    ended.state = State.UNDOING
    ended.save()
    return run(ended)


def lines() -> list[dict[str, Any] | str]:
    """New articles, updates of old ones, one updated twice, a failure, a duplicate."""
    return [
        line(1, title="New title", section="New section", authors=["Amal"]),
        line(2, source="New source", place="Rabat"),
        "{",
        line(3, published="2021-05-01T10:00:00+01:00", title="Of the third"),
        line(3, title="Of the third, again"),
        line(1, title="Newer title"),
        line(4, title="Fourth"),
        line(4, title="Fourth"),
    ]


def archive() -> Source:
    source = make_source(name="Atlas")
    for number in (1, 3):
        make_article(source=source, origin_id=str(number), authors=["سعاد"])
    make_article(source=source, title="Untouched")
    # Sketched, as any import leaves all articles.
    resketch(lambda: True)
    return source


@pytest.mark.parametrize("chunk", [2, 500])
def test_everything_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(running, "CHUNK", chunk)
    archive()
    before = database(), index()
    ended = run(make_import(tmp_path, *lines(), policy="update"))
    assert (ended.added, ended.updated, ended.unchanged) == (2, 4, 1)
    assert database() != before[0]
    assert index() != before[1]
    undone = undo(ended)
    assert undone.state == State.UNDONE
    assert database() == before[0]
    assert index() == before[1]


def test_what_was_edited_since_stays_until_somebody_insists(tmp_path: Path) -> None:
    archive()
    ended = run(make_import(tmp_path, *lines(), policy="update"))
    Article.objects.filter(origin_id="1").update(place="Edited")
    Article.objects.filter(origin_id="4").update(place="Edited")
    undone = undo(ended)
    kept = undone.rows.exclude(kept="").order_by("-position")
    assert [(row.place, row.kept) for row in kept] == [
        ("line 7", EDITED),
        ("line 6", EDITED),
        ("line 1", EDITED),
    ]
    assert Article.objects.get(origin_id="1").title == "Newer title"
    assert Article.objects.get(origin_id="3").title.startswith("Article")
    assert take_back(kept, insist=True) == []
    assert Article.objects.get(origin_id="1").title.startswith("Article")
    assert not Article.objects.filter(origin_id="4").exists()
    assert ArticleVersion.objects.count() == 0


def test_an_edit_that_was_itself_taken_back_is_none(tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1)))
    article = Article.objects.get()
    article.place = "Edited"
    article.save()
    article.place = ""
    article.save()
    undo(ended)
    assert Article.objects.count() == 0


def test_articles_that_are_gone_already_are_no_trouble(tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1), line(2)))
    Article.objects.get(origin_id="1").delete()
    assert undo(ended).state == State.UNDONE
    assert Article.objects.count() == 0


def test_chosen_rows_are_taken_back_alone(tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1), line(2), line(3)))
    assert take_back(ended.rows.filter(position=1)) == []
    assert set(Article.objects.values_list("origin_id", flat=True)) == {"1", "3"}
    assert index()[0] == (2,)


def test_a_row_below_a_later_update_asks(tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1)))
    run(make_import(tmp_path, line(1, title="Later"), policy="update"))
    assert take_back(ended.rows.all()) == [ended.rows.get()]
    assert Article.objects.get().title == "Later"


def test_sources_and_sections_stay_where_something_else_is_in_them(
    tmp_path: Path,
) -> None:
    ended = run(make_import(tmp_path, line(1, section="Sport"), line(2, source="B")))
    make_article(source=Source.objects.get(name="Atlas"))
    undo(ended)
    assert set(Source.objects.values_list("name", flat=True)) == {"Atlas"}
    assert Section.objects.count() == 0


def test_an_undo_that_was_interrupted_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    ended = run(make_import(tmp_path, *map(line, range(7))))
    calls: list[int] = []

    def die(*arguments: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit
        return undo_rows(*arguments)

    monkeypatch.setattr(running, "undo_rows", die)
    with pytest.raises(SystemExit):
        undo(ended)
    assert Article.objects.count() == 3
    assert run(ended).state == State.UNDONE
    assert Article.objects.count() == 0
