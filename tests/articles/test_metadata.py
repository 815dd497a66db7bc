"""What machines are told, as a reader of JSON-LD understands it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from articles.metadata import description, news_article
from articles.models import Article, Section, Source
from articles.templatetags.linked_data import linked_data

# rdflib's own reader of JSON-LD uses what rdflib gives up.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SCHEMA = Namespace("https://schema.org/")
PERMALINK = "https://archive.example/articles/7/"
HOSTILE = "</script><b>\"{x}\" & 'y' \\ <!-- \N{RIGHT-TO-LEFT OVERRIDE}عنوان"


def article(**values: Any) -> Article:
    usual = {
        "pk": 7,
        "title": "حصاد الزيتون",
        "body": "بدأ الحصاد. وانتهى.",
        "language": "ar",
        "source": Source(name="الأطلس", slug="atlas", homepage="https://a.example/"),
    }
    return Article(**(usual | values))


def read(element: str) -> Graph:
    """Read the data of an element; the vocabulary stands for its context online."""
    start, end = '<script type="application/ld+json">', "</script>"
    assert element.startswith(start)
    assert element.endswith(end)
    data = json.loads(element[len(start) : -len(end)])
    assert data["@context"] == "https://schema.org"
    data["@context"] = {
        "@vocab": str(SCHEMA),
        "url": {"@type": "@id"},
        "isBasedOn": {"@type": "@id"},
    }
    return Graph().parse(data=json.dumps(data), format="json-ld")


def test_a_reader_of_json_ld_understands_the_article() -> None:
    data = news_article(
        article(
            subtitle="في مكناس",
            authors=["سعاد", "Amal"],
            section=Section(name="زراعة", slug="x"),
            place="مكناس",
            published_on=date(2019, 9, 21),
            published_at=datetime(2019, 9, 21, 8, tzinfo=UTC),
            url="https://atlas.example/1",
        ),
        PERMALINK,
    )
    graph = read(linked_data(data))
    subject = URIRef(PERMALINK)
    assert graph.value(subject, RDF.type) == SCHEMA.NewsArticle
    assert graph.value(subject, SCHEMA.headline) == Literal("حصاد الزيتون")
    assert graph.value(subject, SCHEMA.inLanguage) == Literal("ar")
    assert graph.value(subject, SCHEMA.datePublished) == Literal(
        "2019-09-21T08:00:00+00:00"
    )
    assert graph.value(subject, SCHEMA.isBasedOn) == URIRef("https://atlas.example/1")
    authors = {
        graph.value(author, SCHEMA.name)
        for author in graph.objects(subject, SCHEMA.author)
    }
    assert authors == {Literal("سعاد"), Literal("Amal")}
    publisher = graph.value(subject, SCHEMA.publisher)
    assert graph.value(publisher, SCHEMA.name) == Literal("الأطلس")


def test_what_is_not_known_is_left_out() -> None:
    data = news_article(article(), PERMALINK)
    unknown = {"author", "datePublished", "articleSection", "locationCreated"}
    assert not (unknown | {"isBasedOn", "alternativeHeadline"}) & data.keys()
    assert read(linked_data(data))


def test_the_day_is_told_where_the_moment_is_not_known() -> None:
    data = news_article(article(published_on=date(2019, 9, 21)), PERMALINK)
    assert data["datePublished"] == "2019-09-21"


def test_no_text_ends_the_element_that_holds_it() -> None:
    data = news_article(article(title=HOSTILE, authors=[HOSTILE]), PERMALINK)
    element = linked_data(data)
    assert element.count("<") == 2
    headline = read(element).value(URIRef(PERMALINK), SCHEMA.headline)
    assert headline == Literal(HOSTILE)


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"subtitle": "في مكناس"}, "في مكناس"), ({}, "بدأ الحصاد.")],
)
def test_an_article_is_described_by_its_own_words(
    values: dict[str, str], expected: str
) -> None:
    assert description(article(**values)) == expected
