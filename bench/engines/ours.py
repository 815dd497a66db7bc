"""Our own engine: words as written, and words with what meets them by their lemmas.

The two have the same index. What of the engine's interface is used to look for words is
in ``bench.ladder``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from bench import ladder
from bench.corpus import Article
from bench.engines import FACETS, TOP
from bench.queries import Answer, Query
from search.engine import Field, Index, Search

BATCH = 5_000
FIELDS = (Field("text", "text"), *(Field(name, "facet") for name in FACETS))


class OursWritten:
    """Words as written."""

    most: ClassVar[int | None] = None
    exact: ClassVar[bool] = True
    rung: ClassVar[ladder.Rung] = "written"

    def __init__(self, folder: Path) -> None:
        if self.rung != "written" and not ladder.is_there():
            raise ImportError("the engine has no words of the match ladder")
        self._index = Index(folder, FIELDS)

    def build(self, articles: Sequence[Article]) -> None:
        """Commit some thousands at a time, then make one segment."""
        for start in range(0, len(articles), BATCH):
            with self._index.writer() as writer:
                for article in articles[start : start + BATCH]:
                    writer.put(
                        {
                            "id": article.key,
                            "text": article.text,
                            "section": (article.section,),
                            "year": (article.year,),
                        }
                    )
        self._index.merge()

    def search(self, query: Query) -> Answer:
        """Ask for everything in one search."""
        tree = ladder.tree(query, "text", self.rung)
        found = self._index.find(Search(tree, facets=FACETS, limit=TOP))
        return Answer(
            found.total,
            [(ladder.key_of(hit), hit.score) for hit in found.documents],
            found.facets,
        )

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()


class OursLemma(OursWritten):
    """Words, and whatever shares a lemma with them."""

    exact: ClassVar[bool] = False
    rung: ClassVar[ladder.Rung] = "lemma"
