"""A real browser, which fails a test for any error on its console."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import ADVICE, find_chromium

OpenPage = Callable[[int], Page]

# What is waited for comes at once on a machine of one's own, and late on one that runs
# other tests beside: a wait ends a test only where nothing comes at all.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a Chromium; without one the test fails and says what to install."""
    path = find_chromium()
    if path is None:
        pytest.fail(ADVICE)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's loop runs in this thread until the last test of the file: Django
        # must not take that for a reason to refuse the database.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a page of a given width."""
    errors: list[str] = []
    contexts = []

    def open_width(width: int) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="ar"
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                errors.append(message.text) if message.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_width
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def browser_without_scripts(browser: Browser) -> Iterator[Page]:
    """Return a page on which nothing runs that a page brings."""
    context = browser.new_context(java_script_enabled=False, locale="ar")
    yield context.new_page()
    context.close()
