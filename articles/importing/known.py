"""What the archive has already: by address, by id, by text; and what is nearly the same.

``resketch`` sees to it that every article has a sketch of the text that it has now.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from itertools import chain
from typing import Self

from django.db import connection
from django.db.models import Exists, OuterRef

from articles.importing.sketches import (
    Shingles,
    TextSketch,
    distinct,
    likeness,
    shingles,
    sketch,
)
from articles.models import Article, Sketch

NEARLY = 0.7
"""The likeness from which an article is pointed out."""

CANDIDATES = 3
"""Articles that are compared with one at most: the last of those that share bands."""

_MOST_SHARED = 20_000
_PAGE = 500

# Django would make an expression of each of thousands of values. The indexes of addresses
# and ids are of what is not empty; that of addresses is of digests, for an address may
# be longer than an index has room for.
_WITH_URL = """
    SELECT id, url FROM articles_article
    WHERE url <> '' AND md5(url) = ANY(%s::text[]) ORDER BY id DESC
"""
_WITH_ID = """
    SELECT id, source_id, origin_id FROM articles_article
    WHERE origin_id <> '' AND source_id = ANY(%s::bigint[])
        AND origin_id = ANY(%s::text[])
"""
_WITH_TEXT = """
    SELECT article.id, article.source_id, sketch.text_key
    FROM articles_sketch AS sketch
    JOIN articles_article AS article ON article.id = sketch.article_id
        AND article.content_hash = sketch.content_hash
    WHERE sketch.text_key = ANY(%s::bigint[]) AND article.source_id = ANY(%s::bigint[])
    ORDER BY article.id DESC
"""
_KEEP = """
    WITH kept AS (
        INSERT INTO articles_sketch (article_id, content_hash, text_key, bands)
        SELECT article_id, content_hash, text_key, bands::bigint[]
        FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[])
            AS made (article_id, content_hash, text_key, bands)
        RETURNING article_id, bands
    )
    INSERT INTO articles_band (band, article_id)
    SELECT unnest(bands) AS band, article_id FROM kept ORDER BY band
"""
_SHARING = """
    SELECT band, article_id FROM articles_band
    WHERE band = ANY(%s::bigint[]) ORDER BY article_id DESC LIMIT %s
"""
_REMOVE = """
    WITH removed AS (
        DELETE FROM articles_sketch WHERE article_id = ANY(%s::bigint[])
        RETURNING article_id, bands
    )
    DELETE FROM articles_band
    USING (SELECT article_id, unnest(bands) AS band FROM removed) AS gone
    WHERE articles_band.band = gone.band
        AND articles_band.article_id = gone.article_id
"""

Key = tuple[str, object]


@dataclass(slots=True)
class Candidate:
    """An article made of a record, and what it may be known by."""

    article: Article
    sketch: TextSketch

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it may be known by, the surest first."""
        article = self.article
        keys: list[Key] = []
        if article.origin_id:
            keys.append(("id", (article.source_id, article.origin_id)))
        if article.url:
            keys.append(("url", article.url))
        keys.append(("text", (article.source_id, self.sketch.key)))
        return tuple(keys)

    @classmethod
    def of(cls, article: Article) -> Self:
        """Sketch an article."""
        return cls(article, sketch(article.title, article.body))


def known_articles(candidates: Iterable[Candidate]) -> dict[Key, int]:
    """Return the articles that the archive has, by all that they are known by."""
    keys = {key for candidate in candidates for key in candidate.keys}
    urls = [str(value) for kind, value in keys if kind == "url"]
    origins = [value for kind, value in keys if kind == "id"]
    texts = [value for kind, value in keys if kind == "text"]
    sources = array_of({value[0] for value in origins + texts})  # type: ignore[index]
    ids = [value[1] for value in origins]  # type: ignore[index]
    text_keys = array_of(value[1] for value in texts)  # type: ignore[index]
    found: dict[Key, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WITH_URL, [array_of(map(_md5, urls))])
        for pk, url in cursor.fetchall():
            found["url", url] = pk
        cursor.execute(_WITH_ID, [sources, ids])
        for pk, *value in cursor.fetchall():
            found["id", tuple(value)] = pk
        cursor.execute(_WITH_TEXT, [text_keys, sources])
        for pk, *value in cursor.fetchall():
            found["text", tuple(value)] = pk
    return {key: found[key] for key in keys & found.keys()}


