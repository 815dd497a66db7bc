"""The second factor: what is closed without it, and how it is set up."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import segno
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from articles.imports import Import, ImportRow, Outcome
from newsarchive import second_factor
from tests.factories import make_article

pytestmark = pytest.mark.django_db

SET_UP = "/admin/second-factor/set-up/"
VERIFY = "/admin/second-factor/"


@pytest.fixture
def user() -> User:
    return User.objects.create_superuser("root", password="a long password")


@pytest.fixture
def browser(user: User) -> Client:
    """Somebody who has shown the password."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def code(telephone: TOTPDevice) -> str:
    """Return what a telephone shows now."""
    return f"{totp(telephone.bin_key):06}"


def set_up(browser: Client, user: User) -> list[str]:
    """Set a telephone up as a user does; return the recovery codes."""
    browser.get(SET_UP)
    telephone = TOTPDevice.objects.get(user=user, confirmed=False)
    page = browser.post(SET_UP, {"code": code(telephone)})
    # The code is spent: the next one would be shown half a minute later.
    TOTPDevice.objects.filter(pk=telephone.pk).update(last_t=-1)
    return re.findall(r"<code>(\w+)</code>", page.content.decode())


def test_where_it_is_optional_a_password_is_enough(
    browser: Client, settings: Settings
) -> None:
    assert settings.REQUIRE_SECOND_FACTOR is False
    page = browser.get("/admin/")
    assert page.status_code == 200
    assert SET_UP in page.content.decode()


