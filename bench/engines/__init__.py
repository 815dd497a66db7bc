"""The engines that are measured, each behind the same few calls.

``ENGINES`` names them. An engine is made with an empty folder, builds its index there
from articles in one go, and answers queries: the total, the first ``TOP`` hits with
keys and scores, and the counts of two facets. Each is used in the fastest way that its
interface has for that; how is said in its module.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from bench.corpus import Article
from bench.queries import Answer, Query

TOP = 20

FACETS = ("section", "year")


class Engine(Protocol):
    """An index in a folder.

    Attributes:
        most: the articles that it is asked to take at most; None for any number.
        exact: whether it finds what has the words of a query, and nothing more.
    """

    most: ClassVar[int | None]
    exact: ClassVar[bool]

    def build(self, articles: Sequence[Article]) -> None:
        """Index ``articles``, and make ready to search."""

    def search(self, query: Query) -> Answer:
        """Answer ``query``."""

    def close(self) -> None:
        """Let go of files and processes."""


class MissingError(Exception):
    """An engine cannot be had here."""


def make(name: str, folder: Path) -> Engine:
    """Make an engine with an empty folder.

    Raises:
        MissingError: what it needs is not installed.
    """
    folder.mkdir(parents=True)
    try:
        return ENGINES[name]()(folder)
    except ImportError as error:
        raise MissingError(str(error)) from error


def size_of(folder: Path) -> int:
    """Return the bytes of all files in ``folder``."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


# Imported when asked for: who measures one engine needs no other.
def _ours_written() -> Callable[[Path], Engine]:
    from bench.engines.ours import OursWritten  # noqa: PLC0415

    return OursWritten


def _ours_lemma() -> Callable[[Path], Engine]:
    from bench.engines.ours import OursLemma  # noqa: PLC0415

    return OursLemma


def _whoosh() -> Callable[[Path], Engine]:
    from bench.engines.own_whoosh import OwnWhoosh  # noqa: PLC0415

    return OwnWhoosh


def _haystack_whoosh() -> Callable[[Path], Engine]:
    from bench.engines.stock_haystack import StockHaystack  # noqa: PLC0415

    return StockHaystack


def _sqlite_fts5() -> Callable[[Path], Engine]:
    from bench.engines.sqlite import SQLite  # noqa: PLC0415

    return SQLite


def _postgresql() -> Callable[[Path], Engine]:
    from bench.engines.postgresql import PostgreSQL  # noqa: PLC0415

    return PostgreSQL


def _tantivy() -> Callable[[Path], Engine]:
    from bench.engines.own_tantivy import Tantivy  # noqa: PLC0415

    return Tantivy


ENGINES: dict[str, Callable[[], Callable[[Path], Engine]]] = {
    "ours_written": _ours_written,
    "ours_lemma": _ours_lemma,
    "whoosh": _whoosh,
    "haystack_whoosh": _haystack_whoosh,
    "sqlite_fts5": _sqlite_fts5,
    "postgresql": _postgresql,
    "tantivy": _tantivy,
}
