"""JSON-LD: articles in the words of schema.org (JSON-LD 1.1; NewsArticle and its kin).

Stands in files, in lists named ``@graph``, and in the scripts of HTML pages. Objects that
a graph names by their ``@id`` are looked up in it.
"""

from collections.abc import Iterator
from typing import Any

ARTICLES = frozenset((
    "NewsArticle", "Article", "AnalysisNewsArticle", "AskPublicNewsArticle",
    "BackgroundNewsArticle", "OpinionNewsArticle", "ReportageNewsArticle",
    "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report",
    "AdvertiserContentArticle", "SatiricalArticle",
))  # fmt: skip
_DEEPEST = 6


def is_article(value: Any) -> bool:
    """Whether an object says that it is an article."""
    if not isinstance(value, dict):
        return False
    kinds = value.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(name, str) and name.replace(":", "/").rsplit("/", 1)[-1] in ARTICLES
        for name in names
    )


def articles_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the values of the articles in an object, by fields of a record."""
    known = _named(value)
    for article in _find(value, 0):
        yield _values(article, known)


def _find(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if is_article(value):
        yield value
    elif depth < _DEEPEST and isinstance(value, list):
        for item in value:
            yield from _find(item, depth + 1)
    elif (
        depth < _DEEPEST
        and isinstance(value, dict)
        and ("@type" in value or "@graph" in value)
    ):
        for key in (
            "@graph",
            "mainEntity",
            "mainEntityOfPage",
            "itemListElement",
            "item",
        ):
            yield from _find(value.get(key), depth + 1)


def _named(value: Any) -> dict[str, dict[str, Any]]:
    graph = value.get("@graph") if isinstance(value, dict) else value
    items = graph if isinstance(graph, list) else []
    return {
        item["@id"]: item
        for item in items
        if isinstance(item, dict) and isinstance(item.get("@id"), str)
    }


def _values(
    article: dict[str, Any], known: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    def get(*keys: str) -> Any:
        for key in keys:
            if (found := _plain(article.get(key), known)) not in (None, "", []):
                return found
        return None

    authors = article.get("author") or article.get("creator")
    people = authors if isinstance(authors, list) else [authors]
    return {
        "title": _first(get("headline", "name")),
        "subtitle": _first(get("alternativeHeadline")),
        "body": _first(get("articleBody", "text")),
        "summary": _first(get("description", "abstract")),
        "authors": [p for p in (_plain(person, known) for person in people) if p],
        "source": _first(
            get("publisher", "provider", "isPartOf", "sourceOrganization")
        ),
        "section": _first(get("articleSection")),
        "published": _first(get("datePublished", "dateCreated")),
        "url": _address(article),
        "id": _first(get("identifier")),
        "language": _language(article.get("inLanguage")),
        "place": _first(get("dateline", "locationCreated", "contentLocation")),
    }


def _plain(value: Any, known: dict[str, dict[str, Any]]) -> Any:
    """Return the text of a value that may be an object, or a name of one."""
    if isinstance(value, list):
        return [_plain(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"@id"} and isinstance(value["@id"], str):
        value = known.get(value["@id"], value)
    for key in ("@value", "name", "value", "headline"):
        if value.get(key):
            named = value[key]
            return named.get("@value") if isinstance(named, dict) else named
    return None


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _address(article: dict[str, Any]) -> str:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = _first(article.get(key))
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return ""


def _language(value: Any) -> Any:
    value = _first(value)
    if isinstance(value, dict):
        return value.get("alternateName") or value.get("name")
    return value
