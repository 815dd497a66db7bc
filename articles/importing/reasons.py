"""Why a record failed, and where it stands, in the language of whoever looks.

A reason is written once, in English, by whoever found it, and kept with its row: it may
be looked at in any language later, and downloads have it as it was written. Here is all
that modules of importing say, as texts to be translated; a kept reason is known by the
text that it was made of. What is not known here, as what an earlier version wrote or a
library says, is shown as it was written.
"""

import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import get_language_bidi, gettext, gettext_noop

# Those that say more come before those that would match them, too.
_TEXTS = (
    # Fields.
    gettext_noop('"%(field)s" is missing or empty'),
    gettext_noop('"%(field)s" must be text, not %(kind)s'),
    gettext_noop('"%(field)s" holds a NUL character'),
    gettext_noop('"%(field)s" holds half a character (a lone surrogate) at %(at)s'),
    gettext_noop('"%(field)s" holds a control character (%(code)s) at %(at)s'),
    gettext_noop(
        '"%(field)s" holds a byte (%(code)s) at %(at)s that the encoding of the file '
        "does not have: save the file as UTF-8, or choose its encoding"
    ),
    gettext_noop('"%(field)s" has %(number)s characters: %(limit)s is the most'),
    gettext_noop('"source" is missing, and no source was chosen'),
    gettext_noop('"language" is missing and cannot be guessed'),
    gettext_noop('"language" is %(value)s: use an ISO 639 code such as ar'),
    gettext_noop('"url" must begin with http:// or https://'),
    # Dates.
    gettext_noop(
        '"%(field)s" is of the year %(year)s: the limit is %(limit)s; change it with '
        "%(setting)s in settings, or leave it empty if it is not known"
    ),
    gettext_noop(
        '"%(field)s" is %(value)s: a day is needed; use 2017-01-20, or '
        "2017-01-20T21:43:00+01:00, or leave it empty"
    ),
    gettext_noop(
        '"%(field)s" is %(value)s: use 2017-01-20, or 2017-01-20T21:43:00+01:00'
    ),
    gettext_noop('"timestamp" is %(value)s: use seconds since 1970'),
    gettext_noop('"%(field)s" is %(value)s: out of range'),
    # Limits of one record.
    gettext_noop(
        "too long for an article: the limit is %(limit)s; change it with %(setting)s in "
        "settings"
    ),
    gettext_noop(
        "nested too deeply to be an article: the limit is %(limit)s; change it with "
        "%(setting)s in settings"
    ),
    gettext_noop("nested too deeply to be an article"),
    gettext_noop("a number has too many digits"),
    # Tables.
    gettext_noop(
        "this row has %(cells)s cells, and there are %(columns)s columns: put cells with "
        "delimiters or line ends in quotes"
    ),
    gettext_noop(
        "no column is the text of the articles: call one of %(columns)s "
        '"body", or choose the columns'
    ),
    gettext_noop("this is no row of a table: %(problem)s"),
    gettext_noop(
        "a quote (%(quote)s) begins here and does not end, or the file is cut short"
    ),
    gettext_noop(
        "a quote (%(quote)s) begins here and does not end, or the row is %(reason)s"
    ),
    gettext_noop("the workbook has no rows"),
    # JSON.
    gettext_noop("no JSON at character %(at)s: %(problem)s"),
    gettext_noop("no JSON at %(near)s: %(problem)s"),
    gettext_noop("no JSON: %(wanted)s is missing before %(near)s"),
    gettext_noop("%(value)s is no JSON: use null"),
    gettext_noop("the key %(key)s stands twice in an object"),
    gettext_noop('unknown key %(key)s: write "%(known)s", or choose the keys'),
    gettext_noop('use one object an article, as in {"title": …, "body": …}'),
    gettext_noop(
        "the file is cut short, or its brackets do not match: nothing after it can be read"
    ),
    gettext_noop("the brackets do not match: nothing after it can be read"),
    gettext_noop("the file is cut short in the middle of a value"),
    # XML, feeds and pages.
    gettext_noop("this is no XML: %(problem)s"),
    gettext_noop("a tag has no end"),
    gettext_noop(
        "the file declares entities of its own, or wants other files, which is refused: "
        "take them out"
    ),
    gettext_noop("the feed has no items"),
    gettext_noop("the message has no item with a text"),
    gettext_noop("this is no HTML page"),
    gettext_noop(
        "the page is cut short: it has a beginning, and no </body> or </html>"
    ),
    # Archives of pages.
    gettext_noop("the archive has no HTML page"),
    gettext_noop("something stands here that belongs to no record"),
    gettext_noop("the record does not say its length"),
    gettext_noop("the file is cut short in this record"),
    gettext_noop("the page is compressed as %(encoding)s, which is not read: use gzip"),
    gettext_noop("the page is damaged: %(problem)s"),
    # Encodings.
    gettext_noop(
        "this is not UTF-8 (byte %(code)s at %(at)s): save the file as UTF-8, or choose "
        "its encoding"
    ),
    gettext_noop(
        "this is not UTF-8, nor %(encoding)s (byte %(code)s at %(at)s): save the file as "
        "UTF-8, or choose its encoding"
    ),
    # Files, and files in files.
    gettext_noop("the file has no text"),
    gettext_noop("the file is cut short"),
    gettext_noop("a link, which is not followed"),
    gettext_noop("a link or device, which is not followed"),
    gettext_noop("encrypted: unpack it with its password first"),
    gettext_noop("its name leads out of the collection, so it is not read: rename it"),
    gettext_noop("the collection has no files to read"),
    gettext_noop("there is nothing to read in it"),
    gettext_noop("there is no file in it that can be read"),
    gettext_noop("the end of the compressed stream is missing"),
    gettext_noop("it is called %(suffix)s, and its content is not"),
    gettext_noop(
        "it unpacks to more than %(ratio)s times its size, as no text does: the limit is "
        "%(limit)s; change it with %(setting)s in settings"
    ),
    gettext_noop("the limit is %(limit)s; change it with %(setting)s in settings"),
    gettext_noop("the file is %(what)s at its beginning: %(reason)s"),
    gettext_noop("the file is %(what)s after %(place)s: %(reason)s"),
    gettext_noop("the file is %(what)s: %(reason)s"),
    gettext_noop("it cannot be read: %(problem)s"),
    gettext_noop("The file cannot be read: %(reason)s"),
    gettext_noop("%(part)s declares entities"),
    gettext_noop(
        "use a .txt, .csv, .tsv, .xlsx, .json, .jsonl, .html, .docx, .warc or .xml file "
        "(RSS, Atom, NITF or NewsML-G2), or .gz, .xz, .zst, .bz2, .zip or .tar of such "
        "files"
    ),
    gettext_noop(
        "%(name)s: use a .txt, .csv, .tsv, .xlsx, .json, .jsonl, .html, .docx, .warc or "
        ".xml file (RSS, Atom, NITF or NewsML-G2), or .gz, .xz, .zst, .bz2, .zip or .tar "
        "of such files"
    ),
    # What databases and readers of compressed files say.
    gettext_noop(
        'new row for relation "%(table)s" violates check constraint "%(rule)s"'
    ),
    gettext_noop("Error %(number)s while decompressing data: %(detail)s"),
    gettext_noop("Unable to decompress Zstandard data: %(detail)s"),
    gettext_noop("this is XML of another kind (%(root)s)"),
    gettext_noop("this is %(kind)s"),
)

