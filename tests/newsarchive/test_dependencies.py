"""What the archive is made of: listed, under licences that fit, and asked about."""

import json
import re
from typing import Any

import pytest

from tests import advisories, licences
from tests.conftest import ROOT


def listed() -> dict[str, str]:
    """Return package -> licence, as README has it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split(licences.BEGIN)[1].split(licences.END)[0]
    return dict(
        re.findall(r"^\| ([a-z][\w.-]*) \| ([^|]+) \|$", table, re.MULTILINE)[1:]
    )


def test_readme_lists_what_is_locked_with_its_licence() -> None:
    known = listed()
    for name, said in licences.rows():
        assert known.get(name) == said, "Run: python -m tests.licences --write"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert [name for name in known if f"\n{name}==" not in f"\n{lock}"] == []


def test_no_package_is_under_a_licence_that_does_not_fit() -> None:
    assert licences.refused() == []


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("unknown", False),
        ("LGPL-3.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("MIT", True),
    ],
)
def test_the_gpl_is_refused_and_a_choice_is_taken(
    monkeypatch: pytest.MonkeyPatch, said: str, *, fits: bool
) -> None:
    monkeypatch.setattr(licences, "rows", lambda: [("a", said)])
    assert (licences.refused() == []) is fits


def answer(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages})


SOUND = {"name": "a", "version": "1", "vulns": []}
WEAK = {
    "name": "b",
    "version": "1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}],
}
LEFT = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("said", "complaint", "status", "words"),
    [
        (answer(SOUND), "", 0, "Nothing is known against 1 packages"),
        (answer(SOUND, WEAK), "", 1, "b 1: PYSEC-2026-1, mended in 1.1"),
        (answer(SOUND, LEFT), "", 2, "Nothing is known of 1 of 2 packages (c)"),
        (
            "",
            "ERROR: no route to host",
            2,
            "cannot be reached: ERROR: no route to host",
        ),
        ("", "", 2, "it gave no answer"),
    ],
)
def test_what_could_not_be_asked_is_no_good_news(
    said: str, complaint: str, status: int, words: str
) -> None:
    found, text = advisories.report(said, complaint)
    assert found == status
    assert words in text
