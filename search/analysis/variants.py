"""Press variants: the spellings that newspapers use for one word or one name.

They are data, not code: a text file that an archive's staff edits. Each line of it is
a *group* of *spellings* (أمريكا = أميركا), a spelling being one word or several.
``Variants`` reads such files and answers two questions about folded words: which
groups a single word belongs to, and which groups have a spelling of several words that
begins at a place in a text. A file that breaks a rule is refused with a
``VariantsError``, which names the line and says what to do about it.

The files hold what a dictionary would hold, and only what folding leaves apart. Arabic
writes some words in one piece with the next; those that can be told from the spelling
alone are found here: the article, with or without و ف ب ك ل before it, and these letters
before a spelling of several words. All other inflection is the business of lemmas:
give ``names_for`` a word's folded form together with its lemmas.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from search.analysis.letters import MARKS, fold
from search.analysis.tokens import written_words

_ARTICLE = "ال"
_PROCLITICS = [first + second for first, second in product(("", *"وف"), ("", *"بكل"))]
_ARABIC = re.compile("[ء-ي]+")
# Editors of right-to-left text leave direction marks around words, which nobody sees.
_EDGES = re.compile(rf"^[\s{MARKS}]+|[\s{MARKS}]+$")

_Words = tuple[str, ...]


class VariantsError(ValueError):
    """A line that breaks a rule of the files of variants.

    Attributes:
        path: the file.
        line: the number of the line in it, counted from 1.
    """

    def __init__(self, path: Path, line: int, what: str, remedy: str) -> None:
        super().__init__(f"{path}, line {line}: {what}. {remedy}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a word or a name.

    Attributes:
        text: how the file has it.
        words: its folded words.
        in_context: whether it counts only where a text shows that it is meant.
    """

    text: str
    words: _Words
    in_context: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The spellings of one word or name, which the first of them names."""

    name: str
    spellings: tuple[Spelling, ...]


class Variants:
    """Groups of spellings, to be looked up."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = tuple(groups)
        spellings = [(s, group) for group in self.groups for s in group.spellings]
        # What a file says comes before what is derived from it: a spelling that is
        # listed with its article is not taken for another one behind the article.
        spellings.sort(key=lambda pair: len(pair[0].words), reverse=True)
        self._words = {s.words[0]: (s, g) for s, g in spellings if len(s.words) == 1}
        self._phrases: dict[str, list[tuple[Spelling, Group]]] = {}
        for spelling, group in spellings:
            first, *others = spelling.words
            if others:
                for form in {first, *_with_article(first), *_with_proclitics(first)}:
                    self._phrases.setdefault(form, []).append((spelling, group))
            else:
                for form in _with_article(first):
                    self._words.setdefault(form, (spelling, group))

    @classmethod
    def read(cls, *paths: Path) -> "Variants":
        """Read the groups of ``paths``, of which the later add to the earlier.

        A line that begins with the name of a group of an earlier file makes no group
        of its own: its other spellings join that group. Otherwise no spelling may be
        in two groups.

        Raises:
            VariantsError: where a file breaks a rule.
        """
        return cls(_merge(line for path in paths for line in _lines(path)))

    def group_of(self, spelling: str) -> Group | None:
        """Return the group that ``spelling`` is of, in a context or in any."""
        words = _folded_words(spelling)
        if len(words) == 1:
            found = self._words.get(words[0])
            return found[1] if found else None
        groups = self.phrases_at(words, 0, in_context=True) if words else []
        return next((group for group, length in groups if length == len(words)), None)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Folded word -> the name of its group, for words that need no context."""
        found = self._words.items()
        return {w: group.name for w, (s, group) in found if not s.in_context}

    def names_for(
        self, words: Iterable[str], *, in_context: bool = False
    ) -> frozenset[str]:
        """Return the names of the groups of ``words``, which are folded.

        A spelling that needs a context counts only with ``in_context``, by which the
        caller says that the context is there.
        """
        found = filter(None, map(self._words.get, words))
        return frozenset(
            group.name
            for spelling, group in found
            if in_context or not spelling.in_context
        )

    def phrases_at(
        self, folded_words: Sequence[str], index: int, *, in_context: bool = False
    ) -> list[tuple[Group, int]]:
        """Return the groups of which a spelling of several words begins at ``index``.

        Each comes once, with the number of words of its longest spelling there, and
        the longest comes first.
        """
        found: dict[str, tuple[Group, int]] = {}
        for spelling, group in self._phrases.get(folded_words[index], ()):
            length = len(spelling.words)
            others = tuple(folded_words[index + 1 : index + length])
            if others == spelling.words[1:] and (in_context or not spelling.in_context):
                found.setdefault(group.name, (group, length))
        return list(found.values())


def shipped_variants() -> Path:
    """Return the file of variants that comes with the archive."""
    return Path(__file__).parent / "data" / "variants.txt"


@cache
def default_variants() -> Variants:
    """Return the shipped variants with those of the archive's own file, if it has one.

    They are read once; a file that changes is seen by the next process.
    """
    own = os.environ.get("NEWSARCHIVE_VARIANTS")
    paths = [Path(own)] if own and Path(own).is_file() else []
    return Variants.read(shipped_variants(), *paths)


@dataclass(frozen=True, slots=True)
class _Line:
    path: Path
    number: int
    spellings: tuple[Spelling, ...]


def _lines(path: Path) -> Iterator[_Line]:
    for number, encoded in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            text = encoded.decode("utf-8-sig").partition("#")[0]
            if _trim(text):
                yield _Line(path, number, _spellings(text))
        except UnicodeDecodeError:
            what = "the line is not in UTF-8"
            remedy = "Save the file with the encoding UTF-8."
            raise VariantsError(path, number, what, remedy) from None
        except _RuleError as error:
            raise VariantsError(path, number, *error.args) from None


class _RuleError(Exception):
    """What is wrong with a line, and the remedy; where it is is not known yet."""


def _spellings(line: str) -> tuple[Spelling, ...]:
    """Read the spellings of one group."""
    spellings: dict[_Words, Spelling] = {}
    for part in line.split("="):
        spelling = _spelling(part)
        if same := spellings.get(spelling.words):
            what = f'"{spelling.text}" and "{same.text}" are one word after folding'
            raise _RuleError(what, "Take one out: the archive joins them by itself.")
        spellings[spelling.words] = spelling
    if len(spellings) == 1:
        what = "a group needs two spellings or more"
        raise _RuleError(what, 'Add another one after " = ", or take out the line.')
    return tuple(spellings.values())


def _spelling(part: str) -> Spelling:
    text = _trim(part)
    in_context = text.endswith("*")
    text = _trim(text.removesuffix("*"))
    if "*" in text:
        raise _RuleError(f'"{part.strip()}" has a "*" inside', "Put one at its end.")
    words = _folded_words(text)
    if not words:
        what = f'"{text}" has no letters' if text else "a spelling is empty"
        raise _RuleError(what, 'Write a spelling on both sides of each "=".')
    return Spelling(text, words, in_context)


@dataclass(frozen=True, slots=True)
class _Place:
    group: list[Spelling]
    line: _Line


def _merge(lines: Iterable[_Line]) -> list[Group]:
    """Return the groups of ``lines``, joining what later files add to earlier ones."""
    groups: list[list[Spelling]] = []
    places: dict[_Words, _Place] = {}
    for line in lines:
        group = _group_to_add_to(line, places)
        if group is None:
            group = []
            groups.append(group)
        for spelling in line.spellings:
            place = places.setdefault(spelling.words, _Place(group, line))
            if place.group is not group:
                raise _conflict(line, spelling, place)
            if place.line is line:
                group.append(spelling)
    return [Group(spellings[0].text, tuple(spellings)) for spellings in groups]


def _group_to_add_to(
    line: _Line, places: dict[_Words, _Place]
) -> list[Spelling] | None:
    """Return the group of an earlier file that ``line`` begins with the name of."""
    head = line.spellings[0].words
    place = places.get(head)
    if place and place.line.path != line.path and place.group[0].words == head:
        return place.group
    return None


def _conflict(line: _Line, spelling: Spelling, place: _Place) -> VariantsError:
    name = place.group[0].text
    where = f"line {place.line.number}"
    if place.line.path == line.path:
        remedy = "Write both lines as one, or take it out of one of them."
    else:
        where += f" of {place.line.path}"
        remedy = f'Take it out, or begin the line with "{name}" to add to that group.'
    what = f'"{spelling.text}" is in the group "{name}" already ({where})'
    return VariantsError(line.path, line.number, what, remedy)


def _trim(text: str) -> str:
    # Composed first, or the accent of a last letter would be taken for an edge.
    return _EDGES.sub("", unicodedata.normalize("NFC", text))


def _folded_words(text: str) -> _Words:
    return tuple(filter(None, map(fold, written_words(text))))


def _with_article(word: str) -> Iterator[str]:
    """Yield ``word`` with the article, alone and after letters written in one with it.

    A word that has its article keeps it. Before the article, ل swallows the alef, and
    a third lam is not written: لليغا for ل + ال + ليغا.
    """
    if _ARABIC.fullmatch(word):
        bare = word.removeprefix(_ARTICLE)
        for letters in _PROCLITICS:
            if letters.endswith("ل"):
                yield f"{letters}ل{bare.removeprefix('ل')}"
            else:
                yield f"{letters}{_ARTICLE}{bare}"


def _with_proclitics(word: str) -> Iterator[str]:
    """Yield ``word`` after each of the letters that are written in one with it."""
    if _ARABIC.fullmatch(word):
        yield from (letters + word for letters in _PROCLITICS)
