"""Addresses: what their parts may stand for, and remembering them.

A list links to the same few sources again and again, and resolving an address costs
more than all else of a line.
"""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language


def address_of(view: str, key: int | str) -> str:
    """Return the address of a page in the reader's language."""
    return _address_of(view, key, get_language(), get_script_prefix())


@lru_cache(maxsize=4096)
def _address_of(
    view: str,
    key: int | str,
    _language: str | None,
    _prefix: str,
) -> str:
    return reverse(view, args=[key])


class SlugConverter:
    """A slug in any script: letters, digits, hyphens and low lines."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        """Return the slug as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the slug as it stands in the database."""
        return value


class NameConverter:
    """A name as it is printed, whatever is in it.

    A slash parts addresses, encoded or not, and browsers leave out what is only dots:
    they are written as JSON Pointer (RFC 6901) writes what it cannot have. Everything
    else Django encodes.
    """

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        """Return the name that stands in an address."""
        return value.replace("~2", ".").replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        """Return what stands for a name in an address."""
        written = value.replace("~", "~0").replace("/", "~1")
        return written.replace(".", "~2") if not written.strip(".") else written