def test_where_it_is_required_every_page_leads_to_setting_it_up(
    browser: Client, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    for path in ("/admin/", "/admin/articles/import/add/", "/admin/auth/user/"):
        page: Any = browser.get(path, follow=True)
        assert page.redirect_chain[-1][0].startswith(f"{SET_UP}?next=")
        assert "Articles" not in page.content.decode()


def test_setting_it_up_opens_the_page_that_was_wanted(
    browser: Client, user: User, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    codes = set_up(browser, user)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert browser.get("/admin/").status_code == 200


def test_a_wrong_code_sets_nothing_up(browser: Client, user: User) -> None:
    browser.get(SET_UP)
    page = browser.post(SET_UP, {"code": "000000"})
    assert page.status_code == 422
    assert not second_factor.has_second_factor(user)


def test_a_password_alone_opens_nothing_where_it_is_set_up(
    browser: Client, user: User
) -> None:
    set_up(browser, user)
    other = Client()
    other.post("/admin/login/", {"username": "root", "password": "a long password"})
    page: Any = other.get("/admin/auth/user/", follow=True)
    wanted = urlencode({"next": "/admin/auth/user/"})
    assert page.redirect_chain[-1][0] == f"{VERIFY}?{wanted}"
    # Nor can it be replaced by one who has the password only.
    assert other.get(SET_UP).status_code == 302
    assert other.post(SET_UP, {"code": "000000"}).status_code == 302
    assert TOTPDevice.objects.filter(confirmed=False).count() == 0


@pytest.mark.parametrize("written", ["{}", "{} ", "arabic"])
def test_a_code_of_the_telephone_opens_the_desk(
    browser: Client, user: User, written: str
) -> None:
    set_up(browser, user)
    other = Client()
    other.force_login(user, "django.contrib.auth.backends.ModelBackend")
    shown = code(TOTPDevice.objects.get())
    arabic = shown.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    typed = arabic if written == "arabic" else written.format(shown)
    page = other.post(VERIFY, {"code": typed, "next": "/admin/articles/article/"})
    assert (page.status_code, page["Location"]) == (302, "/admin/articles/article/")
    assert other.get("/admin/").status_code == 200
    # A code is good once.
    third = Client()
    third.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert third.post(VERIFY, {"code": shown}).status_code == 422


def test_a_recovery_code_is_good_once(browser: Client, user: User) -> None:
    [first, *_rest] = set_up(browser, user)
    for status in (302, 422):
        other = Client()
        other.force_login(user, "django.contrib.auth.backends.ModelBackend")
        assert other.post(VERIFY, {"code": first.upper()}).status_code == status
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1


def test_guessing_codes_is_slowed_down(browser: Client, user: User) -> None:
    set_up(browser, user)
    other = Client(HTTP_ACCEPT_LANGUAGE="en")
    other.force_login(user, "django.contrib.auth.backends.ModelBackend")
    TOTPDevice.objects.update(
        throttling_failure_count=8, throttling_failure_timestamp=timezone.now()
    )
    right = code(TOTPDevice.objects.get())
    page = other.post(VERIFY, {"code": right})
    assert page.status_code == 422
    assert "Too many wrong codes. Try again in" in page.content.decode()
    TOTPDevice.objects.update(
        throttling_failure_timestamp=timezone.now() - timedelta(minutes=5)
    )
    assert other.post(VERIFY, {"code": right}).status_code == 302


def test_another_telephone_makes_the_first_and_its_codes_void(
    browser: Client, user: User
) -> None:
    [old, *_rest] = set_up(browser, user)
    before = TOTPDevice.objects.get()
    codes = set_up(browser, user)
    assert old not in codes
    assert TOTPDevice.objects.get().pk != before.pk
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES


def test_it_leads_to_no_other_site(browser: Client, user: User) -> None:
    set_up(browser, user)
    other = Client()
    other.force_login(user, "django.contrib.auth.backends.ModelBackend")
    right = code(TOTPDevice.objects.get())
    page = other.post(VERIFY, {"code": right, "next": "https://evil.example/"})
    assert page["Location"] == "/admin/"


def test_who_is_half_in_can_go(browser: Client, user: User) -> None:
    set_up(browser, user)
    other = Client()
    other.force_login(user, "django.contrib.auth.backends.ModelBackend")
    other.post("/admin/logout/")
    assert "_auth_user_id" not in other.session


def test_strangers_and_readers_are_led_to_sign_in(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    reader = Client()
    reader.force_login(
        User.objects.create_user("r"), "django.contrib.auth.backends.ModelBackend"
    )
    for client in (Client(), reader):
        for path in (SET_UP, VERIFY):
            page = client.get(path)
            assert page["Location"].startswith("/admin/login/?next=")


def test_the_square_is_the_code_of_the_key() -> None:
    text = "otpauth://totp/Newsarchive:root?secret=ABC"
    square = second_factor.Square.of(text)
    drawn = {
        (int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", square.path)
    }
    rows = list(segno.make(text, error="m").matrix_iter(border=4))
    assert len(rows) == square.size
    assert drawn == {
        (x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }


@pytest.mark.usefixtures("search_backend")
def test_pages_of_readers_take_who_is_half_in_for_a_stranger(
    browser: Client, user: User, settings: Settings
) -> None:
    article = make_article()
    run = Import.objects.create(name="secret-name.txt", path="/nowhere", by=user)
    ImportRow.objects.create(
        run=run, position=0, place="1", outcome=Outcome.ADDED, article=article
    )
    path = f"/en/articles/{article.pk}/"
    assert "secret-name.txt" in browser.get(path).content.decode()
    settings.REQUIRE_SECOND_FACTOR = True
    assert "secret-name.txt" not in browser.get(path).content.decode()
    set_up(browser, user)
    assert "secret-name.txt" in browser.get(path).content.decode()


def test_keys_are_on_no_page_of_the_admin(browser: Client, user: User) -> None:
    set_up(browser, user)
    assert browser.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert browser.get("/admin/otp_static/staticdevice/").status_code == 404


def test_a_command_lets_those_in_again_who_lost_it(
    browser: Client, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(browser, user)
    call_command("remove_second_factor", "root")
    assert not second_factor.has_second_factor(user)
    call_command("remove_second_factor", "root")
    assert "has no second factor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("remove_second_factor", "nobody")
