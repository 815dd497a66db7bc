"""Stock Haystack with its Whoosh backend, in a process of its own (``bench.stock``)."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from bench.corpus import Article
from bench.queries import Answer, Query


class StockHaystack:
    """A child process that indexes and answers."""

    # More would take the whole time of a measurement.
    most: ClassVar[int | None] = 5_000
    exact: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603  Our own program.
            [sys.executable, "-m", "bench.stock", str(folder / "index")],
            cwd=Path(__file__).parent.parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.seconds = 0.0

    def build(self, articles: Sequence[Article]) -> None:
        """Have all indexed in one commit."""
        self.seconds = self._ask(articles)

    def search(self, query: Query) -> Answer:
        """Have one search made for everything."""
        answer = self._ask({"kind": query.kind, "words": query.words})
        return Answer(
            answer["total"],
            [(key, score) for key, score in answer["hits"]],
            answer["facets"],
        )

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()

    def _ask(self, asked: Any) -> Any:
        to, answers = self._process.stdin, self._process.stdout
        assert to is not None  # noqa: S101  Both are pipes.
        assert answers is not None  # noqa: S101
        to.write(json.dumps(asked) + "\n")
        to.flush()
        answer = answers.readline()
        if not answer:
            raise RuntimeError("Stock Haystack ended; what it wrote says why.")
        return json.loads(answer)
