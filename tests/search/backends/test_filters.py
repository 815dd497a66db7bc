"""Filters: every lookup on every kind of field, joined in every way."""

from datetime import UTC, date, datetime
from functools import reduce
from itertools import combinations, product
from operator import and_, or_
from typing import Any

import pytest
from haystack import indexes
from haystack.exceptions import SearchBackendError
from haystack.inputs import AltParser, AutoQuery, Clean, Exact, Not, Raw
from haystack.query import SQ, SearchQuerySet
from haystack.utils.loading import UnifiedIndex

from articles.models import Article
from search.backends import ArchiveSearchBackend
from search.backends.filters import Filters
from search.query import trees
from tests.search.backends.conftest import EVERY, KEYS, named

pytestmark = pytest.mark.usefixtures("dozen")


def found(*filters: SQ, **lookups: Any) -> set[str]:
    results = SearchQuerySet().filter(*filters, **lookups)
    names = named(results)
    assert len(names) == results.count()
    return set(names)


@pytest.mark.parametrize(
    ("lookups", "names"),
    [
        pytest.param({"content": "train"}, {"night", "day", "voice"}, id="a word"),
        pytest.param({"content": "night train"}, {"night"}, id="all of several words"),
        pytest.param({"content": "the museum"}, {"museum"}, id="a stop word beside"),
        pytest.param({"content": "كتاب"}, {"books", "book"}, id="a broken plural"),
        pytest.param({"content": "مكناس"}, {"olives"}, id="a word of another field"),
        pytest.param(
            {"content": "night -train"}, {"night"}, id="a sign is no operator"
        ),
        pytest.param({"content": ""}, EVERY, id="no text"),
        pytest.param({"content": "،"}, set(), id="no word"),
        pytest.param({"title": "train"}, {"night"}, id="a word in a field"),
        pytest.param({"authors": "سعاد"}, {"olives"}, id="an author"),
        pytest.param({"title__content": "كتاب"}, {"books"}, id="a plural in a field"),
        pytest.param(
            {"content__contains": "rai"}, {"night", "day", "voice"}, id="part of a word"
        ),
        pytest.param({"text__contains": "تاب"}, {"book"}, id="part of an Arabic word"),
        pytest.param(
            {"title__contains": "كتاب"}, {"books"}, id="a word or part of one"
        ),
        pytest.param({"content__exact": "night train"}, {"night"}, id="a phrase"),
        pytest.param({"content__exact": "train night"}, set(), id="in another order"),
        pytest.param({"content__exact": "train"}, {"night", "voice"}, id="no plural"),
        pytest.param({"text__exact": "الامن الوطني"}, {"security"}, id="folded phrase"),
        pytest.param({"text__exact": "كتاب"}, set(), id="exact is no lemma"),
        pytest.param({"title__exact": "."}, set(), id="an exact nothing"),
        pytest.param(
            {"title__in": ["Museum", "une voix"]}, {"museum", "voice"}, id="phrases"
        ),
        pytest.param({"title__in": []}, set(), id="none of none"),
        pytest.param({"content__startswith": "mus"}, {"museum", "undated"}, id="start"),
        pytest.param(
            {"title__startswith": "ELE"}, {"vote"}, id="start without accents"
        ),
        pytest.param({"text__startswith": "الام"}, {"security"}, id="start, no hamza"),
        pytest.param({"title__startswith": "ni tr"}, {"night"}, id="several starts"),
        pytest.param({"title__startswith": "؟"}, set(), id="start of nothing"),
        pytest.param({"text__endswith": "طار"}, {"hope"}, id="end"),
        pytest.param({"content__endswith": "USEUM"}, {"museum"}, id="end in capitals"),
        pytest.param({"title__fuzzy": "musuem"}, {"museum"}, id="letters changed over"),
        pytest.param({"title__fuzzy": "Elections"}, set(), id="fuzzy from its start"),
        pytest.param({"content__fuzzy": "الزيتزن"}, {"olives"}, id="a wrong letter"),
        pytest.param({"content__startswith": "a*"}, set(), id="a star is text"),
    ],
)
def test_words_of_texts_are_looked_up(lookups: dict[str, Any], names: set[str]) -> None:
    if lookups.get("content__startswith") == "a*":
        names = found(content__startswith="a")
    assert found(**lookups) == names


