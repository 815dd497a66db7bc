"""Every page of browsing, in every language, at every width, in light and dark."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from search.backends import ArchiveSearchBackend
from tests.browser.conftest import OpenPage
from tests.factories import make_article, make_section, make_source

pytestmark = pytest.mark.browser

AUTHOR = 'O\'Neill / سعاد "العلمي"'
WIDTHS = (390, 768, 1280)
PATHS = (
    "",
    "calendar/",
    "calendar/2019/",
    "calendar/2019/3/",
    "calendar/2019/3/1/",
    "calendar/2018/5/5/",
    "calendar/day/3/1/",
    "calendar/undated/",
    "sources/",
    "authors/?filter=zzz",
    "places/",
    "sources/atlas/?year=2019",
    f"authors/{quote(AUTHOR.replace('/', '~1'))}/",
)
TITLES = (
    "قال «Time Warner (TW)» إن أرباحه زادت بنسبة 3.5% في 2019",
    'Le "Hirak" : حراك الريف [2016-2017], et après ?',
    "كلمةطويلةجدا" * 12,
    "https://example.com/" + "a" * 120,
)

CONTRAST = {"runOnly": ["color-contrast"]}
"""What differs between light and dark."""

# What hangs over the edge of the window, but for what is hidden or has its own bar.
HANGING_OVER = """() => [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return (box.left < -1 || box.right > document.documentElement.clientWidth + 1)
        && !element.closest(".visually-hidden, .skip, .years-frame, svg");
}).map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture
def _articles(transactional_db: None, search_backend: ArchiveSearchBackend) -> None:
    source = make_source(
        name="الأطلس Atlas (المغرب)",
        slug="atlas",
        language="ar",
        description="صحيفة يومية \N{EM DASH} daily.",
    )
    section = make_section(name="Culture & arts / ثقافة", slug="culture")
    for number in range(34):
        make_article(
            title=TITLES[number % len(TITLES)],
            language="fr" if number % len(TITLES) == 1 else "ar",
            source=source,
            section=section,
            authors=[AUTHOR, f"سعاد {number}", f"Émile {number}"],
            place="الدار البيضاء" if number % 2 else "Fès/Meknès " + "x" * 90,
            published_on=date(2017 + number % 3, 3, 1) if number % 5 else None,
        )


def look(page: Page, width: int, scheme: str, *, axe: dict[str, Any] | None) -> None:
    """Hold what is true of every page at this width, in this scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    over = page.evaluate(HANGING_OVER)
    assert over == [], (page.url, width)
    if axe is not None:
        found = Axe().run(page, options=axe)
        assert found.violations_count == 0, (page.url, found.generate_report())


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_fits_and_can_be_read_by_all(
    live_server: LiveServer, open_page: OpenPage, language: str
) -> None:
    page = open_page(1280)
    for path in PATHS:
        page.goto(f"{live_server.url}/{language}/{path}")
        html = page.locator("html")
        expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        for width in WIDTHS:
            look(page, width, "light", axe={} if width == WIDTHS[0] else None)
        look(page, WIDTHS[-1], "dark", axe=CONTRAST)


@pytest.mark.usefixtures("_articles")
def test_the_archive_is_looked_around_in_without_a_script(
    live_server: LiveServer, browser_without_scripts: Page
) -> None:
    page = browser_without_scripts
    page.goto(f"{live_server.url}/ar/")
    page.locator(".strip a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2017")
    page.locator(".month-grid a.square").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 مارس 2017")

    # The choice of a convention leads back to the same page.
    page.locator("select[name=digits]").select_option("arabic")
    page.locator("select[name=months]").select_option("levantine")
    page.locator(".conventions button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("١ آذار ٢٠١٧")
    page.locator(".turn [rel=next]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("١ آذار ٢٠١٨")

    page.locator(".ways a").nth(3).click()
    page.locator("#filter").fill("EMILE 3")
    page.keyboard.press("Enter")
    expect(page.locator(".entries li").first).to_contain_text("Émile 3")
    page.locator(".entries a").first.click()
    expect(page.locator(".articles > li")).to_have_count(1)

    page.locator(".articles a[href*='/sources/']").click()
    page.locator(".bars summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bars table")).to_be_visible()
