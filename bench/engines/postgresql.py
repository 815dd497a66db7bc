"""PostgreSQL's full-text search: GIN over a ``tsvector``, ranked by ``ts_rank``.

The vectors are written word by word instead of being cut from text by ``to_tsvector``,
whose parser would find other words than the other engines are given. One statement
gives the total, the first hits and both facets from one look into the index. It runs
in one process, planned once, on the server that ``DATABASE_URL`` names, or else on an
embedded one in the engine's folder.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from bench.corpus import Article
from bench.engines import TOP
from bench.queries import Answer, Query
from newsarchive import database

LAST_POSITION = 16_383
"""Beyond it, a ``tsvector`` counts no further."""

_CREATE = """
CREATE TEMPORARY TABLE bench_articles
    (key text, section text, year text, words tsvector)
"""

_SEARCH = f"""
WITH found AS MATERIALIZED (
    SELECT key, section, year, ts_rank(words, asked) AS score
    FROM bench_articles, CAST(%s AS tsquery) AS asked WHERE words @@ asked
)
SELECT
    (SELECT count(*) FROM found),
    (SELECT json_agg(json_build_array(key, score)) FROM
        (SELECT key, score FROM found ORDER BY score DESC LIMIT {TOP}) AS top),
    (SELECT json_object_agg(section, n) FROM
        (SELECT section, count(*) AS n FROM found GROUP BY section) AS sections),
    (SELECT json_object_agg(year, n) FROM
        (SELECT year, count(*) AS n FROM found GROUP BY year) AS years)
"""  # noqa: S608  Made of constants.


class PostgreSQL:
    """A table of its own that goes with the connection."""

    most: ClassVar[int | None] = None
    exact: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("NEWSARCHIVE_VAR", str(folder))
        self._connection = psycopg.connect(database.ensure_running(), autocommit=True)
        for setting in (
            "max_parallel_workers_per_gather = 0",
            "max_parallel_maintenance_workers = 0",
            "jit = off",
            "work_mem = '256MB'",
            "temp_buffers = '1GB'",
            "maintenance_work_mem = '512MB'",
        ):
            self._connection.execute(f"SET {setting}")
        self._connection.execute(_CREATE)

    def build(self, articles: Sequence[Article]) -> None:
        """Copy all, then make the index."""
        with self._connection.cursor() as cursor:
            with cursor.copy("COPY bench_articles FROM STDIN") as copy:
                for article in articles:
                    copy.write_row(
                        (
                            article.key,
                            article.section,
                            article.year,
                            _vector(article.text),
                        )
                    )
            cursor.execute("CREATE INDEX ON bench_articles USING gin (words)")
            cursor.execute("VACUUM ANALYZE bench_articles")

    def search(self, query: Query) -> Answer:
        """Ask for everything in one statement."""
        row: Any = self._connection.execute(
            _SEARCH, [_expression(query)], prepare=True
        ).fetchone()
        total, hits, sections, years = row
        return Answer(
            total,
            [(key, score) for key, score in hits or ()],
            {"section": sections or {}, "year": years or {}},
        )

    def size(self) -> int:
        """Return the bytes of the index, without those of the table."""
        row: Any = self._connection.execute(
            "SELECT pg_indexes_size('bench_articles')"
        ).fetchone()
        return int(row[0])

    def close(self) -> None:
        """Drop the table with the connection."""
        self._connection.close()


def _vector(text: str) -> str:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(text.split(" "), start=1):
        places.setdefault(word, []).append(min(place, LAST_POSITION))
    return " ".join(
        f"{_quoted(word)}:{','.join(map(str, at))}" for word, at in places.items()
    )


def _expression(query: Query) -> str:
    joined = {"phrase": " <-> ", "any": " | "}.get(query.kind, " & ")
    return joined.join(map(_quoted, query.words))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
