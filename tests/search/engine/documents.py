"""A small index of six documents, all on one screen."""

from collections.abc import Mapping
from typing import Any

from search.engine import Field, Index

FIELDS = [
    Field("title", "text"),
    Field("text", "text"),
    Field("source", "facet"),
    Field("author", "facet"),
    Field("day", "number"),
    Field("url", "stored"),
]

DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": "1",
        "title": "Trains",
        "text": "The night train to Fes is late again",
        "source": ("atlas",),
        "author": ("Amal", "Bilal"),
        "day": 10,
        "url": "https://atlas.example/1",
    },
    {"id": "2", "text": "A new train, a night train", "source": ("atlas",), "day": 30},
    {
        "id": "3",
        "text": "The night falls on the museum",
        "source": ("bahr",),
        "day": 20,
    },
    {"id": "4", "text": "وصل القطار ليلا", "source": ("bahr",), "author": ("Amal",)},
    {"id": "5", "text": "تأخّر القِطار", "source": ("cap",), "day": 20},
    {"id": "6", "text": "train", "day": -5},
]


def put(index: Index, *documents: Mapping[str, Any]) -> None:
    """Add ``documents`` in one commit."""
    with index.writer() as writer:
        for document in documents:
            writer.put(document)


def remove(index: Index, *keys: str) -> None:
    """Remove documents in one commit."""
    with index.writer() as writer:
        for key in keys:
            writer.remove(key)
