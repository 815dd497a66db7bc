"""A dozen articles in an index, and none in the database: most of Haystack needs no row."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from haystack import connections

from articles.models import Article, Section, Source
from search.backends import ArchiveSearchBackend, default_backend

_ARTICLES: dict[str, dict[str, Any]] = {
    "night": {
        "title": "Night train",
        "body": "The night train to Rabat is late.",
        "source": "atlas",
        "section": "travel",
        "published_on": date(2019, 3, 8),
        "published_at": datetime(2019, 3, 8, 7, 30, tzinfo=UTC),
    },
    "day": {
        "title": "A day in the capital",
        "body": "Two trains leave by day.",
        "source": "voile",
        "section": "travel",
        "published_on": date(2019, 3, 31),
        "published_at": datetime(2019, 3, 31, 23, 59, tzinfo=UTC),
    },
    "museum": {
        "title": "Museum",
        "subtitle": "The doors open",
        "body": "The museum opens at night.",
        "source": "atlas",
        "section": "culture",
        "published_on": date(2020, 1, 1),
    },
    "books": {
        "language": "ar",
        "title": "كتب جديدة",
        "body": "صدرت الكُتب الجديدة في الرباط.",
        "source": "atlas",
        "section": "culture",
        "published_on": date(2019, 9, 21),
    },
    "book": {
        "language": "ar",
        "title": "معرض",
        "body": "قرأ كتابا في المعرض.",
        "source": "voile",
        "section": "culture",
        "published_on": date(2021, 6, 30),
    },
    "library": {
        "language": "ar",
        "title": "مكتبة",
        "body": "أغلقت المكتبة أبوابها.",
        "source": "atlas",
        "published_on": date(2021, 2, 1),
    },
    "olives": {
        "language": "ar",
        "title": "حصاد الزيتون",
        "body": "بدأ حصاد الزيتون.",
        "source": "atlas",
        "place": "مكناس",
        "authors": ["سعاد"],
        "published_on": date(2020, 11, 15),
    },
    "security": {
        "language": "ar",
        "title": "بلاغ",
        "body": "قال الأمن الوطني إن الوضع هادئ.",
        "source": "atlas-2",
        "published_on": date(2020, 2, 29),
    },
    "hope": {
        "language": "ar",
        "title": "أمل",
        "body": "وصل القطار إلى الرباط.",
        "source": "atlas-2",
        "section": "travel",
        "published_on": date(2022, 1, 1),
    },
    "vote": {
        "language": "fr",
        "title": "Les élections",
        "body": "L'État compte les voix.",
        "source": "voile",
        "published_on": date(2021, 9, 8),
    },
    "voice": {
        "language": "fr",
        "title": "Une voix",
        "body": "La voix du train.",
        "source": "voile",
        "section": "culture",
        "published_on": date(2021, 9, 8),
        "published_at": datetime(2021, 9, 8, 12, tzinfo=UTC),
    },
    "undated": {
        "language": "fr",
        "title": "Sans date",
        "body": "Un musée.",
        "source": "voile",
        "published_on": None,
    },
}

NAMES = dict(enumerate(_ARTICLES, start=1))
KEYS = {name: number for number, name in NAMES.items()}
EVERY = frozenset(KEYS)


def named(results: Iterable[Any]) -> list[str]:
    """Return the names of the articles found, in their order."""
    return [NAMES[int(result.pk)] for result in results]


def build(name: str) -> Article:
    """Build one of the dozen, without a row."""
    values = {"language": "en"} | _ARTICLES[name]
    section = values.pop("section", None)
    return Article(
        **values
        | {
            "pk": KEYS[name],
            "source": Source(name=values["source"], slug=values["source"]),
            "section": section and Section(name=section, slug=section),
        }
    )


@pytest.fixture(scope="module")
def dozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveSearchBackend]:
    """Return the backend of an index with the dozen, in two segments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            connections.connections_info["default"],
            "PATH",
            str(tmp_path_factory.mktemp("dozen")),
        )
        connections.reload("default")
        backend = default_backend()
        for part in (list(KEYS)[:7], list(KEYS)[7:]):
            backend.update(backend.article_index, [build(name) for name in part])
        yield backend
        backend.index.close()
    connections.reload("default")
