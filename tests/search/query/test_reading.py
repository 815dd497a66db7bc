"""The query language: what is read from what is typed, and what is told of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import (
    Limits,
    QueryPart,
    Reading,
    ReadQuery,
    query_tree,
    read_query,
    wanted_patterns,
    wanted_words,
)
from search.query.nodes import Leaf, Node, leaves
from search.query.reading import MOST_PATTERNS
from tests.search.query.readings import NOTED, READ, TODAY

LIMITS = Limits(max_length=2000, max_words=50)

# What queries are made of, and what has broken readers before.
PIECES = (
    *(
        "a",
        "b",
        "قطار",
        "كِتاب",
        "l'eau",
        "Jean-Claude",
        "U.S.A",
        "1,234",
        "½",
        "⒈",
        "㈠",
    ),
    *("OR", "AND", "NOT", "أو", "ليس", "ET", "SAUF", "ＯＲ", "\\"),
    *(
        '"',
        "“",
        "”",
        "«",
        "»",
        "(",
        ")",
        "（",
        "-",
        "--",
        "-(",
        '-"',
        "~",
        "~5",
        "~~",
        "=",
    ),
    *("*", "?", "؟", "w?rd", "pre*", "word~", '"a b"~3', "a*" * 30),
    *(
        "title:",
        "عنوان:",
        "title:(",
        "source:",
        "source:(",
        "language:",
        "root:",
        "foo:",
    ),
    *("date:", "date:(", "2001", "2001-03", "..", "…", ">", "<=", "today", "last week"),
    *(" ", "  ", "\N{NO-BREAK SPACE}", "،", ",", ".", "@", "#a_b", "://", "www."),
    *(
        "https://x.example/a",
        "info@example.com",
        "foo.example",
        "🙂",
        "ß",
        "İ",
        "ǆ",
        "²",
    ),
    *(
        "\N{RIGHT-TO-LEFT MARK}",
        "\N{RIGHT-TO-LEFT EMBEDDING}",
        "\0",
        "\ud800",
        "\u0610",
    ),
)


def read(text: str, limits: Limits = LIMITS) -> ReadQuery:
    return read_query(text, limits, TODAY)


def kinds(text: str) -> list[str]:
    return [note.kind for note in read(text).notes]


def height(node: Node) -> int:
    inner = getattr(node, "nodes", None) or (
        (node.node,) if hasattr(node, "node") else ()
    )
    return 1 + max(map(height, inner)) if inner else 0


def all_leaves(found: ReadQuery) -> list[Leaf]:
    return list(leaves(found.root)) if found.root else []


ROWS = [
    pytest.param(typed, printed, id=f"{group} {number}")
    for group, rows in READ.items()
    for number, (typed, printed) in enumerate(rows, 1)
]


@pytest.mark.parametrize(("typed", "printed"), ROWS)
def test_what_is_typed_is_read(typed: str, printed: str) -> None:
    found = read(typed)
    assert found.printed == printed
    assert found.notes == ()
    assert read(printed).root == found.root


@pytest.mark.parametrize(
    ("typed", "printed", "notes"),
    [pytest.param(*row, id=f"note {n}") for n, row in enumerate(NOTED, 1)],
)
def test_what_cannot_be_read_is_told(
    typed: str, printed: str, notes: list[tuple[str, str]]
) -> None:
    found = read(typed)
    assert found.printed == printed
    assert [(note.kind, note.text) for note in found.notes] == notes
    assert read(printed).root == found.root


@pytest.mark.parametrize("text", ["", "   ", "\n", "\N{NO-BREAK SPACE}"])
def test_a_blank_query_says_nothing_and_needs_no_note(text: str) -> None:
    assert read(text) == ReadQuery(None)
    assert read(text).printed == ""
    assert read(text).parts == ()
    assert not read(text).has_words
    assert read(text).fields_named == frozenset()


# What can be taken out


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("a", [("a", "")], id="one"),
        pytest.param(
            'a -b "c d"',
            [("a", '-b "c d"'), ("-b", 'a "c d"'), ('"c d"', "a -b")],
            id="several",
        ),
        pytest.param("a b OR c", [("a", "b OR c"), ("b OR c", "a")], id="or"),
        pytest.param("a OR b", [("a OR b", "")], id="one or"),
        pytest.param(
            "a AND b AND c",
            [("a", "b AND c"), ("b", "a AND c"), ("c", "a AND b")],
            id="and",
        ),
        pytest.param(
            "a \\OR b", [("a", "\\OR b"), ("\\OR", "a b"), ("b", "a \\OR")], id="word"
        ),
        pytest.param(
            "date:today a", [("date:today", "a"), ("a", "date:today")], id="date"
        ),
        pytest.param("((", [], id="nothing"),
    ],
)
def test_each_part_comes_with_the_query_without_it(
    text: str, parts: list[tuple[str, str]]
) -> None:
    assert read(text).parts == tuple(QueryPart(*part) for part in parts)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a", set()),
        ("source:a", {"source"}),
        ("-section:a language:ar", {"section"}),
        ("(x OR source:a) section:(b OR c)", {"source", "section"}),
    ],
)
def test_facets_whose_values_have_names_are_told(text: str, named: set[str]) -> None:
    assert read(text).fields_named == named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", True),
        ("title:a", True),
        ("pre*", True),
        ("source:a OR a", True),
        ("-a", False),
        ("-(a b) source:x", False),
        ("date:2001", False),
        ("((", False),
    ],
)
def test_a_query_has_words_if_some_are_wanted(text: str, *, expected: bool) -> None:
    assert read(text).has_words is expected


# Limits


def test_too_many_words_are_cut_and_told() -> None:
    found = read("one two three four", Limits(2000, 2))
    assert found.printed == "one two"
    assert [(n.kind, n.text) for n in found.notes] == [("cut", "one two")]


def test_a_phrase_longer_than_the_limit_is_left_out_with_what_follows() -> None:
    found = read('one "two three four" five', Limits(2000, 3))
    assert found.printed == "one"


def test_values_and_dates_count_as_words() -> None:
    found = read("source:(a OR b) date:2001 (x OR -title:y)", Limits(2000, 4))
    assert found.printed == "source:(a OR b) date:2001 x"
    assert [n.text for n in found.notes] == ["a b date:2001 x"]


def test_what_is_excluded_may_be_cut_whole() -> None:
    assert read("a -(b c) title:(d e)", Limits(2000, 1)).printed == "a"


def test_a_word_at_the_limit_of_length_is_cut() -> None:
    found = read("abcdef", Limits(3, 50))
    assert (found.printed, kinds("x" * 3000)) == ("abc", ["cut"])


@pytest.mark.parametrize(
    ("text", "length", "printed"),
    [
        pytest.param("لغة:ar نص:b", 11, "language:ar", id="words"),
        pytest.param("langue:ar OR لغة:fr", 20, "language:ar", id="or"),
        pytest.param("a-b ET c-d", 10, '"a b"', id="and"),
        pytest.param("لغة:fr", 7, "()", id="one"),
    ],
)
def test_what_is_printed_is_no_longer_than_what_may_be_typed(
    text: str, length: int, printed: str
) -> None:
    found = read(text, Limits(length, 50))
    assert found.printed == printed
    assert "cut" in {note.kind for note in found.notes}


def test_patterns_beyond_the_limit_are_left_out_and_told() -> None:
    found = read(" ".join(f"word{n}*" for n in range(8)))
    assert len(all_leaves(found)) == MOST_PATTERNS
    assert [(n.kind, n.text) for n in found.notes] == [
        ("too_many", f"word{n}*") for n in range(MOST_PATTERNS, 8)
    ]


def test_of_patterns_with_one_letter_before_a_wildcard_there_are_fewer() -> None:
    assert read("w?rd t*n abc*").printed == "w?rd"
    assert read("w?rd abc* d?f bcd* cde*").printed == "w?rd abc*"


def test_a_pattern_may_be_too_long() -> None:
    assert kinds("a" * 50 + "*") == ["too_long"]


def test_notes_are_not_too_many_and_not_too_long() -> None:
    found = read(" ".join(f"{chr(97 + n) * 70}:x" for n in range(20)))
    assert len(found.notes) == 10
    assert max(len(note.text) for note in found.notes) == 61


def test_more_dates_than_can_be_told_are_not_tried() -> None:
    assert read("date:x1y " * 20 + "a").printed == "a"
    many = " ".join(f"date:x{n}y" for n in range(20))
    assert set(kinds(many)) == {"bad_date", "empty"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 10_000 + "a", id="brackets"),
        pytest.param("(" * 900 + "a" + ")" * 900, id="closed brackets"),
        pytest.param("-(" * 900 + "a" + ")" * 900, id="excluded brackets"),
        pytest.param("title:(" * 250 + "a", id="fields"),
        pytest.param("(a OR (b " * 200, id="or in brackets"),
        pytest.param(")" * 10_000, id="closing"),
        pytest.param("word " * 20_000, id="long"),
        pytest.param("w" * 100_000, id="one word"),
        pytest.param(" OR ".join(f"w{n}" for n in range(1000)), id="or"),
        pytest.param("OR " * 1000, id="operators"),
        pytest.param("-" * 1000 + "a", id="minus"),
        pytest.param("-a " * 1000, id="unwanted"),
        pytest.param("NOT " * 500 + "a", id="not"),
        pytest.param("*" * 2000, id="stars"),
        pytest.param("* " * 1000, id="lone stars"),
        pytest.param("a?" * 1000, id="wildcards"),
        pytest.param('"' * 2000, id="quotes"),
        pytest.param("«" * 2000, id="open quotes"),
        pytest.param("title:" * 300 + "a", id="marks"),
        pytest.param("source:(" * 240, id="lists"),
        pytest.param(" ".join(f"date:{n}" for n in range(1000, 1200)), id="dates"),
        pytest.param("~" * 2000, id="tildes"),
    ],
)
def test_the_hugest_query_costs_no_more_than_an_ordinary_one(text: str) -> None:
    found = read(text)
    assert len(all_leaves(found)) <= LIMITS.max_words
    # Brackets within brackets, each with OR, AND and marks in it.
    assert found.root is None or height(found.root) <= 4 * (LIMITS.max_depth + 1)
    assert len(found.printed) <= LIMITS.max_length
    assert read(found.printed).root == found.root
    assert query_tree(found.root) is not None


def test_brackets_too_deep_are_read_as_if_they_were_not_there() -> None:
    found = read("a OR (b (c OR (d e)) f) g", Limits(2000, 50, max_depth=1))
    assert found.printed == "a OR (b c OR d e f) g"
    assert [note.kind for note in found.notes] == ["too_deep"]


def test_what_is_excluded_too_deep_does_not_become_wanted() -> None:
    found = read("(a -(b (c) d) e) f", Limits(2000, 50, max_depth=1))
    assert found.printed == "a e f"
    assert read("(a (-(b c", Limits(2000, 50, max_depth=1)).printed == "a"


def test_there_is_always_one_level_of_brackets() -> None:
    assert read("a (b OR c)", Limits(2000, 50, max_depth=0)).printed == "a (b OR c)"


# Properties

texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)
limits = st.one_of(
    st.just(LIMITS),
    st.builds(
        Limits,
        st.integers(1, 60),
        st.integers(1, 8),
        max_depth=st.integers(0, 3),
    ),
)


@given(texts, limits)
def test_any_text_is_read_and_what_is_printed_is_read_as_the_same(
    text: str, within: Limits
) -> None:
    found = read(text, within)
    assert read(found.printed, within).root == found.root
    assert len(all_leaves(found)) <= max(within.max_words, 1)
    for part in found.parts:
        assert read(part.text, within).printed == part.text
        assert read(part.without, within).printed == part.without


@given(texts)
def test_any_text_can_be_looked_for(text: str) -> None:
    root = read(text).root
    for reading in (None, Reading(rung="root", any_word=True, names=False)):
        assert repr(query_tree(root, reading))
        assert all(word.text for word in wanted_words(root, reading))
    assert all(tree.is_leaf() for tree in wanted_patterns(root))


@given(st.text(), st.dates())
def test_any_text_may_be_a_date(text: str, today: date) -> None:
    quoted = text.replace('"', " ")
    found = read_query(f'date:"{quoted}"', LIMITS, today)
    assert read_query(found.printed, LIMITS, today).root == found.root
