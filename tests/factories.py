"""Rows for tests: everything that a test does not name is made up."""

from datetime import date
from itertools import count
from typing import Any

from articles.models import Article, Section, Source, Status

_numbers = count(1)


def make_source(**values: Any) -> Source:
    """Make a source."""
    number = next(_numbers)
    values = {"name": f"Source {number}", "slug": f"source-{number}"} | values
    return Source.objects.create(**values)


def make_section(**values: Any) -> Section:
    """Make a section."""
    number = next(_numbers)
    values = {"name": f"Section {number}", "slug": f"section-{number}"} | values
    return Section.objects.create(**values)


def build_article(**values: Any) -> Article:
    """Build a published article without saving it; its source is made."""
    number = next(_numbers)
    if "source" not in values:
        values["source"] = make_source()
    defaults = {
        "title": f"Article {number}",
        "body": f"Text of article {number}.",
        "language": "en",
        "published_on": date(2020, 1, 1),
        "status": Status.PUBLISHED,
    }
    return Article(**(defaults | values))


def make_article(**values: Any) -> Article:
    """Make a published article."""
    article = build_article(**values)
    article.save()
    return article
