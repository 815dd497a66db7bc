"""The backend: results of a ``SearchQuerySet``, over an index with its rows."""

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from haystack import connections
from haystack.exceptions import MoreLikeThisError, SearchBackendError
from haystack.models import SearchResult
from haystack.query import RelatedSearchQuerySet, SearchQuerySet

from articles.models import Article, Source, Status
from search.backends import ArchiveSearchBackend, default_backend
from search.engine import Index
from tests.factories import build_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def five(search_backend: ArchiveSearchBackend) -> list[Article]:
    atlas = make_source(slug="atlas")
    voile = make_source(slug="voile")
    made = [
        build_article(
            source=atlas,
            title="Night train",
            body="The night train is late.",
            published_on=date(2019, 3, 8),
            published_at=datetime(2019, 3, 8, 7, 30, 1, 5, tzinfo=UTC),
        ),
        build_article(source=voile, body="A day train.", published_on=None),
        build_article(source=atlas, body="A museum <by night>."),
        build_article(
            source=voile,
            language="ar",
            title="كتب",
            body="صدرت الكُتُب في الرباط.",
            published_on=date(2020, 1, 2),
        ),
        build_article(
            source=voile,
            title="Night train again",
            body="The night train is in time.",
            published_on=date(2019, 3, 8),
            published_at=datetime(2019, 3, 8, 9, tzinfo=UTC),
        ),
    ]
    Article.objects.bulk_create(made)
    assert search_backend.index.count() == len(made)
    return made


def keys(results: Any) -> list[int]:
    return [int(result.pk) for result in results]


def places(results: Any, articles: list[Article]) -> list[int]:
    """Return which of ``articles`` were found, by their places."""
    known = [article.pk for article in articles]
    return [known.index(key) for key in keys(results)]


# Results


def test_results_have_the_fields_and_their_object(
    five: list[Article], django_assert_num_queries: Callable[..., Any]
) -> None:
    # Every field of a result is stored in the index.
    with django_assert_num_queries(0):
        [result] = SearchQuerySet().filter(content="late")
        assert (result.title, result.source) == ("Night train", "atlas")
        assert result.published_on == date(2019, 3, 8)
        assert result.published_at == five[0].published_at
        assert result.id == f"articles.article.{five[0].pk}"
        assert (result.app_label, result.model_name) == ("articles", "article")
        assert result.model is Article
        assert result.score > 0
        assert result.get_additional_fields()["section"] == "-"
    with django_assert_num_queries(1):
        assert result.object == five[0]


