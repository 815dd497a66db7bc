"""Arrays that are made once and mapped by every process."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from newsarchive.environment import ROOT
from search.analysis.latin import _build
from search.analysis.storage import Arrays, kept_arrays


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(tmp_path))


def _numbers() -> Arrays:
    return {"numbers": np.arange(3)}


def test_what_was_made_once_is_not_made_again() -> None:
    made = []

    def make() -> Arrays:
        made.append(1)
        return _numbers()

    for _ in range(2):
        assert kept_arrays("three", ["v1"], make)["numbers"].tolist() == [0, 1, 2]
    assert len(made) == 1


def test_a_new_version_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        kept_arrays("three", [version], _numbers)

    assert len([*(tmp_path / "analysis").iterdir()]) == 1


def test_a_disk_that_is_full_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr(np, "save", fail)

    assert kept_arrays("three", ["v1"], _numbers)["numbers"].tolist() == [0, 1, 2]
    assert [*(tmp_path / "analysis").iterdir()] == []


def test_the_arrays_of_a_latin_dictionary_are_sorted_and_small() -> None:
    arrays = _build(
        [
            ("élus", "élu"),
            ("élu", "élire"),
            ("présidentielle", "présidentielle"),
            ("présidentielles", "présidentiel"),
            ("deux mots", "mot"),
        ]
    )

    forms = arrays["forms"].tolist()
    lemmas = arrays["words"].tobytes().decode().split("\n")
    found = {(form, lemmas[n]) for form, n in zip(forms, arrays["lemmas"], strict=True)}
    assert forms == sorted(forms)
    assert (b"presidentielle", "présidentiel") in found
    assert (b"elu", "élu") in found
    assert b"deux mots" not in forms


_DIGEST = """
import hashlib
from search.analysis import latin
from search.analysis.arabic import dictionary, lexicon

pairs = [pair for pair in dictionary._read() if pair[1][0] in "كنأ"]
dictionary._read = lambda: pairs
english = [pair for pair in latin._entries("en") if pair[1][0] == "m"]
for arrays in (lexicon.build_arrays(dictionary.entries()), latin._build(english)):
    for name in sorted(arrays):
        print(name, hashlib.sha256(arrays[name].tobytes()).hexdigest())
"""


def test_every_process_makes_the_same_dictionaries() -> None:
    # An index that was made on one machine is searched with the words of another.
    first, second = (
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert "spellings" in first
    assert first == second
