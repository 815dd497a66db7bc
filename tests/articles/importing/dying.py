"""A process that brings an import on, and is killed at a chosen stage of it."""

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import django
from django.db import connection


def die_at(stage: str, pk: int) -> None:
    """Have another process bring an import on until it kills itself."""
    database = str(connection.settings_dict["NAME"])
    process = get_context("spawn").Process(target=_work, args=[stage, pk, database])
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def _work(stage: str, pk: int, database: str) -> None:
    django.setup()
    connection.settings_dict["NAME"] = database
    from articles.importing import running  # noqa: PLC0415  Models are loaded first.

    with patch.object(running, "CHUNK", 3), STAGES[stage]():
        running.bring_on(pk)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _while_reading() -> Any:
    from articles.importing import open_records, running  # noqa: PLC0415

    def read(*arguments: Any) -> Iterator[Any]:
        for number, found in enumerate(open_records(*arguments)):
            if number == 5:
                _die()
            yield found

    return patch.object(running, "open_records", read)


def _while_writing() -> Any:
    """Die when the articles of the second chunk are written, and not yet its rows."""
    from articles.importing import running  # noqa: PLC0415
    from articles.importing.copying import copy_in  # noqa: PLC0415

    def copy(rows: list[Any]) -> None:
        if rows[0].position == 3:
            _die()
        copy_in(rows)

    return patch.object(running, "copy_in", copy)


def _while_committing() -> Any:
    """Die when all of the second chunk is written, and nothing of it committed."""
    from articles.importing import running  # noqa: PLC0415

    save = running._Runner._save

    def save_and_die(self: Any, run: Any) -> None:
        save(self, run)
        if run.position == 6:
            _die()

    return patch.object(running._Runner, "_save", save_and_die)


def _while_finishing() -> Any:
    from articles.importing import running  # noqa: PLC0415

    turn = running._Runner._turn

    def turn_or_die(self: Any, before: Any, after: Any) -> None:
        if after == "finished":
            _die()
        turn(self, before, after)

    return patch.object(running._Runner, "_turn", turn_or_die)


def _while_trying_again() -> Any:
    from articles.importing import running  # noqa: PLC0415

    save = running._Runner._save

    def save_and_die(self: Any, run: Any) -> None:
        save(self, run)
        _die()

    return patch.object(running._Runner, "_save", save_and_die)


def _while_undoing() -> Any:
    """Die when the articles of the second chunk are gone, and not yet its rows."""
    from articles.importing import undoing  # noqa: PLC0415

    write = undoing._write
    calls: list[int] = []

    def write_and_die(*arguments: Any) -> None:
        write(*arguments)
        calls.append(1)
        if len(calls) == 2:
            _die()

    return patch.object(undoing, "_write", write_and_die)


STAGES: dict[str, Callable[[], Any]] = {
    "reading": _while_reading,
    "writing": _while_writing,
    "committing": _while_committing,
    "finishing": _while_finishing,
    "trying again": _while_trying_again,
    "undoing": _while_undoing,
}
