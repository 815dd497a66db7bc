"""How well a name in Latin letters finds the Arabic words that it is written with.

    python -m bench.names FILE [--vocabulary FILE] [--json]

FILE is tab-separated: the name in Arabic, in Latin letters. Each Latin name whose Arabic
form is in the vocabulary, with or without the article, is asked for; it is found if that
form is the first of the candidates, or among the first five. A candidate is wrong if it
is another form, folded and without the article: with a clitic, or in another spelling,
it counts as wrong too.

The vocabulary is a file with a word a line, or the words of the press articles, the most
frequent first. These are looked for in the folder of NEWSARCHIVE_DATA, or beside the
project in shared/data.
"""

import argparse
import json
import lzma
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from search.analysis import fold, written_words
from search.analysis.names import NameIndex

ARTICLES = ("saudinewsnet", "sanad_alkhaleej")
LIMIT = 5

_ARABIC = re.compile("[\u0620-\u064a]+")
_HEADER = ["arabic", "latin"]

Pair = tuple[str, str]


class FileError(Exception):
    """A file that is not there, or that cannot be read as what it should be."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--vocabulary", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        pairs = read_pairs(options.file)
        if options.vocabulary:
            words, counts = read_words(options.vocabulary), None
        else:
            words, counts = press_words()
    except FileError as error:
        sys.exit(str(error))
    began = time.perf_counter()
    index = NameIndex(words, counts)
    built = time.perf_counter() - began
    began = time.perf_counter()
    figures = measure(pairs, words, index)
    seconds = time.perf_counter() - began
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{'words of the vocabulary':28}{len(words):>10,}")
    for name, figure in figures.items():
        shown = f"{figure:,}" if isinstance(figure, int) else f"{figure:.3f}"
        print(f"{name.replace('_', ' '):28}{shown:>10}")
    asked = max(int(figures["in_vocabulary"]), 1)
    print(f"{'index built in (s)':28}{built:>10.2f}")
    print(f"{'asked, each (ms)':28}{1000 * seconds / asked:>10.2f}")


def read_pairs(path: Path) -> list[Pair]:
    """Return the Arabic and the Latin names of a file.

    Raises:
        FileError: it cannot be read, or a line has no two fields.
    """
    pairs = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        fields = [field.strip() for field in line.split("\t")]
        if not line.strip() or (number == 1 and fields == _HEADER):
            continue
        if len(fields) != len(_HEADER) or not all(fields):
            raise FileError(
                f"{path}, line {number}: write the name in Arabic, a tab, and the name "
                "in Latin letters"
            )
        pairs.append((fields[0], fields[1]))
    return pairs


def read_words(path: Path) -> list[str]:
    """Return the words of a file, one a line.

    Raises:
        FileError: it cannot be read.
    """
    words = (line.strip() for line in _read(path).splitlines())
    return list(dict.fromkeys(filter(None, words)))


def press_words() -> tuple[list[str], list[int]]:
    """Return the Arabic words of the press articles, and how often each is used.

    Raises:
        FileError: the articles are not there.
    """
    folder = data_folder() / "press"
    paths = [folder / f"{name}.jsonl.xz" for name in ARTICLES]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise FileError(
            f"The articles {' and '.join(path.name for path in missing)} are missing. "
            f"They are looked for in {folder}; name the folder above it in "
            "NEWSARCHIVE_DATA, or give a file of words with --vocabulary."
        )
    counts: Counter[str] = Counter()
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                for text in (article.get("title"), article.get("body")):
                    counts.update(written_words(text or ""))
    ranked = [pair for pair in counts.most_common() if _ARABIC.match(pair[0])]
    return [word for word, _ in ranked], [count for _, count in ranked]


def data_folder() -> Path:
    """Return where data to measure with is looked for."""
    named = os.environ.get("NEWSARCHIVE_DATA")
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    return Path(named) if named else beside


def measure(
    pairs: Sequence[Pair], words: Sequence[str], index: NameIndex
) -> dict[str, int | float]:
    """Ask ``index``, which is of ``words``, for each of ``pairs`` that it may find."""
    known = {form(word) for word in words}
    asked = [(form(arabic), latin) for arabic, latin in pairs]
    asked = [(right, latin) for right, latin in asked if right in known]
    first = found = wrong = 0
    for right, latin in asked:
        forms = [form(hit.word) for hit in index.candidates(latin, limit=LIMIT)]
        first += forms[:1] == [right]
        found += right in forms
        wrong += sum(other != right for other in forms)
    most = max(len(asked), 1)
    return {
        "names": len(pairs),
        "in_vocabulary": len(asked),
        "top1": first / most,
        "top5": found / most,
        "wrong_in_top5": wrong / most,
    }


def form(word: str) -> str:
    """Return ``word`` folded and without the article."""
    folded = fold(word)
    return folded.removeprefix("ال") or folded


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: {error}") from error


if __name__ == "__main__":
    main()
