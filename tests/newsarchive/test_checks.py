"""Mistakes of deployment: each is found, and a sound archive has none."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.checks import CheckMessage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from newsarchive import checks


def ids(check: Callable[[], Any]) -> list[str | None]:
    found: list[CheckMessage] = list(check())
    assert all(message.hint for message in found)
    return [message.id for message in found]


@pytest.fixture(autouse=True)
def _sound(settings: Settings, tmp_path: Path) -> None:
    """A public archive as it should be."""
    tmp_path.chmod(0o700)
    settings.DEBUG = False
    settings.VAR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ALLOWED_HOSTS = ["localhost", "archive.example.org"]
    settings.SECRET_KEY = "".join(map(chr, range(40, 100)))
    settings.HTTPS = True
    settings.PROXIES = 1
    settings.REQUIRE_SECOND_FACTOR = True


def test_a_sound_archive_has_nothing_to_mend() -> None:
    for check in (*checks.EVERYWHERE, *checks.IN_PUBLIC):
        assert ids(check) == []


@pytest.mark.parametrize(
    ("name", "value", "check", "expected"),
    [
        ("DEBUG", True, checks.debug_is_off, "newsarchive.E001"),
        ("SECRET_KEY", "short", checks.secret_is_strong, "newsarchive.E002"),
        ("SECRET_KEY", "ab" * 40, checks.secret_is_strong, "newsarchive.E002"),
        ("ALLOWED_HOSTS", ["*"], checks.hosts_are_named, "newsarchive.E003"),
        ("HTTPS", False, checks.readers_use_https, "newsarchive.W007"),
        ("PROXIES", 0, checks.proxies_are_told, "newsarchive.W008"),
        (
            "REQUIRE_SECOND_FACTOR",
            False,
            checks.second_factor_is_required,
            "newsarchive.W009",
        ),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
            checks.pages_are_kept,
            "newsarchive.W010",
        ),
        ("USE_TZ", False, checks.times_have_zones, "newsarchive.E011"),
    ],
)
def test_a_setting_that_is_wrong_is_found(
    settings: Settings,
    name: str,
    value: object,
    check: Callable[[], Any],
    expected: str,
) -> None:
    setattr(settings, name, value)
    assert ids(check) == [expected]


def test_debugging_at_home_is_no_mistake(settings: Settings) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    assert ids(checks.debug_is_off) == []


def test_a_folder_that_is_missing_is_found(settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "nothing"
    assert ids(checks.var_is_writable) == ["newsarchive.E004"]


def test_a_folder_that_cannot_be_written_is_found(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    # Root may write everywhere: what the system says is said for it.
    monkeypatch.setattr(os, "access", lambda *_args: False)
    assert ids(checks.var_is_writable) == ["newsarchive.E004"]
    (tmp_path / "index").mkdir()
    settings.HAYSTACK_CONNECTIONS = {"default": {"PATH": str(tmp_path / "index")}}
    assert ids(checks.index_is_writable) == ["newsarchive.E012"]


def test_an_index_that_is_a_file_is_found(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    settings.HAYSTACK_CONNECTIONS = {"default": {"PATH": str(tmp_path / "index")}}
    assert ids(checks.index_is_writable) == ["newsarchive.E012"]


def test_a_folder_that_all_can_read_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert ids(checks.var_is_private) == ["newsarchive.W005"]
    (tmp_path / "secret-key").touch(0o644)
    assert ids(checks.var_is_private) == ["newsarchive.W005"] * 2


def test_uploads_among_static_files_are_found(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    assert ids(checks.uploads_are_apart) == ["newsarchive.E006"]


@pytest.mark.django_db
def test_a_sound_database_has_nothing_to_mend() -> None:
    for check in checks.OF_THE_DATABASE:
        if check is not checks.database_user_is_ordinary:
            assert ids(check) == []


@pytest.mark.django_db
def test_an_embedded_database_is_for_one_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path / "postgres"))
    assert ids(checks.database_is_a_servers) == ["newsarchive.W013"]
    assert ids(checks.database_user_is_ordinary) == []


@pytest.mark.django_db
def test_a_superuser_of_the_database_is_found() -> None:
    # The tests' own user is one; without rights of its own, it is not.
    assert ids(checks.database_user_is_ordinary) == ["newsarchive.W014"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain")
        cursor.execute("SET LOCAL ROLE plain")
        assert ids(checks.database_user_is_ordinary) == []
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"SHOW server_encoding": "SQL_ASCII"}, "newsarchive.E015"),
        (
            {"SHOW server_encoding": "UTF8", "SELECT lower('É')": "É"},
            "newsarchive.W016",
        ),
    ],
)
def test_a_database_without_unicode_is_found(
    monkeypatch: pytest.MonkeyPatch, answers: dict[str, str], expected: str
) -> None:
    monkeypatch.setattr(checks, "_one", answers.__getitem__)
    assert ids(checks.database_has_unicode) == [expected]


@pytest.mark.django_db
def test_a_database_that_is_older_is_found() -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert ids(checks.database_is_migrated) == ["newsarchive.E017"]


@pytest.mark.django_db
def test_missing_roles_are_found() -> None:
    Group.objects.get(name="editor").delete()
    assert ids(checks.roles_are_there) == ["newsarchive.W018"]


@pytest.mark.django_db
def test_superusers_without_a_second_factor_are_named() -> None:
    root = User.objects.create_superuser("root", password="x")
    [found] = checks.superusers_have_a_second_factor()
    assert found.id == "newsarchive.W019"
    assert "root" in found.msg
    TOTPDevice.objects.create(user=root, confirmed=True)
    assert ids(checks.superusers_have_a_second_factor) == []


def test_every_id_has_one_check() -> None:
    text = Path(checks.__file__).read_text(encoding="utf-8")
    found = [
        line.split('"')[1] for line in text.splitlines() if 'id="newsarchive.' in line
    ]
    numbers = [int(name[-3:]) for name in found]
    assert numbers == list(range(1, len(numbers) + 1))
