"""Values of facets as readers name them: languages, and sources and sections by name."""

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale

from search.analysis import fold, is_language, language_name, tokenize

_DISPLAYED = ("en", "fr", "ar")
_CODE = re.compile("[a-z]{2,3}")
_ARTICLE = "ال"


def language_code(text: str) -> str | None:
    """Return the code of a language, given that or a name in Arabic, French or English."""
    code = text.strip().lower()
    if _CODE.fullmatch(code) and is_language(code):
        return code
    return _codes().get(_folded(text))


def matching_names(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the slugs that ``text`` may mean: it is one, or their names have its words.

    Args:
        text: what a reader typed.
        names: slug -> name.
    """
    wanted = set(_folded(text).split())
    slug_typed = text.strip().lower()
    return [
        slug
        for slug, name in names.items()
        if slug.lower() == slug_typed
        or (wanted and wanted <= set(_folded(name).split()))
    ]


def _folded(text: str) -> str:
    return " ".join(fold(token.written) for token in tokenize(text))


@cache
def _codes() -> Mapping[str, str]:
    """Return name of a language, folded -> its code; short codes go first."""
    codes = sorted(filter(_CODE.fullmatch, Locale("en").languages), key=len)
    found: dict[str, str] = {}
    for code in codes:
        for display in (*_DISPLAYED, None):
            name = _folded(language_name(code, display))
            found.setdefault(name, code)
            found.setdefault(name.removeprefix(_ARTICLE), code)
    return found
