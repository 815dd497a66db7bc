"""The search page as readers use it, with and without JavaScript, by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage
from tests.browser.test_reading import CHOSEN, look

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("archive")]

QUERIES = {"ar": "قطار", "fr": "train", "en": "train"}


def open_search(page: Page, server: LiveServer, language: str, query: str) -> None:
    page.goto(f"{server.url}/{language}/search/?q={query}")
    expect(page.locator(".hits > li").first).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width"), [("ar", 390), ("ar", 1280), ("fr", 1280), ("en", 390)]
)
def test_a_reader_moves_on_the_ladder_and_comes_back(
    live_server: LiveServer, open_page: OpenPage, language: str, width: int
) -> None:
    page = open_page(width)
    open_search(page, live_server, language, QUERIES[language])
    look(page)
    before = page.locator("#total").inner_text()

    step = page.locator("#rung-root")
    promised = step.locator(".count").inner_text()
    step.click()
    expect(page.locator("#rung-root")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile("rung=root"))
    assert promised in page.locator("#total").inner_text()
    expect(page.locator("#announced")).to_contain_text(promised)
    look(page)

    page.locator("#switch-names").click()
    expect(page.locator("#switch-names:not(.on)")).to_be_visible()
    expect(page).to_have_url(re.compile("names=off"))
    # The page is loaded anew, which Playwright's own "back" takes for an error.
    page.evaluate("history.back()")
    expect(page.locator("#switch-names.on")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator("#rung-lemma")).to_have_attribute("aria-current", "true")
    assert page.locator("#total").inner_text().split()[0] == before.split()[0]


def test_a_form_is_left_out_and_found_again(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(1280)
    open_search(page, live_server, "ar", "Hammouchi")
    page.locator(".chip.form").first.click()
    expect(page.locator(".chip.form.out")).to_have_count(1)
    expect(page.locator(".empty-state")).to_be_visible()
    look(page)
    page.locator(".chip.form.out").click()
    expect(page.locator(".hits > li")).to_have_count(1)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_two_sources_are_chosen_and_one_is_excluded(
    live_server: LiveServer, open_page: OpenPage, language: str
) -> None:
    page = open_page(1280)
    page.goto(f"{live_server.url}/{language}/search/")
    sources = page.locator("section[aria-labelledby=facet-source] li")
    counts = [int(sources.nth(n).locator(".count").inner_text()) for n in (0, 1)]
    page.locator("#source-1").click()
    expect(page.locator("#source-1")).to_have_attribute("aria-current", "true")
    expect(page.locator("#total")).to_contain_text(str(counts[0]))
    page.locator("#source-2").click()
    expect(page.locator("#source-2")).to_have_attribute("aria-current", "true")
    expect(page.locator("#total")).to_contain_text(str(sum(counts)))
    expect(page.locator(CHOSEN)).to_have_count(2)
    look(page)
    sources.nth(1).locator(".exclude").click()
    expect(page.locator("#source-2.out")).to_be_visible()
    expect(page.locator("#total")).to_contain_text(str(counts[0]))
    expect(page).to_have_url(re.compile("not-source="))
    look(page)


def test_the_time_line_is_zoomed_to_a_month(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(390)
    page.goto(f"{live_server.url}/ar/search/")
    page.locator(".timeline-bars a").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".periods a").first).to_be_visible()
    expect(page).to_have_url(re.compile("date="))
    look(page)
    page.locator(".periods a").first.click()
    expect(page.locator(".periods")).to_have_count(0)
    page.locator("#switch-share").click()
    expect(page.locator(".as-table th[scope=col]")).to_have_count(3)
    page.locator(".as-table summary").click()
    expect(page.locator(".as-table table")).to_be_visible()
    look(page)


def test_what_is_typed_is_completed_by_keyboard(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(1280)
    page.goto(f"{live_server.url}/ar/search/")
    field = page.locator("#q")
    field.press_sequentially("قط", delay=30)
    options = page.locator("#completions [role=option]")
    expect(options.first).to_be_visible()
    look(page)
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    wanted = options.first.inner_text()
    field.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    field.press_sequentially("ا", delay=30)
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    wanted = options.first.inner_text()
    field.press("Enter")
    expect(page.locator("#q")).to_have_value(wanted)
    expect(page.locator(".hits > li").first).to_be_visible()


def test_why_is_told_in_place(live_server: LiveServer, open_page: OpenPage) -> None:
    page = open_page(390)
    open_search(page, live_server, "ar", "قطار")
    page.locator(".why-line a").first.click()
    expect(page.locator(".why-here table").first).to_be_visible()
    assert "/why/" not in page.url
    look(page)


def test_everything_is_there_without_javascript(
    live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ar")
    page = context.new_page()
    open_search(page, live_server, "ar", "قطار")
    page.locator("#rung-root").click()
    expect(page.locator("#rung-root")).to_have_attribute("aria-current", "true")
    page.locator("#source-1").click()
    expect(page).to_have_url(re.compile("source="))
    page.locator(".why-line a").first.click()
    expect(page.locator("#why table")).to_be_visible()
    page.go_back()
    page.locator(".timeline-bars a").first.click()
    expect(page).to_have_url(re.compile("date="))
    page.locator("#q").fill("مطر")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_help_and_all_values_are_fit_to_read(
    live_server: LiveServer, open_page: OpenPage, language: str
) -> None:
    page = open_page(390)
    for path in ("search/help/", "search/values/source/", "search/?q=zzyzx%20OR"):
        page.goto(f"{live_server.url}/{language}/{path}")
        look(page)


def test_a_search_is_made_with_the_keyboard_alone(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(1280)
    open_search(page, live_server, "ar", "قطار")
    page.locator("#rung-written").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rung-written")).to_have_attribute("aria-current", "true")
    expect(page.locator("#rung-written")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#rung-folded")).to_be_focused()
