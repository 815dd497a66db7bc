"""Signing in: guessing is stopped, and those who are let in go where they may."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsarchive.roles import READER

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
HERE, THERE = "203.0.113.1", "203.0.113.2"


@pytest.fixture(autouse=True)
def _passwords_are_quickly_compared(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user() -> User:
    return User.objects.create_superuser("root", password="a long password")


def sign_in(
    password: str, *, address: str = HERE, name: str = "root", language: str = "en"
) -> tuple[int, str, dict[str, str]]:
    """Send a name and a password; return status, page and headers."""
    client = Client(REMOTE_ADDR=address, HTTP_ACCEPT_LANGUAGE=language)
    page = client.post(LOGIN, {"username": name, "password": password})
    return page.status_code, page.content.decode(), dict(page.headers)


def guess(times: int, **options: str) -> int:
    """Guess wrong; return the last status."""
    return [sign_in("wrong", **options)[0] for _number in range(times)][-1]


@pytest.mark.usefixtures("user")
def test_who_guesses_too_often_is_told_when_to_try_again() -> None:
    assert guess(django_settings.AXES_FAILURE_LIMIT - 1) == 200
    assert guess(1) == 429
    # The right password is not looked at either.
    status, page, headers = sign_in("a long password")
    assert status == 429
    assert "looked at again in 15 minutes" in page
    assert 840 < int(headers["Retry-After"]) <= 900


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "كلمات مرور خاطئة"), ("fr", "mots de passe erronés")],
)
def test_it_is_told_in_the_language_of_who_signs_in(language: str, words: str) -> None:
    guess(django_settings.AXES_FAILURE_LIMIT)
    assert words in sign_in("wrong", language=language)[1]


@pytest.mark.usefixtures("user")
def test_guessing_locks_nobody_out_who_is_elsewhere_or_somebody_else() -> None:
    User.objects.create_superuser("other", password="a long password")
    guess(django_settings.AXES_FAILURE_LIMIT)
    assert sign_in("a long password", address=THERE)[0] == 302
    assert sign_in("a long password", name="other")[0] == 302
    assert sign_in("a long password")[0] == 429


@pytest.mark.usefixtures("user")
def test_the_wait_ends_by_the_clock_and_is_not_made_longer_by_trying() -> None:
    guess(django_settings.AXES_FAILURE_LIMIT)
    began = AccessAttempt.objects.get().attempt_time
    guess(3)
    assert AccessAttempt.objects.get().attempt_time == began
    past = timezone.now() - django_settings.AXES_COOLOFF_TIME - timedelta(seconds=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert sign_in("a long password")[0] == 302


@pytest.mark.usefixtures("user")
def test_a_command_lets_them_try_at_once() -> None:
    guess(django_settings.AXES_FAILURE_LIMIT)
    call_command("axes_reset_username", "root", verbosity=0)
    assert sign_in("a long password")[0] == 302


@pytest.mark.usefixtures("user")
def test_the_right_password_forgets_the_wrong_ones() -> None:
    guess(django_settings.AXES_FAILURE_LIMIT - 1)
    assert sign_in("a long password")[0] == 302
    assert guess(django_settings.AXES_FAILURE_LIMIT - 1) == 200


@pytest.mark.usefixtures("user")
def test_no_password_is_kept_of_those_that_were_tried() -> None:
    guess(1)
    kept = AccessAttempt.objects.values().get()
    assert "wrong" not in str(kept)


def test_a_reader_signs_in_and_is_led_to_the_archive() -> None:
    reader = User.objects.create_user("reader", password="a long password")
    assert reader.groups.filter(name=READER).count() == 0
    client = Client()
    form = {"username": "reader", "password": "a long password", "next": "/admin/"}
    page = client.post(LOGIN, form)
    assert page.status_code == 302
    assert page["Location"] == "/ar/"
    assert client.get("/admin/").status_code == 302


def test_a_form_of_another_site_is_refused_with_a_page_of_ours() -> None:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    page = client.post(LOGIN, {"username": "root", "password": "x"})
    assert page.status_code == 403
    assert "This form cannot be taken." in page.content.decode()
    assert "<style" not in page.content.decode()