def test_counting_and_slicing_cost_no_queries_of_the_database(
    five: list[Article], django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        results = SearchQuerySet().order_by("published_on", "-published_at")
        assert (results.count(), len(results)) == (5, 5)
        assert places(results, five) == [4, 0, 2, 3, 1]
        assert places(results[1:3], five) == [0, 2]
        assert places(results[3:], five) == [3, 1]
        assert places(results[:2], five) == [4, 0]
        assert places([results[4]], five) == [1]
        assert results[7:9] == []
        assert results[0:0] == []
        assert places([results.best_match()], five) == [4]
        assert places([results.latest("published_on")], five) == [3]


def test_more_results_than_a_page_are_all_given(
    search_backend: ArchiveSearchBackend,
) -> None:
    articles = [
        Article(pk=10_000 + n, title="x", body="Plum.", source=Source(slug="s"))
        for n in range(1200)
    ]
    search_backend.update(search_backend.article_index, articles)
    results = SearchQuerySet().filter(content="plum")
    assert len(set(keys(results))) == 1200
    assert len(results[150:]) == 1050
    assert len(search_backend.search("plum")["results"]) == 1200


def test_values_are_those_of_the_fields_named(
    five: list[Article], django_assert_num_queries: Callable[..., Any]
) -> None:
    results = SearchQuerySet().filter(content="night train").order_by("-published_at")
    with django_assert_num_queries(0):
        assert list(results.values_list("pk", "source")) == [
            [str(five[4].pk), "voile"],
            [str(five[0].pk), "atlas"],
        ]
        assert list(results.values_list("title", flat=True)) == [
            "Night train again",
            "Night train",
        ]
        assert results.values("id", "published_on")[0] == {
            "id": f"articles.article.{five[4].pk}",
            "published_on": date(2019, 3, 8),
        }


def test_objects_are_loaded_in_one_query_and_only_those_that_may_be_shown(
    five: list[Article], django_assert_num_queries: Callable[..., Any]
) -> None:
    results = SearchQuerySet().order_by("published_on", "-published_at")
    with django_assert_num_queries(1):
        assert [r.object for r in results.load_all()] == [
            five[n] for n in (4, 0, 2, 3, 1)
        ]
    # The index has yet to follow.
    gone_key = five[0].pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_article WHERE id = %s", [five[0].pk])
        cursor.execute(
            "UPDATE articles_article SET status = %s WHERE id = %s",
            [Status.WITHDRAWN, five[2].pk],
        )
    assert [r.object for r in results.load_all()] == [five[n] for n in (4, 3, 1)]
    gone = [result.object for result in results if int(result.pk) == gone_key]
    assert gone == [None]
    related = RelatedSearchQuerySet().load_all()
    chosen = related.load_all_queryset(Article, Article.objects.filter(language="ar"))
    assert [result.object for result in chosen] == [five[3]]


def test_only_results_of_the_models_asked_for_are_given() -> None:
    assert SearchQuerySet().models(Article).count() == 5
    with pytest.warns(UserWarning, match="not registered"):
        results = SearchQuerySet().models(Source)
    assert results.count() == 0


class Card(SearchResult):  # type: ignore[misc]
    """A result of somebody's own."""


def test_results_may_be_of_another_class() -> None:
    results = SearchQuerySet().result_class(Card)
    assert {type(result) for result in results} == {Card}
    assert type(results.result_class(None)[0]) is SearchResult


def test_a_query_can_be_pickled_and_none_finds_nothing(five: list[Article]) -> None:
    results = SearchQuerySet().filter(content="late")
    copy = pickle.loads(pickle.dumps(results))  # noqa: S301  our own
    assert places(copy, five) == [0]
    assert list(SearchQuerySet().none()) == []


def test_autocompletion_finds_words(five: list[Article]) -> None:
    assert places(SearchQuerySet().autocomplete(title="night again"), five) == [4]


def test_a_connection_of_its_own_has_an_index_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, five: list[Article]
) -> None:
    info = connections.connections_info
    other = info["default"] | {"PATH": str(tmp_path / "other")}
    monkeypatch.setitem(info, "other", other)
    backend = connections["other"].get_backend()
    backend._path = tmp_path / "other"
    backend.update(backend.article_index, five[:1])
    assert places(SearchQuerySet().using("other"), five) == [0]
    assert SearchQuerySet(using="other").count() == 1
    assert SearchQuerySet().count() == 5
    del connections.thread_local.connections["other"]


# Order


@pytest.mark.parametrize(
    ("order", "found"),
    [
        pytest.param(["published_on", "-published_at"], [4, 0, 2, 3, 1], id="mixed"),
        pytest.param(["published_on", "published_at"], [0, 4, 2, 3, 1], id="rising"),
        pytest.param(
            ["-published_on", "published_at"], [3, 2, 0, 4, 1], id="other way"
        ),
        pytest.param(
            ["-published_at", "-published_on"], [4, 0, 3, 2, 1], id="the unknown last"
        ),
        pytest.param(["source", "-published_on"], [2, 0, 3, 4, 1], id="a facet"),
        pytest.param(
            ["-source", "published_on"], [4, 3, 1, 0, 2], id="a facet falling"
        ),
    ],
)
def test_results_are_ordered_by_numbers_and_facets_in_mixed_directions(
    five: list[Article], order: list[str], found: list[int]
) -> None:
    assert places(SearchQuerySet().order_by(*order), five) == found


@pytest.mark.parametrize("name", ["title", "-colour"])
def test_other_orders_are_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(SearchBackendError, match="published_on, published_at"):
        list(SearchQuerySet().order_by(name))


# Highlights


