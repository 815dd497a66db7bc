"""Folders that are looked at: each file once, when it has stopped growing."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from articles.importing.running import bring_on
from articles.models import Article, Import, Watch, WatchedFile
from articles.watching import WatchError, allowed_folder, folders, look
from tests.articles.importing.desk import line
from tests.newsarchive.commands import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR = tmp_path / "var"
    settings.WATCH_FOLDERS = [str(tmp_path / "in")]
    folder = tmp_path / "in" / "press"
    folder.mkdir(parents=True)
    return folder


def make_watch(inbox: Path, **values: Any) -> Watch:
    values = {"place": str(inbox), "status": "published"} | values
    return Watch.objects.create(kind=Watch.Kind.FOLDER, **values)


def look_again(watch: Watch) -> list[Import]:
    found = look(watch.pk)
    for run in found:
        bring_on(run.pk)
    watch.refresh_from_db()
    return [Import.objects.get(pk=run.pk) for run in found]


def kept_files(settings: Settings) -> list[Path]:
    folder = Path(settings.VAR) / "imports"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_file_is_taken_when_it_has_stopped_growing(
    inbox: Path, settings: Settings
) -> None:
    watch = make_watch(inbox)
    path = write(inbox / "a.jsonl", line(1))
    assert look_again(watch) == []
    with path.open("a") as file:
        file.write("\n" + '{"id": "2", "body": "More.", "source": "Atlas"}')
    assert look_again(watch) == []
    (run,) = look_again(watch)
    assert (run.name, run.state, run.added) == ("a.jsonl", "finished", 2)
    assert look_again(watch) == []
    # It stays where it is; the import has a copy of its own.
    assert path.exists()
    assert kept_files(settings) == [Path(run.path)]
    assert Path(run.path).read_bytes() == path.read_bytes()


def test_a_content_is_taken_once(inbox: Path) -> None:
    watch = make_watch(inbox)
    path = write(inbox / "a.jsonl", line(1))
    look_again(watch)
    assert len(look_again(watch)) == 1
    os.utime(path, (1, 1))
    (inbox / "copy.jsonl").write_bytes(path.read_bytes())
    path.rename(inbox / "renamed.jsonl")
    for _ in range(3):
        assert look_again(watch) == []
    write(inbox / "copy.jsonl", line(2))
    look_again(watch)
    assert len(look_again(watch)) == 1
    assert Article.objects.count() == 2


def test_folders_within_are_looked_at_and_hidden_files_are_not(inbox: Path) -> None:
    watch = make_watch(inbox)
    (inbox / "2020" / "05").mkdir(parents=True)
    (inbox / ".git").mkdir()
    write(inbox / "2020" / "05" / "a.jsonl", line(1))
    write(inbox / ".partial.jsonl", line(2))
    write(inbox / ".git" / "b.jsonl", line(3))
    (inbox / "empty.jsonl").touch()
    look_again(watch)
    assert [run.name for run in look_again(watch)] == ["a.jsonl"]
    assert WatchedFile.objects.filter(path="2020/05/a.jsonl").exists()


def test_links_are_not_followed(inbox: Path, tmp_path: Path) -> None:
    watch = make_watch(inbox)
    secret = write(tmp_path / "secret.jsonl", line(1))
    (inbox / "link.jsonl").symlink_to(secret)
    (inbox / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe")
    for _ in range(3):
        assert look_again(watch) == []
    with translation.override("en"):
        assert "link.jsonl is a link" in watch.shown_problem
        assert "elsewhere is a link" in watch.shown_problem


def test_a_link_that_is_put_in_the_way_is_not_followed(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = make_watch(inbox)
    path = write(inbox / "a.jsonl", line(1))
    look_again(watch)
    secret = write(tmp_path / "secret.jsonl", line(2))
    copy = folders._copy

    def swap(seen: Any, kept: Path) -> str:
        path.unlink()
        path.symlink_to(secret)
        return copy(seen, kept)

    monkeypatch.setattr(folders, "_copy", swap)
    assert look_again(watch) == []
    assert "a.jsonl" in watch.shown_problem
    assert Import.objects.count() == 0


def test_a_file_that_changes_while_it_is_copied_is_left_for_later(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    watch = make_watch(inbox)
    path = write(inbox / "a.jsonl", line(1))
    look_again(watch)
    check = folders._check_same
    calls: list[int] = []

    def grow(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            path.write_text("more", encoding="utf-8")
            arguments = (arguments[0], path.stat())
        check(*arguments)

    monkeypatch.setattr(folders, "_check_same", grow)
    assert look_again(watch) == []
    assert kept_files(settings) == []
    assert watch.problem == ""


def test_files_that_cannot_be_read_cost_no_other(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = make_watch(inbox)
    for number in range(8):
        write(inbox / f"{number}.jsonl", line(number))
    look_again(watch)
    copy = folders._copy

    def refuse(seen: Any, kept: Path) -> str:
        if seen.name != "7.jsonl":
            raise PermissionError(errno.EACCES, "Permission denied")
        return copy(seen, kept)

    monkeypatch.setattr(folders, "_copy", refuse)
    assert [run.name for run in look_again(watch)] == ["7.jsonl"]
    with translation.override("en"):
        assert watch.shown_problem.startswith(
            "Not read: 0.jsonl (Permission denied); 1.jsonl"
        )
    assert watch.shown_problem.endswith("(+2)")
    assert watch.failures == 0
    monkeypatch.setattr(folders, "_copy", copy)
    assert len(look_again(watch)) == 7


def test_names_in_no_encoding_and_of_255_bytes_are_taken(inbox: Path) -> None:
    watch = make_watch(inbox)
    odd = os.fsencode(inbox) + b"/\xe3\xc8\xa7.jsonl"
    Path(os.fsdecode(odd)).write_text('{"body": "x y z.", "source": "A"}')
    long = "ح" * 124 + ".jsonl"
    write(inbox / long, line(1))
    look_again(watch)
    names = {run.name for run in look_again(watch)}
    assert names == {long, "\\xe3ȧ.jsonl"}


def test_a_look_takes_so_many_files_and_the_next_follows_at_once(
    inbox: Path, settings: Settings
) -> None:
    settings.WATCHING = {"files": 2}
    watch = make_watch(inbox)
    for number in range(5):
        write(inbox / f"{number}.jsonl", line(number))
    look_again(watch)
    numbers = []
    for _ in range(3):
        numbers.append(len(look_again(watch)))
        assert watch.looked
        assert (watch.due == watch.looked) is (len(numbers) < 3)
    assert numbers == [2, 2, 1]


@pytest.mark.parametrize("moment", ["before", "in", "after"])
def test_who_is_killed_while_taking_a_file_takes_it_once(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    watch = make_watch(inbox)
    write(inbox / "a.jsonl", line(1))
    look_again(watch)
    with monkeypatch.context() as killing:
        if moment == "before":
            killing.setattr(Path, "rename", die)
        elif moment == "in":
            killing.setattr(folders, "make_import", die)
        else:
            killing.setattr("articles.watching.looking._note_success", die)
        with pytest.raises(SystemExit):
            look(watch.pk)
    found = look_again(watch)
    assert len(found) == (0 if moment == "after" else 1)
    assert Import.objects.count() == 1


def die(*_arguments: Any) -> None:
    raise SystemExit


def test_a_full_disk_is_told_and_nothing_is_lost(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    watch = make_watch(inbox)
    write(inbox / "a.jsonl", line(1))
    look_again(watch)

    def fill(*_arguments: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(folders, "_copy", fill)
        assert look_again(watch) == []
    with translation.override("en"):
        assert "does not fit on the disk" in watch.shown_problem
    assert kept_files(settings) == []
    assert len(look_again(watch)) == 1
    assert watch.problem == ""


def outside(inbox: Path) -> str:
    return str(inbox.parent.parent)


def climbing(inbox: Path) -> str:
    return f"{inbox}/../../var"


def sibling(inbox: Path) -> str:
    (inbox.parent.parent / "in-other").mkdir()
    return f"{inbox.parent}-other"


def link(inbox: Path) -> str:
    (inbox / "out").symlink_to("/etc")
    return f"{inbox}/out"


def missing(inbox: Path) -> str:
    return f"{inbox}/nowhere"


def a_file(inbox: Path) -> str:
    return str(write(inbox / "a.jsonl", line(1)))


@pytest.mark.parametrize(
    ("path_of", "said"),
    [
        (outside, "NEWSARCHIVE_WATCH_FOLDERS"),
        (climbing, "NEWSARCHIVE_WATCH_FOLDERS"),
        (sibling, "NEWSARCHIVE_WATCH_FOLDERS"),
        (link, "NEWSARCHIVE_WATCH_FOLDERS"),
        (lambda _: "/", "NEWSARCHIVE_WATCH_FOLDERS"),
        (lambda _: "a\0b", "There is no folder"),
        (missing, "There is no folder"),
        (a_file, "There is no folder"),
    ],
)
def test_only_folders_within_the_allowed_ones_are_looked_at(
    inbox: Path, path_of: Callable[[Path], str], said: str
) -> None:
    path = path_of(inbox)
    with pytest.raises(WatchError, match=said):
        allowed_folder(path)
    if "\0" not in path:
        watch = make_watch(Path(path))
        assert look_again(watch) == []
        assert said in watch.problem


def test_where_no_folder_is_allowed_it_says_how_to_allow_one(
    inbox: Path, settings: Settings
) -> None:
    settings.WATCH_FOLDERS = []
    with pytest.raises(WatchError, match=r"No folder may be watched\. Name"):
        allowed_folder(str(inbox))
