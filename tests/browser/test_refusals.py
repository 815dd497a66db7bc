"""Pages for those who are not served for the moment: too much, too busy, or away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import OperationalError
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from articles import article_views
from newsarchive import limiting
from newsarchive.allowances import Allowances
from tests.browser.test_article import LANGUAGES, SCHEMES, SCREENSHOTS
from tests.browser.test_browsing import HANGING_OVER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

WIDTHS = (390, 1280)
REFUSALS = {
    "ar": "وصلت طلبات كثيرة",
    "fr": "Trop de requêtes",
    "en": "Too many requests",
}


@pytest.fixture
def _asked_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let a reader ask for one page, and for one that is not there."""
    opened = Allowances(tmp_path / "allowances")
    monkeypatch.setattr(limiting, "_table", lambda _path: opened)
    settings.REQUEST_LIMITS = 100
    settings.REQUEST_ALLOWANCES = dict.fromkeys(settings.REQUEST_ALLOWANCES, (1, 1))
    yield
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page whose console may name the status that is what is looked for."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def look(page: Page, address: str, status: int, name: str) -> None:
    """Hold what is true of a refusal in every width and scheme, and keep its looks."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    answer = page.goto(address)
    assert answer
    assert answer.status == status
    assert answer.headers["retry-after"]
    page.evaluate("document.fonts.ready")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate(HANGING_OVER) == [], (address, width)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.usefixtures("_asked_once")
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_too_much_is_told_when_to_go_on(
    live_server: LiveServer, page: Page, language: str
) -> None:
    address = f"{live_server.url}/{language}/"
    page.goto(address)
    look(page, address, 429, f"refused-429-{language}")
    for _ in range(2):
        page.goto(f"{address}none/")
    # At an unknown address it is a line, whose letters must not be taken for others.
    expect(page.locator("body")).to_contain_text(REFUSALS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_finds_no_turn_is_told_to_come_again(
    live_server: LiveServer, page: Page, language: str, settings: Settings
) -> None:
    settings.SEARCH = {"most_at_once": 0, "longest_turn": 0.01}
    address = f"{live_server.url}/{language}/search/?q=a"
    look(page, address, 503, f"refused-busy-{language}")
    settings.SEARCH = {}
    again = page.locator(f"main a[href='/{language}/search/?q=a']")
    with page.expect_navigation() as led:
        again.click()
    assert led.value
    assert led.value.status == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_while_the_database_is_away_is_told_so(
    live_server: LiveServer,
    page: Page,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(_pk: int) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(article_views, "_find", away)
    address = f"{live_server.url}/{language}/articles/1/"
    look(page, address, 503, f"refused-away-{language}")
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == LANGUAGES[language]
    expect(page.locator(f"main a[href='/{language}/articles/1/']")).to_be_visible()
