"""XML, read as it comes, element by element, with nothing of it trusted.

``read_elements`` gives the elements of the names that a format asks for, one at a time,
so that memory does not grow with the file. Entities of the file's own, and all that lies
outside of it, are refused (defusedxml). What feeds in the wild get wrong is mended on the
way in: HTML's entities without a declaration, a lone &, and characters that XML has not,
which become marks, so that the record that holds one fails, and no other.
"""

import html
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from articles.importing.cleaning import BLOCKS, DROPPED, join_paragraphs
from articles.importing.inputs import Input
from articles.importing.limits import Limits
from articles.importing.records import RecordError

_CHUNK = 65_536
_OUTSIDE_LENGTH = 2000
_OUTSIDE_COUNT = 200
# A tag longer than this is none that a person or a program would write on purpose.
_TAG_LENGTH = 4_000_000
# Tags beyond the limit of depth are passed over, until there are this many times more.
_HOPELESS = 50

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CDATA = re.compile(r"(<!\[CDATA\[|\]\]>)")
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,8})|(\w{1,32}))?(;?)")
_SURROGATES = range(0xD800, 0xE000)
_XML_NAMES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_OPEN_END = re.compile(r"(?:&[#\w]{0,32}|<[!\[CDATA]{0,8}|\]{1,2})\Z")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XMLProblemError(Exception):
    """The file cannot be read on; the message says where and why."""


@dataclass(slots=True)
class Outside:
    """What stands outside of the elements that are asked for.

    Attributes:
        language: of the root element.
        texts: by the local names of the element and its parents, the first of each.
        attributes: likewise those of elements.
    """

    language: str = ""
    texts: dict[tuple[str, ...], str] = field(default_factory=dict)
    attributes: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """An element that was asked for.

    Attributes:
        element: the element; what of it was too large is left out.
        line: where it begins.
        problem: what is wrong with it as a whole.
    """

    element: Element
    line: int
    problem: str = ""


def read_elements(
    source: Input, names: frozenset[str], outside: Outside
) -> Iterator[Part]:
    """Yield the outermost elements of some local names.

    ``outside`` is filled with what precedes each.

    Raises:
        XMLProblemError: the file is not well-formed, or not to be trusted.
    """
    collector = _Collector(names, source.limits, outside)
    parser = XMLParser(
        target=collector,
        encoding="utf-8",
        forbid_dtd=False,
        forbid_entities=True,
        forbid_external=True,
    )
    collector.line_of = lambda: int(parser.parser.CurrentLineNumber)
    try:
        quiet = 0
        for text in _pieces(source):
            before = collector.events
            parser.feed(text.encode("utf-8", "replace"))
            yield from collector.take()
            quiet = 0 if collector.events > before else quiet + len(text)
            _check_tag(parser, quiet)
        parser.close()
        yield from collector.take()
    except SyntaxError as error:
        yield from collector.take()
        reason = str(error).partition(":")[0] or "not well-formed"
        ended = "no element found" in reason or "unclosed token" in reason
        what = "the file is cut short" if ended else f"this is no XML: {reason}"
        raise XMLProblemError(_at(parser, what)) from error
    except XMLProblemError:
        yield from collector.take()
        raise
    except DefusedXmlException as error:
        raise XMLProblemError(
            _at(
                parser,
                "the file declares entities of its own, or wants other files, which is "
                "refused: take them out",
            )
        ) from error


def problem(source: Input, error: XMLProblemError) -> RecordError:
    """Return what to say of a file that could not be read on."""
    line, _, reason = str(error).partition(": ")
    return RecordError(source.at(line), reason, stops=True)


def local(name: Any) -> str:
    """Return a name without its namespace."""
    return str(name).rpartition("}")[2]


def find(element: Element, *path: str) -> Element | None:
    """Return the first element down a path of local names."""
    return next(find_all(element, *path), None)


def find_all(element: Element, *path: str) -> Iterator[Element]:
    """Yield the elements down a path of local names."""
    if not path:
        yield element
        return
    for child in element:
        if local(child.tag) == path[0]:
            yield from find_all(child, *path[1:])


def first(element: Element, *names: str) -> Element | None:
    """Return the first element of one of some local names, however deep."""
    return next((e for e in element.iter() if local(e.tag) in names), None)


