"""From the home page to the report, as a reader goes."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("archive")]


WIDE = 864
"""Pixels from which two columns stand side by side, and the facets always show."""


CHOSEN = ".result-head > .chips .chip"
"""What the reader chose."""


def look(page: Page) -> None:
    """Hold what is true of every page: nothing hangs over, and axe has no complaint."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_is_searched_narrowed_and_read(
    live_server: LiveServer, open_page: OpenPage, width: int
) -> None:
    page = open_page(width)
    page.goto(f"{live_server.url}/")
    assert page.url.endswith("/ar/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    look(page)

    page.locator("main input[name=q]").fill("حموشي")
    page.keyboard.press("Enter")
    expect(page.locator(".hits > li")).to_have_count(1)
    expect(page.locator("mark").first).to_be_visible()
    look(page)

    facets = page.locator(".facets > summary")
    expect(facets).to_be_visible(visible=width < WIDE)
    if width < WIDE:
        expect(page.locator(".facet").first).to_be_hidden()
        facets.click()
        look(page)
    page.locator(".facet a").first.click()
    expect(page.locator(CHOSEN)).to_have_count(1)
    expect(page).to_have_url(re.compile("source="))
    expect(page.locator("input[type=hidden][name=source]")).to_have_count(1)
    look(page)

    page.locator(".hits h2 a").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    article = page.locator("article.reading")
    expect(article).to_have_attribute("lang", "ar")
    expect(article).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_contain_text("حموشي")
    expect(article.locator(".text p")).to_have_count(10)
    look(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_other_languages_keep_the_place(
    live_server: LiveServer, open_page: OpenPage, language: str
) -> None:
    page = open_page(1280)
    page.goto(f"{live_server.url}/ar/search/?q=حموشي")
    page.locator(f".languages a[lang={language}]").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("input[name=q]")).to_have_value("حموشي")
    look(page)


def test_what_finds_nothing_says_what_to_try(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    page = open_page(390)
    page.goto(f"{live_server.url}/en/search/?q=zzyzx&year=x")
    expect(page.locator(".empty-state")).to_be_visible()
    look(page)
    page.locator(CHOSEN).click()
    expect(page).to_have_url(re.compile("^((?!year).)*$"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["sources", "sections"])
def test_what_has_articles_lists_them_and_searches_within(
    live_server: LiveServer, open_page: OpenPage, width: int, kind: str
) -> None:
    page = open_page(width)
    page.goto(f"{live_server.url}/en/")
    page.locator(f".articles a[href*='/{kind}/']").first.click()
    expect(page.locator(".articles > li").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Search within").click()
    expect(page.locator(".chip")).to_have_count(1)
    look(page)


@pytest.mark.parametrize("path", ["", "search/?q=حموشي", "search/?q=zzyzx"])
def test_contrast_is_enough_in_the_dark(
    live_server: LiveServer, open_page: OpenPage, path: str
) -> None:
    page = open_page(1280)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/ar/{path}")
    look(page)
