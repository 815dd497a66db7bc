"""What query trees find in an index, by the reader's choices."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from whoosh import query

from search.engine import Field, Index, Search, Word
from search.query import (
    Limits,
    Reading,
    query_tree,
    read_query,
    trees,
    wanted_patterns,
    wanted_words,
)
from search.query.nodes import Node

TODAY = date(2023, 6, 19)

FIELDS = [
    *(Field(n, "text") for n in ("title", "subtitle", "authors", "place", "text")),
    *(Field(n, "facet") for n in ("source", "section", "language")),
    Field("published_on", "number"),
]

DOCUMENTS: dict[str, dict[str, Any]] = {
    "train": {
        "title": "القطار الليلي",
        "text": "وصل القطار إلى المحطة",
        "place": "الرباط",
        "source": ("atlas",),
        "section": ("news",),
        "language": ("ar",),
        "published_on": date(2001, 9, 11).toordinal(),
    },
    "trains": {
        "title": "كتب عن القطارات",
        "text": "مكتبة في المدينة",
        "authors": "سعاد حموشي",
        "source": ("atlas",),
        "language": ("ar",),
        "published_on": date(2023, 6, 14).toordinal(),
    },
    "museum": {
        "title": "The Museum of Trains",
        "text": "A night train stops at the old museum",
        "source": ("bahr",),
        "section": ("art",),
        "language": ("en",),
        "published_on": date(2023, 5, 2).toordinal(),
    },
    "étage": {
        "title": "Le troisième étage",
        "subtitle": "Un train",
        "text": "Le musée est fermé; étages vides",
        "authors": "Abdellatif Hammouchi",
        "source": ("le-monde",),
        "language": ("fr",),
    },
    "one": {"text": "قال عبداللطيف حموشي أمس", "language": ("ar",)},
    "two": {"text": "قال عبد اللطيف حموشي أمس", "language": ("ar",)},
    "apart": {"text": "اللطيف من الناس عبد", "language": ("ar",)},
    "america": {"text": "سفير أميركا", "language": ("ar",)},
    "amrika": {"text": "سفير أمريكا", "language": ("ar",)},
}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(tmp_path / "index", FIELDS)
    with index.writer() as writer:
        for key, document in DOCUMENTS.items():
            writer.put({"id": key, **document})
    return index


def root(text: str) -> Node | None:
    return read_query(text, Limits(2000, 50), TODAY).root


def find(index: Index, text: str, reading: Reading | None = None) -> set[str]:
    found = index.find(Search(query_tree(root(text), reading), limit=20))
    return {document.key for document in found.documents}


def scores(index: Index, text: str, reading: Reading | None = None) -> dict[str, float]:
    found = index.find(Search(query_tree(root(text), reading), limit=20))
    return {document.key: document.score for document in found.documents}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("قطار", {"train", "trains"}, id="lemma"),
        pytest.param("قطار محطة", {"train"}, id="both words"),
        pytest.param('"القطار الليلي"', {"train"}, id="phrase"),
        pytest.param('"الليلي القطار"', set(), id="phrase in its order"),
        pytest.param('"old night"', set(), id="far apart"),
        pytest.param('"old night"~5', {"museum"}, id="near in any order"),
        pytest.param('"old night"~2', set(), id="not so near"),
        pytest.param("train -museum", {"étage"}, id="unwanted"),
        pytest.param(
            "-القطار -train",
            {"one", "two", "apart", "america", "amrika", "trains"},
            id="only unwanted",
        ),
        pytest.param("-(night OR قطار) train", {"étage"}, id="unwanted group"),
        pytest.param("-(night المحطة)  train", {"museum", "étage"}, id="not both"),
        pytest.param('-"في المدينة" قطار', {"train"}, id="unwanted phrase"),
        pytest.param("museum OR محطة", {"museum", "train"}, id="or"),
        pytest.param("train museum OR étage", {"museum", "étage"}, id="or binds"),
        pytest.param(
            "train AND museum OR محطة", {"museum", "train"}, id="and binds more"
        ),
        pytest.param("museum OR -language:ar", {"museum", "étage"}, id="or not"),
        pytest.param(
            "(night museum) OR (القطار المحطة)", {"museum", "train"}, id="groups"
        ),
        pytest.param("مكت*", {"trains"}, id="prefix"),
        pytest.param("étag*", {"étage"}, id="prefix with accent"),
        pytest.param("ETAG*", {"étage"}, id="prefix without accent"),
        pytest.param("m?s?um", {"museum"}, id="wildcard"),
        pytest.param("musee*", {"étage"}, id="folded prefix"),
        pytest.param("museun~", {"museum"}, id="fuzzy"),
        pytest.param("ETAGES~", {"étage"}, id="fuzzy, spelled otherwise"),
        pytest.param("اميرك~", {"america"}, id="fuzzy alef"),
        pytest.param("musewn~2 night", {"museum"}, id="two edits"),
        pytest.param("-muse* train", set(), id="unwanted prefix"),
        pytest.param("=قطار", set(), id="as written"),
        pytest.param("=القطار", {"train"}, id="as written there"),
        pytest.param('="القطار الليلي"', {"train"}, id="phrase as written"),
        pytest.param("~~مكتبة", {"trains"}, id="family"),
        pytest.param("~~كاتب", {"trains"}, id="root"),
        pytest.param("كاتب", set(), id="not by lemma"),
        pytest.param("-~~كاتب قطار", {"train"}, id="unwanted family"),
        pytest.param("title:قطار", {"train", "trains"}, id="title"),
        pytest.param("text:قطار", {"train"}, id="text"),
        pytest.param('title:"of trains"', {"museum"}, id="phrase in title"),
        pytest.param("title:mus*", {"museum"}, id="prefix in title"),
        pytest.param(
            "title:(قطار OR museum) -title:كتب",
            {"train", "museum"},
            id="group in title",
        ),
        pytest.param("title:(trains -museum)", set(), id="unwanted in title"),
        pytest.param("author:حموشي", {"trains", "étage"}, id="author"),
        pytest.param("place:الرباط", {"train"}, id="place"),
        pytest.param("source:atlas", {"train", "trains"}, id="source"),
        pytest.param(
            "source:(bahr OR le-monde) train", {"museum", "étage"}, id="sources"
        ),
        pytest.param("-source:atlas قطار", set(), id="unwanted source"),
        pytest.param("source:nowhere", set(), id="no such source"),
        pytest.param("section:art", {"museum"}, id="section"),
        pytest.param("language:français", {"étage"}, id="language"),
        pytest.param("language:(fr OR en)", {"étage", "museum"}, id="languages"),
        pytest.param("title:(source:atlas كتب)", {"trains"}, id="facet in field"),
        pytest.param("date:2001", {"train"}, id="year"),
        pytest.param("date:2023-05..", {"museum", "trains"}, id="since"),
        pytest.param("date:..2023-05", {"museum", "train"}, id="until"),
        pytest.param('date:"last week"', {"trains"}, id="last week"),
        pytest.param("-date:2001 قطار", {"trains"}, id="unwanted year"),
        pytest.param("date:(2001 OR 2023-05)", {"train", "museum"}, id="two dates"),
        pytest.param("source:bahr OR محطة", {"museum", "train"}, id="facet or word"),
        pytest.param("the museum", {"museum"}, id="stop word beside"),
        pytest.param("the étage", {"étage"}, id="stop word missing"),
        pytest.param('"the" étage', set(), id="quoted stop word"),
        pytest.param("the AND étage", set(), id="stop word of AND"),
        pytest.param("the", {"museum"}, id="stop word alone"),
        pytest.param("the source:bahr", {"museum"}, id="stop word with facet"),
        pytest.param("the source:atlas", set(), id="stop word is looked for"),
        pytest.param("((", set(), id="nothing"),
        pytest.param(
            "عبد اللطيف", {"one", "two", "apart", "étage"}, id="name in two words"
        ),
        pytest.param("عبداللطيف", {"one", "two", "étage"}, id="name in one"),
        pytest.param("عبد اللطيف حموشي", {"one", "two", "étage"}, id="name in a row"),
        pytest.param(
            '"عبد اللطيف حموشي"', {"one", "two", "étage"}, id="name in a phrase"
        ),
        pytest.param(
            '"عبداللطيف حموشي"', {"one", "two", "étage"}, id="one word in a phrase"
        ),
        pytest.param("عبد -اللطيف", set(), id="no neighbours"),
        pytest.param("عبد من اللطيف", {"two", "apart"}, id="a word between"),
        pytest.param("أمريكا", {"america", "amrika"}, id="variant"),
    ],
)
def test_trees_find(index: Index, text: str, keys: set[str]) -> None:
    assert find(index, text) == keys


def test_a_blank_query_finds_everything(index: Index) -> None:
    assert find(index, " ") == set(DOCUMENTS)
    assert query_tree(None, Reading()) == query.Every()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("محطة museum", {"train", "museum"}, id="words"),
        pytest.param("the محطة", {"train"}, id="stop words stay optional"),
        pytest.param("محطة museum -night", {"train"}, id="unwanted ones stay so"),
        pytest.param("محطة museum source:atlas", {"train"}, id="so do facets"),
        pytest.param("محطة AND museum", set(), id="and AND"),
        pytest.param("title:(كتب museum)", {"trains", "museum"}, id="in a field"),
        pytest.param("-(night old)  train", {"étage"}, id="not in what is unwanted"),
        pytest.param("عبد اللطيف", {"one", "two", "apart", "étage"}, id="names"),
        pytest.param("language:fr", {"étage"}, id="only a facet"),
    ],
)
def test_any_word_may_be_enough(index: Index, text: str, keys: set[str]) -> None:
    assert find(index, text, Reading(any_word=True)) == keys


@pytest.mark.parametrize(
    ("text", "reading", "keys"),
    [
        pytest.param("قطار", Reading(rung="written"), set(), id="as written"),
        pytest.param("المدينه", Reading(rung="written"), set(), id="not folded"),
        pytest.param("المدينه", Reading(rung="folded"), {"trains"}, id="folded"),
        pytest.param("كاتب", Reading(rung="root"), {"trains"}, id="root"),
        pytest.param(
            "حموشي", Reading(names=False), {"trains", "one", "two"}, id="names"
        ),
        pytest.param(
            "عبد اللطيف", Reading(names=False), {"two", "apart"}, id="joined names"
        ),
        pytest.param("عبداللطيف", Reading(names=False), {"one"}, id="parted names"),
        pytest.param(
            "أمريكا", Reading(rung="variant", variants=False), {"amrika"}, id="variants"
        ),
        pytest.param(
            "قطار",
            Reading(without=frozenset({"القطارات"})),
            {"train"},
            id="a form removed",
        ),
        pytest.param(
            "-القطارات قطار",
            Reading(without=frozenset({"القطارات"})),
            {"train"},
            id="but not from unwanted ones",
        ),
    ],
)
def test_readings_say_how_far_words_climb(
    index: Index, text: str, reading: Reading, keys: set[str]
) -> None:
    assert find(index, text, reading) == keys


def test_names_of_sources_are_resolved_by_the_caller(index: Index) -> None:
    asked = []

    def resolve(field: str, text: str) -> Collection[str]:
        asked.append((field, text))
        return ["bahr", "le-monde"] if field == "source" else []

    reading = Reading(resolve=resolve)
    assert find(index, 'source:"Le Monde" language:fr', reading) == {"étage"}
    assert find(index, "section:x", reading) == set()
    assert asked == [("source", "Le Monde"), ("section", "x")]


def test_conditions_do_not_count(index: Index) -> None:
    alone = scores(index, "قطار")
    narrowed = scores(index, "قطار source:atlas date:2001.. language:ar")
    assert narrowed == alone


def test_stop_words_count_where_they_are(index: Index) -> None:
    assert scores(index, "the museum")["museum"] > scores(index, "museum")["museum"]


def test_what_has_a_name_in_one_word_counts_as_what_has_it_in_two(
    index: Index,
) -> None:
    found = scores(index, "عبد اللطيف")
    assert min(found["one"], found["two"]) > found["apart"] / 2
    assert max(found.values()) < 4 * min(found.values())


def test_wanted_words_are_named_in_order_with_their_rungs() -> None:
    found = wanted_words(root('قطار "a b" -c title:d =e ~~f dddd~ pre* "g h"~3 قطار'))
    assert [(w.fieldname, w.text) for w in found] == [
        ("text", "قطار"),
        ("text", "a"),
        ("text", "b"),
        ("title", "d"),
        ("text", "e"),
        ("text", "f"),
        ("text", "g"),
        ("text", "h"),
    ]
    rungs = {word.text: word.rungs for word in found}
    assert "lemma" in rungs["قطار"]
    assert "root" not in rungs["قطار"]
    assert rungs["e"] == {"written"}
    assert "root" in rungs["f"]


def test_wanted_words_are_those_of_the_reading() -> None:
    reading = Reading("folded", names=False, without=frozenset({"قطارات"}))
    [word] = wanted_words(root("قطار"), reading)
    assert word == Word("text", "قطار", "folded", without={"قطارات"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("عبداللطيف", ["عبداللطيف", "عبد", "اللطيف"]),
        ("عبد اللطيف", ["عبد", "اللطيف", "عبداللطيف"]),
        ("قال عبد اللطيف x", ["قال", "عبد", "اللطيف", "x", "عبداللطيف"]),
        ("عبد title:اللطيف", ["عبد", "اللطيف"]),
        ("-a", []),
        ("", []),
        ("date:2001", []),
    ],
)
def test_names_are_wanted_in_one_word_and_in_two(text: str, words: list[str]) -> None:
    assert [word.text for word in wanted_words(root(text))] == words


def test_wanted_patterns_are_those_of_the_engine() -> None:
    found = wanted_patterns(root("bcd* title:bc?d -cc?d w bcd~ اخب* a"))
    assert all(tree.is_leaf() for tree in found)
    assert {tree.field() for tree in found} == {"text", "title"}
    fuzzy = {tree.text for tree in found if isinstance(tree, query.FuzzyTerm)}
    assert fuzzy == {"bcd", "Bcd"}
    # Alefs that begin words are told apart by the index.
    alefs = {tree.text[0] for tree in found if tree.text.endswith("ب*")}
    assert alefs >= set("اأإآ")
    assert wanted_patterns(None) == ()


def test_what_a_reader_typed_can_be_looked_for_in_one_field(index: Index) -> None:
    tree = trees.only_in(query_tree(root("muse* train")), "title")
    found = index.find(Search(tree, limit=20))
    assert {document.key for document in found.documents} == {"museum"}
