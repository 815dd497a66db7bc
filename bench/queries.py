"""Queries of six kinds, drawn from the articles by how many of these have their words.

Words are drawn from three bands, by the share of the articles that have them. Words
that are looked for together, and phrases, are taken from an article drawn at random, so
that there is something to find. The same articles and the same seed give the same
queries. ``expected`` says what there is to find, by plain sets.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.corpus import Article

Kind = Literal["rare", "common", "very_common", "all", "any", "phrase"]

KINDS: tuple[Kind, ...] = ("rare", "common", "very_common", "all", "any", "phrase")

BANDS: Mapping[str, tuple[float, float]] = {
    "rare": (0.0001, 0.001),
    "common": (0.01, 0.06),
    "very_common": (0.15, 1.0),
}
"""Shares of the articles that have a word, from and up to."""

FEW = 10
"""Articles that a rare word may have, however few there are in all."""

OF_A_KIND = 12
SHORTEST = 3
LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words, and how they are looked for."""

    kind: Kind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found.

    Attributes:
        total: all articles that match.
        hits: keys and scores of the first ones, the best first.
        facets: "section" and "year" -> value -> articles that match and have it.
    """

    total: int
    hits: Sequence[tuple[str, float]]
    facets: Mapping[str, Mapping[str, int]]


class TooFewError(Exception):
    """The articles do not have the words that queries are made of."""


def draw(
    articles: Sequence[Article], *, of_a_kind: int = OF_A_KIND, seed: int = 4
) -> list[Query]:
    """Draw ``of_a_kind`` different queries of each kind.

    Raises:
        TooFewError: there are not so many in these articles.
    """
    chance = random.Random(seed)  # noqa: S311  The same queries each time.
    bands = _bands(articles)
    banded = {word for words in bands.values() for word in words}
    known = bands["common"] + bands["very_common"]

    def several(count: int) -> tuple[str, ...]:
        words = set(chance.choice(articles).text.split()).intersection(known_set)
        return tuple(chance.sample(sorted(words), min(count, len(words))))

    def phrase() -> tuple[str, ...]:
        words = chance.choice(articles).text.split()
        count = chance.randint(2, LONGEST_PHRASE)
        start = chance.randrange(max(len(words) - count, 1))
        return tuple(words[start : start + count])

    known_set = set(known)
    make: dict[Kind, Callable[[], tuple[str, ...]]] = {
        "rare": lambda: (chance.choice(bands["rare"]),),
        "common": lambda: (chance.choice(bands["common"]),),
        "very_common": lambda: (chance.choice(bands["very_common"]),),
        "all": lambda: several(chance.randint(2, 4)),
        "any": lambda: tuple(chance.sample(known, 3)),
        "phrase": phrase,
    }
    fits: dict[Kind, Callable[[tuple[str, ...]], bool]] = {
        "all": lambda words: len(words) > 1,
        # Words of no band are left out of phrases: other letters, and numbers.
        "phrase": lambda words: len(words) > 1 and banded.issuperset(words),
    }
    queries: list[Query] = []
    for kind in KINDS:
        drawn: dict[tuple[str, ...], None] = {}
        for _ in range(1000 * of_a_kind):
            words = make[kind]()
            if kind not in fits or fits[kind](words):
                drawn[words] = None
            if len(drawn) == of_a_kind:
                break
        else:
            raise TooFewError(f"Give more articles: too few queries ({kind}) in these.")
        queries += [Query(kind, words) for words in drawn]
    return queries


def expected(
    articles: Iterable[Article], queries: Sequence[Query]
) -> list[tuple[int, Mapping[str, Mapping[str, int]]]]:
    """Return the total and the facet counts of each query."""
    totals = [0] * len(queries)
    sections: list[Counter[str]] = [Counter() for _ in queries]
    years: list[Counter[str]] = [Counter() for _ in queries]
    for article in articles:
        words = set(article.text.split())
        for number, query in enumerate(queries):
            if _matches(query, article.text, words):
                totals[number] += 1
                sections[number][article.section] += 1
                years[number][article.year] += 1
    return [
        (total, {"section": section, "year": year})
        for total, section, year in zip(totals, sections, years, strict=True)
    ]


def _matches(query: Query, text: str, words: set[str]) -> bool:
    if query.kind == "any":
        return not words.isdisjoint(query.words)
    if not words.issuperset(query.words):
        return False
    return query.kind != "phrase" or f" {' '.join(query.words)} " in f" {text} "


def _bands(articles: Sequence[Article]) -> dict[str, list[str]]:
    counts: Counter[str] = Counter()
    for article in articles:
        counts.update(set(article.text.split()))
    known = sorted(
        (word, count)
        for word, count in counts.items()
        if count > 1 and len(word) >= SHORTEST and word.isalpha()
    )
    bands = {}
    for name, (least, most) in BANDS.items():
        top = max(most * len(articles), FEW if name == "rare" else 0)
        bands[name] = [w for w, count in known if least * len(articles) <= count <= top]
    for name, words in bands.items():
        if not words:
            raise TooFewError(f"Give more articles: no word of these is {name}.")
    return bands
