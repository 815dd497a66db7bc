"""Filters as strings: what ``narrow`` and ``query_facet`` take."""

from datetime import date
from typing import Any

import pytest
from haystack.exceptions import SearchBackendError
from haystack.inputs import AutoQuery, Exact, Not, Raw
from haystack.query import SQ, SearchQuerySet

from tests.search.backends.conftest import EVERY, named

pytestmark = pytest.mark.usefixtures("dozen")


def found(*narrow: str | SQ) -> set[str]:
    results = SearchQuerySet().all()
    for query in narrow:
        results = results.narrow(query)
    return set(named(results))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("source:atlas-2", {"security", "hope"}, id="a value"),
        pytest.param('source:"atlas-2"', {"security", "hope"}, id="in quotes"),
        pytest.param("source: atlas-2", {"security", "hope"}, id="after a blank"),
        pytest.param("source:atlas-*", {"security", "hope"}, id="a beginning"),
        pytest.param("source:*-2", {"security", "hope"}, id="an end"),
        pytest.param("section:*rave*", {"night", "day", "hope"}, id="a part"),
        pytest.param("published_on:*", EVERY - {"undated"}, id="any value"),
        pytest.param("published_on:[* TO *]", EVERY - {"undated"}, id="any at all"),
        pytest.param("-published_on:*", {"undated"}, id="no value"),
        pytest.param("*:*", EVERY, id="everything"),
        pytest.param("", EVERY, id="nothing"),
        pytest.param("title:train", {"night"}, id="a word"),
        pytest.param('title:"night train"', {"night"}, id="a phrase"),
        pytest.param("title:ELEC*", {"vote"}, id="a beginning of a word"),
        pytest.param("train", {"night", "day", "voice"}, id="what a reader types"),
        pytest.param("train voix", {"voice"}, id="two words"),
        pytest.param("train -night", {"day", "voice"}, id="an unwanted word"),
        pytest.param(
            "published_on:[2020-01-01 TO 2020-02-29]",
            {"museum", "security"},
            id="range",
        ),
        pytest.param("published_on:{2020-01-01 TO 2020-02-29}", set(), id="between"),
        pytest.param("published_on:[2020-01-01 to 2020-02-29}", {"museum"}, id="mixed"),
        pytest.param("published_on:[2021-12-31 TO *]", {"hope"}, id="from"),
        pytest.param('published_on:[* TO "2019-03-30"]', {"night"}, id="to"),
        pytest.param(
            "published_at:[2019-03-31T23:59:00Z TO *]", {"day", "voice"}, id="moments"
        ),
        pytest.param("published_on:2020-01-01", {"museum"}, id="a day"),
        pytest.param("published_on__lt:2019-03-30", {"night"}, id="a lookup"),
        pytest.param(
            'year__in:["2022", 2020]',
            {"museum", "olives", "security", "hope"},
            id="a list",
        ),
        pytest.param(
            "year:2022 OR year:2020 AND source:atlas",
            {"hope", "museum", "olives"},
            id="or",
        ),
        pytest.param(
            "(year:2022 OR year:2020) source:atlas", {"museum", "olives"}, id="grouped"
        ),
        pytest.param(
            "year:(2022 OR 2019) AND NOT source:voile",
            {"hope", "night", "books"},
            id="values",
        ),
        pytest.param(
            "NOT (source:voile OR source:atlas)", {"security", "hope"}, id="not"
        ),
        pytest.param("source:nowhere", set(), id="an unknown value"),
    ],
)
def test_filters_are_read(query: str, names: set[str]) -> None:
    assert found(query) == names


def test_narrowing_again_narrows_further() -> None:
    assert found("source:atlas", "year:2021") == {"library"}
    assert found("source:atlas", "source:voile") == set()


@pytest.mark.parametrize(
    "query",
    [
        SQ(source="atlas"),
        SQ(content="train") | ~SQ(year__in=["2019", "2021"]),
        SQ(published_on__gte=date(2020, 1, 1), published_on__lt=date(2021, 1, 1)),
        SQ(published_on__range=(date(2020, 1, 1), date(2021, 1, 1))),
        ~(SQ(title__startswith="m") | SQ(content=AutoQuery('"la voix" -etat'))),
        SQ(content=Exact("night train")) | SQ(content=Not("train"), year=2021),
        SQ(content=Raw("train -night")),
        SQ(content='a "quoted" \\ text') | SQ(pk=4),
    ],
    ids=str,
)
def test_filters_narrow_as_they_filter(query: SQ) -> None:
    assert found(query) == set(named(SearchQuerySet().filter(query)))


def test_what_narrows_leaves_scores_alone() -> None:
    alone = SearchQuerySet().filter(content="train")
    scores = {result.pk: result.score for result in alone}
    for result in alone.narrow("section:travel").narrow("train"):
        assert result.score == pytest.approx(scores[result.pk])


def test_a_cleaned_value_is_quoted_safely() -> None:
    clean = SearchQuerySet().query.clean
    assert found('source:"{}"'.format(clean('a"b\\c'))) == set()
    assert found('source:"{}"'.format(clean("atlas-2"))) == {"security", "hope"}


@pytest.mark.parametrize(
    "query",
    [
        "source:",
        "(source:atlas",
        "source:atlas)",
        'year__in:["2019"',
        "source:(",
        "a AND",
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_to_write_it(query: str) -> None:
    with pytest.raises(SearchBackendError, match="field:value"):
        found(query)


@pytest.mark.parametrize(
    "query", ["colour:red", "published_on:[soon TO *]", "title__near:a"]
)
def test_what_is_not_to_be_had_is_refused(query: str) -> None:
    with pytest.raises(SearchBackendError):
        found(query)


def counts(results: SearchQuerySet) -> Any:
    return results.facet_counts()["queries"]


def test_query_facets_count_what_a_filter_would_leave() -> None:
    results = (
        SearchQuerySet()
        .filter(content="train")
        .query_facet("source", "atl*")
        .query_facet("source", '"voile"')
        .query_facet("published_on", "[2019-01-01 TO 2020-01-01}")
        .query_facet("text", "voix")
        .query_facet("content", "rabat -late")
    )
    expected = {
        "source:atl*": 1,
        'source:"voile"': 2,
        "published_on:[2019-01-01 TO 2020-01-01}": 2,
        "text:voix": 1,
        "content:rabat -late": 0,
    }
    assert counts(results) == expected
    assert counts(results.narrow("source:voile")) == expected | {
        "source:atl*": 0,
        "published_on:[2019-01-01 TO 2020-01-01}": 1,
    }
