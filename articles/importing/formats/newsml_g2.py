"""NewsML-G2 (IPTC, 2.x): the news items of a message, with their text inside.

The text is XHTML or NITF in ``inlineXML``, or plain in ``inlineData``. Items that have
none (pictures, packages) are passed over if a message has others.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from articles.importing.building import build
from articles.importing.formats import nitf
from articles.importing.inputs import Input
from articles.importing.markup import (
    Outside,
    XMLProblemError,
    find,
    find_all,
    first,
    language_of,
    local,
    paragraphs,
    problem,
    read_elements,
    text_of,
)
from articles.importing.records import Found, RecordError
from articles.importing.sniffing import root_of

NAME = "newsml-g2"


def recognises(source: Input) -> bool:
    """Whether it is a message or an item of NewsML-G2."""
    return root_of(source) in {"newsMessage", "newsItem"}


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the message."""
    outside = Outside()
    number = told = 0
    try:
        for part in read_elements(source, frozenset(["newsItem"]), outside):
            number += 1
            place = f"news item {number}, line {part.line}"
            if part.problem:
                yield RecordError(source.at(place), part.problem)
            elif _has_text(part.element):
                values = _values(part.element, outside.language)
                raw = f"{values['title']}\n\n{values['body']}"
                yield build(values, place, source, raw, html=False)
            else:
                continue
            told += 1
    except XMLProblemError as error:
        yield problem(source, error)
        return
    if not told:
        yield RecordError(source.at("line 1"), "the message has no item with a text")


def _has_text(item: Element) -> bool:
    content = find(item, "contentSet")
    return content is not None and any(
        local(e.tag) in {"inlineXML", "inlineData"} for e in content
    )


def _values(item: Element, language: str) -> dict[str, Any]:
    meta = find(item, "contentMeta")
    if meta is None:
        meta = item
    tag = find(meta, "language")
    inside = _content(item)
    names = [_name(e) for e in [*find_all(meta, "by"), *find_all(meta, "creator")]]
    said = {
        "title": text_of(find(meta, "headline")),
        "subtitle": text_of(find(meta, "subheadline")),
        "summary": text_of(find(meta, "description")),
        "language": (tag.get("tag") if tag is not None else "")
        or language_of(item, language),
        "authors": [name for name in dict.fromkeys(names) if name][:1],
        "place": text_of(find(meta, "dateline")) or _name(find(meta, "located")),
        "published": text_of(find(item, "itemMeta", "firstCreated"))
        or text_of(find(meta, "contentCreated"))
        or text_of(find(item, "itemMeta", "versionCreated")),
        "source": _name(find(meta, "infoSource"))
        or _name(find(item, "rightsInfo", "copyrightHolder"))
        or _name(find(item, "itemMeta", "provider")),
        "section": next((n for n in map(_name, find_all(meta, "subject")) if n), ""),
        "id": item.get("guid", ""),
        "url": _link(item),
    }
    return {**inside, **{name: value for name, value in said.items() if value}}


def _content(item: Element) -> dict[str, Any]:
    """Return the text, and what NITF says beside it."""
    content = find(item, "contentSet")
    inline = None if content is None else find(content, "inlineXML")
    if inline is None:
        data = None if content is None else find(content, "inlineData")
        return {"title": "", "body": "" if data is None else (data.text or "").strip()}
    inside = first(inline, "nitf")
    if inside is not None:
        return nitf.values_of(inside)
    body = first(inline, "body")
    title = first(inline, "title")
    text = paragraphs(body if body is not None else inline)
    return {"title": text_of(title), "body": text}


def _name(element: Element | None) -> str:
    """Return the name of a concept, or its own text, or its literal."""
    if element is None:
        return ""
    return (
        text_of(find(element, "name")) or text_of(element) or element.get("literal", "")
    )


def _link(item: Element) -> str:
    for link in find_all(item, "itemMeta", "link"):
        address = link.get("href", "")
        if address.startswith(("http://", "https://")):
            return address
    return ""
