"""Feeds: RSS 2.0 (rssboard.org) and its ancestors, RSS 1.0 (RDF), Atom (RFC 4287).

The full text comes first (``content:encoded``, Atom's ``content``), then the summary.
What an item does not say, its channel may: its name is the source, and its language.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from articles.importing.building import build
from articles.importing.inputs import Input
from articles.importing.markup import (
    Outside,
    XMLProblemError,
    find,
    find_all,
    language_of,
    local,
    paragraphs,
    problem,
    read_elements,
    text_of,
)
from articles.importing.records import Found, RecordError
from articles.importing.sniffing import root_of

NAME = "feed"
NO_ITEMS = "the feed has no items"

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_BODY = "{http://www.w3.org/1999/xhtml}body"


def recognises(source: Input) -> bool:
    """Whether it is a feed."""
    return root_of(source) in {"rss", "RDF", "feed", "channel"}


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the feed."""
    outside = Outside()
    number = 0
    try:
        for part in read_elements(source, frozenset(["item", "entry"]), outside):
            number += 1
            place = f"item {number}, line {part.line}"
            if part.problem:
                yield RecordError(source.at(place), part.problem)
                continue
            item = part.element
            read_item = _entry if local(item.tag) == "entry" else _item
            values = read_item(item, outside)
            yield build(values, place, source, _raw(values))
    except XMLProblemError as error:
        yield problem(source, error)
        return
    if not number:
        yield RecordError(source.at("line 1"), NO_ITEMS)


def _item(item: Element, outside: Outside) -> dict[str, Any]:
    full = item.find(_CONTENT)
    if full is None:
        full = item.find(_BODY)
    body = paragraphs(full) if full is not None and len(full) else _plain(full)
    channel = _outside(outside, "channel")
    return {
        "title": _said(item, "title"),
        "body": body,
        "summary": _said(item, "encoded", "description"),
        "url": _link(item),
        "id": _said(item, "guid", "identifier") or item.get(f"{_RDF}about", ""),
        "published": _said(item, "pubDate", "date", "published"),
        "authors": [_person(a) for a in _all(item, "creator")]
        or [_person(a) for a in _all(item, "author")],
        "section": _said(item, "category", "subject"),
        "source": _said(item, "source") or channel.get("title", ""),
        "language": _said(item, "language")
        or language_of(item, channel.get("language") or outside.language),
    }


_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def _entry(entry: Element, outside: Outside) -> dict[str, Any]:
    feed = _outside(outside, "feed")
    category = find(entry, "category")
    people = [text_of(find(a, "name")) or text_of(a) for a in find_all(entry, "author")]
    return {
        "title": _atom_text(find(entry, "title")),
        "subtitle": _atom_text(find(entry, "subtitle")),
        "body": _atom_text(find(entry, "content")),
        "summary": _atom_text(find(entry, "summary")),
        "url": _link(entry),
        "id": _said(entry, "id"),
        "published": _said(entry, "published", "issued", "updated", "modified"),
        "authors": [p for p in people if p] or [feed.get("author", "")],
        "section": ""
        if category is None
        else category.get("label") or category.get("term", ""),
        "source": text_of(find(entry, "source", "title")) or feed.get("title", ""),
        "language": language_of(entry, outside.language),
    }


def _outside(outside: Outside, root: str) -> dict[str, str]:
    """Return what a channel says of itself, by the last names of its elements."""
    found: dict[str, str] = {}
    for path, text in outside.texts.items():
        if path[-2:-1] == (root,):
            found.setdefault(path[-1], text.strip())
        elif path[-2:] == ("author", "name"):
            found.setdefault("author", text.strip())
    return found


def _atom_text(element: Element | None) -> str:
    """Return a text construct: XHTML inside, HTML escaped, or plain."""
    if element is None:
        return ""
    if len(element):
        return paragraphs(element)
    return _plain(element)


def _plain(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _all(item: Element, name: str) -> Iterator[str]:
    for element in find_all(item, name):
        if text := text_of(find(element, "name")) or text_of(element):
            yield text


def _said(item: Element, *names: str) -> str:
    """Return the first text that an item has under one of some names."""
    for name in names:
        for element in find_all(item, name):
            if text := "".join(element.itertext()).strip():
                return text
    return ""


def _link(item: Element) -> str:
    """Return the address of the article itself."""
    found = ""
    for link in find_all(item, "link"):
        address = (link.get("href") or link.text or "").strip()
        is_web = address.startswith(("http://", "https://"))
        if is_web and link.get("rel", "alternate") == "alternate":
            return address
    guid = find(item, "guid")
    if guid is not None and guid.get("isPermaLink", "true") == "true":
        found = _plain(guid)
    return found if found.startswith(("http://", "https://")) else ""


def _person(text: str) -> str:
    """Return the name of an author, whom RSS gives as "address (name)"."""
    address, _, name = text.partition("(")
    return name.rstrip(") ") if "@" in address and name else text


def _raw(values: dict[str, Any]) -> str:
    """Return an item as a text that can be read again."""
    shown = ((k, "; ".join(v) if isinstance(v, list) else v) for k, v in values.items())
    return "\n".join(f"{name}: {value}" for name, value in shown if value)
