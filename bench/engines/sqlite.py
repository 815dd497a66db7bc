"""SQLite's full-text search: a table without content, and one of facet values beside it.

The total and both facets come from one pass that groups by the two values together;
the first hits come from another, by bm25.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from bench.corpus import Article
from bench.engines import TOP
from bench.queries import Answer, Query

# Words are between spaces, whatever they are made of; they are folded already.
_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"

_SCHEMA = f"""
CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize="{_TOKENIZER}");
CREATE TABLE articles (number INTEGER PRIMARY KEY, key TEXT, section TEXT, year TEXT);
"""

_COUNTS = """
SELECT section, year, count(*) FROM words JOIN articles ON number = words.rowid
WHERE words MATCH ? GROUP BY section, year
"""

_TOP = f"""
SELECT key, -score FROM
    (SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ?
     ORDER BY score LIMIT {TOP})
JOIN articles ON number = rowid ORDER BY score
"""  # noqa: S608  Made of constants.


class SQLite:
    """A database file."""

    most: ClassVar[int | None] = None
    exact: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "articles.sqlite")
        # Enough to keep all of it in memory, as the others are kept by the system.
        self._connection.execute("PRAGMA cache_size = -1000000")
        self._connection.executescript(_SCHEMA)

    def build(self, articles: Sequence[Article]) -> None:
        """Write all in one transaction, then make one segment."""
        with self._connection as connection:
            connection.executemany(
                "INSERT INTO articles VALUES (?, ?, ?, ?)",
                ((n, a.key, a.section, a.year) for n, a in enumerate(articles)),
            )
            connection.executemany(
                "INSERT INTO words (rowid, text) VALUES (?, ?)",
                ((n, a.text) for n, a in enumerate(articles)),
            )
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.execute("ANALYZE")

    def search(self, query: Query) -> Answer:
        """Ask for the first hits, then count."""
        asked = (_expression(query),)
        sections: Counter[str] = Counter()
        years: Counter[str] = Counter()
        for section, year, count in self._connection.execute(_COUNTS, asked):
            sections[section] += count
            years[year] += count
        return Answer(
            sections.total(),
            self._connection.execute(_TOP, asked).fetchall(),
            {"section": sections, "year": years},
        )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _expression(query: Query) -> str:
    if query.kind == "phrase":
        return f'"{" ".join(query.words)}"'
    joined = " OR " if query.kind == "any" else " AND "
    return joined.join(f'"{word}"' for word in query.words)
