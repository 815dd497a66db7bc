"""The page of an article in three languages and widths, in light and in the dark.

What the pages look like is kept in ``var/screenshots``, for people to look at.
"""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from newsarchive.environment import ROOT
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("archive")]

SIZES = [390, 768, 1280]
LANGUAGES = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VOWELLED = "إِلَّا ٱللَّٰهُ مُّدَهَّمٌّ لِلِّقَاءِ"
SENTENCE = "كَتَبَ مُحَمَّدٌ رِسَالَةً طَوِيلَةً إِلَى صَدِيقِهِ"
# People want to look at them afterwards; what else tests write goes with the run.
SCREENSHOTS = ROOT / "var" / "screenshots"
HOSTILE = "أخبار \N{RIGHT-TO-LEFT OVERRIDE}(2019) <b>\"{Reuters}\"</b> & 'AFP'"


@pytest.fixture
def report(archive: None) -> Article:
    return Article.objects.get(origin_id="hammouchi-haines")


@pytest.fixture
def mixed(archive: None) -> Article:
    """An article in Arabic with signs, and with all that can go wrong in its texts."""
    article = Article.objects.filter(language="ar").exclude(published_on=None)[0]
    article.title = f"{HOSTILE} {VOWELLED}"
    article.subtitle = f"{VOWELLED} – Le Courrier, n° 12 (édition du soir)"
    article.authors = ["سعاد العمراني", "Jean-Luc O'Neill", "{x}"]
    article.url = f"https://atlas.example/{'long/' * 30}?a=1&b=2"
    article.body = "\n".join(
        [
            f"{VOWELLED} {f'{SENTENCE} ' * 12}",
            (
                "« Le maire a promis, le 3 mars 2019, que la bibliothèque du quartier "
                "rouvrirait avant la fin de l’année », a déclaré l’adjoint à la culture."
            ),
            (
                "وقال الناطق باسم Reuters (لندن) إن 75% من القراء، أي 1,250 قارئاً، "
                'يقرأون مقالات «Le Monde» و"The Times".'
            ),
            "وادي" * 60,
        ]
    )
    article.save()
    return article


def look(page: Page, name: str) -> None:
    """Hold what is true of every page, and keep what it looks like."""
    page.evaluate("document.fonts.ready")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_reads_well(
    live_server: LiveServer, open_page: OpenPage, report: Article, language: str
) -> None:
    for width in SIZES:
        page = open_page(width)
        page.goto(f"{live_server.url}/{language}/articles/{report.pk}/")
        expect(page.locator("html")).to_have_attribute("dir", LANGUAGES[language])
        article = page.locator("article.reading")
        expect(article).to_have_attribute("dir", "rtl")
        expect(article).to_have_attribute("lang", "ar")
        expect(article.locator(".text > p")).to_have_count(10)
        page.locator(".cite summary").click()
        look(page, f"article-{language}-{width}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_mixed_and_hostile_texts_stay_in_their_places(
    live_server: LiveServer, open_page: OpenPage, mixed: Article, language: str
) -> None:
    for width in SIZES:
        page = open_page(width)
        page.goto(f"{live_server.url}/{language}/articles/{mixed.pk}/?q=صديق رسالة")
        expect(page.locator("h1")).to_contain_text(HOSTILE)
        french = page.locator("#p2")
        expect(french).to_have_attribute("lang", "fr")
        expect(french).to_have_attribute("dir", "ltr")
        page.locator(".cite summary").click()
        look(page, f"article-mixed-{language}-{width}")


INK = """([selector, text]) => {
  const style = getComputedStyle(document.querySelector(selector));
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = context.measureText(text);
  const height = ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
  return [height, parseFloat(style.lineHeight)];
}"""
CLIPPING = """() => [...document.querySelectorAll("main *")].filter(
  element => !element.matches(".visually-hidden")
    && getComputedStyle(element).overflow !== "visible"
    && element.textContent.trim()
).map(element => element.className)"""


def test_vowel_signs_have_the_room_that_they_need(
    live_server: LiveServer, open_page: OpenPage, mixed: Article
) -> None:
    for width in SIZES:
        page = open_page(width)
        page.goto(f"{live_server.url}/ar/articles/{mixed.pk}/")
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('20px Amiri', 'كتاب')")
        # In the text no sign touches the line above or below it.
        ink, line = page.evaluate(INK, [".text p", SENTENCE])
        assert 0 < ink <= line
        # Nowhere is anything cut off that reaches beyond its line.
        assert page.evaluate(CLIPPING) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_looked_for_are_gone_through_by_keyboard_without_scripts(
    live_server: LiveServer, browser: Browser, report: Article, language: str
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/{language}/articles/{report.pk}/?q=حموشي")
    marks = page.locator("article mark")
    total = marks.count()
    assert total > 2
    page.locator(".marks a").first.focus()
    page.keyboard.press("Enter")
    for number in range(1, total + 1):
        expect(page).to_have_url(re.compile(f"#m{number}$"))
        mark = page.locator(f"#m{number}")
        expect(mark).to_be_in_viewport()
        steps = page.locator(".steps-inner:visible")
        expect(steps).to_have_count(1)
        if number == 2:
            page.screenshot(path=SCREENSHOTS / f"marks-{language}.png")
        if number < total:
            # From the mark, the way leads over "previous" to "next".
            page.keyboard.press("Tab")
            if number > 1:
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    steps.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"#m{total - 1}$"))
    context.close()


def test_paper_has_what_is_worth_filing(
    live_server: LiveServer, open_page: OpenPage, report: Article
) -> None:
    page = open_page(768)
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{live_server.url}/ar/articles/{report.pk}/?q=حموشي")
    for selector in ("h1", ".reading .facts", "#p10", ".provenance dl"):
        expect(page.locator(selector)).to_be_visible()
    permalink = page.locator(".provenance .address").last
    expect(permalink).to_be_visible()
    expect(permalink).to_have_text(f"{live_server.url}/articles/{report.pk}/")
    for selector in (".masthead", ".marks", ".cite", ".further", ".colophon"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.pdf(path=SCREENSHOTS / "article.pdf")
    look(page, "article-print")


def test_a_withdrawn_article_leaves_a_word_and_a_search(
    live_server: LiveServer, browser: Browser, report: Article
) -> None:
    report.status = "withdrawn"
    report.save()
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    response = page.goto(f"{live_server.url}/ar/articles/{report.pk}/")
    assert response
    assert response.status == 410
    expect(page.locator("main input[name=q]")).to_be_visible()
    look(page, "article-withdrawn")
    context.close()