@pytest.mark.parametrize(
    ("lookups", "names"),
    [
        pytest.param({"source": "atlas-2"}, {"security", "hope"}, id="a value"),
        pytest.param({"source__exact": "atlas-2"}, {"security", "hope"}, id="exactly"),
        pytest.param({"source": "Atlas-2"}, set(), id="values are not folded"),
        pytest.param({"source": "atl"}, set(), id="nor cut"),
        pytest.param(
            {"source__in": ["atlas-2", "voile"], "year__in": ("2022", 2021)},
            {"hope", "book", "vote", "voice"},
            id="some of each",
        ),
        pytest.param(
            {"source__startswith": "atlas-"}, {"security", "hope"}, id="start"
        ),
        pytest.param({"source__endswith": "-2"}, {"security", "hope"}, id="end"),
        pytest.param(
            {"section__contains": "rave"}, {"night", "day", "hope"}, id="part"
        ),
        pytest.param(
            {"section__fuzzy": "travle"}, {"night", "day", "hope"}, id="fuzzy"
        ),
        pytest.param({"source__contains": "a*2"}, set(), id="a star is text"),
        pytest.param({"year__gt": "2021", "year__lt": "A"}, {"hope"}, id="gt and lt"),
        pytest.param(
            {"year__gte": 2022, "year__lte": "2022"}, {"hope"}, id="gte and lte"
        ),
        pytest.param(
            {"year__range": ("2019", "2019")}, {"night", "day", "books"}, id="range"
        ),
        pytest.param({"django_ct": "articles.article"}, EVERY, id="a model"),
        pytest.param({"id": f"articles.article.{KEYS['day']}"}, {"day"}, id="a key"),
        pytest.param({"pk": KEYS["day"]}, {"day"}, id="a primary key"),
        pytest.param(
            {"pk__in": [KEYS["day"], KEYS["vote"], 99]},
            {"day", "vote"},
            id="some of them",
        ),
        pytest.param({"django_id": str(KEYS["day"])}, {"day"}, id="as text"),
    ],
)
def test_values_of_facets_are_looked_up(
    lookups: dict[str, Any], names: set[str]
) -> None:
    assert found(**lookups) == names


@pytest.mark.parametrize(
    ("lookups", "names"),
    [
        pytest.param({"published_on": date(2020, 1, 1)}, {"museum"}, id="a day"),
        pytest.param({"published_on__exact": "2020-01-01"}, {"museum"}, id="as text"),
        pytest.param(
            {"published_on__exact": datetime(2020, 1, 1, 5, tzinfo=UTC)},
            {"museum"},
            id="a day of a moment",
        ),
        pytest.param(
            {"published_on__in": [date(2020, 1, 1), date(2022, 1, 1)]},
            {"museum", "hope"},
            id="some days",
        ),
        pytest.param({"published_on__gt": date(2021, 9, 8)}, {"hope"}, id="after"),
        pytest.param(
            {"published_on__gte": date(2021, 9, 8)},
            {"hope", "vote", "voice"},
            id="from",
        ),
        pytest.param({"published_on__lt": date(2019, 3, 31)}, {"night"}, id="before"),
        pytest.param(
            {"published_on__lte": date(2019, 3, 31)}, {"night", "day"}, id="until"
        ),
        pytest.param(
            {"published_on__range": ["2020-01-01", "2020-02-29"]},
            {"museum", "security"},
            id="from and to",
        ),
        pytest.param(
            {"published_at": datetime(2019, 3, 8, 7, 30, tzinfo=UTC)},
            {"night"},
            id="a moment",
        ),
        pytest.param(
            {"published_at__gte": "2019-03-31T23:59:00Z"}, {"day", "voice"}, id="text"
        ),
        pytest.param(
            {"published_at__lt": date(2019, 4, 1)}, {"night", "day"}, id="before a day"
        ),
        pytest.param(
            {"published_at__lte": datetime(2019, 3, 8, 7, 30)},  # noqa: DTZ001
            {"night"},
            id="of the archive's time zone",
        ),
    ],
)
def test_days_and_moments_are_looked_up(
    lookups: dict[str, Any], names: set[str]
) -> None:
    assert found(**lookups) == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param(AutoQuery('"night train" -museum'), {"night"}, id="auto query"),
        pytest.param(AutoQuery('night -"night train"'), {"museum"}, id="not a phrase"),
        pytest.param(Raw("night -train"), {"museum"}, id="raw"),
        pytest.param(Clean("night -train"), {"night"}, id="clean"),
        pytest.param(Exact("night train"), {"night"}, id="exact"),
        pytest.param(Not("train"), EVERY - {"night", "day", "voice"}, id="not"),
    ],
)
def test_input_types_say_how_a_value_is_meant(value: Any, names: set[str]) -> None:
    assert found(content=value) == names


