"""The lemmas and roots of a morphology database, where one is installed.

camel-tools has databases that know more words than our lexicon does, under licences that
keep us from shipping them. ``CAMELTOOLS_DATA`` names the folder where they are
installed: its ``catalogue.json`` lists every database that there is, and those whose
file is there are installed. ``installed_morphology`` finds one of them; a ``Morphology``
reads words with it.

camel-tools is asked about words of Arabic letters only: of others it knows nothing.
"""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from camel_tools.morphology.errors import DatabaseError

from search.analysis.arabic.lexicon import shipped_lexicon
from search.analysis.letters import fold, normalise

Family = tuple[tuple[str, ...], tuple[str, ...]]
"""Lemmas, and roots."""

_ARABIC = re.compile("[ء-غف-يٱ]+")
_HAMZAS_LEFT_OUT = str.maketrans("أإآٱ", "اااا")

# Radicals of a root, and what stands for one that is weak. NTWS, FOREIGN and their like,
# which stand for no root, do not fit, nor do particles of two letters.
_ROOT = re.compile(r"[ء-غف-ي#](?:\.[ء-غف-ي#]){2,}")
_WEAK = "#"
_FEWEST_RADICALS = 2
"""Radicals that must be known of a root."""

_WORDS_KEPT = 2**16

_REPAIR = (
    'Install the database again as README, "Configuration", tells, '
    "or unset CAMELTOOLS_DATA."
)


class MorphologyError(ValueError):
    """A morphology database that is there and cannot be used."""


class Morphology:
    """The words of one database.

    It is only read, so threads may share it. Making one takes seconds.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._analyzer, stems = _open(file)
        self._roots = _Roots(stems)
        self._family = lru_cache(maxsize=_WORDS_KEPT)(self._read)

    def families_of(self, words: Sequence[str]) -> list[Family | None]:
        """Return the lemmas and the roots of each of ``words``, which are as written.

        None stands for a word that the database does not know.
        """
        return [self._family(word) for word in words]

    def _read(self, word: str) -> Family | None:
        lemmas: dict[str, None] = {}
        roots: dict[str, None] = {}
        for analysis in self._analyses(word):
            if lemma := _lemma(analysis):
                lemmas[lemma] = None
                if root := self._roots.of(lemma, analysis.get("root")):
                    roots[root] = None
        return (tuple(lemmas), tuple(roots)) if lemmas else None

    def _analyses(self, word: str) -> list[dict[str, Any]]:
        """Return the analyses of ``word`` that its spelling allows for.

        camel-tools merges the alefs, ى with ي and ة with ه. As in our lexicon, a letter
        that was printed with its hamza or dots excludes others, and a bare alef excludes
        none, since newspapers leave hamzas out. If that leaves nothing, the word is
        misspelled, and all its analyses are kept.
        """
        if not _ARABIC.fullmatch(word):
            return []
        try:
            analyses: list[dict[str, Any]] = self._analyzer.analyze(word)
            # The analyses are not thinned out by their probabilities: the reading that
            # is rare in the corpus of the database may be the one that is looked for.
            return [a for a in analyses if _may_be_printed(a["diac"], word)] or analyses
        except (KeyError, ValueError) as error:
            raise MorphologyError(
                f"{self._file}: {word} cannot be analysed ({error!r}). {_REPAIR}"
            ) from error


@cache
def installed_morphology() -> Morphology | None:
    """Return the morphology that is installed in ``CAMELTOOLS_DATA``, or None.

    A database that the catalogue lists and whose file is not there is not installed: it
    lists all that can be had. Of several the catalogue's default is taken.
    """
    # Importing camel-tools' morphology downloads a catalogue where there is none: it is
    # not imported before a database is found. Its own catalogue object is of no use, as
    # it is that of the folder which was named when camel_tools.data was first imported.
    folder = os.environ.get("CAMELTOOLS_DATA")
    if not folder:
        return None
    file = _installed_file(Path(folder).expanduser() / "catalogue.json")
    return Morphology(file) if file else None


def _installed_file(catalogue: Path) -> Path | None:
    if not catalogue.is_file():
        return None
    default, files = _listed_files(catalogue)
    installed = {name: file for name, file in files.items() if file.is_file()}
    if len(installed) > 1 and default not in installed:
        raise MorphologyError(
            f"{catalogue}: of the databases {', '.join(installed)} none is the default. "
            "Write the name of one of them as the default of MorphologyDB."
        )
    return installed.get(default) or next(iter(installed.values()), None)


def _listed_files(catalogue: Path) -> tuple[str, dict[str, Path]]:
    """Return the name of the default database, and the file of each."""
    try:
        components = json.loads(catalogue.read_text(encoding="utf-8"))["components"]
        if "MorphologyDB" not in components:
            return "", {}
        listed = components["MorphologyDB"]
        data = catalogue.parent / "data"
        return listed["default"], {
            name: data / entry["path"] / "morphology.db"
            for name, entry in listed["datasets"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise MorphologyError(
            f"{catalogue}: this is no catalogue of camel-tools ({error!r}). {_REPAIR}"
        ) from error


def _open(file: Path) -> tuple[Any, list[dict[str, str]]]:
    """Return camel-tools' analyzer over a database, and the stems of the latter."""
    try:
        # They make a folder in the home directory, and read the catalogue.
        from camel_tools.morphology.analyzer import Analyzer  # noqa: PLC0415
        from camel_tools.morphology.database import MorphologyDB  # noqa: PLC0415

        database = MorphologyDB(str(file), "a")
    except (DatabaseError, OSError, ValueError, LookupError, TypeError) as error:
        raise MorphologyError(
            f"{file}: the database cannot be read ({error!r}). {_REPAIR}"
        ) from error
    # A file that was cut short is read without complaint. Its last table is the test.
    if not database.prefix_suffix_compat:
        raise MorphologyError(f"{file}: the end of the database is missing. {_REPAIR}")
    stems = [stem for found in database.stem_hash.values() for _, stem in found]
    return Analyzer(database), stems


