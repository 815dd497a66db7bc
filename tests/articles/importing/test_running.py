"""Imports that run: each record once, whatever happens meanwhile."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from psycopg.errors import DiskFull

from articles.importing import running
from articles.importing.copying import copy_in
from articles.importing.running import bring_on, is_at_work
from articles.models import Article, ArticleVersion, Import, ImportRow, Source
from tests.articles.importing.desk import counts, line, make_import, run
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db

State = Import.State


def test_every_record_has_a_row_and_the_counts_are_theirs(tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1), "{", line(3), line(1)))
    assert ended.state == State.FINISHED
    assert counts(ended) == (2, 0, 0, 1, 1)
    assert ended.position == 4
    rows = list(ended.rows.order_by("position"))
    assert [row.outcome for row in rows] == ["added", "failed", "added", "duplicate"]
    assert rows[0].article == rows[3].article == Article.objects.get(origin_id="1")
    assert (rows[1].place, rows[1].raw) == ("line 2", "{")
    assert "no JSON" in rows[1].reason
    assert rows[3].reason == "The source has an article with this id."


def test_many_records_are_written_in_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    ended = run(make_import(tmp_path, *map(line, range(10))))
    assert (ended.added, ended.position) == (10, 10)
    assert ended.bytes_read == ended.size
    assert ended.percent == 100
    assert ended.per_second > 0


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_who_is_told_to_stop_stops_between_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    started = make_import(tmp_path, *map(line, range(10)))
    count = running._count

    def count_and_pause(*arguments: Any) -> None:
        count(*arguments)
        Import.objects.filter(position=3).update(state=state)

    monkeypatch.setattr(running, "_count", count_and_pause)
    ended = run(started)
    assert (ended.state, ended.added) == (state, 6)
    assert Article.objects.count() == ended.rows.count() == 6
    monkeypatch.setattr(running, "_count", count)
    Import.objects.update(state=State.QUEUED)
    ended = run(started)
    assert (ended.state, ended.added) == (State.FINISHED, 10)
    assert Article.objects.count() == 10


def test_what_stopped_in_the_middle_of_a_chunk_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    started = make_import(tmp_path, *map(line, range(10)))
    save = running._Runner._save

    def die(self: Any, stopped: Import) -> None:
        if stopped.position == 6:
            raise SystemExit
        save(self, stopped)

    monkeypatch.setattr(running._Runner, "_save", die)
    with pytest.raises(SystemExit):
        run(started)
    assert Article.objects.count() == ImportRow.objects.count() == 3
    monkeypatch.setattr(running._Runner, "_save", save)
    ended = run(started)
    assert counts(ended) == (10, 0, 0, 0, 0)
    assert [row.position for row in ended.rows.order_by("pk")] == list(range(10))


def test_the_same_is_known_by_id_address_and_text(tmp_path: Path) -> None:
    source = make_source(name="Atlas")
    by_id = make_article(source=source, origin_id="1")
    by_url = make_article(url="https://atlas.example/2")
    by_text = make_article(source=source, title="Rain", body="It rained, all day!")
    ended = run(
        make_import(
            tmp_path,
            line(1),
            line(2, url="https://atlas.example/2"),
            line(3, title="RAIN", body="It rained all  day."),
            line(4, title="RAIN", body="It rained all day.", source="Other"),
        )
    )
    assert [row.article for row in ended.rows.order_by("position")[:3]] == [
        by_id,
        by_url,
        by_text,
    ]
    assert counts(ended) == (1, 0, 0, 3, 0)
    # Another newspaper's is another article, and pointed out.
    last = ended.rows.get(position=3)
    assert (last.outcome, last.similar) == ("added", by_text)
    assert last.likeness == 1.0


def test_updates_keep_what_was_there_before(tmp_path: Path, admin_user: Any) -> None:
    article = make_article(
        source=make_source(name="Atlas"),
        origin_id="1",
        title="Old",
        body="Old text.",
        place="Rabat",
        status="withdrawn",
    )
    values = line(1, title="New"), line(1, title="New"), line(2)
    ended = run(make_import(tmp_path, *values, policy="update", by=admin_user))
    assert counts(ended) == (1, 1, 1, 0, 0)
    changed = Article.objects.get(pk=article.pk)
    assert (changed.title, changed.place) == ("New", "Rabat")
    assert "harvest" in changed.body
    assert changed.status == "withdrawn"
    assert changed.changed > article.changed
    version = ArticleVersion.objects.get()
    assert (version.article, version.by) == (article, admin_user)
    assert version.row
    assert version.row.run == ended
    assert version.values["title"] == "Old"
    assert version.values["body"] == "Old text."


def test_both_can_be_kept(tmp_path: Path) -> None:
    lines = line(1), line(1), line(2)
    run(make_import(tmp_path, *lines))
    ended = run(make_import(tmp_path, *lines, policy="keep"))
    assert counts(ended) == (3, 0, 0, 0, 0)
    ids = Article.objects.order_by("pk").values_list("origin_id", flat=True)
    assert sorted(ids) == ["1", "1~2", "1~3", "2", "2~2"]


def test_nearly_the_same_is_pointed_out_and_not_dropped(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    old = make_article(body=f"{words} end")
    ended = run(
        make_import(
            tmp_path,
            line(1, body=f"{words} other end", language="en"),
            line(2, body=f"{words} still another end", language="en"),
            line(3),
        )
    )
    assert ended.added == 3
    first, second, third = ended.rows.order_by("position")
    assert first.similar == old
    assert second.similar_id in {old.pk, first.article_id}
    assert 0.7 <= (first.likeness or 0) < 1
    assert third.similar is None


def test_an_article_edited_after_it_was_sketched_is_known_by_its_text(
    tmp_path: Path,
) -> None:
    run(make_import(tmp_path, line(1)))
    Article.objects.update(title="Edited", body="Quite another text.")
    again = line(9, title="Edited", body="Quite another text.")
    assert run(make_import(tmp_path, again)).duplicate == 1


def test_only_the_failed_rows_are_tried_again(tmp_path: Path) -> None:
    nowhere = {"id": "2", "body": "Nobody says where."}
    ended = run(make_import(tmp_path, line(1), nowhere, "{", line(4, url="ftp://x")))
    assert counts(ended) == (1, 0, 0, 0, 3)
    ended.source = make_source(name="Default")
    ended.attempt += 1
    ended.state = State.QUEUED
    ended.save()
    row = ended.rows.get(position=3)
    assert row.values
    assert row.values["url"] == "ftp://x"
    row.values |= {"url": "https://x.example/"}
    row.mended = True
    row.save()
    ended = run(ended)
    assert counts(ended) == (3, 0, 0, 0, 1)
    assert Article.objects.get(origin_id="2").source.name == "Default"
    assert Article.objects.get(origin_id="4").url == "https://x.example/"
    assert ended.rows.get(position=3).place == "line 4"
    assert ended.rows.get(outcome="failed").attempt == 1


def test_a_missing_file_stops_the_import_with_a_way_out(tmp_path: Path) -> None:
    started = make_import(tmp_path, line(1))
    path = Path(started.path)
    data = path.read_bytes()
    path.unlink()
    ended = run(started)
    assert (ended.state, ended.problem) == (State.STOPPED, running.FILE_GONE)
    path.write_bytes(data)
    Import.objects.update(state=State.QUEUED)
    ended = run(started)
    assert (ended.state, ended.problem, ended.added) == (State.FINISHED, "", 1)


def test_a_file_of_no_known_kind_stops_the_import(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 \x00")
    started = Import.objects.create(name="a.pdf", path=str(path), state=State.QUEUED)
    ended = run(started)
    assert ended.state == State.STOPPED
    assert "a.pdf" in ended.problem


def test_a_full_disk_stops_the_import_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    started = make_import(tmp_path, *map(line, range(7)))
    create = copy_in

    def fail_once(rows: list[Any]) -> None:
        if rows[0].position == 3:
            raise OperationalError("could not extend file") from DiskFull()
        create(rows)

    monkeypatch.setattr(running, "copy_in", fail_once)
    ended = run(started)
    assert (ended.state, ended.problem) == (State.STOPPED, running.DISK_FULL)
    assert Article.objects.count() == ended.added == 3
    monkeypatch.setattr(running, "copy_in", create)
    Import.objects.update(state=State.QUEUED)
    assert counts(run(started)) == (7, 0, 0, 0, 0)


def test_what_only_the_database_refuses_is_located_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.importing.filling.check_record", lambda _: None)
    monkeypatch.setattr("articles.importing.building.check_record", lambda _: None)
    bad = line(2, url="ftp://x", source="New")
    ended = run(make_import(tmp_path, line(1), bad, line(3, source="New")))
    assert counts(ended) == (2, 0, 0, 0, 1)
    failed = ended.rows.get(outcome="failed")
    assert (failed.place, failed.article) == ("line 2", None)
    assert "article_url_is_http" in failed.reason
    assert set(ended.made_sources) == set(Source.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_one_import(tmp_path: Path) -> None:
    started = make_import(tmp_path, line(1))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(%s, %s)", [running._LOCKS, started.pk]
            )
        assert is_at_work(started.pk)
        bring_on(started.pk)
        assert Article.objects.count() == 0
    finally:
        other.close()
    # The database lets go when it notices, which is soon.
    for _ in range(100):
        if not is_at_work(started.pk):
            break
    assert run(started).added == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    monkeypatch.setattr(running, "RECONNECT_SECONDS", (0,) * 3)
    started = make_import(tmp_path, *map(line, range(7)))
    create = copy_in
    cut: list[int] = []

    def cut_once(rows: list[Any]) -> None:
        if rows[0].position == 3 and not cut:
            cut.append(1)
            with connection.copy().cursor() as cursor:
                pid = connection.connection.info.backend_pid
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
                cursor.db.close()
        create(rows)

    monkeypatch.setattr(running, "copy_in", cut_once)
    ended = run(started)
    assert cut
    assert (ended.state, counts(ended)) == (State.FINISHED, (7, 0, 0, 0, 0))
    assert Article.objects.count() == 7
