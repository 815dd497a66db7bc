"""*Exonyms*: the names of one place that no sound tells (القاهرة, Cairo, Le Caire).

They are data: a table that an archive's staff edits, a place a line. A file that breaks
a rule is refused with an ``ExonymsError``, which names the line and says what to do.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from search.analysis.letters import MARKS, fold
from search.analysis.tokens import written_words

_ARTICLE = "ال"
_FEWEST, _MOST = 3, 4
_HINT = (
    "Write the Arabic, the English and the French names with a tab between the "
    'languages and "|" between the names of one language.'
)
# Editors of right-to-left text leave direction marks around words, which nobody sees.
_EDGES = re.compile(rf"^[\s{MARKS}]+|[\s{MARKS}]+$")


class ExonymsError(ValueError):
    """A line that breaks a rule of the table of exonyms.

    Attributes:
        path: the file.
        line: the number of the line in it, counted from 1.
    """

    def __init__(self, path: Path, line: int, what: str, remedy: str) -> None:
        super().__init__(f"{path}, line {line}: {what}. {remedy}")
        self.path = path
        self.line = line


class Exonyms:
    """Places by their names."""

    def __init__(self, path: Path) -> None:
        """Read the table of ``path``.

        Raises:
            ExonymsError: where a line breaks a rule.
        """
        self.places = tuple(names for _, names in _lines(path))
        self._places: dict[str, list[tuple[str, ...]]] = {}
        for names in self.places:
            for key in {form(name) for name in names}:
                self._places.setdefault(key, []).append(names)

    def others(self, name: str) -> tuple[str, ...]:
        """Return the other names of what ``name`` means, in the order of the table."""
        own = form(name)
        found = (other for names in self._places.get(own, ()) for other in names)
        return tuple(dict.fromkeys(other for other in found if form(other) != own))


def exonyms(name: str) -> tuple[str, ...]:
    """Return the other names of the place ``name``, of both scripts, if it is known.

    The name may be of several words; how it is folded, and whether it has an Arabic
    article, does not matter.
    """
    return shipped_exonyms().others(name)


@cache
def shipped_exonyms() -> Exonyms:
    """Return the table that comes with the archive."""
    return Exonyms(Path(__file__).parent.parent / "data" / "exonyms.tsv")


def _lines(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    seen: dict[tuple[str, ...], int] = {}
    for number, encoded in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            text = encoded.decode("utf-8-sig")
        except UnicodeDecodeError:
            what = "the line is not in UTF-8"
            remedy = "Save the file with the encoding UTF-8."
            raise ExonymsError(path, number, what, remedy) from None
        if not text.strip() or text.startswith("#"):
            continue
        names = tuple(dict.fromkeys(_names(path, number, text)))
        forms = tuple(sorted({form(name) for name in names}))
        if forms in seen:
            what = f"the place is in line {seen[forms]} already"
            raise ExonymsError(path, number, what, "Take one of the lines out.")
        seen[forms] = number
        yield number, names


def _names(path: Path, number: int, line: str) -> Iterator[str]:
    fields = line.split("\t")
    if not _FEWEST <= len(fields) <= _MOST:
        what = f"{len(fields)} languages, where three or four are meant"
        raise ExonymsError(path, number, what, _HINT)
    for field in fields:
        for part in field.split("|"):
            name = _EDGES.sub("", part)
            if not form(name):
                raise ExonymsError(path, number, "a name is empty", _HINT)
            yield name


def form(name: str) -> str:
    """Return what two spellings of one name have in common."""
    words = [fold(word) for word in written_words(name)]
    return " ".join(words).removeprefix(_ARTICLE)
