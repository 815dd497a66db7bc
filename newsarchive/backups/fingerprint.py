"""What a backup says of the installation: nothing that opens it."""

import os
import tomllib
from functools import cache
from hashlib import pbkdf2_hmac, sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from newsarchive.environment import ROOT
from search.engine.segments import FORMAT

_SALT = b"newsarchive.backup"
_ROUNDS = 200_000


@cache
def program_version() -> str:
    """Return the version of the archive."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def variants_file() -> Path | None:
    """Return the file of the archive's own press variants, if it has one."""
    named = os.environ.get("NEWSARCHIVE_VARIANTS")
    return Path(named) if named else None


def fingerprint() -> dict[str, Any]:
    """Return the settings on which the rows, the index or their reading hang."""
    variants = variants_file()
    return {
        "time zone": settings.TIME_ZONE,
        "language": settings.LANGUAGE_CODE,
        "SEARCH": {name: str(value) for name, value in sorted(settings.SEARCH.items())},
        "press variants": _hash(variants) if variants else None,
        "format of the index": FORMAT,
        "secret": secret_fingerprint(settings.SECRET_KEY),
    }


def secret_fingerprint(secret: str) -> str:
    """Return what tells two secrets apart, and is slow to guess one by."""
    return pbkdf2_hmac("sha256", secret.encode(), _SALT, _ROUNDS).hex()[:16]


def _hash(path: Path) -> str | None:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else None
