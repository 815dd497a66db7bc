"""The lists of the search page: what they say, and that nothing gets out of them."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from search.engine.snippets import mark
from search.results import (
    Bar,
    Choice,
    FacetValue,
    FormCount,
    Hit,
    Period,
    ResultPage,
    SearchRequest,
    Timeline,
)
from search.templatetags.drawing import columns, drawn, rows
from search.templatetags.pieces import form_chips, hit_items, value_items

EVIL = "\"'><b>&amp;"
ESCAPED = "&quot;&#x27;&gt;&lt;b&gt;&amp;amp;"
REQUEST = SearchRequest("a")
HIT = Hit(
    id=7,
    title=mark("The train", {"train"}),
    plain_title="The train",
    snippet=mark("A train left.", {"train"}),
    matches=1234,
    language="en",
    source="atlas",
    source_label="Atlas",
    section="",
    section_label="",
    published_on=date(2015, 7, 21),
    published_at=None,
    score=1.0,
)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def page(*hits: Hit, has_words: bool = True) -> ResultPage:
    return ResultPage(REQUEST, len(hits), 1, 0.0, hits, (), has_words=has_words)


@pytest.mark.parametrize(
    ("choice", "state", "turn"),
    [
        ("", ">", 'aria-label="Exclude A">\N{MINUS SIGN}'),
        ("chosen", ' aria-current="true">', 'aria-label="Exclude A">\N{MINUS SIGN}'),
        ("excluded", ' class="out">', 'aria-label="Do not exclude A">+'),
    ],
)
def test_a_value_tells_whether_it_was_chosen(
    choice: Choice, state: str, turn: str
) -> None:
    shown = value_items(REQUEST, "source", [FacetValue("a", "A", 1234, choice)])
    assert f'source=a"{state}<bdi>A</bdi></a>' in shown
    assert turn in shown
    assert '<span class="count">1,234</span>' in shown


def test_values_are_numbered_through_several_lists() -> None:
    values = [FacetValue(str(year), str(year), 1) for year in (2001, 2002)]
    shown = value_items(REQUEST, "year", values, 8)
    assert re.findall(r'id="([^"]*)"', shown) == ["year-9", "year-10"]


def test_lists_have_short_addresses_only_on_the_page_of_the_search() -> None:
    values, forms = (
        [FacetValue("x", "X", 1)],
        [FormCount("x", "lemma", 1, is_removed=False)],
    )
    for shown in (
        value_items(REQUEST, "source", values, here=True),
        form_chips(REQUEST, forms, here=True),
    ):
        assert all(a.startswith("?q=a&") for a in re.findall('href="([^"]*)"', shown))
    for shown in (value_items(REQUEST, "source", values), form_chips(REQUEST, forms)):
        assert all(
            address.startswith("/en/search/?q=a&")
            for address in re.findall('href="([^"]*)"', shown)
        )


def test_a_form_says_what_following_it_does() -> None:
    kept = FormCount("x", "lemma", 5, is_removed=False)
    removed = FormCount("y", "lemma", 6, is_removed=True)
    shown = form_chips(REQUEST, [kept, removed])
    first, second = shown.split("</li>")[:2]
    assert 'class="chip form"' in first
    assert ">Leave out</span> <bdi>x</bdi>" in first
    assert 'class="chip form out"' in second
    assert ">Find again</span> <bdi>y</bdi>" in second


def test_a_hit_has_its_facts_and_its_marks() -> None:
    shown = hit_items(page(replace(HIT, section="s", section_label="Sport")))
    assert '<a href="/en/articles/7/?q=a">The <mark>train</mark></a>' in shown
    assert "<span><bdi>Atlas</bdi></span> <span><bdi>Sport</bdi></span>" in shown
    assert '<time dir="auto" datetime="2015-07-21">21 July 2015</time>' in shown
    assert "<span>1,234 matches</span>" in shown
    assert 'href="/en/search/why/7/?q=a" hx-boost="true"' in shown


def test_a_hit_without_section_or_day_says_what_is_known() -> None:
    shown = hit_items(page(replace(HIT, published_on=None, matches=0)))
    assert shown.count("<bdi>") == 2
    assert "<span><bdi>Date unknown</bdi></span>" in shown
    assert "matches" not in shown


def test_without_words_there_is_no_reason_to_tell() -> None:
    assert "why" not in hit_items(page(HIT, has_words=False))


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr")])
def test_the_line_below_a_hit_runs_as_the_page_does(
    language: str, direction: str
) -> None:
    with translation.override(language):
        assert f'class="why-line" dir="{direction}"' in hit_items(page(HIT))


def test_whatever_is_published_is_escaped() -> None:
    evil = replace(
        HIT,
        title=EVIL,
        snippet=EVIL,
        language=EVIL,
        source_label=EVIL,
        section="s",
        section_label=EVIL,
    )
    asked = SearchRequest(EVIL)
    pieces = [
        hit_items(replace(page(evil), request=asked)),
        value_items(asked, "author", [FacetValue(EVIL, EVIL, 1)]),
        form_chips(asked, [FormCount(EVIL, "lemma", 1, is_removed=False)]),
    ]
    for shown in pieces:
        assert isinstance(shown, SafeString)
        assert ESCAPED in shown
        assert EVIL not in shown
        assert "<b>" not in shown
        assert "?q=%22%27%3E%3Cb%3E%26amp%3B" in shown


def test_the_drawing_and_its_table_say_the_same() -> None:
    bars = tuple(
        Bar(Period(date(y, 1, 1), date(y, 12, 31)), count, 10_000)
        for y, count in [(2001, 1500), (2002, 0), (2003, 3000)]
    )
    found = replace(page(HIT), timeline=Timeline("year", bars, 0))
    numbers = drawn(found)
    assert numbers
    assert columns(numbers).count("<a ") == rows(numbers).count("<tr>") == 2
    assert (
        '<a href="?q=a&amp;date=2001" aria-label="2001: 1,500">'
        "<title>2001: 1,500</title>" in columns(numbers)
    )
    assert "<bdi>2003</bdi></th><td>3,000</td></tr>" in rows(numbers)
    shares = drawn(replace(found, request=replace(REQUEST, share=True)))
    assert shares
    assert 'aria-label="2001: 15 %"><title>2001: 15 % (1,500)</title>' in columns(
        shares
    )
    assert "<td>3,000</td><td>30 %</td></tr>" in rows(shares)
