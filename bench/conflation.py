"""How well words of one family meet, and others do not, on each rung.

    python -m bench.conflation [FILE] [--json]

FILE is tab-separated: family, word; lines that begin with "#" are comments. Without it
the set of the tests is taken. Every pair of words counts: precision is the share of the
pairs that meet and are of one family, recall the share of the pairs of one family that
meet. A rung holds what the rungs below it hold. Beside them stand the light stemming of
Larkey, Ballesteros and Connell (light10, as search engines ship it) and Snowball's Arabic
stemmer, over the same folded words.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import snowballstemmer

from search.analysis import fold, normalise
from search.analysis.arabic import families_of

DEFAULT = Path(__file__).parent.parent / "tests/search/analysis/conflation.tsv"

Keys = Sequence[Collection[str]]
Scores = dict[str, float]


class FileError(Exception):
    """A file that cannot be read as families of words."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        families, words = read(options.file)
    except FileError as error:
        sys.exit(str(error))
    figures = measure(families, words)
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{len(words)} words, {len(set(families))} families: {options.file.name}")
    print(f"{'':10}{'precision':>10}{'recall':>8}{'F1':>7}")
    for name, scores in {**_rungs(figures), **_others(figures)}.items():
        print(
            f"{name:10}{scores['precision']:10.3f}{scores['recall']:8.3f}"
            f"{scores['f1']:7.3f}"
        )


def read(path: Path) -> tuple[list[str], list[str]]:
    """Return the families and the words of a file.

    Raises:
        FileError: it cannot be read, or a line has no two fields.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: {error}") from error
    families: list[str] = []
    words: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != len(("family", "word")) or not all(fields):
            raise FileError(f"{path}, line {number}: write family, tab, word")
        families.append(fields[0])
        words.append(fields[1])
    if not words:
        raise FileError(f"{path}: there are no words in it")
    return families, words


def measure(
    families: Sequence[str], words: Sequence[str]
) -> dict[str, dict[str, Scores] | Scores]:
    """Score every rung and both yardsticks."""
    written = [normalise(word) for word in words]
    folded = [(fold(word),) for word in written]
    analysed = families_of(written)
    # Keys of different rungs never meet: each carries the name of its rung.
    lemma = [
        {f"folded {f[0]}", *(f"lemma {x}" for x in lemmas)}
        for f, (lemmas, _) in zip(folded, analysed, strict=True)
    ]
    root = [
        keys | {f"root {x}" for x in roots}
        for keys, (_, roots) in zip(lemma, analysed, strict=True)
    ]
    snowball = snowballstemmer.stemmer("arabic").stemWord
    return {
        "rungs": {
            "folded": score(families, folded),
            "lemma": score(families, lemma),
            "root": score(families, root),
        },
        "light10": score(families, _stemmed(written, light10)),
        "snowball": score(families, _stemmed(written, snowball)),
    }


def score(families: Sequence[str], keys: Keys) -> Scores:
    """Return precision, recall and F1 over all pairs; 0 where nothing meets."""
    by_key: dict[str, set[int]] = {}
    for number, own in enumerate(keys):
        for key in own:
            by_key.setdefault(key, set()).add(number)
    meeting = {
        (one, other)
        for numbers in by_key.values()
        for one in numbers
        for other in numbers
        if one < other
    }
    right = sum(families[one] == families[other] for one, other in meeting)
    related = sum(n * (n - 1) // 2 for n in Counter(families).values())
    precision = right / len(meeting) if meeting else 0.0
    recall = right / related if related else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


_LIGHT10_SHORTEST = 2
_LIGHT10_PREFIX = re.compile("^(?:(?:وال|بال|كال|فال)(?=..)|(?:ال|لل)(?=..)|و(?=...))")


def light10(word: str) -> str:
    """Return the light stem of a folded word (Larkey and others, 2002 and 2007).

    One prefix goes, then suffixes in the order of the paper, each once, as long as two
    letters stay; a single و goes where three stay.
    """
    word = _LIGHT10_PREFIX.sub("", word)
    for suffix in ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"):
        if word.endswith(suffix) and len(word) - len(suffix) >= _LIGHT10_SHORTEST:
            word = word.removesuffix(suffix)
    return word


def _stemmed(words: Sequence[str], stem: Callable[[str], str]) -> Keys:
    return [(stem(fold(word)),) for word in words]


def _rungs(figures: dict[str, dict[str, Scores] | Scores]) -> dict[str, Scores]:
    return figures["rungs"]  # type: ignore[return-value]


def _others(figures: dict[str, dict[str, Scores] | Scores]) -> dict[str, Scores]:
    return {name: figures[name] for name in ("light10", "snowball")}  # type: ignore[misc]


if __name__ == "__main__":
    main()