def _lemma(analysis: dict[str, Any]) -> str:
    """Return the lemma as written; camel-tools has taken off the number of its sense."""
    return normalise(analysis["lex"]).replace("ٱ", "ا")


def _may_be_printed(vowelled: str, word: str) -> bool:
    """Whether ``word`` is how ``vowelled`` is spelled, or leaves out some hamzas."""
    spelled = normalise(vowelled)
    return len(spelled) == len(word) and all(
        letter in (meant, meant.translate(_HAMZAS_LEFT_OUT))
        for letter, meant in zip(word, spelled, strict=True)
    )


class _Roots:
    """Roots in the letters of our own, with their weak radicals.

    The databases tell of قال that its root is ق.#.ل, without saying which radical is
    weak, و or ي. The lexicon does for the lemmas that it has; other lemmas follow those
    of the same root. Where nothing tells, the mark stays: قل would be another root.
    """

    def __init__(self, stems: Sequence[dict[str, str]]) -> None:
        lexicon = shipped_lexicon()
        self._listed = dict(zip(lexicon.words, lexicon.roots, strict=True))
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for lemma, root in dict.fromkeys(_weak_roots(stems)):
            if self._fits(lemma, root):
                votes[root][self._listed[lemma]] += 1
        self._usual = {
            root: found.most_common(1)[0][0] for root, found in votes.items()
        }

    def of(self, lemma: str, given: str | None) -> str | None:
        """Return the root that the database has ``given`` to a lemma, if it is one."""
        root = _letters(given)
        if root is None or _WEAK not in root:
            return root
        if self._fits(lemma, root):
            return self._listed[lemma]
        return self._usual.get(root, root)

    def _fits(self, lemma: str, weak: str) -> bool:
        """Whether the lexicon has a root for ``lemma`` that may be the ``weak`` one."""
        pattern = weak.replace(_WEAK, "[ءوي]")
        return bool(re.fullmatch(pattern, self._listed.get(lemma, "")))


def _weak_roots(stems: Sequence[dict[str, str]]) -> Iterator[tuple[str, str]]:
    for stem in stems:
        root = _letters(stem.get("root"))
        if root and _WEAK in root:
            yield _lemma(stem), root


def _letters(given: str | None) -> str | None:
    """Return the radicals of a root, folded, with each hamza as ء; None if it is none."""
    if not given or not _ROOT.fullmatch(given):
        return None
    radicals = given.replace(".", "")
    if len(radicals) - radicals.count(_WEAK) < _FEWEST_RADICALS:
        return None
    return fold(radicals).replace("ا", "ء")