@pytest.mark.parametrize(
    ("query", "highlighted"),
    [
        pytest.param("late", "The night train is <mark>late</mark>.", id="a word"),
        pytest.param("كتاب", "صدرت <mark>الكُتُب</mark> في الرباط.", id="a plural"),
        pytest.param("museum", "A <mark>museum</mark> &lt;by night&gt;.", id="escaped"),
        pytest.param(
            '"night train" -time',
            "The <mark>night</mark> <mark>train</mark> is late.",
            id="a phrase",
        ),
        pytest.param(
            "museum -late", "A <mark>museum</mark> &lt;by night&gt;.", id="not"
        ),
    ],
)
def test_matched_words_are_highlighted(query: str, highlighted: str) -> None:
    [result] = SearchQuerySet().auto_query(query).highlight()
    assert result.highlighted == {"text": [highlighted]}


def test_what_only_narrows_or_is_excluded_is_not_highlighted(
    five: list[Article],
) -> None:
    results = SearchQuerySet().filter(content="late", source="atlas")
    [result] = results.exclude(content="museum").narrow("train").highlight()
    assert result.highlighted == {"text": ["The night train is <mark>late</mark>."]}
    [only_excluded] = (
        SearchQuerySet().exclude(content="train").filter(source="atlas").highlight()
    )
    assert only_excluded.highlighted == {"text": ["A museum &lt;by night&gt;."]}


def test_highlights_are_as_long_as_asked_for() -> None:
    [result] = SearchQuerySet().filter(content="late").highlight(length=10)
    assert result.highlighted == {"text": ["… <mark>late</mark>."]}
    with pytest.raises(SearchBackendError, match="It has length"):
        list(SearchQuerySet().highlight(pre_tags=["<b>"]))


# More like this


def test_articles_like_one_are_found_within_the_filters(five: list[Article]) -> None:
    alike = SearchQuerySet().more_like_this(five[0])
    assert places(alike, five)[0] == 4
    assert five[0].pk not in keys(alike)
    assert alike.count() == len(keys(alike))
    assert places(alike[0:1], five) == [4]
    assert places(alike.filter(content="museum"), five) in ([2], [])
    assert places(alike.filter(source="voile"), five)[0] == 4
    assert set(keys(alike.narrow("source:atlas"))) <= {five[2].pk}
    assert keys(alike.models(Article)) == keys(alike)
    assert alike.values_list("title", flat=True)[0] == "Night train again"


def test_nothing_is_like_an_article_that_is_not_indexed() -> None:
    unknown = Article(pk=999_999)
    assert list(SearchQuerySet().more_like_this(unknown)) == []
    with pytest.raises(MoreLikeThisError, match="Give more_like_this"):
        SearchQuerySet().query.run_mlt()


# Spelling


def test_what_was_probably_meant_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def suggest(_index: Index, text: str) -> str | None:
        asked.append(text)
        return "museum" if text == "musuem" else None

    monkeypatch.setattr(Index, "suggest", suggest)
    results = SearchQuerySet().filter(content="musuem")
    assert results.spelling_suggestion() == "museum"
    assert results.spelling_suggestion("train") is None
    assert results.set_spelling_query("musuem").spelling_suggestion() == "museum"
    assert (
        SearchQuerySet().auto_query("musuem -train").spelling_suggestion() == "museum"
    )
    assert asked == ["musuem", "train", "musuem", "musuem"]


def test_the_engine_suggests_words_of_the_archive() -> None:
    assert SearchQuerySet().filter(content="musuem").spelling_suggestion() == "museum"
    assert SearchQuerySet().filter(content="museum").spelling_suggestion() is None


def test_nothing_is_suggested_unless_the_connection_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(default_backend(), "include_spelling", False)
    assert SearchQuerySet().filter(content="musuem").spelling_suggestion() is None


# What there is not


@pytest.mark.parametrize(
    ("ask", "cure"),
    [
        (lambda s: s.stats("year"), "facet()"),
        (lambda s: s.within("place", None, None), "Filter by place"),
        (lambda s: s.dwithin("place", None, None), "Filter by place"),
        (lambda s: s.distance("place", None), "Filter by place"),
    ],
    ids=["stats", "within", "dwithin", "distance"],
)
def test_what_the_engine_has_not_is_refused_with_a_cure(
    ask: Callable[[SearchQuerySet], object], cure: str
) -> None:
    with pytest.raises(SearchBackendError) as raised:
        ask(SearchQuerySet())
    assert cure in str(raised.value)


def test_a_connection_without_a_path_is_refused_with_a_cure() -> None:
    with pytest.raises(SearchBackendError, match="PATH"):
        ArchiveSearchBackend("default")
