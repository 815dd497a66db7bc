"""The texts of the interface: found in the code, kept in catalogues, compiled.

    python -m tests.messages

brings both catalogues up to date with templates and code, without gettext's programs:
Django makes Python of a template, Babel finds the texts in it. New texts are left empty
for a translator, and those that are not used any more are dropped. Then the catalogues
are compiled. A test fails where this would change anything.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "fr")

_CODE = ("articles", "newsarchive", "search")
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

_CALL = re.compile(
    r"""\b(?:n?p?gettext|_)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)"""
)

Key = tuple[str, str | None]
"""A text (the singular, if it has a plural) and its context."""

Found = tuple[str | tuple[str, ...], str | None]


def found() -> dict[Key, Found]:
    """Return every text of templates and code, with its context."""
    texts: dict[Key, Found] = {}
    for source in _sources():
        lines = io.BytesIO(source.encode())
        for _, message, _, context in extract("python", lines, _KEYWORDS):
            text = message if isinstance(message, str) else (message[0], message[1])
            texts.setdefault((first(text), context), (text, context))
    return texts


def _sources() -> Iterator[str]:
    for path in _files("templates", "*.html"):
        # What Django makes of a template is for gettext's own parser, which only looks
        # for calls; Babel reads Python.
        made = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield "\n".join(_CALL.findall(made))
    for folder in _CODE:
        for path in _files(folder, "*.py"):
            yield path.read_text(encoding="utf-8")


def _files(folder: str, pattern: str) -> Iterable[Path]:
    return sorted((ROOT / folder).rglob(pattern))


def first(text: str | Iterable[str]) -> str:
    """Return a text, or the singular of one that has a plural."""
    return text if isinstance(text, str) else next(iter(text))


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of ``language`` is."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue of ``language``."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file)


def main() -> None:
    """Update and compile both catalogues, and name what is left to translate."""
    texts = found()
    for language in LANGUAGES:
        old = read(language)
        new = Catalog(locale=old.locale)
        for text, context in sorted(texts.values(), key=lambda one: first(one[0])):
            known = old.get(first(text), context)
            same = known is not None and isinstance(known.id, str) == isinstance(
                text, str
            )
            new.add(text, known.string if known and same else None, context=context)
        path = catalogue_path(language)
        header, _, _ = path.read_text(encoding="utf-8").partition("\n\n")
        with path.open("wb") as file:
            file.write(f"{header}\n\n".encode())
            write_po(file, new, width=88, omit_header=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))
        for message in new:
            forms = message.string
            whole = forms if isinstance(forms, str) else forms and all(forms)
            if message.id and not whole:
                sys.stdout.write(f"{language}: {first(message.id)}\n")


if __name__ == "__main__":
    main()
