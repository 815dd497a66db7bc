"""Rows become what engines are given, and a saved article is found."""

from datetime import date
from pathlib import Path

import pytest

from bench import growth, indexing
from bench.corpus import Article as Given
from bench.engines.ours import OursWritten
from bench.queries import Query
from search.backends import ArchiveSearchBackend
from tests.factories import make_article, make_source


@pytest.mark.django_db
def test_rows_are_given_as_folded_words() -> None:
    source = make_source(slug="atlas")
    article = make_article(
        source=source,
        section=None,
        title="أخبار",
        body="مدرسةٌ جديدة.",
        published_on=date(2015, 7, 21),
    )
    assert list(indexing._rows()) == [
        Given(str(article.pk), "اخبار مدرسه جديده", "atlas", "2015")
    ]


@pytest.mark.django_db(transaction=True)
def test_a_saved_article_is_found(search_backend: ArchiveSearchBackend) -> None:
    make_article(body="The night train.")
    make_article(body="The day train.")
    assert indexing._follow_outbox() >= 0
    times = indexing._saved_and_found()
    assert len(times) == 2
    assert all(0 < seconds < 60 for seconds in times)


def test_figures_tell_size_and_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    figures = indexing._timed(lambda: 3, tmp_path)
    assert figures["articles"] == 3
    assert figures["index_bytes"] == 5
    assert figures["peak_mb"] > 0


def test_files_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="there is no such file"):
        indexing.main([str(tmp_path / "absent.jsonl")])
    with pytest.raises(SystemExit, match="there is no such file"):
        growth.main([str(tmp_path / "absent.jsonl")])


def test_an_index_that_was_built_is_asked(tmp_path: Path) -> None:
    engine = OursWritten(tmp_path)
    engine.build([Given("a", "هلال بدر", "s", "2015")])
    engine.close()
    figures = growth.ask(tmp_path, [Query("common", ("هلال",))])
    assert figures["ours_written"]["median_ms"] > 0
