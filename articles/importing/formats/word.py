"""Word's DOCX (ECMA-376, Office Open XML: WordprocessingML): one article a document.

Its paragraphs are the article's; deleted text, comments and notes are left out. The title
is the paragraph of the style "Title", or the document's own, and a header block may stand
before the text, as in plain text.
"""

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from articles.importing.building import build
from articles.importing.containers import is_zip, open_part, open_zip
from articles.importing.headers import split_header
from articles.importing.inputs import Input
from articles.importing.markup import (
    Outside,
    XMLProblemError,
    local,
    problem,
    read_elements,
)
from articles.importing.records import DamagedError, Found, RecordError
from articles.importing.sniffing import zip_names

NAME = "docx"

_DOCUMENT = "word/document.xml"
_CORE = "docProps/core.xml"
_TITLES = frozenset(["title", "titre", "titel", "العنوان"])
_LEFT_OUT = frozenset((
    "del", "moveFrom", "pPr", "rPr", "instrText", "footnoteReference", "pict",
    "drawing", "txbxContent", "AlternateContent",
))  # fmt: skip


def recognises(source: Input) -> bool:
    """Whether it is a Word document."""
    return is_zip(source) and _DOCUMENT in zip_names(source)


def read(source: Input) -> Iterator[Found]:
    """Yield the article of the document."""
    archive = open_zip(source)
    try:
        with archive:
            yield _article(archive, source)
    except XMLProblemError as error:
        yield problem(source, error)


def _article(archive: zipfile.ZipFile, source: Input) -> Found:
    values: dict[str, Any] = _core(archive, source)
    title = ""
    lines: list[str] = []
    size = 0
    for paragraph, problem_found in _paragraphs(archive, source):
        text = _text(paragraph)
        size += len(text)
        if problem_found or size > source.limits.record_bytes:
            reason = problem_found or (
                f"too long for an article: {source.limits.raising('record_bytes')}"
            )
            return RecordError(source.at(""), reason)
        if not title and _style(paragraph) in _TITLES:
            title = " ".join(text.split())
        else:
            lines.append(text)
    text = "\n".join(lines)
    header, body = split_header(text)
    values |= {"title": title or values.get("title", "")}
    values |= {name: value for name, value in header.items() if value}
    body = "\n".join(line for line in body.split("\n") if line.strip())
    return build({**values, "body": body}, "", source, text, html=False)


def _paragraphs(
    archive: zipfile.ZipFile, source: Input
) -> Iterator[tuple[Element, str]]:
    part = _part(archive, _DOCUMENT, source)
    if part is None:
        raise DamagedError(f"{_DOCUMENT} is missing")
    for found in read_elements(part, frozenset(["p"]), Outside()):
        yield found.element, found.problem


def _core(archive: zipfile.ZipFile, source: Input) -> dict[str, Any]:
    """Return what the document's properties say; those of broken ones are not missed."""
    values: dict[str, Any] = {}
    part = _part(archive, _CORE, source)
    if part is None:
        return values
    names = {"title": "title", "creator": "authors", "language": "language"}
    try:
        for found in read_elements(part, frozenset(names), Outside()):
            values[names[local(found.element.tag)]] = (found.element.text or "").strip()
    except XMLProblemError:
        return {}
    return values


def _part(archive: zipfile.ZipFile, name: str, source: Input) -> Input | None:
    try:
        stream = open_part(archive, name, source)
    except KeyError:
        return None
    return source.inner(stream, name, "DOCX")


def _style(paragraph: Element) -> str:
    for element in paragraph.iter():
        if local(element.tag) == "pStyle":
            return next(
                (v for k, v in element.items() if local(k) == "val"), ""
            ).lower()
    return ""


def _text(paragraph: Element) -> str:
    parts: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        name = local(element.tag)
        if name in _LEFT_OUT:
            continue
        if name == "t":
            parts.append(element.text or "")
        elif name == "tab":
            parts.append(" ")
        elif name in {"br", "cr"}:
            parts.append("\n")
        stack += reversed(element)
    return "".join(parts).strip()
