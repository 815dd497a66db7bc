"""The bars of a chart and its table, which filters write."""

import re

from django.utils import translation

from articles import conventions
from articles.browsing.drawing import draw_bars
from articles.conventions import Conventions
from articles.templatetags.bars import bar_rows, bar_shapes

CHART = draw_bars({2014: 1, 2016: 1234, None: 5}, rtl=False)


def test_each_year_that_has_articles_is_a_bar_with_its_number() -> None:
    with translation.override("en"):
        shapes = bar_shapes(CHART, None)
    assert re.findall(r"<title>([^<]+)</title>", shapes) == [
        "2014: 1 article",
        "2016: 1,234 articles",
    ]
    assert '<rect x="0" y="62" width="12" height="2">' in shapes
    assert '<rect x="32" y="0" width="12" height="64">' in shapes
    assert "chosen" not in shapes


def test_the_year_that_was_chosen_is_marked() -> None:
    shapes = bar_shapes(CHART, 2016)
    assert shapes.count('<rect class="chosen"') == 1
    assert '<rect class="chosen" x="32"' in shapes


def test_the_table_has_the_same_years_and_leads_to_them() -> None:
    with (
        translation.override("ar"),
        conventions.override(Conventions.read("arabic")),
    ):
        rows = bar_rows(CHART)
    assert rows.splitlines() == [
        (
            '<tr><th scope="row"><a href="?year=2014">٢٠١٤</a></th>'
            '<td class="count">١</td></tr>'
        ),
        (
            '<tr><th scope="row"><a href="?year=2016">٢٠١٦</a></th>'
            '<td class="count">١٬٢٣٤</td></tr>'
        ),
    ]
