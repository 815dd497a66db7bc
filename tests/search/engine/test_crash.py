"""Writers that die, disks that are full, files that are damaged, two writers at once.

Writers that die are processes of their own, forked from the test. What an index holds
is compared with what each commit should have left in it: whole, or not at all.
"""

import builtins
import io
import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.query import Every, Term

from search.engine import Index, IndexDamagedError, Search
from search.engine import writing as writing_module
from search.engine.segments import ContainerError
from search.engine.writing import read_contents
from tests.search.engine.documents import FIELDS, put

pytestmark = [
    # Newer Pythons warn of a fork where there may be threads; here are none that write.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]

KILLS = 15

STEPS: tuple[tuple[Any, str], ...] = (
    (os, "open"),
    (os, "fsync"),
    (os, "rename"),
    (os, "remove"),
    (os, "unlink"),
    (io, "open"),
    (builtins, "open"),
    (TOC, "write"),
    (FileStorage, "rename_file"),
    (writing_module, "read_contents"),
    (writing_module, "merge_segments"),
    (writing_module, "clean_files"),
)
"""What a commit calls, and may die before."""

Contents = Mapping[str, str]


def commit(index: Index, number: int) -> None:
    """Make the commit ``number``; every fifth merges all segments first."""
    if number % 5 == 4:
        index.merge()
    with index.writer(most_rewritten=None if number % 3 else 0) as writer:
        for key, text in changes(number).items():
            if text is None:
                writer.remove(key)
            else:
                document = {"id": key, "text": text, "title": f"commit {number}"}
                writer.put({**document, "source": (f"s{number % 7}",), "day": number})


def changes(number: int) -> dict[str, str | None]:
    """Return what the commit ``number`` puts: new documents, one changed, one removed."""
    fresh = {f"{number}.{n}": f"word{number} word{n} always" for n in range(3)}
    old = {f"{number - 1}.0": f"replaced by {number} always"} if number else {}
    return {**fresh, **old, f"{number - 2}.1": None}


def contents_after(number: int) -> Contents:
    """Return key -> text of what the index holds after the commit ``number``."""
    held: dict[str, str] = {}
    for earlier in range(number + 1):
        for key, text in changes(earlier).items():
            if text is None:
                held.pop(key, None)
            else:
                held[key] = text
    return held


def contents(index: Index) -> Contents:
    """Return key -> text of what the index holds; all ways to find it must agree."""
    # One snapshot for all: there may be another commit at any time.
    snapshot = index._current()
    found = snapshot.find(Search(Every(), facets=("source",), limit=10**6))
    held = {d.fields["id"]: d.fields["text"] for d in found.documents}
    assert len(held) == found.total
    assert sum(found.facets["source"].values()) == found.total
    always = snapshot.find(Search(Term("text", "always"), limit=10**6))
    assert {d.fields["id"] for d in always.documents} == held.keys()
    return held


def prepared(folder: Path, commits: int) -> Index:
    """Return an index after so many commits."""
    index = Index(folder, FIELDS)
    index.count()
    for number in range(commits):
        commit(index, number)
    return index


def copied(index: Index, folder: Path) -> Index:
    """Return a copy of ``index`` in another folder."""
    return Index(Path(shutil.copytree(index.path, folder)), FIELDS)


def assert_no_leftovers(index: Index) -> None:
    """See that the folder has the files of the last commit, and no other."""
    toc = read_contents(index.path)
    live = {f"_MAIN_{toc.generation}.toc", *(s.file_name() for s in toc.segments)}
    assert {file.name for file in index.path.iterdir()} == {*live, "MAIN_WRITELOCK"}


def fork(work: Callable[[], object]) -> int:
    """Do ``work`` in another process, and return its number."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def died(child: int) -> bool:
    """Wait for a process, and return whether it was killed; it must not have failed."""
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def dies_at(step: int, work: Callable[[], object]) -> bool:
    """Do ``work`` in a process that dies before a step of it; return whether it did."""

    def in_steps() -> None:
        steps = count(1)
        for owner, name in STEPS:
            setattr(owner, name, _dying(getattr(owner, name), steps, step))
        work()

    return died(fork(in_steps))


def _dying(function: Any, steps: Iterator[int], last: int) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return call


@contextmanager
def committing(index: Index, first: int) -> Iterator[list[int]]:
    """Commit in another process, until the block ends, which kills it.

    Gives a list, which is of the commits that were done once the block has ended.
    """
    reading, writing = os.pipe()

    def commit_all() -> None:
        for number in count(first):
            commit(index, number)
            os.write(writing, f"{number}\n".encode())

    child = fork(commit_all)
    os.close(writing)
    done: list[int] = []
    try:
        yield done
    finally:
        os.kill(child, signal.SIGKILL)
        assert died(child)
        with os.fdopen(reading) as said:
            done += map(int, said.read().split())


def test_a_writer_killed_at_any_moment_leaves_its_last_commit(tmp_path: Path) -> None:
    moments = random.Random(4)  # noqa: S311  no secret
    index = prepared(tmp_path / "index", 1)
    last = 0
    for _ in range(KILLS):
        with committing(index, last + 1) as done:
            until = time.monotonic() + moments.uniform(0.0, 0.5)
            while time.monotonic() < until:
                # Readers go on meanwhile, each in a commit that is whole.
                held = contents(index)
                assert held == contents_after(
                    max(int(key.split(".")[0]) for key in held)
                )
        held = contents(Index(index.path, FIELDS))
        # What was said to be done is done; one more may be.
        said = max([last, *done])
        assert held in (contents_after(said), contents_after(said + 1))
        last = said + (held == contents_after(said + 1))
        assert contents(index) == held
    assert last > KILLS
    commit(index, last + 1)
    assert contents(index) == contents_after(last + 1)
    assert_no_leftovers(index)


@pytest.mark.parametrize("number", [3, 4, 20], ids="commit {}".format)
def test_a_writer_killed_at_any_step_leaves_one_commit_or_the_next(
    tmp_path: Path, number: int
) -> None:
    before, after = contents_after(number - 1), contents_after(number)
    template = prepared(tmp_path / "template", number)
    outcomes = []
    for step in count(1):
        index = copied(template, tmp_path / str(step))
        was_killed = dies_at(step, lambda index=index: commit(index, number))  # type: ignore[misc]
        held = contents(index)
        assert held in (before, after)
        outcomes.append(held == after)
        # The next writer goes on, and leaves nothing of the killed one.
        if held == before:
            commit(index, number)
        commit(index, number + 1)
        assert contents(index) == contents_after(number + 1)
        assert_no_leftovers(index)
        if not was_killed:
            break
    # Once the commit is there it stays.
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 10
    assert outcomes.count(True) > 3


def test_killed_while_it_clears_an_index_is_whole_or_empty(tmp_path: Path) -> None:
    template = prepared(tmp_path / "template", 6)
    # As a killed writer leaves it: with the table of contents before the last one too.
    [table] = template.path.glob("*.toc")
    commit(template, 6)
    older = template.path / table.name
    older.write_bytes(b"what the last commit replaced")
    for step in count(1):
        index = copied(template, tmp_path / str(step))
        was_killed = dies_at(step, index.clear)
        held = contents(index)
        assert held in ({}, contents_after(6))
        index.clear()
        assert_no_leftovers(index)
        if not was_killed:
            assert held == {}
            break
    assert step > 5


def test_killed_while_it_is_made_an_index_is_made_by_the_next(tmp_path: Path) -> None:
    for step in count(1):
        index = Index(tmp_path / str(step), FIELDS)
        was_killed = dies_at(step, lambda index=index: commit(index, 0))  # type: ignore[misc]
        assert contents(index) in ({}, contents_after(0))
        commit(index, 0)
        assert contents(index) == contents_after(0)
        assert_no_leftovers(index)
        if not was_killed:
            break
    assert step > 10


@pytest.mark.parametrize("number", [3, 4])
def test_a_full_disk_leaves_the_old_index_and_a_free_lock(
    tmp_path: Path, number: int
) -> None:
    template = prepared(tmp_path / "template", number)
    before, after = contents_after(number - 1), contents_after(number)
    for size in (0, 7, 64, 500, 1000, 1500, 2000, 4000, 8000, 10**6):
        index = copied(template, tmp_path / str(size))

        def fill(index: Index = index, size: int = size) -> None:
            # No file may grow beyond this; to write more is an OSError.
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            try:
                commit(index, number)
            except OSError:
                resource.setrlimit(
                    resource.RLIMIT_FSIZE, (10**9, resource.RLIM_INFINITY)
                )
                assert contents(index) == before
                commit(index, number)
            else:
                assert size > 2000

        assert not died(fork(fill))
        assert contents(index) == after
        assert_no_leftovers(index)


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_disk_that_fails_leaves_one_commit_or_the_next(
    tmp_path: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = prepared(tmp_path / "index", 3)
    calls = count(1)
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if next(calls) == failing:
            raise OSError("the disk does not answer")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="does not answer"):
        commit(index, 3)
    # Only the last of all can fail once the commit is there.
    assert contents(index) == contents_after(2 if failing < 4 else 3)
    monkeypatch.undo()
    commit(index, 3)
    commit(index, 4)
    assert contents(index) == contents_after(4)
    assert_no_leftovers(index)


def test_of_two_writers_one_waits_for_the_other(tmp_path: Path) -> None:
    index = prepared(tmp_path / "index", 1)
    reading, writing = os.pipe()

    def hold() -> None:
        with index.writer() as writer:
            os.write(writing, b".")
            time.sleep(0.2)
            writer.put({"id": "first", "text": "first always"})

    child = fork(hold)
    os.read(reading, 1)
    began = time.monotonic()
    with index.writer(wait=10.0) as writer:
        assert time.monotonic() - began > 0.1
        assert index.find(Search(Term("text", "first"))).total == 1
        writer.put({"id": "second", "text": "second always"})
    assert not died(child)
    os.close(reading)
    os.close(writing)
    assert contents(index).keys() == {*contents_after(0), "first", "second"}


@pytest.fixture
def damaged(tmp_path: Path) -> Callable[[Path, bytes], Index]:
    """Return what copies an index, writing other bytes into one of its files."""
    folders = (tmp_path / f"copy {number}" for number in count())

    def change(file: Path, written: bytes) -> Index:
        folder = Path(shutil.copytree(file.parent, next(folders)))
        (folder / file.name).write_bytes(written)
        return Index(folder, FIELDS)

    return change


def is_damaged(index: Index, name: str) -> bool:
    """Whether opening ``index`` says that the file ``name`` is damaged, and the cure."""
    try:
        index.count()
    except IndexDamagedError as error:
        said = str(error)
    else:
        return False
    assert name in said
    assert "rebuild_index" in said
    return True


@pytest.mark.parametrize("pattern", ["*.arrays", "*.toc"])
def test_a_file_that_is_cut_short_is_named(
    tmp_path: Path, damaged: Callable[[Path, bytes], Index], pattern: str
) -> None:
    index = prepared(tmp_path / "index", 3)
    held = contents(index)
    file = next(index.path.glob(pattern))
    whole = file.read_bytes()
    for end in {*range(0, len(whole), max(len(whole) // 60, 1)), len(whole) - 1}:
        opened = damaged(file, whole[:end])
        # What stands behind a table of contents only makes sure of it.
        if not is_damaged(opened, file.name):
            assert pattern == "*.toc"
            assert end >= len(whole) - 12
            assert contents(opened) == held


@pytest.mark.parametrize("pattern", ["*.arrays", "*.toc"])
def test_a_byte_that_changed_is_found_or_means_nothing(
    tmp_path: Path, damaged: Callable[[Path, bytes], Index], pattern: str
) -> None:
    index = prepared(tmp_path / "index", 3)
    held = contents(index)
    file = next(index.path.glob(pattern))
    whole = file.read_bytes()
    found = []
    for place in range(0, len(whole), max(len(whole) // 200, 1)):
        changed = bytes([whole[place] ^ 0x10])
        opened = damaged(file, whole[:place] + changed + whole[place + 1 :])
        found.append(is_damaged(opened, file.name))
        # Between arrays there are bytes that nobody reads.
        assert found[-1] or contents(opened) == held
    assert found.count(True) > len(found) / 2


def test_a_segment_that_is_missing_is_named(tmp_path: Path) -> None:
    index = prepared(tmp_path / "index", 4)
    for file in index.path.glob("*.arrays"):
        opened = copied(index, tmp_path / file.stem)
        (opened.path / file.name).unlink()
        assert is_damaged(opened, file.name)


def test_the_segment_of_another_index_is_named(
    tmp_path: Path, damaged: Callable[[Path, bytes], Index]
) -> None:
    index = prepared(tmp_path / "index", 1)
    other = Index(tmp_path / "other", FIELDS)
    put(other, {"id": "1", "text": "always"})
    [file], [foreign] = index.path.glob("*.arrays"), other.path.glob("*.arrays")
    assert is_damaged(damaged(file, foreign.read_bytes()), file.name)


def test_a_damaged_index_refuses_writers_until_it_is_cleared(
    tmp_path: Path, damaged: Callable[[Path, bytes], Index]
) -> None:
    index = prepared(tmp_path / "index", 1)
    [file], [table] = index.path.glob("*.arrays"), index.path.glob("*.toc")
    for broken in (damaged(file, b"no segment"), damaged(table, b"")):
        with pytest.raises((IndexDamagedError, ContainerError), match="MAIN_"):
            commit(broken, 1)
        broken.clear()
        commit(broken, 0)
        assert contents(broken) == contents_after(0)
        assert_no_leftovers(broken)


def test_a_table_of_contents_that_whoosh_wrote_is_read(tmp_path: Path) -> None:
    index = prepared(tmp_path / "index", 2)
    toc = read_contents(index.path)
    toc.generation += 1
    toc.write(FileStorage(str(index.path)), "MAIN")
    assert contents(index) == contents_after(1)
    assert read_contents(index.path).generation == toc.generation
