"""What several formats are recognised by: the root of XML, the names in a ZIP."""

import re

from articles.importing.containers import open_zip
from articles.importing.inputs import Input
from articles.importing.records import DamagedError

_PROLOG = re.compile(
    r"\s*(?:<\?.{0,2000}?\?>|<!--.{0,20000}?-->|<!DOCTYPE[^\[>]{0,1000}(?:\[.{0,20000}?\]\s*)?>)",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w.-]+)")


def root_of(source: Input) -> str:
    """Return the local name of the root element, "" if it is no XML."""
    text = source.head_text
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root[1] if root else ""


def zip_names(source: Input) -> frozenset[str]:
    """Return the names in a ZIP, none if it is damaged."""
    try:
        with open_zip(source) as archive:
            return frozenset(archive.namelist())
    except DamagedError:
        return frozenset()
