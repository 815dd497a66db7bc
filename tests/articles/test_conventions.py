"""How numbers and days are written, by language and by choice."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from articles import conventions
from articles.conventions import Conventions

DAY = date(2015, 8, 1)


def show(text: str, language: str, chosen: str = "") -> str:
    template = Template("{% load reading_conventions %}" + text)
    with translation.override(language), conventions.override(Conventions.read(chosen)):
        return template.render(Context({"day": DAY, "year": 2015, "none": None}))


@pytest.mark.parametrize(
    ("language", "chosen", "written"),
    [
        pytest.param("ar", "", "1 أغسطس 2015", id="common"),
        pytest.param("ar", "western.maghrebi", "1 غشت 2015", id="Maghrebi"),
        pytest.param("ar", "arabic.levantine", "١ آب ٢٠١٥", id="Levantine"),
        pytest.param("fr", "arabic.levantine", "1er août 2015", id="French"),
        pytest.param("en", "arabic.levantine", "1 August 2015", id="English"),
    ],
)
def test_a_day_is_written_as_the_reader_likes(
    language: str, chosen: str, written: str
) -> None:
    assert show("{{ day|day }}", language, chosen) == written


@pytest.mark.parametrize(
    ("language", "chosen", "written"),
    [
        pytest.param("ar", "", "76,176", id="western"),
        pytest.param("ar", "arabic", "٧٦٬١٧٦", id="Arabic-Indic"),
        pytest.param("fr", "", "76\N{NARROW NO-BREAK SPACE}176", id="French"),
        pytest.param("en", "arabic", "76,176", id="English"),
    ],
)
def test_thousands_are_set_apart(language: str, chosen: str, written: str) -> None:
    assert show("{{ 76176|number }}", language, chosen) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{ year|digits }}", "٢٠١٥"),
        ("{{ day|weekday }}", "السبت ١ آب ٢٠١٥"),
        ("{{ day|month }}", "آب ٢٠١٥"),
        ("{{ day|month_name }}", "آب"),
        ("{{ day|day_of_year }}", "١ آب"),
        ("{{ none|day }}{{ none|number }}{{ none|digits }}{{ none|month }}", ""),
        ("{{ none|weekday }}{{ none|clock }}", ""),
    ],
)
def test_every_part_of_a_date_follows(text: str, written: str) -> None:
    assert show(text, "ar", "arabic.levantine") == written


def test_articles_are_counted_in_the_plural_that_their_number_has() -> None:
    assert (
        show("{{ 1|articles }} {{ 2000|articles }}", "en") == "1 article 2,000 articles"
    )


@pytest.mark.parametrize(
    "text", ["", "x", "arabic", "levantine.arabic", "arabic" * 999]
)
def test_whatever_a_cookie_holds_can_be_read(text: str) -> None:
    read = Conventions.read(text)
    assert Conventions.read(str(read)) == read


def test_conventions_end_with_what_they_were_put_in_force_for() -> None:
    with conventions.override(Conventions("arabic", "levantine")):
        pass
    assert conventions.active() == Conventions()