class Shouted(Clean):  # type: ignore[misc]
    """An input type such as Haystack's documentation teaches to write."""

    def prepare(self, query_obj: Any) -> str:
        return str(super().prepare(query_obj)).strip("!")


class Unwanted(Raw):  # type: ignore[misc]
    def prepare(self, query_obj: Any) -> str:
        quoted = query_obj.build_exact_query(super().prepare(query_obj))
        return f"{query_obj.build_not_query('museum')} -{quoted}"


def test_input_types_of_ones_own_prepare_their_value() -> None:
    assert found(source=Shouted("atlas-2!!")) == {"security", "hope"}
    assert found(content=Unwanted("train")) == EVERY - {"night", "voice", "museum"}


def test_what_a_reader_types_is_read_for_one_field_too() -> None:
    search = SearchQuerySet()
    assert set(named(search.auto_query("night -train"))) == {"museum"}
    assert set(named(search.auto_query("night", fieldname="title"))) == {"night"}
    assert set(named(search.auto_query("-train", fieldname="title"))) == EVERY - {
        "night"
    }
    assert set(named(search.auto_query('"Night train"', fieldname="title"))) == {
        "night"
    }
    assert set(named(search.raw_search('"night train"'))) == {"night"}
    assert set(named(search.raw_search("train").filter(source="voile"))) == {
        "day",
        "voice",
    }


TERMS = {
    "train": (SQ(content="train"), {"night", "day", "voice"}),
    "atlas": (SQ(source="atlas"), {"night", "museum", "books", "library", "olives"}),
    "old": (
        SQ(published_on__lt=date(2020, 1, 1)),
        {"night", "day", "books"},
    ),
}


@pytest.mark.parametrize("signs", list(product([True, False], repeat=3)))
@pytest.mark.parametrize(("inner", "outer"), [(and_, or_), (or_, and_), (or_, or_)])
def test_conditions_nest(signs: tuple[bool, ...], inner: Any, outer: Any) -> None:
    filters = [
        (q, names) if s else (~q, EVERY - names)
        for s, (q, names) in zip(signs, TERMS.values(), strict=True)
    ]
    (first, a), (second, b), (third, c) = filters
    tree = outer(inner(first, second), third)
    assert found(tree) == outer(inner(a, b), c)
    assert found(~tree) == EVERY - outer(inner(a, b), c)
    assert set(named(SearchQuerySet().exclude(tree))) == EVERY - outer(inner(a, b), c)
    assert found(tree, source="voile") == outer(inner(a, b), c) & found(source="voile")


def test_filters_follow_each_other() -> None:
    search = SearchQuerySet()
    (train, a), (atlas, b), (old, c) = TERMS.values()
    assert set(named(search.filter(train).filter(atlas))) == a & b
    assert set(named(search.filter(train).filter_or(atlas))) == a | b
    assert set(named(search.filter(train).filter_or(atlas).filter(old))) == (a | b) & c
    assert set(named(search.filter(train).filter(atlas).filter_or(old))) == (a & b) | c
    assert set(named(search.filter(train).exclude(atlas))) == a - b
    assert set(named(search.exclude(train).exclude(atlas | old))) == EVERY - a - b - c
    assert set(named(search.filter(train) & search.filter(old))) == a & c
    assert set(named(search.filter(train) | search.filter(atlas))) == a | b
    assert set(named(search.filter(reduce(or_, [train, atlas, old])))) == a | b | c


def test_what_is_excluded_is_all_that_a_filter_finds() -> None:
    for lookups in ({"content": "كتاب"}, {"title__startswith": "n"}, {"year": "2019"}):
        assert found(~SQ(**lookups)) == EVERY - found(**lookups)
    for one, other in combinations(({"content": "train"}, {"source": "voile"}), 2):
        results = SearchQuerySet().exclude(**one, **other)
        assert set(named(results)) == EVERY - (found(**one) & found(**other))


