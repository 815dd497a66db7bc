"""The import desk, as an editor uses it: in Arabic and in English."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from articles.importing import running
from articles.importing.running import bring_on
from articles.models import Article, Import, Source
from search import outbox
from tests.browser.conftest import OpenPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


@pytest.fixture
def worker(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Bring imports on in a thread, as the worker does in processes."""
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(running, "CHUNK", 20)
    stop = Event()
    waiting = (Import.State.QUEUED, Import.State.UNDOING)

    def work() -> None:
        while not stop.wait(0.05):
            for pk in Import.objects.filter(state__in=waiting).values_list(
                "pk", flat=True
            ):
                bring_on(pk)
                outbox.drain()
        connection.close()

    thread = Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def nothing_hangs_over(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, page.url


def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that one is there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def records(folder: Path, number: int) -> Path:
    """Write a file whose texts are called by a name that nobody guesses."""
    path = folder / "حصاد.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(number):
            value = {
                "id": str(n),
                "title": f"حصاد الحقل {n}",
                "xyz": f"بدأ الحصاد في الحقل {n}، وانتهى بعد {n * 7} يوما.",
                "source": "الأطلس",
            }
            if n == 3:
                value["url"] = "ftp://x"
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
    return path


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
@pytest.mark.usefixtures("worker")
def test_a_file_is_imported_mended_and_taken_back(
    live_server: LiveServer,
    open_page: OpenPage,
    tmp_path: Path,
    language: str,
    direction: str,
) -> None:
    User.objects.create_superuser("admin", password="admin")
    page = open_page(1280)
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{live_server.url}/admin/articles/import/add/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("admin")
    press(page, "input[type=submit]")

    page.locator("input[type=file]").set_input_files(records(tmp_path, 300))
    nothing_hangs_over(page)
    press(page, ".submit-row input[type=submit]")
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator(".records .failed").first).to_be_visible()
    nothing_hangs_over(page)

    row = page.locator("table.columns tr", has_text="xyz")
    row.locator("select").select_option("body")
    # The preview follows by itself; nothing is pressed, and nothing is kept of it.
    expect(page.locator(".records > .added")).to_have_count(7)
    assert "mapping" not in Import.objects.get().reading
    expect(page.locator(".records > .failed")).to_have_count(1)
    first = page.locator(".records > li").first
    expect(first.locator("h3")).to_have_attribute("dir", "auto")
    expect(first.locator(".excerpt")).to_have_attribute("dir", "rtl")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        nothing_hangs_over(page)
    assert Article.objects.count() == 0

    press(page, "input[name=_start]")
    # It gets there by itself: nothing is clicked.
    expect(page.locator(".state.finished")).to_be_visible()
    expect(page.locator("#progress")).not_to_have_attribute("hx-get", "")
    expect(page.locator(".outcomes dd").first).to_have_text("299")
    nothing_hangs_over(page)

    press(page, ".outcomes a[href*='=failed']")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    nothing_hangs_over(page)
    press(page, "#result_list tbody th a")
    nothing_hangs_over(page)
    page.locator("#id_url").fill("https://atlas.example/3")
    press(page, "input[name=_save]")
    nothing_hangs_over(page)
    press(page, "form[action$='/do/retry/'] input[type=submit]")
    expect(page.locator(".outcomes dd").first).to_have_text("300")
    expect(page.locator(".state.finished")).to_be_visible(timeout=10_000)
    assert Article.objects.count() == 300

    press(page, ".object-tools a[href$='/undo/']")
    nothing_hangs_over(page)
    press(page, "form[action$='/do/undo/'] input[type=submit]")
    expect(page.locator(".state.undone")).to_be_visible()
    assert Article.objects.count() == 0


def test_a_preview_follows_what_is_chosen(
    live_server: LiveServer, open_page: OpenPage, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR = tmp_path / "var"
    User.objects.create_superuser("admin", password="admin")
    page = open_page(1280)
    page.goto(f"{live_server.url}/admin/articles/import/add/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("admin")
    press(page, "input[type=submit]")
    path = tmp_path / "a.csv"
    path.write_bytes("title,xyz,section\nحصاد,بدأ الحصاد أمس.,زراعة\n".encode("cp1256"))
    page.locator("input[type=file]").set_input_files(path)
    press(page, ".submit-row input[type=submit]")
    preview = page.locator("#preview")
    expect(preview.locator(".errornote, .failed").first).to_be_visible()

    # Columns are those of the file in the encoding that is chosen for it.
    page.locator("#id_encoding").select_option("windows-1252")
    expect(page.locator("#columns .samples").first).not_to_contain_text("حصاد")
    page.locator("#id_encoding").select_option("windows-1256")
    expect(page.locator("#columns .samples").first).to_contain_text("حصاد")
    page.locator("#columns tr", has_text="xyz").locator("select").select_option("body")
    page.locator("#id_new_source").fill("الأطلس")
    page.locator("#id_language").focus()
    expect(preview.locator(".added h3")).to_have_text("حصاد")
    expect(preview.locator(".added")).to_contain_text("الأطلس")
    nothing_hangs_over(page)

    # What cannot be is told in place of it.
    page.locator("#columns tr", has_text="title").locator("select").select_option(
        "body"
    )
    expect(preview.locator(".messagelist .error")).to_have_count(1)
    expect(preview.locator(".records")).to_have_count(0)
    run = Import.objects.get()
    assert (run.source, run.reading.get("encoding")) == (None, None)
    assert Article.objects.count() == Source.objects.count() == 0


@pytest.mark.usefixtures("worker")
def test_progress_is_seen_without_scripts(
    live_server: LiveServer,
    browser_without_scripts: Page,
    tmp_path: Path,
) -> None:
    User.objects.create_superuser("admin", password="admin")
    page = browser_without_scripts
    page.goto(f"{live_server.url}/admin/articles/import/add/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("admin")
    press(page, "input[type=submit]")
    path = tmp_path / "a.txt"
    path.write_text("بدأ الحصاد. وانتهى.", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    press(page, ".submit-row input[type=submit]")
    page.locator("#id_new_source").fill("الأطلس")
    press(page, "input[name=_start]")
    expect(page.locator(".state.finished")).to_be_visible()
    assert Article.objects.count() == 1
