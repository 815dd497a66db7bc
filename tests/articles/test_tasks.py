"""Imports in the background: taken up where they were left, in their own processes."""

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import tasks
from articles.models import Article, Import
from tests.articles.importing.desk import line, make_import

pytestmark = pytest.mark.django_db(transaction=True)

State = Import.State


def queued() -> list[int]:
    """Return the imports that the worker is told of."""
    jobs = ProcrastinateJob.objects.filter(
        task_name="articles.bring_import_on", status="todo"
    )
    known = set(Import.objects.values_list("pk", flat=True))
    return sorted(job.args["pk"] for job in jobs if job.args["pk"] in known)


def test_what_a_killed_worker_left_is_taken_up_once(tmp_path: Path) -> None:
    left = [
        make_import(tmp_path, line(1), state=state).pk
        for state in (State.RUNNING, State.QUEUED, State.UNDOING)
    ]
    for state in (State.NEW, State.PAUSED, State.STOPPED, State.FINISHED):
        make_import(tmp_path, line(1), state=state)
    tasks.take_up()
    tasks.take_up()
    assert queued() == left


def test_an_import_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    started = make_import(tmp_path, line(1), line(2))
    tasks.bring_import_on(started.pk)
    started.refresh_from_db()
    assert (started.state, Article.objects.count()) == (State.FINISHED, 2)


def test_a_file_that_kills_its_process_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = make_import(tmp_path, line(1))
    calls: list[int] = []

    def die(pk: int) -> None:
        calls.append(pk)
        raise BrokenProcessPool

    monkeypatch.setattr(tasks, "_apart", die)
    tasks.bring_import_on(started.pk)
    started.refresh_from_db()
    assert (started.state, started.problem) == (State.STOPPED, tasks.DIED)
    assert len(calls) == tasks.TRIES + 1
