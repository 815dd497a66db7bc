"""Read the environment, refusing what makes no sense.

Every helper names the variable and the values it takes in its error, since
whoever reads that error has a terminal open and nothing else.
"""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit
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


def env_folders(name: str) -> list[str]:
    """Read ``name`` as absolute paths of folders, separated by commas."""
    folders = env_list(name)
    for folder in folders:
        if not Path(folder).is_absolute():
            raise ImproperlyConfigured(
                f"{name} has {folder!r}: use absolute paths, separated by commas"
            )
    return folders


def env_folder(name: str) -> Path | None:
    """Read ``name`` as the absolute path of a folder; unset or empty is none."""
    value = os.environ.get(name)
    if value and not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name}={value!r}: use an absolute path")
    return Path(value) if value else None


def env_host(name: str) -> list[str]:
    """Read ``name`` as the address that the site listens on, as browsers write it.

    Unset, and the addresses that mean "every address", are none.
    """
    host = os.environ.get(name, "")
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104  Only compared.
        return []
    return [f"[{host}]" if ":" in host else host]


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """The address under which readers reach the archive.

    Attributes:
        origin: scheme, host and port, as browsers name them.
        host: the host name alone.
        https: whether everything between readers and the archive is encrypted.
    """

    origin: str
    host: str
    https: bool


def env_address(name: str) -> PublicAddress | None:
    """Read ``name`` as the address of a site, such as "https://archive.example.org"."""
    value = os.environ.get(name, "")
    if not value:
        return None
    with suppress(ValueError):
        parts = urlsplit(value)
        plain = f"{parts.scheme}://{parts.netloc}"
        # The port is asked for so that a wrong one is refused here.
        known = parts.scheme in {"http", "https"} and parts.port != 0
        if (
            known
            and parts.hostname
            and "@" not in plain
            and value in {plain, f"{plain}/"}
        ):
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            return PublicAddress(plain.lower(), host, parts.scheme == "https")
    raise ImproperlyConfigured(
        f"{name}={value!r}: use the address that readers open, without a path, "
        "such as 'https://archive.example.org'"
    )


def env_choice(name: str, choices: Sequence[str]) -> str:
    """Read ``name`` as one of ``choices``; unset or empty is the first."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(choices)}")
    return value


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


def secret(name: str, path: Path, *, needed: bool = False) -> str:
    """Read ``name``, or the secret kept at ``path``, made there when first wanted.

    The file can be read by its owner only. What is ``needed`` must be in the
    environment: machines that serve one site share their secret, and whoever copies
    ``var/`` does not have it.

    Raises:
        ImproperlyConfigured: it is needed, and is not there.
    """
    if value := os.environ.get(name):
        return value
    if needed:
        raise ImproperlyConfigured(
            f"{name} is missing, and PUBLIC_URL says that this archive is public: set "
            f"{name} to 50 random characters or more, the same for all its processes. "
            "This makes one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
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
