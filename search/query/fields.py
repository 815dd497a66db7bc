"""The fields that are looked into, and what readers call them in three languages.

A reader's name of a field stands before a colon: ``titre:``, ``عنوان:``. Words are looked
for in *text fields*, exact values in *facets*, and days in ``date``. ``root:`` names no
field: it says how its words are read.
"""

from collections.abc import Mapping

from search.analysis import Rung, fold

MAIN_FIELD = "text"
"""The field that words are marked in, unless they are looked for in another."""

FIELD_WEIGHTS = {
    "title": 3.0,
    "subtitle": 2.0,
    "authors": 2.0,
    "place": 1.0,
    "text": 1.0,
}
"""The fields that a word is looked for in, and what a match there counts."""

DEFAULT_RUNG: Rung = "lemma"
"""How far wanted words climb the match ladder."""

UNWANTED_RUNG: Rung = "folded"
"""How far unwanted ones do."""

NAMES: frozenset[Rung] = frozenset({"name"})
"""The rung that stands beside the ladder."""

STOP_WORD_BOOST = 0.5
"""What a stop word counts beside other words."""

TEXT_FIELDS = {
    "title": "title",
    "text": MAIN_FIELD,
    "author": "authors",
    "place": "place",
}
"""Reader's name of a text field -> its name in the index."""

FACETS = frozenset({"source", "section", "language"})
"""The fields whose values are looked for whole."""

NAMED_FACETS = frozenset({"source", "section"})
"""Those whose values have names that only the archive knows."""

DATE = "date"
DATE_COLUMN = "published_on"

ROOT = "root"

FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "عنوان", "titre"),
    "text": ("text", "نص", "texte"),
    "author": ("author", "كاتب", "auteur"),
    "place": ("place", "مكان", "lieu"),
    "source": ("source", "مصدر"),
    "section": ("section", "قسم", "rubrique"),
    "language": ("language", "لغة", "langue"),
    DATE: ("date", "تاريخ"),
    ROOT: ("root", "جذر", "racine"),
}
"""Field -> what readers call it: in English, Arabic and French."""

_BY_NAME = {fold(name): field for field, names in FIELD_NAMES.items() for name in names}


def field_named(name: str) -> str | None:
    """Return the field that readers call ``name``, in any case and spelling."""
    return _BY_NAME.get(fold(name))
