"""Every kind of page under its Content-Security-Policy, in a real browser.

Whatever the policy stops fails the test: a script, a style, an image, a form. So does a
page that nothing was stopped on because it was not shown.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from articles.auditing import AuditEntry
from articles.models import Article, Section, Source
from newsarchive.second_factor import new_telephone

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("archive")]

REPORT = """document.addEventListener("securitypolicyviolation", event => {
  console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});"""


class Watched:
    """A page whose every complaint is written down."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.add_init_script(REPORT)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: object) -> None:
        text = getattr(message, "text", "")
        # Pages that say by their status that something is wrong are pages too.
        if getattr(message, "type", "") == "error" and "status of 4" not in text:
            self.complaints.append(f"{self.page.url}: {text}")

    def open(self, address: str, status: int = 200) -> None:
        """Open a page, and hold it to its policy."""
        response = self.page.goto(address)
        assert response is not None
        assert response.status == status, address
        assert "default-src 'none'" in response.headers["content-security-policy"]
        expect(self.page.locator("body")).to_be_visible()
        assert self.complaints == []


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(locale="ar", viewport={"width": 1280, "height": 900})
    watched = Watched(context.new_page())
    yield watched
    context.close()
    assert watched.complaints == []


@pytest.fixture
def signed_in(watched: Watched, live_server: LiveServer) -> Watched:
    """The page of somebody who may everything."""
    user = User.objects.create_superuser("root", password="a long password")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    watched.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return watched


def test_pages_of_readers(live_server: LiveServer, watched: Watched) -> None:
    article = Article.objects.get(origin_id="hammouchi-haines")
    word = quote("حموشي")
    author = quote(next(a.authors[0] for a in Article.objects.all() if a.authors))
    source, section = Source.objects.all()[0], Section.objects.all()[0]
    day = next(a.published_on for a in Article.objects.all() if a.published_on)
    for path in (
        "",
        f"search/?q={word}",
        "search/?q=",
        "search/?q=%22",
        f"search/forms/?q={word}",
        f"search/why/{article.pk}/?q={word}",
        f"search/values/source/?q={word}",
        "search/help/",
        f"articles/{article.pk}/",
        f"articles/{article.pk}/?q={word}",
        "calendar/",
        "calendar/undated/",
        f"calendar/{day.year}/",
        f"calendar/{day.year}/{day.month}/",
        f"calendar/{day.year}/{day.month}/{day.day}/",
        f"calendar/day/{day.month}/{day.day}/",
        "sources/",
        f"sources/{quote(source.slug)}/",
        "sections/",
        f"sections/{quote(section.slug)}/",
        "authors/",
        f"authors/{author}/",
        "places/",
    ):
        watched.open(f"{live_server.url}/ar/{path}")


def test_pages_that_say_what_is_wrong(
    live_server: LiveServer, watched: Watched
) -> None:
    article = Article.objects.all()[0]
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    for path, status in (
        ("/ar/nothing/", 404),
        ("/ar/articles/999999/", 404),
        (f"/ar/articles/{article.pk}/", 410),
        ("/admin/login/", 200),
    ):
        watched.open(f"{live_server.url}{path}", status)
    for _guess in range(6):
        watched.page.goto(f"{live_server.url}/admin/login/")
        watched.page.locator("#id_username").fill("root")
        watched.page.locator("#id_password").fill("wrong")
        with watched.page.expect_navigation():
            watched.page.keyboard.press("Enter")
    expect(watched.page.locator("h1")).to_have_text("كلمات مرور خاطئة كثيرة.")


