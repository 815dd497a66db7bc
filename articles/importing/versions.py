"""What an article is made of: kept before it changes, compared, and put back."""

from datetime import UTC, date, datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from articles.models import Article

PUBLISHED = (
    "title",
    "subtitle",
    "body",
    "language",
    "authors",
    "place",
    "source_id",
    "section_id",
    "published_on",
    "published_at",
    "url",
    "origin_id",
)
"""What was published, and where: of this a version is."""

KEPT = (*PUBLISHED, "status", "embargo", "expiry")
"""All that people and imports write of an article."""

_kept = attrgetter(*KEPT)

_MOMENTS = frozenset(["published_at", "embargo", "expiry", "changed"])


def values_of(article: Article) -> dict[str, Any]:
    """Return what an article is now, as JSON has it; with the time of its last change."""
    return {name: _plain(getattr(article, name)) for name in (*KEPT, "changed")}


def put_back(article: Article, values: dict[str, Any]) -> None:
    """Give an article the values that it had, without saving it."""
    for name, value in values.items():
        setattr(article, name, read_value(name, value))


def fingerprint(article: Article) -> str:
    """Return a digest of what an article is now: whoever edits it makes another."""
    # Digests are kept that were made before there was an expiry.
    values = _kept(article) if article.expiry else _kept(article)[:-1]
    # What parts the values stands in no text.
    written = "\0".join(
        [value if type(value) is str else _written(value) for value in values]
    )
    return blake2b(written.encode(), digest_size=16).hexdigest()


def _written(value: Any) -> str:
    return "\0\0".join(value) if isinstance(value, list) else str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def read_value(name: str, value: Any) -> Any:
    """Return a value that was kept, as an article has it."""
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "published_on" else value
