"""What is in ``deploy/`` fits the archive: paths, commands, ports, variables, settings."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from newsarchive.environment import ROOT

DEPLOY = ROOT / "deploy"
PINNED = re.compile(r"^[a-z/]+:\d+(\.\d+)*(-[a-z]+)?$")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_PYTHON_AND_THE_C_LIBRARY = {"PYTHONDONTWRITEBYTECODE", "MALLOC_ARENA_MAX"}
FOR_COMPOSE = {"DATABASE_PASSWORD"}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, each on one line."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    split = [line.split(maxsplit=1) for line in lines if line and line[0] != "#"]
    return [(name, rest) for name, rest in split]


def values(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return the compose file, which is read as YAML is."""
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return content


def unit(path: Path) -> dict[str, list[str]]:
    """Return the keys of a unit with their values."""
    keys: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and line[0] not in "#[":
            key, _, value = line.partition("=")
            keys.setdefault(key, []).append(value)
    return keys


def managed(words: list[str]) -> Iterator[str]:
    """Yield the commands of ``manage.py`` in a command line."""
    for before, word in pairwise(words):
        if before.endswith("manage.py"):
            yield word


def example() -> dict[str, str]:
    """Return the variables of the example that are set."""
    lines = (DEPLOY / "archive.env.example").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_images_are_pinned_by_version(compose: dict[str, Any]) -> None:
    bases = [value.split(" AS ")[0] for value in values("FROM")]
    images = [service["image"] for service in compose["services"].values()]
    for image in [*bases, *images]:
        assert PINNED.match(image), image


def test_the_python_of_the_image_is_one_that_the_archive_runs_on() -> None:
    for base in values("FROM"):
        version = base.split(":")[1].split("-")[0]
        assert tuple(map(int, version.split("."))) >= (3, 11)


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {
        word
        for value in values("COPY")
        if not value.startswith("--from")
        for word in value.split()[:-1]
    }
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name in let_in, name
    assert {"articles", "locale", "newsarchive", "search", "static"} <= copied
    assert {"templates", "pyproject.toml", "manage.py"} <= copied


def test_the_image_is_of_what_is_locked_and_runs_as_nobody_in_particular() -> None:
    build = " ".join(values("RUN"))
    assert "--require-hashes" in build
    assert "--only-binary=:all:" in build
    assert "apt" not in build
    (user,) = values("USER")
    assert user not in {"root", "0"}
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")
    assert names.count("HEALTHCHECK") == 1


def test_the_health_check_asks_an_address_that_there_is() -> None:
    (check,) = values("HEALTHCHECK")
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/[a-z]+)", check)
    assert found
    assert resolve(found[2])
    assert found[1] in " ".join(values("CMD"))
    assert found[1] in values("EXPOSE")


def web_commands() -> list[Any]:
    (command,) = values("CMD")
    (started,) = unit(DEPLOY / "systemd" / "newsarchive-web.service")["ExecStart"]
    return [
        pytest.param(json.loads(command), id="image"),
        pytest.param(shlex.split(started), id="systemd"),
    ]


@pytest.mark.parametrize("command", web_commands())
def test_gunicorn_takes_its_options(command: list[str], tmp_path: Path) -> None:
    assert Path(command[0]).name == "gunicorn"
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", *command[1:]],
        cwd=ROOT,
        env=os.environ | {"NEWSARCHIVE_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_commands_that_are_run_exist(compose: dict[str, Any]) -> None:
    lines = [
        shlex.split(" ".join(service["command"]))
        for service in compose["services"].values()
        if "command" in service
    ]
    lines += [
        shlex.split(line) for path in UNITS for line in unit(path).get("ExecStart", [])
    ]
    commands = {name for words in lines for name in managed(words)}
    assert {"backup", "collectstatic", "migrate", "prepare_index", "work"} <= commands
    assert commands <= set(get_commands())


def test_services_are_started_again_bounded_and_without_privileges(
    compose: dict[str, Any],
) -> None:
    for name, service in compose["services"].items():
        once = name in {"prepare", "backup"}
        assert service["restart"] == ("no" if once else "unless-stopped"), name
        assert service["mem_limit"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    for name in ("web", "worker", "prepare", "backup"):
        assert compose["services"][name]["read_only"], name
        assert compose["services"][name]["cap_drop"] == ["ALL"], name
    published = [n for n, s in compose["services"].items() if "ports" in s]
    assert published == ["proxy"]


def test_volumes_and_files_that_are_mounted_exist(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).is_file()
            else:
                assert source in compose["volumes"]


def test_no_secret_is_in_a_file(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert "${DATABASE_PASSWORD:?" in text
    assert all(not example()[name] for name in ("SECRET_KEY", "DATABASE_PASSWORD"))
    named = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert named <= set(example())


def test_the_example_names_variables_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Configuration")[2].partition("\n## ")[0]
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    text = (DEPLOY / "archive.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    assert named - FOR_COMPOSE <= known
    for path in UNITS:
        for line in unit(path).get("Environment", []):
            names = {pair.partition("=")[0] for pair in line.split()}
            assert names - OF_PYTHON_AND_THE_C_LIBRARY <= known


def test_with_the_example_the_deployment_checks_are_clean(tmp_path: Path) -> None:
    secret = "x0-1y2z3_" * 6 + "abcdefghij"
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "check", "--deploy"),
            *("--fail-level", "WARNING"),
        ],
        cwd=ROOT,
        env=os.environ
        | {"NEWSARCHIVE_VAR": str(tmp_path)}
        | example()
        | {"SECRET_KEY": secret},
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    assert done.returncode == 0, done.stderr


def test_the_proxy_leads_to_the_site_and_hides_what_is_for_watchers() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    (hidden,) = re.findall(r"@watching path (.*)", text)
    assert {"/metrics", "/readyz", "/healthz"} == set(hidden.split())
    for path in hidden.split():
        assert resolve(path)
    (port,) = values("EXPOSE")
    assert f"127.0.0.1:{port}" in text
    assert {"{$PUBLIC_URL:https://localhost}", "{$ARCHIVE_ADDRESS:127.0.0.1:8000}"} <= {
        *text.split()
    }


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not installed")
def test_caddy_takes_its_file() -> None:
    subprocess.run(
        ["caddy", "validate", "--config", "Caddyfile", "--adapter", "caddyfile"],
        cwd=DEPLOY,
        env=os.environ | {"PUBLIC_URL": "https://archive.example.org"},
        check=True,
    )


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not installed"
)
def test_systemd_takes_its_units(tmp_path: Path) -> None:
    units = []
    for path in [*UNITS, *(DEPLOY / "systemd").glob("*.timer")]:
        # Programs are looked for where they are installed, which is not here.
        text = re.sub(
            r"/opt/newsarchive/\.venv/bin/\w+", sys.executable, path.read_text()
        )
        (tmp_path / path.name).write_text(text)
        units.append(str(tmp_path / path.name))
    done = subprocess.run(
        ["systemd-analyze", "verify", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if "newsarchive" in line]
    assert not told


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_keep_to_their_folders(path: Path) -> None:
    keys = unit(path)
    assert keys["ProtectSystem"] == ["strict"]
    assert keys["NoNewPrivileges"] == ["yes"]
    assert keys["CapabilityBoundingSet"] == [""]
    assert keys["User"] != ["root"]
    for line in keys["ExecStart"]:
        program = Path(line.split()[0])
        assert program.parent == Path("/opt/newsarchive/.venv/bin")
