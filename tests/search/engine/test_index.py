"""The folder: opening, damage, locks, and other processes' commits."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.index import TOC
from whoosh.query import Every, Term

from search.engine import Field, Index, IndexDamagedError, IndexLockedError, Search
from search.engine import index as index_module
from search.engine.fields import build_schema
from search.engine.index import OPEN_ATTEMPTS
from search.engine.writing import read_contents
from tests.search.engine.documents import FIELDS, put


def test_a_folder_is_made_when_it_is_first_used(tmp_path: Path) -> None:
    index = Index(tmp_path / "deep" / "folder", FIELDS)
    assert not index.exists()
    assert index.count() == 0
    assert index.exists()


def test_another_reader_sees_a_commit_at_once(index: Index) -> None:
    reader = Index(index.path, FIELDS)
    assert reader.count() == 6
    put(index, {"id": "7", "text": "harvest"})
    assert reader.find(Search(Term("text", "harvest"))).total == 1


def test_a_reader_sees_removals_in_segments_that_it_has_open(index: Index) -> None:
    reader = Index(index.path, FIELDS)
    assert reader.find(Search(Every())).total == 6
    with index.writer() as writer:
        writer.remove("1")
    assert reader.find(Search(Every())).total == 5


def test_a_reader_sees_an_index_that_was_built_anew(index: Index) -> None:
    reader = Index(index.path, FIELDS)
    assert reader.count() == 6
    index.clear()
    put(index, {"id": "9", "text": "as many commits as before"})
    assert reader.count() == 1


def test_a_list_that_is_replaced_while_it_is_opened_is_opened_again(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [FileNotFoundError("replaced")] * (OPEN_ATTEMPTS - 1)
    read = read_contents

    def replaced(folder: Path) -> TOC:
        if errors:
            raise errors.pop()
        return read(folder)

    monkeypatch.setattr(index_module, "read_contents", replaced)
    assert index.count() == 6


# Whoosh leaves files open when it finds one missing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_searches_go_on_while_another_process_commits_and_merges(
    index: Index,
) -> None:
    program = (
        "import sys; from pathlib import Path; from search.engine import Field, Index\n"
        "index = Index(Path(sys.argv[1]), [Field(n, k) for n, k in "
        "(a.split(':') for a in sys.argv[2:])])\n"
        "for n in range(60):\n"
        "    with index.writer() as writer:\n"
        "        writer.put({'id': f'n{n}', 'text': 'a new train', 'day': n})\n"
    )
    fields = [f"{field.name}:{field.kind}" for field in FIELDS]
    writing = subprocess.Popen([sys.executable, "-c", program, index.path, *fields])
    reader = Index(index.path, FIELDS)
    totals = [reader.find(Search(Term("text", "train"), facets=("source",))).total]
    while writing.poll() is None:
        found = reader.find(Search(Term("text", "train"), facets=("source",)))
        assert found.total >= totals[-1]
        assert sum(found.facets["source"].values()) == found.total
        totals.append(found.total)
    assert writing.returncode == 0
    assert reader.count() == 66
    assert len(set(totals)) > 3


def test_one_writes_at_a_time(index: Index) -> None:
    with index.writer() as writer:
        writer.put({"id": "7", "text": "held"})
        with pytest.raises(IndexLockedError, match="Try again"):
            Index(index.path, FIELDS).writer(wait=0.05)
    assert index.count() == 7


def test_the_lock_of_a_killed_writer_is_free(index: Index) -> None:
    program = (
        "import os, sys; from pathlib import Path; "
        "from search.engine import Field, Index; "
        "w = Index(Path(sys.argv[1]), [Field(n, k) for n, k in "
        "(a.split(':') for a in sys.argv[2:])]).writer(); "
        "w.put({'id': '7', 'text': 'lost'}); os.kill(os.getpid(), 9)"
    )
    fields = [f"{field.name}:{field.kind}" for field in FIELDS]
    killed = subprocess.run(
        [sys.executable, "-c", program, str(index.path), *fields], check=False
    )
    assert killed.returncode == -9
    put(index, {"id": "8", "text": "kept"})
    assert index.count() == 7


# Whoosh leaves the file open that it could not read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_damage_is_named_with_its_cure(index: Index) -> None:
    [toc] = index.path.glob("*.toc")
    toc.write_bytes(b"\x00" * 40)
    with pytest.raises(IndexDamagedError, match="rebuild_index"):
        Index(index.path, FIELDS).count()


# Whoosh leaves files open when it finds one missing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_lost_segment_is_named_with_its_cure(index: Index) -> None:
    for segment in index.path.glob("*.arrays"):
        segment.unlink()
    with pytest.raises(IndexDamagedError, match="rebuild_index"):
        Index(index.path, FIELDS).count()


def test_other_fields_are_named_with_their_cure(index: Index) -> None:
    with pytest.raises(IndexDamagedError, match="other fields"):
        Index(index.path, [*FIELDS, Field("new", "text")]).count()


def test_clearing_leaves_an_empty_index(index: Index) -> None:
    index.clear()
    assert index.count() == 0
    assert Index(index.path, [Field("text", "text")]).path.is_dir()
    put(index, {"id": "1", "text": "again"})
    assert index.count() == 1


def test_clearing_waits_for_who_writes(index: Index) -> None:
    with index.writer(), pytest.raises(IndexLockedError):
        Index(index.path, FIELDS).clear(wait=0.05)
    assert index.count() == 6


def test_an_index_that_is_made_by_many_at_once_is_made_once(tmp_path: Path) -> None:
    counts: list[int] = []

    def open_and_count() -> None:
        counts.append(Index(tmp_path / "new", FIELDS).count())

    threads = [threading.Thread(target=open_and_count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [0] * 8


# Whoosh leaves files open when it finds one missing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_threads_may_search_at_once(index: Index) -> None:
    totals: list[int] = []

    def search() -> None:
        totals.extend(
            index.find(Search(Term("text", "train"))).total for _ in range(20)
        )

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    put(index, {"id": "7", "text": "ship"})
    for thread in threads:
        thread.join()
    assert totals == [3] * 80


def test_an_index_of_an_earlier_version_is_named_with_its_cure(tmp_path: Path) -> None:
    old = whoosh_index.create_in(str(tmp_path), build_schema(FIELDS))
    writer = old.writer()
    writer.add_document(id="1", text="written by Whoosh")
    writer.commit()
    old.close()

    with pytest.raises(IndexDamagedError, match="rebuild_index"):
        Index(tmp_path, FIELDS).count()
