"""Rules of the house."""

import re
import subprocess

import pytest
from django.template.loader import get_template
from django.test import Client

from tests.conftest import ROOT

TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates"))
    for path in (ROOT / "templates").rglob("*.html")
)


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    get_template(name)


def test_only_snippets_make_markup() -> None:
    for name in TEMPLATES:
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        assert "|safe" not in text, name
        assert "autoescape off" not in text, name


def test_pages_bring_no_script_and_no_style_of_their_own() -> None:
    for name in TEMPLATES:
        if name.startswith("admin/"):
            continue
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        # Scripts are files of ours, so that no other is ever allowed to run.
        own = re.sub(
            r'<script src="\{% static "[\w./-]+" %\}" defer></script>', "", text
        )
        assert not re.search(r"<script|<style|style=|\son\w+=", own), name


def test_lock_files_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_what_runs_is_part_of_what_develops() -> None:
    """One virtual environment serves both: the versions must be the same."""
    versions = [
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), flags=re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert versions[0] <= versions[1]


def test_no_file_is_large_and_none_names_a_registry() -> None:
    hosts = [
        ".".join(words)
        for words in (
            ("pypi", "org"),
            ("npmjs", "org"),
            ("python" + "hosted", "org"),
            ("deb", "debian", "org"),
        )
    ]
    for name in tracked():
        data = (ROOT / name).read_bytes()
        assert len(data) <= 1_500_000, name
        assert not any(host.encode() in data for host in hosts), name


def test_the_stylesheet_serves_both_directions() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"(margin|padding|border)-(left|right)|text-align: (left|right)", text
        )


@pytest.mark.django_db
def test_addresses_that_lead_nowhere_say_so_and_offer_a_search() -> None:
    for path in (
        "/ar/nothing/",
        "/ar/articles/999999/",
        f"/ar/articles/{10**30}/",
        "/ar/sources/nothing/",
    ):
        response = Client().get(path)
        assert response.status_code == 404
        assert 'type="search"' in response.content.decode()


def test_an_error_page_needs_nothing() -> None:
    page = get_template("500.html").render()
    assert "Nothing is lost" in page
    assert 'dir="rtl"' in page