def test_what_a_field_weighs_orders_hits() -> None:
    assert named(SearchQuerySet().filter(content="museum"))[0] == "museum"
    assert named(SearchQuerySet().filter(content="voix")) == ["voice", "vote"]


def test_boosts_order_hits_and_leave_none_out() -> None:
    results = SearchQuerySet().filter(content="train")
    for name, word in (("night", "rabat"), ("day", "capital"), ("voice", "voix")):
        boosted = named(results.boost(word, 20))
        assert boosted[0] == name
        assert set(boosted) == {"night", "day", "voice"}
    assert named(SearchQuerySet().boost("مكناس", 1.5))[0] == "olives"


@pytest.mark.parametrize(
    ("lookups", "cure"),
    [
        pytest.param(
            {"colour": "red"}, "There are author, authors, content", id="field"
        ),
        pytest.param({"title__regex": "a"}, "It has contains", id="lookup"),
        pytest.param({"title__gt": "a"}, "It has contains, content", id="text"),
        pytest.param({"published_on__fuzzy": "2"}, "It has content, exact", id="date"),
        pytest.param({"published_on": "soon"}, "ISO 8601", id="no date"),
        pytest.param({"published_on": 5}, "DateField", id="a number"),
        pytest.param({"published_at": "8:30"}, "DateTimeField", id="no moment"),
        pytest.param({"published_on__range": 5}, "two values", id="half a range"),
        pytest.param({"year__range": ["1"]}, "two values", id="short range"),
        pytest.param({"pk__gt": 5}, "It has content, exact, in", id="primary key"),
        pytest.param({"section": None}, "None is no value", id="nothing"),
        pytest.param({"source": AutoQuery("a")}, "Filter by its values", id="no words"),
        pytest.param(
            {"content": AltParser("dismax", "a")}, "Use AutoQuery", id="parser"
        ),
    ],
)
def test_what_is_not_to_be_had_is_refused_with_a_cure(
    lookups: dict[str, Any], cure: str
) -> None:
    with pytest.raises(SearchBackendError, match=cure):
        found(**lookups)


def test_a_query_can_be_read(dozen: ArchiveSearchBackend) -> None:
    results = SearchQuerySet().filter(title="night", year__in=["2019"]).exclude(pk=5)
    assert str(results.query) == (
        '(title__content:"night" AND year__in:["2019"] AND NOT (pk__content:"5"))'
    )
    assert str(SearchQuerySet().all().boost("late", 2).query) == "late^2"
    assert str(SearchQuerySet().query) == ""
    assert dozen.search("")["hits"] == len(EVERY)
    assert dozen.search("night -train")["hits"] == 1


class CardIndex(indexes.SearchIndex):  # type: ignore[misc]
    """An index of somebody's own, with fields that ours has not."""

    text = indexes.CharField(document=True)
    start = indexes.EdgeNgramField()
    part = indexes.NgramField()
    kept = indexes.CharField(indexed=False)
    rank = indexes.IntegerField(index_fieldname="place_in_list")

    def get_model(self) -> type[Article]:
        return Article


@pytest.fixture(scope="module")
def filters() -> Filters:
    unified = UnifiedIndex()
    unified.build(indexes=[CardIndex()])
    return Filters(unified, lambda _: trees.nothing())


def test_fields_made_for_completion_are_completed(filters: Filters) -> None:
    start, part = {"start": 1.0}, {"part": 1.0}
    assert filters.tree(SQ(start="mu")) == trees.words_starting("mu", start)
    assert filters.tree(SQ(start__exact="mu")) == trees.phrase("mu", start)
    assert filters.tree(SQ(part="us")) == trees.any_of(
        [trees.words("us", part), trees.words_containing("us", part)]
    )


def test_fields_may_have_other_names_in_the_index(filters: Filters) -> None:
    assert filters.tree(SQ(rank__gt=3)) == trees.between(
        "place_in_list", 3, None, above=True
    )


def test_fields_that_are_only_kept_are_refused_with_a_cure(filters: Filters) -> None:
    with pytest.raises(SearchBackendError, match="Make it indexed"):
        filters.tree(SQ(kept="x"))