_WORDS = (
    # What a value is that should be text, or a file that nobody can read as text.
    gettext_noop("true or false"),
    gettext_noop("an object"),
    gettext_noop("a list"),
    gettext_noop("a number"),
    gettext_noop("a PDF: save it as text or as Word (.docx)"),
    gettext_noop("an old or an encrypted Office file: save it as .docx or .xlsx"),
    gettext_noop("RTF: save it as .docx or .txt"),
    gettext_noop("a picture"),
    gettext_noop("a picture or a sound"),
    gettext_noop("a RAR archive: pack it as .zip"),
    gettext_noop("a 7z archive: pack it as .zip"),
    gettext_noop("a program"),
    gettext_noop("a database: export it as .csv"),
    # What a file is that cannot be read on.
    gettext_noop("damaged or cut short"),
    gettext_noop("too large unpacked"),
    gettext_noop("too large"),
    gettext_noop("of too many files"),
    gettext_noop("no honest one"),
    gettext_noop("packed into too many others"),
    gettext_noop("of no use"),
    gettext_noop("not to be trusted"),
    # What the readers of JSON, tables, XML and compressed files say most.
    gettext_noop("there is something after the object"),
    gettext_noop("{ or ["),
    gettext_noop(", or ]"),
    gettext_noop(", or }"),
    gettext_noop("Expecting value"),
    gettext_noop("Expecting property name enclosed in double quotes"),
    gettext_noop("Expecting ',' delimiter"),
    gettext_noop("Expecting ':' delimiter"),
    gettext_noop("Unterminated string starting at"),
    gettext_noop("Invalid control character at"),
    gettext_noop("Invalid \\escape"),
    gettext_noop("Invalid \\uXXXX escape"),
    gettext_noop("Illegal trailing comma before end of object"),
    gettext_noop("Illegal trailing comma before end of array"),
    gettext_noop("line contains NUL"),
    gettext_noop("not well-formed"),
    gettext_noop("not well-formed (invalid token)"),
    gettext_noop("mismatched tag"),
    gettext_noop("syntax error"),
    gettext_noop("undefined entity"),
    gettext_noop("duplicate attribute"),
    gettext_noop("junk after document element"),
    gettext_noop("unclosed CDATA section"),
    gettext_noop("XML or text declaration not at start of entity"),
    gettext_noop("XML declaration not well-formed"),
    gettext_noop("unbound prefix"),
    gettext_noop("File is not a zip file"),
    gettext_noop("Bad magic number for central directory"),
    gettext_noop("Bad magic number for file header"),
    gettext_noop("Truncated file header"),
    gettext_noop("unexpected end of data"),
    gettext_noop("Corrupt input data"),
    gettext_noop("Invalid data stream"),
)
"""What is put into a text, and is in words of ours or of a library."""

