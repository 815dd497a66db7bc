"""HTML pages (the WHATWG's living standard; XHTML too): one article a page.

What the page says of itself comes first: JSON-LD, then OpenGraph (ogp.me) and other
``<meta>``, ``<time>``, ``lang``. Its text is found by trafilatura, which knows menus and
advertisements from articles; where it finds none, by the JSON-LD or the page's blocks.
"""

import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from articles.importing import json_ld
from articles.importing.building import build
from articles.importing.bylines import read_authors
from articles.importing.cleaning import clean_text
from articles.importing.inputs import Input
from articles.importing.records import Found, RecordError, ValueProblemError

NAME = "html"

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(
    r"\s*<(?:!--|\w).*?<(?:p|div|article|h1|meta|title|section|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BY = re.compile(r"^\s*(?:by|par|بقلم)\s*:?\s+", re.IGNORECASE)
_BEGINNING = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_MUCH = 0.5

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "summary": ("og:description", "description", "dc.description"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "section": ("article:section", "section"),
    "published": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "pubdate",
        "publish-date",
        "parsely-pub-date",
        "citation_publication_date",
    ),
    "authors": ("author", "article:author", "dc.creator", "parsely-author"),
    "url": ("og:url",),
    "language": ("og:locale", "dc.language", "content-language"),
}


def recognises(source: Input) -> bool:
    """Whether it is a page, or the part of one that has an article."""
    text = source.head_text[:20_000]
    return _PAGE.match(text) is not None or (
        not text.lstrip().startswith("<?xml") and _PART.match(text) is not None
    )


def read(source: Input) -> Iterator[Found]:
    """Yield the article of the page."""
    yield read_page(source, {})


def read_page(source: Input, known: dict[str, Any]) -> Found:
    """Return the article of a page, with what is known of it from elsewhere."""
    limit = source.limits.record_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        reason = f"too long for an article: {source.limits.raising('record_bytes')}"
        return RecordError(source.at(""), reason)
    text = data.decode(source.encoding, "newsarchive-mark").removeprefix("\ufeff")
    text = _DECLARATION.sub("", text)
    if _is_cut_short(text):
        reason = "the page is cut short: it has a beginning, and no </body> or </html>"
        return RecordError(source.at(""), reason, raw=source.raw(text))
    values = _values(text)
    if values is None:
        reason = "the file has no text" if not text.strip() else "this is no HTML page"
        return RecordError(source.at(""), reason, raw=source.raw(text))
    values = {name: value for name, value in values.items() if value} | {
        name: value for name, value in known.items() if value and not values.get(name)
    }
    return build(values, "", source, text, html=False)


def _is_cut_short(text: str) -> bool:
    # The end may be left out by the standard. But who leaves it out is seldom, and half
    # an article that nobody is told of is worse than a page that is asked after.
    return bool(_BEGINNING.search(text)) and not _END.search(text)


def _values(text: str) -> dict[str, Any] | None:
    trafilatura = _trafilatura()
    try:
        tree = trafilatura.load_html(text)
        if tree is None:
            return None
        values = _metadata(tree)
        found = trafilatura.extract(
            tree, include_comments=False, output_format="txt", with_metadata=False
        )
    except (
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        RecursionError,
        AssertionError,
    ):
        return None  # What parsers of broken pages raise.
    values["body"] = _body(found or "", values, text)
    return values


@cache
def _trafilatura() -> ModuleType:
    # Slow to import, and not needed where only readers are served.
    import trafilatura  # noqa: PLC0415

    # What it says of a page is in no place of a file.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    return trafilatura


def _names(value: Any) -> tuple[str, ...]:
    try:
        return read_authors(value)
    except ValueProblemError:
        return ()


def _body(found: str, values: dict[str, Any], text: str) -> str:
    """Return the text of the page, its title and byline taken off."""
    said = clean_text(values.pop("body", "") or "")
    body = found if len(found) > len(said) * _MUCH else said
    if not body.strip():
        return clean_text(_without_head(text))
    heads = [values.get("title"), *_names(values.get("authors"))]
    known = {" ".join(str(head).split()) for head in heads if head}
    first, _, rest = body.partition("\n")
    while rest.strip() and " ".join(_BY.sub("", first).split()) in known:
        body = rest.lstrip("\n")
        first, _, rest = body.partition("\n")
    return body


def _without_head(text: str) -> str:
    return re.sub(r"<head\b.*?</head\s*>", "", text, flags=re.IGNORECASE | re.DOTALL)


def _metadata(tree: Any) -> dict[str, Any]:
    """Return what the page says of itself, the surest first."""
    values = _scripts(tree)
    meta = _meta(tree)
    for field, names in _META.items():
        if not values.get(field):
            values[field] = next((meta[name] for name in names if name in meta), "")
    values["title"] = values["title"] or _text(tree, "h1") or _text(tree, "title")
    values["published"] = values["published"] or _time(tree)
    values["url"] = values.get("url") or _attribute(tree, "link", "canonical")
    if not str(values["url"]).startswith(("http://", "https://")):
        values["url"] = ""
    declared = tree.get("lang") or tree.get(
        "{http://www.w3.org/XML/1998/namespace}lang"
    )
    values["language"] = str(declared or values["language"] or "").split("_")[0]
    authors = values["authors"]
    if isinstance(authors, str) and authors.startswith(("http://", "https://")):
        values["authors"] = ""
    return values


def _scripts(tree: Any) -> dict[str, Any]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                value = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue  # A page may be right though its script is not.
            for article in json_ld.articles_in(value):
                return article
    return {}


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (
            meta.get("property")
            or meta.get("name")
            or meta.get("itemprop")
            or meta.get("http-equiv")
        )
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _time(tree: Any) -> str:
    times = [
        t.get("datetime").strip()
        for t in tree.iter("time")
        if (t.get("datetime") or "").strip()
    ]
    return times[0] if times else ""


def _text(tree: Any, name: str) -> str:
    element = next(tree.iter(name), None)
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _attribute(tree: Any, name: str, rel: str) -> str:
    for element in tree.iter(name):
        if (element.get("rel") or "").lower() == rel:
            return (element.get("href") or "").strip()
    return ""
