"""Plain text: one article in a file, a paragraph a line.

A header block may stand before it (``headers``): "Title: …", "العنوان: …", "Titre: …",
"Date: …". It is what a file is taken for that is of no other kind; text has no
specification but its encoding (The Unicode Standard, 3.9 and 3.10).
"""

from collections.abc import Iterator

from articles.importing.building import build
from articles.importing.headers import split_header
from articles.importing.inputs import Input
from articles.importing.records import Found, RecordError

NAME = "text"

_BINARY = (
    (b"%PDF", "a PDF: save it as text or as Word (.docx)"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or an encrypted Office file: save it as .docx or .xlsx",
    ),
    (b"{\\rtf", "RTF: save it as .docx or .txt"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"Rar!", "a RAR archive: pack it as .zip"),
    (b"7z\xbc\xaf", "a 7z archive: pack it as .zip"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database: export it as .csv"),
)
"""What is no text, and what to do about it."""


def binary_kind(head: bytes) -> str:
    """Return what a file is that nobody can read as text, "" if it may be text."""
    return next((kind for magic, kind in _BINARY if head.startswith(magic)), "")


def recognises(_source: Input) -> bool:
    """Whether it is text: whatever nothing else has recognised is."""
    return True


def read(source: Input) -> Iterator[Found]:
    """Yield the one article of the file."""
    limit = source.limits.record_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        reason = f"too long for an article: {source.limits.raising('record_bytes')}"
        yield RecordError(source.at(""), reason)
        return
    try:
        text = data.decode(source.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(source.encoding, "replace")
        yield RecordError(
            source.at(f"line {before.count(chr(10)) + 1}"), _not_text(source, error)
        )
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        yield RecordError(source.at("line 1"), "the file has no text")
        return
    values, body = split_header(text)
    found = {**values, "body": body.strip("\n")}
    yield build(found, "line 1", source, text, html=False)


def _not_text(source: Input, error: UnicodeDecodeError) -> str:
    shown = {"utf-8": "", "utf-8-sig": ""}.get(
        source.encoding, f", nor {source.encoding}"
    )
    byte = f"0x{error.object[error.start]:02X}"
    return (
        f"this is not UTF-8{shown} (byte {byte} at {error.start}): "
        "save the file as UTF-8, or choose its encoding"
    )
