"""Queries are drawn alike each time, and every engine finds what plain sets find."""

import os
from pathlib import Path

import pytest

from bench import ladder
from bench.corpus import Article
from bench.engines import MissingError, make
from bench.queries import KINDS, Query, TooFewError, draw, expected
from bench.search import measure, summary

WORDS = ["".join(chr(0x0628 + int(digit)) for digit in f"{n:03}") for n in range(120)]
QUERIES = [
    Query("rare", ("قمر",)),
    Query("common", ("بدر",)),
    Query("very_common", ("هلال",)),
    Query("all", ("هلال", "بدر")),
    Query("any", ("قمر", "بدر", "شمس")),
    Query("phrase", ("هلال", "بدر")),
]


def article(number: int, text: str) -> Article:
    return Article(f"a{number}", text, f"s{number % 3}", str(2014 + number % 2))


@pytest.fixture
def few() -> list[Article]:
    texts = ["هلال بدر", "بدر هلال", "هلال قمر", "هلال نجم هلال", "نجم it's 3.5"]
    return [article(number, text) for number, text in enumerate(texts)]


@pytest.fixture
def many() -> list[Article]:
    """Articles in which the n-th word is in every n-th."""
    return [
        article(
            number,
            " ".join(w for n, w in enumerate(WORDS, 1) if number % n == 0) + " نجم",
        )
        for number in range(240)
    ]


def test_the_same_queries_are_drawn_each_time(many: list[Article]) -> None:
    drawn = draw(many, of_a_kind=4)
    assert drawn == draw(many, of_a_kind=4)
    assert [query.kind for query in drawn] == [kind for kind in KINDS for _ in range(4)]
    assert len(set(drawn)) == len(drawn)


def test_every_query_that_is_drawn_finds_something(many: list[Article]) -> None:
    totals = expected(many, draw(many, of_a_kind=4))
    assert all(total for total, _ in totals)


def test_too_few_articles_are_refused(few: list[Article]) -> None:
    with pytest.raises(TooFewError, match="Give more articles"):
        draw(few)


def test_plain_sets_count(few: list[Article]) -> None:
    counted = expected(few, QUERIES)
    assert [total for total, _ in counted] == [1, 2, 4, 2, 3, 1]
    assert counted[3][1] == {
        "section": {"s0": 1, "s1": 1},
        "year": {"2014": 1, "2015": 1},
    }


@pytest.mark.parametrize(
    "name", ["ours_written", "whoosh", "haystack_whoosh", "sqlite_fts5", "tantivy"]
)
def test_engines_find_what_plain_sets_find(
    name: str, few: list[Article], tmp_path: Path
) -> None:
    check(name, few, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_postgresql_finds_what_plain_sets_find(
    few: list[Article], tmp_path: Path
) -> None:
    assert os.environ["DATABASE_URL"]  # The tests' server is taken.
    check("postgresql", few, tmp_path)


@pytest.mark.skipif(not ladder.is_there(), reason="the engine has no ladder yet")
def test_lemmas_find_more(few: list[Article], tmp_path: Path) -> None:
    engine = make("ours_lemma", tmp_path / "index")
    engine.build([*few, article(5, "الهلال")])
    assert engine.search(QUERIES[2]).total == 5
    engine.close()


def test_an_engine_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ladder, "Word", None)
    with pytest.raises(MissingError, match="ladder"):
        make("ours_lemma", tmp_path / "index")


def test_figures_are_given_by_kind(few: list[Article], tmp_path: Path) -> None:
    figures = measure("tantivy", tmp_path / "index", few, QUERIES)
    assert figures["articles"] == len(few)
    assert set(figures["kinds"]) == set(KINDS)
    assert 0 < figures["median_ms"] <= figures["p95_ms"]
    assert not (tmp_path / "index").exists()


def test_the_95th_percentile_is_one_of_the_times() -> None:
    assert summary([float(n) for n in range(100)]) == {"median_ms": 49.5, "p95_ms": 95}


def check(name: str, articles: list[Article], folder: Path) -> None:
    engine = make(name, folder / "index")
    try:
        engine.build(articles)
        answers = [engine.search(query) for query in QUERIES]
    finally:
        engine.close()
    counted = expected(articles, QUERIES)
    assert [answer.total for answer in answers] == [total for total, _ in counted]
    assert [answer.facets for answer in answers] == [facets for _, facets in counted]
    for answer in answers:
        assert len({key for key, _ in answer.hits}) == answer.total
        scores = [score for _, score in answer.hits]
        assert scores == sorted(scores, reverse=True)
