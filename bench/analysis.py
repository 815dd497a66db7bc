"""How fast text becomes terms, and terms their classes, and what that takes in memory.

    python -m bench.analysis [FILE...] [--articles N] [--json]

FILEs are JSON lines (`.jsonl` or `.jsonl.xz`) with titles and bodies; without them, the
Arabic newspapers of the folder of real articles. The first N articles are read into
memory. Measured are tokens a second (text to words as written, with a cold memo and a
warm one), distinct terms a second through each class and through all of them, the time
to open the dictionaries once they are made, and the memory of this process: what is its
own, and what it shares with others that have the same dictionaries mapped.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bench.corpus import DataError, newspapers, read_records
from search.analysis import (
    arabic,
    classify,
    default_variants,
    fold_all,
    name_keys,
    written_words,
)
from search.analysis.arabic.lemmatizer import lemma_numbers
from search.analysis.arabic.lexicon import shipped_lexicon

ARTICLES = 20_000
FEW = 20_000

Figures = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--articles", type=_count, default=ARTICLES, metavar="N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        texts = list(
            islice(read_texts(options.files or newspapers()), options.articles)
        )
    except DataError as error:
        sys.exit(str(error))
    if not texts:
        sys.exit("There is no article to measure with.")
    figures = measure(texts)
    if options.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:44}{figure:>14,.{0 if figure >= 100 else 2}f}")  # noqa: PLR2004


def _count(written: str) -> int:
    count = int(written)
    if count < 1:
        raise argparse.ArgumentTypeError("measure one article at least")
    return count


def read_texts(files: Iterable[Path]) -> Iterator[str]:
    """Yield title and body of each article, in order.

    Raises:
        DataError: a file is not there, or a line is no article.
    """
    for record in read_records(files):
        yield f"{record.get('title') or ''}\n{record.get('body') or ''}"


def measure(texts: Sequence[str]) -> Figures:
    """Return the figures by name."""
    tokens, cold = timed(lambda: sum(len(written_words(text)) for text in texts))
    _, warm = timed(lambda: sum(len(written_words(text)) for text in texts))
    terms = list(dict.fromkeys(chain.from_iterable(map(written_words, texts))))
    # Another process makes the dictionary, if it never was: opening does not cost that.
    make = "from search.analysis import arabic; arabic.lemmas_of(['كتاب'])"
    subprocess.run([sys.executable, "-c", make], check=True)  # noqa: S603  itself
    before = memory()
    _, opening = timed(shipped_lexicon)
    # What is mapped is in memory once it was read.
    lemma_numbers(terms[:FEW], shipped_lexicon())
    opened = memory()
    default_variants()
    classify(terms[:FEW])
    seconds: dict[str, float] = {}
    for name, run in (
        ("folded", lambda: fold_all(terms)),
        ("lemmas and roots", lambda: arabic.families_of(terms)),
        ("name keys", lambda: name_keys(terms)),
        ("all classes", lambda: classify(terms)),
    ):
        _, seconds[name] = timed(run)
    return {
        "articles": len(texts),
        "tokens": tokens,
        "distinct terms": len(terms),
        "tokens a second, cold memo": tokens / cold,
        "tokens a second, warm memo": tokens / warm,
        **{
            f"distinct terms a second, {name}": len(terms) / spent
            for name, spent in seconds.items()
        },
        "seconds to open the Arabic lexicon": opening,
        "its own memory (MB)": opened["own"] - before["own"],
        "memory it shares (MB)": opened["shared"] - before["shared"],
        "memory of the process at the end (MB)": sum(memory().values()),
    }


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """Return what ``run`` gives, and the seconds that it took."""
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


def memory() -> dict[str, float]:
    """Return the memory of this process in MB: its own, and what can be shared.

    Zero where the system has no /proc.
    """
    sizes = {"own": 0.0, "shared": 0.0}
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return sizes
    for line in rollup.read_text().splitlines()[1:]:
        name, _, size = line.partition(":")
        # A clean page of a mapped file is shared with whoever maps it.
        kind = {"Private_Dirty": "own", "Private_Clean": "shared"}.get(
            name, "shared" if name.startswith("Shared_") else None
        )
        if kind:
            sizes[kind] += int(size.split()[0]) / 1024
    return sizes


if __name__ == "__main__":
    main()
