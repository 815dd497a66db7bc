"""Articles that cannot be indexed, for tests: in this process, and in its workers."""

from collections.abc import Sequence
from typing import Any

import django
import pytest

from search.analysis import classify

UNPREPARED = "venom"
"""A word that no document can be made of."""

UNCLASSIFIED = "hemlock"
"""A word that spoils the commit that it is part of."""


def prepare_length(_index: object, article: Any) -> int:
    """Stand in for that of ``ArticleIndex``."""
    if UNPREPARED in article.body:
        raise ValueError(f"{UNPREPARED} has no length\0")
    return len(article.body)


def classify_words(words: Sequence[str], **options: Any) -> Any:
    """Stand in for ``classify``."""
    if UNCLASSIFIED in words:
        raise IndexError(f"{UNCLASSIFIED} is of no class")
    return classify(words, **options)


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both words do what they do, in this process."""
    from search.engine.segments import (  # noqa: PLC0415  after Django is set up
        forget_words,
        known,
    )
    from search.search_indexes import ArticleIndex  # noqa: PLC0415

    monkeypatch.setattr(ArticleIndex, "prepare_length", prepare_length)
    monkeypatch.setattr(known, "classify", classify_words)
    # A word that was classified before is not classified again.
    forget_words()


def setup() -> None:
    """Begin as a worker does, poisoned for good."""
    django.setup()
    poison(pytest.MonkeyPatch())
