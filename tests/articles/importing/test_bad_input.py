"""What is wrong with files, machines and moments: told, and nothing is lost by it."""

import gzip
import io
import json
import resource
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from articles.importing.running import is_at_work
from articles.models import Article, Import
from tests.articles.importing.desk import counts, database, line, make_import, run
from tests.articles.importing.dying import die_at

pytestmark = pytest.mark.django_db

State = Import.State


class Named(io.BytesIO):
    """A file with a name as no browser would send it."""

    name = ""


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param(
            {"title": "ح" * 10_000}, '"title" has 10000 characters', id="title"
        ),
        pytest.param({"id": "x" * 10_000}, '"id" has 10000 characters', id="id"),
        pytest.param({"authors": ["x" * 10_000]}, "10000 characters", id="author"),
        pytest.param({"published": "0000-01-01"}, "0000-01-01", id="year 0"),
        pytest.param({"published": "0001-01-01"}, "earliest_year", id="year 1"),
        pytest.param({"published": "9999-12-31"}, "latest_year", id="year 9999"),
        pytest.param(
            {"published": "9999-12-31T23:59:59-12:00"}, "latest_year", id="end of time"
        ),
        pytest.param({"published": "99999-01-01"}, "99999", id="five digits"),
        pytest.param({"title": "a\0b"}, "NUL", id="NUL"),
        pytest.param({"body": "a\ud800b"}, "lone surrogate", id="surrogate"),
        pytest.param({"section": "a\udfffb"}, "lone surrogate", id="other half"),
        pytest.param({"url": f"https://x.example/{'y' * 3000}"}, "2000", id="address"),
        pytest.param({"language": "klingon"}, "ISO 639", id="language"),
    ],
)
def test_a_value_that_cannot_be_costs_one_row_which_can_be_mended(
    tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    ended = run(make_import(tmp_path, line(1), line(2, **values), line(3)))
    assert (ended.state, counts(ended)) == (State.FINISHED, (2, 0, 0, 0, 1))
    row = ended.rows.get(outcome="failed")
    assert row.place == "line 2"
    assert said in row.reason
    assert row.raw
    assert row.values
    row.values = dict(line(2))
    row.mended = True
    row.save()
    Import.objects.update(state=State.QUEUED, attempt=1)
    assert counts(run(ended)) == (3, 0, 0, 0, 0)


def test_limits_of_years_can_be_raised_as_the_message_says(
    tmp_path: Path, settings: Settings
) -> None:
    settings.IMPORTING = {"earliest_year": 1, "latest_year": 9999}
    ended = run(
        make_import(
            tmp_path,
            line(1, published="0001-01-01"),
            line(2, published="9999-12-31"),
            line(3, published="9999-12-31T23:59:59-12:00"),
            line(4, published="0001-01-01T00:00:00+14:00"),
        )
    )
    # The moments of the last two are in the years 10000 and 0 at Greenwich.
    assert counts(ended) == (2, 0, 0, 0, 2)
    assert {row.place for row in ended.rows.filter(outcome="failed")} == {
        "line 3",
        "line 4",
    }


def test_a_file_of_two_gigabytes_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(line(1)).encode() + b"\n")
        # A hole, which takes no room on the disk.
        file.seek(2**31 + 10)
        file.write(b"\n" + json.dumps(line(2)).encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ended = run(
        Import.objects.create(
            name=path.name,
            path=str(path),
            size=path.stat().st_size,
            state=State.QUEUED,
        )
    )
    assert counts(ended) == (2, 0, 0, 0, 1)
    assert "record_bytes" in ended.rows.get(outcome="failed").reason
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert grown < 200


def test_long_names_of_members_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("ح" * 3000 + ".jsonl", json.dumps(line(1)))
        whole.writestr(f"{'x' * 200}/" * 20 + "b.jsonl", "{")
    started = Import.objects.create(
        name=path.name, path=str(path), size=1, state=State.QUEUED
    )
    ended = run(started)
    assert counts(ended) == (1, 0, 0, 0, 1)
    assert all(len(row.place) <= 300 for row in ended.rows.all())


@pytest.mark.parametrize("name", ["ح" * 400 + ".jsonl", "x" * 900, "../" * 90 + "etc"])
def test_a_long_name_is_kept_by_its_end(
    admin_client: Client, settings: Settings, tmp_path: Path, name: str
) -> None:
    settings.VAR = tmp_path
    file = Named(json.dumps(line(1)).encode())
    file.name = name
    address = reverse("admin:articles_import_add")
    assert admin_client.post(address, {"uploads": [file]}).status_code == 302
    kept = Import.objects.get()
    assert name.endswith(kept.name)
    assert len(kept.name) <= 255
    assert Path(kept.path).parent == tmp_path / "imports"
    assert (
        admin_client.get(
            reverse("admin:articles_import_change", args=[kept.pk])
        ).status_code
        == 200
    )


@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_an_upload_that_the_disk_does_not_hold_is_told(
    admin_client: Client, settings: Settings, tmp_path: Path, size: int
) -> None:
    settings.VAR = tmp_path
    # The larger one does not even reach the folder of uploads.
    file = SimpleUploadedFile("a.jsonl", b" " * size)
    address = reverse("admin:articles_import_add")
    with room_for(50_000):
        response = admin_client.post(
            address, {"uploads": [file]}, headers={"accept-language": "en"}
        )
    assert response.status_code == 422
    assert "does not fit on the disk" in response.content.decode()
    assert Import.objects.count() == 0
    assert list((tmp_path / "imports").glob("*")) == []


def test_a_disk_too_full_for_what_is_unpacked_stops_the_import(tmp_path: Path) -> None:
    # A ZIP inside another file is laid on the disk, to be read from its end.
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as whole:
        for number in range(3):
            whole.writestr(f"{number}.jsonl", json.dumps(line(number)))
        whole.writestr("filler.png", bytes(range(256)) * 40_000)
    path = tmp_path / "a.zip.gz"
    path.write_bytes(gzip.compress(inner.getvalue(), 1))
    started = Import.objects.create(
        name=path.name, path=str(path), size=1, state=State.QUEUED
    )
    with room_for(1_000_000):
        ended = run(started)
    assert ended.state == State.STOPPED
    assert ended.problem
    assert "ile too large" in ended.problem or "disk" in ended.problem
    Import.objects.update(state=State.QUEUED)
    ended = run(started)
    assert (ended.state, ended.added) == (State.FINISHED, 3)


def alone_again(started: Import) -> None:
    """Wait until the database has noticed that the killed process is gone."""
    end = time.monotonic() + 10
    while is_at_work(started.pk):
        assert time.monotonic() < end, "The lock of the killed process is kept."
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["reading", "writing", "committing", "finishing"])
def test_who_is_killed_at_any_stage_leaves_nothing_half_done(
    tmp_path: Path, stage: str
) -> None:
    started = make_import(tmp_path, *map(line, range(8)))
    die_at(stage, started.pk)
    alone_again(started)
    left = Import.objects.get(pk=started.pk)
    assert left.state == State.RUNNING
    assert left.position == left.added == left.rows.count() == Article.objects.count()
    # What is read is ahead of what is written, by a chunk.
    assert left.position in ({8} if stage == "finishing" else {0, 3})
    ended = run(started)
    assert (ended.state, counts(ended)) == (State.FINISHED, (8, 0, 0, 0, 0))
    assert [row.position for row in ended.rows.order_by("position")] == list(range(8))


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_while_trying_again_tries_again(tmp_path: Path) -> None:
    started = make_import(tmp_path, line(1), {"id": "2", "body": "x y"}, line(3))
    ended = run(started)
    row = ended.rows.get(outcome="failed")
    row.values, row.mended = dict(line(2)), True
    row.save()
    Import.objects.update(state=State.QUEUED, attempt=1)
    die_at("trying again", started.pk)
    alone_again(started)
    assert Article.objects.count() == 2
    ended = run(started)
    assert (ended.state, counts(ended)) == (State.FINISHED, (3, 0, 0, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_while_taking_back_goes_on_with_it(tmp_path: Path) -> None:
    run(make_import(tmp_path, line(1), line(2)))
    before = database()
    lines = [line(n, title=f"New {n}", section="New") for n in range(8)]
    started = make_import(tmp_path, *lines, policy="update")
    run(started)
    Import.objects.filter(pk=started.pk).update(state=State.UNDOING)
    die_at("undoing", started.pk)
    alone_again(started)
    assert started.rows.filter(undone=True).count() == 3
    assert run(started).state == State.UNDONE
    assert database() == before
