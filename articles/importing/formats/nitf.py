"""NITF, the News Industry Text Format (IPTC, 3.x): one article, or several in a wrapper."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from articles.importing.building import build
from articles.importing.inputs import Input
from articles.importing.markup import (
    Outside,
    XMLProblemError,
    find,
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

NAME = "nitf"


def recognises(source: Input) -> bool:
    """Whether it is NITF, or has some in it."""
    return root_of(source) == "nitf" or (
        "<nitf" in source.head_text
        and root_of(source) not in {"", "newsMessage", "newsItem", "html"}
    )


def read(source: Input) -> Iterator[Found]:
    """Yield the articles of the file."""
    outside = Outside()
    number = 0
    try:
        for part in read_elements(source, frozenset(["nitf"]), outside):
            number += 1
            place = f"document {number}, line {part.line}"
            if part.problem:
                yield RecordError(source.at(place), part.problem)
            else:
                values = values_of(part.element)
                language = language_of(part.element, outside.language)
                raw = f"{values['title']}\n\n{values['body']}"
                yield build(
                    {"language": language, **values}, place, source, raw, html=False
                )
    except XMLProblemError as error:
        yield problem(source, error)


def values_of(nitf: Element) -> dict[str, Any]:
    """Return the values of one article."""
    docdata = find(nitf, "head", "docdata")
    pubdata = find(nitf, "head", "pubdata")
    head = find(nitf, "body", "body.head")
    doc_id = None if docdata is None else find(docdata, "doc-id")
    content = find(nitf, "body", "body.content")
    values: dict[str, Any] = {
        "title": _of(head, "hl1") or _of(find(nitf, "head"), "title"),
        "subtitle": _of(head, "hl2"),
        "body": _body(content),
        "summary": _of(head, "abstract"),
        "authors": _authors(head),
        "place": _of(head, "location") or _place(head),
        "published": _norm(docdata, "date.issue")
        or ("" if pubdata is None else pubdata.get("date.publication", ""))
        or _norm(head, "story.date")
        or _norm(docdata, "date.release"),
        "id": "" if doc_id is None else doc_id.get("id-string", ""),
        "source": ("" if pubdata is None else pubdata.get("name", ""))
        or _of(head, "distributor"),
        "section": "" if pubdata is None else pubdata.get("position.section", ""),
        "url": "" if pubdata is None else pubdata.get("ex-ref", ""),
    }
    if language := language_of(nitf) or language_of(
        content if content is not None else nitf
    ):
        values["language"] = language
    return values


def _body(content: Element | None) -> str:
    """Return the text without pictures' captions and their credits."""
    if content is None:
        return ""
    for media in [e for e in content.iter() if local(e.tag) == "media"]:
        media.clear()
    return paragraphs(content)


def _of(element: Element | None, name: str) -> str:
    return "" if element is None else text_of(first(element, name))


def _norm(element: Element | None, name: str) -> str:
    """Return a date, which NITF keeps in an attribute: 20170120T214300+0100."""
    found = None if element is None else first(element, name)
    return "" if found is None else found.get("norm", "") or text_of(found)


def _authors(head: Element | None) -> Any:
    byline = None if head is None else first(head, "byline")
    if byline is None:
        return ""
    people = [text_of(e) for e in byline.iter() if local(e.tag) == "person"]
    for title in [e for e in byline if local(e.tag) == "byttl"]:
        byline.remove(title)
    return people or text_of(byline)


def _place(head: Element | None) -> str:
    dateline = None if head is None else first(head, "dateline")
    return "" if dateline is None else (dateline.text or "").strip(" ,،-")