def write_sketches(
    articles: Mapping[int, tuple[str, TextSketch]], *, new: bool = False
) -> None:
    """Keep sketches of articles, by their numbers, each with the hash of its content.

    Those of ``new`` articles have none yet.
    """
    if not new:
        remove_sketches(articles)
    if not articles:
        return
    hashes = [content_hash for content_hash, _ in articles.values()]
    kept = [sketch for _, sketch in articles.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                array_of(articles),
                array_of(hashes),
                array_of(one.key for one in kept),
                [array_of(sorted(set(one.bands))) for one in kept],
            ],
        )


def array_of(values: Iterable[object]) -> str:
    """Return numbers, or words of letters and digits, as PostgreSQL writes an array.

    That is all it needs to read them, and costs less than having each of them quoted.
    """
    return f"{{{','.join(map(str, values))}}}"


def remove_sketches(articles: Iterable[int]) -> None:
    """Remove the sketches of articles, by their numbers."""
    numbers = list(articles)
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [array_of(numbers)])


def nearly_the_same(
    candidates: Sequence[Candidate],
) -> dict[int, tuple[int, float]]:
    """Return number -> an earlier article that is nearly the same, and how nearly.

    The candidates are written, and not yet their sketches. The cost is bounded: of a
    text that stands in thousands of articles, some are compared.
    """
    sharing = _sharing(candidates)
    compared = {
        candidate.article.pk: _closest(candidate, sharing) for candidate in candidates
    }
    texts = _shingles_of({pk for pks in compared.values() for pk in pks}, candidates)
    found: dict[int, tuple[int, float]] = {}
    for candidate in candidates:
        near = [pk for pk in compared[candidate.article.pk] if pk in texts]
        if not near:
            continue
        own = distinct(candidate.sketch.shingles)
        best, other = max((likeness(own, texts[pk]), pk) for pk in near)
        if best >= NEARLY:
            found[candidate.article.pk] = other, best
    return found


def _sharing(candidates: Sequence[Candidate]) -> dict[int, list[int]]:
    """Return the articles by the bands that several have, the last first.

    The candidates come first, then the archive's.
    """
    own = [
        (candidate.article.pk, set(candidate.sketch.bands)) for candidate in candidates
    ]
    counts = Counter(chain.from_iterable(bands for _, bands in own))
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, [array_of(counts), _MOST_SHARED])
        kept = cursor.fetchall()
    sharing: dict[int, list[int]] = {
        band: [] for band, count in counts.items() if count > 1
    }
    sharing |= {band: [] for band, _ in kept}
    for pk, bands in reversed(own):
        for band in bands & sharing.keys():
            sharing[band].append(pk)
    for band, pk in kept:
        sharing[band].append(pk)
    return sharing


def _shingles_of(
    articles: set[int], candidates: Iterable[Candidate]
) -> dict[int, Shingles]:
    """Return the shingles of articles, by their numbers; some are the candidates'."""
    fresh = {
        candidate.article.pk: distinct(candidate.sketch.shingles)
        for candidate in candidates
        if candidate.article.pk in articles
    }
    kept = Article.objects.filter(pk__in=articles - fresh.keys())
    return fresh | {pk: shingles(body) for pk, body in kept.values_list("pk", "body")}


def resketch(progress: Callable[[], bool]) -> None:
    """Sketch the articles whose text has none, until ``progress`` returns False."""
    for page in _unsketched():
        write_sketches(
            {
                article.pk: (article.content_hash, sketch(article.title, article.body))
                for article in page
            }
        )
        if not progress():
            return


def _unsketched() -> Iterator[list[Article]]:
    true = Sketch.objects.filter(
        article=OuterRef("pk"), content_hash=OuterRef("content_hash")
    )
    wanted = Article.objects.filter(~Exists(true)).only(
        "pk", "title", "body", "content_hash"
    )
    last = 0
    while page := list(wanted.filter(pk__gt=last).order_by("pk")[:_PAGE]):
        yield page
        last = page[-1].pk


def _closest(candidate: Candidate, sharing: Mapping[int, list[int]]) -> list[int]:
    """Return the earlier articles that share most bands."""
    counts: dict[int, int] = {}
    for band in sharing.keys() & set(candidate.sketch.bands):
        earlier = [pk for pk in sharing[band] if pk < candidate.article.pk]
        for pk in earlier[: 4 * CANDIDATES]:
            counts[pk] = counts.get(pk, 0) + 1
    return sorted(counts, key=lambda pk: (-counts[pk], -pk))[:CANDIDATES]


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
