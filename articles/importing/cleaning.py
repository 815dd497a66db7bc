r"""HTML in a body becomes clean paragraphs; text that is no HTML stays as it is.

What comes out is text, no markup: there is nothing left to sanitise. Each block is a
paragraph, ``<br>`` too; scripts, styles, forms, and what only shows or tracks are left
out. Where tags mark no block, as in the exports of some sites, the lines of the text are
its paragraphs.

>>> clean_text("<p>Olives &amp; oil</p><script>x()</script><p>Prices<br>rose</p>")
'Olives & oil\nPrices\nrose'
>>> clean_text("for a < b")
'for a < b'
"""

import html
import re
from html.parser import HTMLParser
from typing import Any

# So are those of NITF, for ``markup``.
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center",
    "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    "block", "body.content", "body.head", "hedline", "hl1", "hl2", "bq", "credit",
    "media", "nitf-table", "nitf-table-metadata", "note",
))  # fmt: skip
DROPPED = frozenset((
    "audio", "button", "canvas", "embed", "form", "head", "iframe", "input", "link",
    "map", "math", "meta", "nav", "noscript", "object", "script", "select", "style",
    "svg", "template", "textarea", "track", "video",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "label", "mark", "picture", "q", "s",
    "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
))  # fmt: skip
_VOID = frozenset(
    ["embed", "img", "input", "link", "meta", "source", "track", "wbr", "br", "hr"]
)

_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(BLOCKS | DROPPED | _INLINE, key=len, reverse=True))})"
    r"(?:\s[^<>]*)?/?>|<!--|<!DOCTYPE",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(BLOCKS)})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """Return the paragraphs of ``text``, one a line, if it is HTML."""
    if "<" in text and _TAG.search(text):
        return _paragraphs(text)
    return decode_entities(text)


def clean_line(text: str) -> str:
    """Return a title or the like as one line, without tags."""
    return " ".join(clean_text(text).split()) if "<" in text or "&" in text else text


def decode_entities(text: str) -> str:
    """Replace what is surely an entity: with its semicolon, and known."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)


def join_paragraphs(parts: list[str]) -> str:
    """Join pieces of text to paragraphs, one a line; vertical tabs part them."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in "".join(parts).split("\v"))
    return "\n".join(line for line in lines if line.strip())


class _Paragraphs(HTMLParser):
    """Gathers text; a vertical tab stands where a paragraph ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._dropping: list[str] = []

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        if tag in BLOCKS:
            self.parts.append("\v")
        if tag in DROPPED and tag not in _VOID:
            self._dropping.append(tag)

    def handle_startendtag(self, tag: str, _attrs: Any) -> None:
        if tag in BLOCKS:
            self.parts.append("\v")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._dropping:
            del self._dropping[self._dropping.index(tag) :]
        if tag in BLOCKS:
            self.parts.append("\v")
            if tag in {"body", "article"}:
                self._dropping.clear()

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.parts.append(data.replace("\v", " "))


def _paragraphs(text: str) -> str:
    parser = _Paragraphs()
    if _BLOCK_TAG.search(text):
        # In HTML a line end is a space.
        parser.feed(text)
        parser.close()
        return join_paragraphs(parser.parts)
    parser.feed(text)
    parser.close()
    lines = (
        _SPACE.sub(" ", line).strip(" ") for line in "".join(parser.parts).split("\n")
    )
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
