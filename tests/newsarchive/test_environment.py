"""The environment: what is read from it, and what is refused."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsarchive import environment


@pytest.mark.parametrize("value", ["True", "False"])
def test_booleans_are_spelt_as_python_does(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FLAG", value)
    assert environment.env_bool("FLAG", default=False) is (value == "True")


@pytest.mark.parametrize("value", ["true", "1", "yes", ""])
def test_other_booleans_are_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FLAG", value)
    with pytest.raises(ImproperlyConfigured, match="use 'True' or 'False'"):
        environment.env_bool("FLAG", default=False)


def test_numbers_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.env_int("NUMBER", default=7, least=1, most=9) == 7
    monkeypatch.setenv("NUMBER", "9")
    assert environment.env_int("NUMBER", default=7, least=1, most=9) == 9
    for value in ("10", "0", "-1", "x", "", "1.5", "٣", "²"):
        monkeypatch.setenv("NUMBER", value)
        with pytest.raises(ImproperlyConfigured, match="from 1 to 9"):
            environment.env_int("NUMBER", default=7, least=1, most=9)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.env_list("WORDS") == []
    monkeypatch.setenv("WORDS", " a, b,,")
    assert environment.env_list("WORDS") == ["a", "b"]


def test_folders_have_absolute_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.env_folders("FOLDERS") == []
    monkeypatch.setenv("FOLDERS", "/srv/press, /srv/agencies,")
    assert environment.env_folders("FOLDERS") == ["/srv/press", "/srv/agencies"]
    monkeypatch.setenv("FOLDERS", "/srv/press,agencies")
    with pytest.raises(ImproperlyConfigured, match="'agencies': use absolute paths"):
        environment.env_folders("FOLDERS")


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        ("", []),
        ("0.0.0.0", []),
        ("::", []),
        ("a.example", ["a.example"]),
        ("::1", ["[::1]"]),
    ],
)
def test_hosts_are_written_as_browsers_do(
    monkeypatch: pytest.MonkeyPatch, value: str, hosts: list[str]
) -> None:
    monkeypatch.setenv("HOST", value)
    assert environment.env_host("HOST") == hosts


def test_time_zones_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.env_timezone("ZONE", default="UTC") == "UTC"
    monkeypatch.setenv("ZONE", "Africa/Casablanca")
    assert environment.env_timezone("ZONE", default="UTC") == "Africa/Casablanca"
    for value in ("Rabat", "../etc/passwd"):
        monkeypatch.setenv("ZONE", value)
        with pytest.raises(ImproperlyConfigured, match="ZONE"):
            environment.env_timezone("ZONE", default="UTC")


def test_data_lives_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NEWSARCHIVE_VAR", raising=False)
    assert environment.var_directory() == environment.ROOT / "var"
    monkeypatch.setenv("NEWSARCHIVE_VAR", str(tmp_path))
    assert environment.var_directory() == tmp_path


def test_a_secret_is_made_once_and_kept_for_its_owner(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "secret"
    made = environment.secret("SECRET", path)
    assert len(made) > 50
    assert environment.secret("SECRET", path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setenv("SECRET", "given")
    assert environment.secret("SECRET", path) == "given"
