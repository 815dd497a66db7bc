"""Loading from the command line: what is said, what is kept, how it ends."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from articles.models import Article, Source, Status
from search.finder import find
from search.results import SearchRequest
from tests.newsarchive.commands import run, write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


load = partial(run, "load_articles")


def article(number: int, **values: Any) -> dict[str, Any]:
    return {"id": str(number), "body": f"Harvest {number}.", "source": "Atlas"} | values


def test_articles_are_loaded_and_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", article(1), article(2))
    out, err, status = load(path)
    assert "a.jsonl: 2 added, 0 known, 0 failed" in out
    assert (err, status) == ("", 0)
    assert find(SearchRequest("harvest")).total == 2


def test_loading_again_adds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", article(1), article(2))
    load(path)
    out, _, status = load(path)
    assert "0 added, 2 known, 0 failed" in out
    assert status == 0
    assert Article.objects.count() == find(SearchRequest()).total == 2


def test_bad_lines_are_named_and_cost_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", article(1), "{", article(3, published="soon"))
    out, err, status = load(path)
    assert "1 added, 0 known, 2 failed" in out
    assert "a.jsonl: line 2: no JSON" in err
    assert "a.jsonl: line 3: \"published\" is 'soon'" in err
    assert status == 1


def test_more_errors_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    _, err, _ = load(write(tmp_path / "a.jsonl", *["{"] * 150))
    assert "and 50 more failed" in err


def test_what_files_do_not_say_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("بدأ الحصاد. وانتهى.", encoding="utf-8")
    options = {"source": "الأطلس", "section": "اقتصاد", "draft": True}
    assert load(path, **options)[2] == 0
    found = Article.objects.get()
    assert (found.title, found.language, found.status) == (
        "بدأ الحصاد.",
        "ar",
        Status.DRAFT,
    )
    assert (found.source.name, str(found.section)) == ("الأطلس", "اقتصاد")
    load(path, **options)
    assert (Article.objects.count(), Source.objects.count()) == (1, 1)


def test_missing_and_unknown_files_are_refused_before_anything(tmp_path: Path) -> None:
    good = write(tmp_path / "a.jsonl", article(1))
    with pytest.raises(CommandError, match="there is no such file"):
        load(good, tmp_path / "nowhere.jsonl")
    with pytest.raises(CommandError, match=r"use a \.txt"):
        load(write(tmp_path / "a.pdf", "x"), good)
    assert Article.objects.count() == 0


@pytest.mark.data
def test_ten_thousand_real_articles_are_loaded_and_found(press: Path) -> None:
    out, err, status = load(press / "ant_jawharafm.jsonl.xz")
    assert "10138 added, 0 known, 0 failed" in out
    assert (err, status) == ("", 0)
    everything = find(SearchRequest())
    assert everything.total == 10138
    assert {len(facet.values) > 0 for facet in everything.facets} == {True}
    tunis = find(SearchRequest("تونس", selected={"section": ("sport",)}))
    assert 0 < tunis.total < 1455
    assert all(hit.section == "sport" for hit in tunis.hits)
    assert all("<mark>" in hit.title + hit.snippet for hit in tunis.hits)
