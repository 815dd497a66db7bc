"""What the archive has already: by address, by id, by text; and what is nearly the same.

``resketch`` sees to it that every article has a sketch of the text that it has now.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5

from articles.importing.copying import copy_in
from articles.importing.sketches import TextSketch, likeness, shingles, sketch
from articles.models import Article, Band, Sketch

NEARLY = 0.7
"""The likeness from which an article is pointed out."""

CANDIDATES = 3
"""Articles that are compared with one at most: the last of those that share bands."""

_MOST_SHARED = 20_000
_PAGE = 500

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
    def of(cls, article: Article) -> "Candidate":
        """Sketch an article."""
        return cls(article, sketch(article.title, article.body))


def known_articles(candidates: Iterable[Candidate]) -> dict[Key, int]:
    """Return the articles that the archive has, by all that they are known by."""
    keys = {key for candidate in candidates for key in candidate.keys}
    origins = {value for kind, value in keys if kind == "id"}
    urls = [str(value) for kind, value in keys if kind == "url"]
    texts = {value for kind, value in keys if kind == "text"}
    found: dict[Key, int] = {}
    # The index is of digests: an address may be longer than an index has room for.
    rows = Article.objects.alias(digest=MD5("url")).filter(
        ~Q(url=""), digest__in=[_md5(url) for url in urls]
    )
    for pk, url in rows.order_by("-pk").values_list("pk", "url"):
        found["url", url] = pk
    sources = {value[0] for value in origins | texts}  # type: ignore[index]
    ids = Article.objects.filter(
        source_id__in=sources,
        origin_id__in=[value[1] for value in origins],  # type: ignore[index]
    )
    for pk, *value in ids.values_list("pk", "source_id", "origin_id"):
        found["id", tuple(value)] = pk
    sketches = Sketch.objects.filter(
        text_key__in=[value[1] for value in texts],  # type: ignore[index]
        article__source_id__in=sources,
        content_hash=F("article__content_hash"),
    )
    for pk, *value in sketches.order_by("-pk").values_list(
        "pk", "article__source_id", "text_key"
    ):
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
    written = [
        Sketch(
            article_id=pk,
            content_hash=content_hash,
            text_key=kept.key,
            bands=sorted(set(kept.bands)),
        )
        for pk, (content_hash, kept) in articles.items()
    ]
    copy_in(written)
    copy_in(
        [
            Band(band=band, article_id=kept.article_id)
            for kept in written
            for band in kept.bands
        ]
    )


def remove_sketches(articles: Iterable[int]) -> None:
    """Remove the sketches of articles, by their numbers."""
    numbers = list(articles)
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE, [numbers])


def nearly_the_same(
    candidates: Sequence[Candidate],
) -> dict[int, tuple[int, float]]:
    """Return number -> an earlier article that is nearly the same, and how nearly.

    The candidates are written, and their sketches. The cost is bounded: of a text that
    stands in thousands of articles, some are compared.
    """
    sharing: dict[int, list[int]] = {}
    bands = {band for candidate in candidates for band in candidate.sketch.bands}
    with connection.cursor() as cursor:
        # Django would make an expression of each of thousands of numbers.
        cursor.execute(_SHARING, [list(bands), _MOST_SHARED])
        for band, pk in cursor.fetchall():
            sharing.setdefault(band, []).append(pk)
    compared = {
        candidate.article.pk: _closest(candidate, sharing) for candidate in candidates
    }
    others = {pk for pks in compared.values() for pk in pks}
    bodies = Article.objects.filter(pk__in=others).values_list("pk", "body")
    texts = {pk: shingles(body) for pk, body in bodies}
    found: dict[int, tuple[int, float]] = {}
    for candidate in candidates:
        pk = candidate.article.pk
        near = [other for other in compared[pk] if other in texts]
        if not near:
            continue
        own = texts.get(pk)
        if own is None:
            own = shingles(candidate.article.body)
        best, other = max((likeness(own, texts[other]), other) for other in near)
        if best >= NEARLY:
            found[pk] = other, best
    return found


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
    for band in set(candidate.sketch.bands):
        earlier = [pk for pk in sharing.get(band, []) if pk < candidate.article.pk]
        for pk in earlier[: 4 * CANDIDATES]:
            counts[pk] = counts.get(pk, 0) + 1
    return sorted(counts, key=lambda pk: (-counts[pk], -pk))[:CANDIDATES]


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