def text_of(element: Element | None) -> str:
    """Return all text in an element as one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def language_of(element: Element, default: str = "") -> str:
    """Return the language that an element says it is in."""
    return element.get(_XML_LANG) or element.get("lang") or default


def paragraphs(element: Element | None) -> str:
    """Return the paragraphs of an element of XHTML or NITF, one a line."""
    parts: list[str] = []
    # A stack in place of recursion: depth is what a file makes of it.
    stack: list[Element | str] = [] if element is None else [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        name = local(item.tag).lower()
        edge = "\v" if name in BLOCKS else ""
        inside: list[Element | str] = [edge]
        if name not in DROPPED:
            inside.append(item.text or "")
            for child in item:
                inside += [child, child.tail or ""]
        stack += reversed([*inside, edge])
    return join_paragraphs(parts)


class _Collector:
    """What the parser tells, kept while it belongs to an element that is asked for."""

    def __init__(self, names: frozenset[str], limits: Limits, outside: Outside) -> None:
        self.events = 0
        self.line_of: Callable[[], int] = int
        self._names = names
        self._limits = limits
        self._outside = outside
        self._path: list[str] = []
        self._depth = 0
        self._open: list[Element] = []
        self._text: list[str] = []
        self._line = 0
        self._size = 0
        self._problem = ""
        self._done: list[Part] = []

    def take(self) -> list[Part]:
        """Return the elements that have ended since last time."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._depth += 1
        if self._depth > self._limits.depth:
            self._too_deep()
            return
        if self._open:
            self._flush()
            self._size += len(tag) + sum(map(len, attributes.values()))
            if self._fits():
                child = Element(tag, attributes)
                self._open[-1].append(child)
                self._open.append(child)
            else:
                self._open.append(Element(tag))
        elif local(tag) in self._names:
            self._open = [Element(tag, attributes)]
            self._line, self._size, self._problem = self.line_of(), 0, ""
        else:
            self._path.append(local(tag))
            self._note(attributes)

    def end(self, _tag: str) -> None:
        self.events += 1
        self._depth -= 1
        if self._depth >= self._limits.depth:
            return
        if not self._open:
            self._path.pop()
            return
        self._flush()
        element = self._open.pop()
        if not self._open:
            self._done.append(Part(element, self._line, self._problem))

    def data(self, text: str) -> None:
        self.events += 1
        if self._depth > self._limits.depth:
            return
        if self._open:
            self._size += len(text)
            if self._fits():
                self._text.append(text)
        elif text.strip() and len(self._outside.texts) < _OUTSIDE_COUNT:
            path = tuple(self._path)
            kept = self._outside.texts.get(path, "")
            self._outside.texts[path] = (kept + text)[:_OUTSIDE_LENGTH]

    def close(self) -> None:
        """End, as the parser asks of its target."""

    def _flush(self) -> None:
        """Give the text since the last tag to the element that it belongs to."""
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        last = self._open[-1]
        if len(last):
            last[-1].tail = text
        else:
            last.text = text

    def _note(self, attributes: dict[str, str]) -> None:
        if len(self._path) == 1:
            self._outside.language = attributes.get(_XML_LANG, "")
        if attributes and len(self._outside.attributes) < _OUTSIDE_COUNT:
            kept = {k: v[:_OUTSIDE_LENGTH] for k, v in attributes.items()}
            self._outside.attributes.setdefault(tuple(self._path), kept)

    def _fits(self) -> bool:
        if self._size > self._limits.record_bytes:
            self._problem = (
                f"too long for an article: {self._limits.raising('record_bytes')}"
            )
        return not self._problem

    def _too_deep(self) -> None:
        problem = f"nested too deeply to be an article: {self._limits.raising('depth')}"
        if self._depth > self._limits.depth * _HOPELESS:
            raise XMLProblemError(f"line {self.line_of()}: {problem}")
        if self._open:
            self._problem = problem


def _check_tag(parser: Any, length: int) -> None:
    if length > _TAG_LENGTH:
        raise XMLProblemError(_at(parser, "a tag has no end"))


def _at(parser: Any, reason: str) -> str:
    return f"line {parser.parser.CurrentLineNumber}: {reason}"


def _pieces(source: Input) -> Iterator[str]:
    """Yield the text of an input, mended, in pieces that part no entity."""
    text = source.text()
    mend = _Mender()
    rest = ""
    first_piece = True
    while piece := text.read(_CHUNK):
        # A declaration must stand at the very beginning, and often does not.
        piece = rest + (piece.lstrip() if first_piece else piece)
        first_piece = False
        cut = _OPEN_END.search(piece)
        rest = piece[cut.start() :] if cut else ""
        yield mend(piece[: len(piece) - len(rest)])
    if rest:
        yield mend(rest)


class _Mender:
    """Mends text outside of CDATA, from piece to piece."""

    def __init__(self) -> None:
        self._in_cdata = False

    def __call__(self, text: str) -> str:
        text = _NOT_XML.sub(lambda found: _mark(ord(found.group())), text)
        if "&" not in text and "<![CDATA[" not in text and "]]>" not in text:
            return text
        parts = []
        for part in _CDATA.split(text):
            if part == "<![CDATA[":
                self._in_cdata = True
            elif part == "]]>":
                self._in_cdata = False
            elif not self._in_cdata:
                part = _REFERENCE.sub(_reference, part)  # noqa: PLW2901
            parts.append(part)
        return "".join(parts)


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name, end = found.groups()
    if not end or not (decimal or hexadecimal or name):
        return f"&amp;{found.group()[1:]}"
    if name:
        if name in _XML_NAMES:
            return found.group()
        known = html.unescape(found.group())
        return html.escape(known)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code > sys.maxunicode or code in _SURROGATES or _NOT_XML.match(chr(code)):
        return _mark(code)
    return found.group()


def _mark(code: int) -> str:
    return chr(0x10FF00 + (code & 0x1F))
