"""Articles to measure with: the same words for every engine, and where they came from.

Engines cut and fold words in ways of their own. Here that is done before they see
anything: the text of an ``Article`` is its folded words, one space between each two.
"""

import json
import lzma
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from search.analysis import fold_all, written_words

NONE = "none"
"""Stands for a value that an article does not have."""


NEWSPAPERS = ("saudinewsnet.jsonl.xz", "sanad_alkhaleej.jsonl.xz")


class DataError(Exception):
    """Articles that are not there or cannot be read."""


class Article(NamedTuple):
    """What engines are given.

    Attributes:
        key: its name.
        text: the folded words of title and body, with spaces between them.
        section: its section, or its source where it has none.
        year: the year of publication, in four digits.
    """

    key: str
    text: str
    section: str
    year: str


def newspapers() -> list[Path]:
    """Return the files of the Arabic newspapers."""
    checkout = Path(__file__).parent.parent
    data = Path(os.environ.get("NEWSARCHIVE_DATA") or checkout.parent / "shared/data")
    return [data / "press" / name for name in NEWSPAPERS]


def read_articles(files: Iterable[Path], limit: int | None = None) -> list[Article]:
    """Return the first ``limit`` articles of ``files``.

    Raises:
        DataError: a file is not there, a line is no article, or there is none at all.
    """
    articles = list(islice(_articles(files), limit))
    if not articles:
        raise DataError("There is no article to measure with.")
    return articles


def read_records(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the articles of JSON lines as they are written.

    Raises:
        DataError: a file is not there, or a line is no JSON object.
    """
    for file in files:
        if not file.is_file():
            raise DataError(
                f"{file}: there is no such file. README, 'Development', says where "
                "articles to measure with are looked for."
            )
        opened = lzma.open if file.suffix == ".xz" else open
        with opened(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _record(file, number, line)


def folded_words(text: str) -> list[str]:
    """Return the folded words of ``text``."""
    return [word for word in fold_all(written_words(text)) if word]


def _record(file: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise DataError(f"{file}, line {number}: this is no JSON ({error})") from error
    if not isinstance(record, dict):
        raise DataError(f"{file}, line {number}: this is no JSON object")
    return record


def _articles(files: Iterable[Path]) -> Iterator[Article]:
    seen: set[str] = set()
    for number, record in enumerate(read_records(files)):
        key = str(record.get("id") or number)
        if key in seen:
            continue
        seen.add(key)
        text = f"{record.get('title') or ''}\n{record.get('body') or ''}"
        yield Article(
            key=key,
            text=" ".join(folded_words(text)),
            section=record.get("section") or record.get("source") or NONE,
            year=(record.get("published") or NONE)[:4],
        )


def size_of_text(articles: Sequence[Article]) -> int:
    """Return the bytes that the texts take in UTF-8."""
    return sum(len(article.text.encode()) for article in articles)
