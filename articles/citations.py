r"""How to cite an article: in words, and in the formats of reference managers.

A *citation* holds what is known of an article, each part on one line and no more than
is known: authors stand as printed, for a byline does not say which word of it is the
family name. ``sentence`` writes it by the habits of the reader's language; ``bibtex``, ``ris`` and
``csl_json`` write what Zotero, EndNote, JabRef and their like read.

BibTeX counts braces even where they are escaped, so a brace of the text is written
as a command, ``\textbraceleft{}``, and every value is balanced.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.conventions import write_day
from articles.models import Article

_SPACE = re.compile(r"\s+")
# No reader of these formats expects them; white space is gone before.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{letter: f"\\{letter}" for letter in "#$%&_"},
    }
)
_LANGUAGE_OF_TEX = {"ar": "arabic", "en": "english", "fr": "french"}


@dataclass(frozen=True, slots=True)
class Convention:
    """The habits of citing in a language.

    Attributes:
        quotes: what stands before a title and after it.
        comma: what stands between parts.
        colon: what stands between a title and its subtitle.
        last: what stands before the last of several authors.
        undated: what stands for an unknown date.
    """

    quotes: tuple[str, str]
    comma: str
    colon: str
    last: str
    undated: str


NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
CONVENTIONS = {
    "ar": Convention(("«", "»"), "، ", ": ", " و", "د.ت."),
    "en": Convention(("“", "”"), ", ", ": ", " and ", "n.d."),
    "fr": Convention(
        (f"«{NO_BREAK_SPACE}", f"{NO_BREAK_SPACE}»"),
        ", ",
        f"{NO_BREAK_SPACE}: ",
        " et ",
        "s. d.",
    ),
}


class Piece(NamedTuple):
    """A piece of a citation in words.

    Attributes:
        text: what it says.
        is_quoted: whether it is known of the article, and its letters may run another
            way than those of the sentence.
    """

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited of an article, each text on one line.

    Attributes:
        number: that of the article in the archive.
        published_on: the day of publication, None if unknown.
        permalink: its lasting address in the archive.
        url: where it was published, if that is known; else empty.
    """

    number: int
    title: str
    subtitle: str
    authors: tuple[str, ...]
    source: str
    section: str
    place: str
    language: str
    published_on: date | None
    permalink: str
    url: str

    @property
    def key(self) -> str:
        """Its name among others in a bibliography, and that of a file with it."""
        return f"newsarchive-{self.number}"


def cite(article: Article, permalink: str) -> Citation:
    """Return the citation of ``article``."""
    return Citation(
        number=article.pk,
        title=_line(article.title),
        subtitle=_line(article.subtitle),
        authors=tuple(filter(None, map(_line, article.authors))),
        source=_line(article.source.name),
        section=_line(article.section.name) if article.section else "",
        place=_line(article.place),
        language=article.language,
        published_on=article.published_on,
        permalink=permalink,
        url=article.url,
    )


def sentence_pieces(citation: Citation) -> Iterator[Piece]:
    """Yield a citation in words, by the habits of the reader's language, in pieces."""
    habit = convention()
    opening, closing = habit.quotes
    for place, author in enumerate(citation.authors, 1):
        yield Piece(author, is_quoted=True)
        is_last_but_one = place == len(citation.authors) - 1
        yield Piece(habit.last if is_last_but_one else habit.comma)
    yield Piece(opening)
    title = habit.colon.join(filter(None, [citation.title, citation.subtitle]))
    yield Piece(title, is_quoted=True)
    yield Piece(f"{closing}{habit.comma}")
    yield Piece(citation.source, is_quoted=True)
    yield Piece(habit.comma)
    day = citation.published_on
    yield Piece(write_day(day) if day else habit.undated, is_quoted=True)
    yield Piece(habit.comma)
    yield Piece(citation.permalink, is_quoted=True)


def sentence(citation: Citation) -> str:
    """Return a citation in words, by the habits of the reader's language."""
    return "".join(piece.text for piece in sentence_pieces(citation))


def convention() -> Convention:
    """Return the habits of the reader's language."""
    return CONVENTIONS.get(get_language() or "", CONVENTIONS["en"])


def bibtex(citation: Citation) -> str:
    """Return an entry that BibTeX, BibLaTeX and reference managers read."""
    day = citation.published_on
    fields = {
        # Braces keep a byline from being taken apart, and a title in its case.
        "author": " and ".join(f"{{{_tex(name)}}}" for name in citation.authors),
        "title": f"{{{_tex(citation.title)}}}",
        "subtitle": citation.subtitle and f"{{{_tex(citation.subtitle)}}}",
        "journal": f"{{{_tex(citation.source)}}}",
        "year": f"{day.year:04}" if day else "",
        "month": str(day.month) if day else "",
        "day": str(day.day) if day else "",
        "address": _tex(citation.place),
        "keywords": _tex(citation.section),
        "langid": _LANGUAGE_OF_TEX.get(citation.language, citation.language),
        "url": citation.permalink,
        "note": _tex(_note(citation)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{citation.key},", *lines, "}", ""])


def ris(citation: Citation) -> str:
    """Return a record in RIS, whose lines end as its description demands."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(citation))


def _ris_lines(citation: Citation) -> Iterator[tuple[str, str]]:
    day = citation.published_on
    lines = [
        ("TY", "NEWS"),
        ("ID", citation.key),
        ("TI", ": ".join(filter(None, [citation.title, citation.subtitle]))),
        *[("AU", author) for author in citation.authors],
        ("T2", citation.source),
        ("PY", f"{day:%Y}" if day else ""),
        ("DA", f"{day:%Y/%m/%d}" if day else ""),
        ("SE", citation.section),
        ("CY", citation.place),
        ("LA", citation.language),
        ("UR", citation.permalink),
        ("DB", _("Newsarchive")),
        ("N1", _note(citation)),
    ]
    yield from ((tag, value) for tag, value in lines if value)
    yield "ER", ""


def csl_json(citation: Citation) -> str:
    """Return a list of one item in CSL-JSON."""
    day = citation.published_on
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "article-newspaper",
        "title": ": ".join(filter(None, [citation.title, citation.subtitle])),
        "author": [{"literal": author} for author in citation.authors],
        "container-title": citation.source,
        "section": citation.section,
        "publisher-place": citation.place,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "language": citation.language,
        "URL": citation.permalink,
        "archive": _("Newsarchive"),
        "note": _note(citation),
    }
    known = {name: value for name, value in item.items() if value}
    return json.dumps([known], ensure_ascii=False, indent=2) + "\n"


def _note(citation: Citation) -> str:
    if not citation.url:
        return ""
    return _("First published at %(address)s") % {"address": citation.url}


def _line(text: str) -> str:
    """Return ``text`` on one line, for a line's end would begin another field."""
    return _CONTROL.sub("", _SPACE.sub(" ", text)).strip()


def _tex(text: str) -> str:
    return text.translate(_TEX)
