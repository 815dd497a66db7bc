"""Read the environment, refusing what makes no sense.

Every helper names the variable and the values it takes in its error, since
whoever reads that error has a terminal open and nothing else.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def env_bool(name: str, *, default: bool) -> bool:
    """Read ``name`` as a boolean, refusing anything but "True" or "False"."""
    value = os.environ.get(name, str(default))
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name}={value!r}: use 'True' or 'False'")
    return value == "True"


def env_int(name: str, *, default: int, least: int, most: int) -> int:
    """Read ``name`` as a whole number from ``least`` to ``most``."""
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name}={value!r}: use a whole number from {least} to {most}"
        )
    return int(value)


def env_list(name: str) -> list[str]:
    """Read ``name`` as words separated by commas; unset or empty is no word."""
    return [
        word.strip() for word in os.environ.get(name, "").split(",") if word.strip()
    ]


def env_host(name: str) -> list[str]:
    """Read ``name`` as the address that the site listens on, as browsers write it.

    Unset, and the addresses that mean "every address", are none.
    """
    host = os.environ.get(name, "")
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104  Only compared.
        return []
    return [f"[{host}]" if ":" in host else host]


def env_timezone(name: str, *, default: str) -> str:
    """Read ``name`` as the name of a time zone, such as "Africa/Casablanca"."""
    value = os.environ.get(name) or default
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name}={value!r}: use a time zone such as 'Africa/Casablanca'"
        ) from error
    return value


def var_directory() -> Path:
    """Return the folder where this installation keeps its data.

    It is ``NEWSARCHIVE_VAR``, or ``var/`` in the checkout.
    """
    return Path(os.environ.get("NEWSARCHIVE_VAR") or ROOT / "var").resolve()


def secret(name: str, path: Path) -> str:
    """Read ``name``, or the secret kept at ``path``, made there when first wanted.

    The file can be read by its owner only.
    """
    if value := os.environ.get(name):
        return value
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Linked into place when complete: of several processes that start at once,
        # none reads half a secret and all read the same one.
        with NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