_PLACES = (
    gettext_noop("the file"),
    gettext_noop("line %(number)s"),
    gettext_noop("row %(number)s"),
    gettext_noop("item %(number)s"),
    gettext_noop("news item %(number)s"),
    gettext_noop("article %(number)s"),
    gettext_noop("document %(number)s"),
    gettext_noop("record %(number)s (%(address)s)"),
    gettext_noop("record %(number)s"),
    gettext_noop("sheet %(name)s"),
)

_BETWEEN = gettext_noop("; ")
_WITHIN = gettext_noop(", ")

_PUT_IN = re.compile(r"%\((\w+)\)s")
_MOST_PARTS = 3
"""Parts of a reason, as "; " parts them, that one text may be made of."""

# Latin letters and figures within a text from right to left, up to the next letter of it.
_LATIN = re.compile(
    r"""[A-Za-z0-9"'{\[/.<][^\u0590-\u08ff«»\u2066-\u2069]*[A-Za-z0-9"'}\]/>]"""
)


def shown_reason(reason: str) -> str:
    """Return a reason as a page shows it: in words, and each run of it in its direction."""
    return _isolated(in_words(reason))


def shown_place(place: str) -> str:
    """Return where a record stands, such as "line 3", in the language of whoever asks."""
    parts = [_said(part, _PLACES) or part for part in place.split(", ")]
    return _isolated(gettext(_WITHIN).join(parts))


def in_words(reason: str) -> str:
    """Return a reason in the language of whoever asks, part by part."""
    if not reason:
        return ""
    parts = reason.split("; ")
    shown: list[str] = []
    while parts:
        # Some have such a sign within.
        for number in range(_MOST_PARTS, 0, -1):
            translated = _translated("; ".join(parts[:number]))
            if translated is not None:
                break
        shown.append(parts[0] if translated is None else translated)
        del parts[:number]
    return gettext(_BETWEEN).join(shown)


def _translated(reason: str) -> str | None:
    if (said := _said(reason, _TEXTS)) is not None:
        return said
    translated = gettext(reason)
    # Line ends become one kind on the way.
    same = reason.replace("\r\n", "\n").replace("\r", "\n")
    return None if translated == same else translated


def _said(reason: str, texts: tuple[str, ...]) -> str | None:
    for text, pattern in _patterns(texts):
        if found := pattern.fullmatch(reason):
            values = found.groupdict().items()
            return gettext(text) % {name: _value(name, said) for name, said in values}
    return None


def _value(name: str, said: str) -> str:
    """Return what is put into a text, in words where it is words."""
    if name == "reason":
        return in_words(said)
    if name == "place":
        return shown_place(said)
    return gettext(said) if said in _WORDS else said


def _isolated(text: str) -> str:
    """Keep dates, addresses and names of fields whole where letters run from the right."""
    if not get_language_bidi():
        return text
    return _LATIN.sub(
        lambda run: (
            "\N{LEFT-TO-RIGHT ISOLATE}" + run.group() + "\N{POP DIRECTIONAL ISOLATE}"
        ),
        text,
    )


@cache
def _patterns(texts: Iterable[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, _pattern(text)) for text in texts)


def _pattern(text: str) -> re.Pattern[str]:
    pieces = _PUT_IN.split(text)
    written = [
        _put_in(piece) if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return re.compile("".join(written), re.DOTALL)


def _put_in(name: str) -> str:
    # What stands for a name has no part of another reason, unless it is reasons.
    within = ".+" if name == "reason" else "(?:(?!; ).)+?"
    return rf"(?P<{name}>{within})"
