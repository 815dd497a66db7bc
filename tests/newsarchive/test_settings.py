"""Settings of an archive in public, read by programs of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsarchive.environment import ROOT

SECRET = "-".join(map(str, range(100, 130)))

SHOW = """
import json, sys
from django.conf import settings
names = sys.argv[1:]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def python(
    *arguments: str, var: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run Python with nothing but these variables, and the database of the tests."""
    kept = {
        name: os.environ[name] for name in ("PATH", "DATABASE_URL", "CAMELTOOLS_DATA")
    }
    given = {
        "NEWSARCHIVE_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | given | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def show(*names: str, var: Path, **environment: str) -> dict[str, object]:
    """Return settings as such a program reads them."""
    done = python("-c", SHOW, *names, var=var, **environment)
    assert done.returncode == 0, done.stderr
    values: dict[str, object] = json.loads(done.stdout)
    return values


def test_an_archive_in_public_passes_the_checks_of_deployment(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    done = python(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        var=tmp_path,
        PUBLIC_URL="https://archive.example.org",
        PROXIES="1",
        SECRET_KEY=SECRET,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_an_archive_at_home_does_not_pass_them(tmp_path: Path) -> None:
    done = python(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        var=tmp_path,
        ALLOWED_HOSTS="archive.example.org",
    )
    assert done.returncode == 1
    for name in ("newsarchive.W007", "newsarchive.W009", "security.W008"):
        assert name in done.stderr


def test_without_a_secret_a_public_archive_does_not_start(tmp_path: Path) -> None:
    done = python("manage.py", "check", var=tmp_path, PUBLIC_URL="https://a.example")
    assert done.returncode == 1
    assert "SECRET_KEY is missing" in done.stderr
    assert "secrets.token_urlsafe(50)" in done.stderr
    assert not (tmp_path / "secret-key").exists()


def test_https_brings_what_goes_with_it(tmp_path: Path) -> None:
    values = show(
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "LANGUAGE_COOKIE_SECURE",
        "REQUIRE_SECOND_FACTOR",
        "SECURE_PROXY_SSL_HEADER",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        var=tmp_path,
        PUBLIC_URL="https://Archive.example.org:8443/",
        SECRET_KEY=SECRET,
        HSTS_SECONDS="60",
    )
    assert values == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 60,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "REQUIRE_SECOND_FACTOR": True,
        "SECURE_PROXY_SSL_HEADER": None,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "archive.example.org"],
        "CSRF_TRUSTED_ORIGINS": ["https://archive.example.org:8443"],
    }


def test_at_home_everything_works_over_plain_http(tmp_path: Path) -> None:
    values = show(
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "REQUIRE_SECOND_FACTOR",
        "SECURE_PROXY_SSL_HEADER",
        var=tmp_path,
    )
    assert values == {
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "SESSION_COOKIE_NAME": "sessionid",
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "REQUIRE_SECOND_FACTOR": False,
        "SECURE_PROXY_SSL_HEADER": None,
    }


@pytest.mark.parametrize(
    "value", ["archive.example.org", "https://a.example/path", "ftp://a", "https://a:x"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    done = python("manage.py", "check", var=tmp_path, PUBLIC_URL=value, SECRET_KEY="x")
    assert done.returncode == 1
    assert "use the address that readers open" in done.stderr
