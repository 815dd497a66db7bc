"""The lines of lists, which filters write: safe, and as their reader likes."""

from datetime import date

import pytest
from django.utils import translation

from articles import conventions
from articles.browsing.counts import CountedSource
from articles.browsing.indexes import Entry
from articles.conventions import Conventions
from articles.models import Section, Source
from articles.templatetags.lines import article_lines, entry_lines, source_lines
from tests.factories import build_article

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
ATTRIBUTE = '"><b>'


def entry(name: str = "Atlas", *, language: str = "", last: int | None = 2020) -> Entry:
    first = last and 2015
    return Entry(name, "/en/places/Atlas/", language, 1234, first, last)


def test_nothing_of_an_article_ends_the_element_that_holds_it() -> None:
    source = Source(name=SCRIPT, slug="a", language=ATTRIBUTE)
    article = build_article(
        pk=7,
        title=f"{SCRIPT} & more",
        language=ATTRIBUTE,
        source=source,
        section=Section(name=f"S {SCRIPT}", slug="s"),
    )
    with translation.override("en"):
        line = article_lines([article])
    assert "<script" not in line
    assert "<b>" not in line
    assert line.count(ESCAPED) == 3
    assert f"{ESCAPED} &amp; more</a>" in line


def test_an_article_says_where_and_when_it_was_published() -> None:
    article = build_article(
        pk=7,
        title="قطار",
        language="ar",
        source=Source(name="أطلس", slug="atlas", language="ar"),
        section=Section(name="Culture", slug="culture"),
        published_on=date(2015, 8, 1),
    )
    with translation.override("fr"):
        line = article_lines([article])
    assert '<h3 class="item-title" lang="ar"><a href="/fr/articles/7/">قطار</a>' in line
    assert '<a href="/fr/sources/atlas/"><bdi lang="ar" dir="auto">أطلس</bdi>' in line
    assert '<a href="/fr/sections/culture/"><bdi dir="auto">Culture</bdi>' in line
    assert '<time dir="auto" datetime="2015-08-01">1er août 2015</time>' in line


@pytest.mark.parametrize(
    ("language", "written"), [("ar", "التاريخ مجهول"), ("en", "Date unknown")]
)
def test_what_is_undated_says_so_and_names_no_section(
    language: str, written: str
) -> None:
    article = build_article(
        pk=7, source=Source(name="A", slug="a"), published_on=None, section=None
    )
    with translation.override(language):
        line = article_lines([article])
    assert f"<span><bdi>{written}</bdi></span>" in line
    assert "<time" not in line
    assert "/sections/" not in line


def test_lines_that_were_written_before_are_not_those_of_another_reader() -> None:
    article = build_article(
        pk=7, source=Source(name="A", slug="a"), published_on=date(2015, 8, 1)
    )
    shown = []
    for language, chosen in [("ar", ""), ("ar", "arabic.maghrebi"), ("en", "")]:
        reader = Conventions.read(chosen)
        with translation.override(language), conventions.override(reader):
            shown.append(article_lines([article]))
    assert "1 أغسطس 2015" in shown[0]
    assert "١ غشت ٢٠١٥" in shown[1]
    assert "1 August 2015" in shown[2]
    assert ['"/ar/articles/7/"' in line for line in shown] == [True, True, False]


def test_each_article_is_an_item_of_the_list() -> None:
    source = Source(name="A", slug="a")
    lines = article_lines([build_article(pk=pk, source=source) for pk in (1, 2, 3)])
    assert lines.count("<li>") == lines.count("</li>") == 3
    assert article_lines([]) == ""


@pytest.mark.parametrize(
    ("last", "written"),
    [
        pytest.param(2020, ' <span class="span">2015 – 2020</span>', id="years"),
        pytest.param(2015, ' <span class="span">2015</span>', id="one year"),
        pytest.param(None, "", id="undated"),
    ],
)
def test_an_entry_has_its_articles_and_years(last: int | None, written: str) -> None:
    with translation.override("en"):
        line = entry_lines([entry(last=last)])
    assert line == (
        '<li><a href="/en/places/Atlas/"><bdi dir="auto">Atlas</bdi></a>'
        f' <span class="count">1,234 articles</span>{written}</li>\n'
    )


def test_nothing_of_an_entry_ends_the_element_that_holds_it() -> None:
    line = entry_lines([entry(SCRIPT, language=ATTRIBUTE)])
    assert "<script" not in line
    assert "<b>" not in line
    assert ESCAPED in line


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        pytest.param(
            date(2015, 8, 1),
            date(2016, 1, 2),
            '<span class="span"><time datetime="2015-08-01">1 August 2015</time> – '
            '<time datetime="2016-01-02">2 January 2016</time></span>',
            id="days",
        ),
        pytest.param(
            date(2015, 8, 1),
            date(2015, 8, 1),
            '<span class="span"><time datetime="2015-08-01">1 August 2015</time></span>',
            id="one day",
        ),
        pytest.param(None, None, "", id="undated"),
    ],
)
def test_a_source_has_its_articles_and_days(
    first: date | None, last: date | None, written: str
) -> None:
    source = Source(name=f"A {SCRIPT}", slug="a", language="fr")
    with translation.override("en"):
        line = source_lines([CountedSource(source, 2, first, last)])
    assert f'<a href="/en/sources/a/"><bdi lang="fr" dir="auto">A {ESCAPED}' in line
    assert f'<span class="count">2 articles</span> {written}</li>' in line