def test_pages_of_the_desk(
    live_server: LiveServer, signed_in: Watched, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR = tmp_path
    article = Article.objects.all()[0]
    source, section = Source.objects.all()[0], Section.objects.all()[0]
    Article.objects.filter(pk=article.pk).update(place="Fès")
    entry = AuditEntry.objects.filter(table="articles_article").latest("pk")
    user = User.objects.get()
    for path in (
        "",
        "articles/",
        "articles/article/",
        "articles/article/add/",
        f"articles/article/{article.pk}/change/",
        f"articles/article/{article.pk}/history/",
        f"articles/article/{article.pk}/delete/",
        f"articles/source/{source.pk}/change/",
        f"articles/section/{section.pk}/change/",
        "articles/auditentry/",
        f"articles/auditentry/{entry.pk}/change/",
        "articles/import/",
        "articles/watch/",
        "articles/watch/add/",
        "search/outboxentry/",
        "search/outboxentry/status/",
        "auth/user/",
        f"auth/user/{user.pk}/change/",
        f"auth/user/{user.pk}/password/",
        "auth/group/",
        "auth/group/add/",
        "password_change/",
        "second-factor/set-up/",
    ):
        signed_in.open(f"{live_server.url}/admin/{path}")
    # A file is previewed, and what is called by scripts of the admin works.
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"title": "حصاد", "body": "بدأ.", "source": "الأطلس"}))
    signed_in.open(f"{live_server.url}/admin/articles/import/add/")
    signed_in.page.locator("input[type=file]").set_input_files(file)
    signed_in.page.locator(".submit-row input[type=submit]").first.click()
    expect(signed_in.page.locator(".records .added").first).to_be_visible()
    signed_in.open(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    signed_in.page.locator(".select2-selection").first.click()
    expect(signed_in.page.locator(".select2-results__option").first).to_be_visible()
    signed_in.page.keyboard.press("Escape")
    signed_in.page.locator(".datetimeshortcuts a").nth(1).click()
    expect(signed_in.page.locator(".calendarbox").first).to_be_visible()


def test_the_second_factor_is_set_up_and_asked_for(
    live_server: LiveServer, watched: Watched, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    user = User.objects.create_superuser("root", password="a long password")
    page = watched.page

    def sign_in() -> None:
        watched.open(f"{live_server.url}/admin/articles/article/")
        page.locator("#id_username").fill("root")
        page.locator("#id_password").fill("a long password")
        page.keyboard.press("Enter")

    sign_in()
    expect(page.locator("svg.square")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    telephone = new_telephone(user)
    page.locator("#id_code").fill(f"{totp(telephone.bin_key):06}")
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    page.locator(".button").click()
    expect(page.locator("#changelist")).to_be_visible()

    page.context.clear_cookies()
    sign_in()
    page.locator("#id_code").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.locator("#changelist")).to_be_visible()
    assert TOTPDevice.objects.get().confirmed


def test_htmx_and_completions_work_under_the_policy(
    live_server: LiveServer, watched: Watched
) -> None:
    page = watched.page
    watched.open(f"{live_server.url}/ar/search/?q={quote('حموشي')}")
    page.evaluate("window.sameDocument = true")
    link = page.locator("#results .facet a, #results .facets a").first
    link.click()
    expect(page.locator("#results")).to_be_visible()
    page.wait_for_url("**/search/?*&*")
    # Swapped by htmx: the document is the one that it was.
    assert page.evaluate("window.sameDocument") is True
    page.locator("#q").fill("حمو")
    page.locator("#q").press("End")
    page.keyboard.type("ش")
    expect(page.locator("#completions li").first).to_be_visible()


def test_what_the_policy_stops_is_seen_by_this_test(
    live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context()
    watched = Watched(context.new_page())
    watched.open(f"{live_server.url}/ar/")
    # The style comes last: what it is told of, the script was told of before.
    with watched.page.expect_console_message(lambda told: "style-src" in told.text):
        watched.page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.ran = true";
              document.body.append(script);
              const text = document.createElement("p");
              text.innerHTML = '<b style="color: red">x</b>';
              document.body.append(text);
            }"""
        )
    assert watched.page.evaluate("window.ran") is None
    assert any("script-src" in complaint for complaint in watched.complaints)
    assert any("style-src" in complaint for complaint in watched.complaints)
    context.close()
