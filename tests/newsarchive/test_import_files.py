"""Importing from the command line: what is said, what is kept, how it ends."""

import json
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError

from articles.models import Article, Import, Section, Source
from search.finder import find
from search.results import SearchRequest
from tests.articles.importing.desk import database, line
from tests.newsarchive.commands import run, write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


import_files = partial(run, "import_files")


def test_articles_are_imported_and_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(1), line(2), line(1))
    out, err, status = import_files(path)
    assert out == "a.jsonl: 2 added, 0 updated, 0 unchanged, 1 duplicate, 0 failed\n"
    assert (err, status) == ("", 0)
    assert find(SearchRequest("harvest")).total == 2
    ended = Import.objects.get()
    assert (ended.state, ended.path) == ("finished", str(path))


def test_failures_are_named_and_are_the_exit_status(tmp_path: Path) -> None:
    out, err, status = import_files(write(tmp_path / "a.jsonl", line(1), "{"))
    assert "1 added" in out
    assert "a.jsonl: line 2: no JSON" in err
    assert status == 1


def test_what_files_do_not_say_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("بدأ الحصاد. وانتهى.", encoding="utf-8")
    options = {"source": "الأطلس", "section": "اقتصاد", "draft": True}
    assert import_files(path, **options)[2] == 0
    article = Article.objects.get()
    assert (article.source.name, str(article.section)) == ("الأطلس", "اقتصاد")
    assert article.status == "draft"
    assert Import.objects.get().made_sources == [article.source_id]


def test_what_the_archive_has_is_updated_on_demand(tmp_path: Path) -> None:
    import_files(write(tmp_path / "a.jsonl", line(1)))
    path = write(tmp_path / "b.jsonl", line(1, title="New"))
    assert "1 updated" in import_files(path, policy="update")[0]
    assert Article.objects.get().title == "New"


def test_a_dry_run_says_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    import_files(write(tmp_path / "a.jsonl", line(1)))
    before = database()
    path = write(tmp_path / "b.jsonl", line(1), line(2, section="New"), "{")
    out, _, status = import_files(path, dry_run=True, source="Another")
    assert "b.jsonl: would be: 1 added" in out
    assert "1 duplicate, 1 failed" in out
    assert status == 1
    assert database() == before
    assert Import.objects.count() == 1
    assert Section.objects.count() == 0


def test_programs_are_told_in_json(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(1), "{")
    told = json.loads(import_files(path, json=True)[0])
    assert told["import"] == Import.objects.get().pk
    assert (told["added"], told["failed"], told["state"]) == (1, 1, "finished")
    assert [failure["place"] for failure in told["failures"]] == ["line 2"]


def test_all_files_of_a_folder_are_imported(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", line(1))
    write(tmp_path / ".hidden", "x")
    (tmp_path / "inside").mkdir()
    write(tmp_path / "inside" / "b.jsonl", line(2))
    out, _, status = import_files(tmp_path)
    assert (out.count("1 added"), status) == (2, 0)


def test_missing_files_are_refused_before_anything(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file"):
        import_files(write(tmp_path / "a.jsonl", line(1)), tmp_path / "nowhere")
    assert Source.objects.count() == 0


def test_a_file_of_no_known_kind_costs_no_other(tmp_path: Path) -> None:
    bad = tmp_path / "a.pdf"
    bad.write_bytes(b"%PDF-1.4 \x00")
    out, err, status = import_files(bad, write(tmp_path / "b.jsonl", line(1)))
    assert "b.jsonl: 1 added" in out
    assert "a.pdf" in err
    assert status == 1
