"""How the bytes of a file become text.

A byte order mark decides; else UTF-16 shows by its NULs; else what is UTF-8 is UTF-8;
else XML and HTML may name it, and what is left is told by its letters: Windows-1256 and ISO-8859-6 by where Arabic's
commonest pair, alef and lam, lies in them, Windows-1252 (which holds ISO-8859-1) by the
accented letters of French. Bytes that are not of the encoding become marks, which
``records.text_value`` finds again: the record that holds one fails, and no other.
"""

import codecs
import io
import re
from typing import BinaryIO

from articles.importing.records import FormatError

MARKING = "newsarchive-mark"
"""The error handler that turns a byte that is no text into a mark."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_LATIN = 0.9
_MOST_ARABIC = 0.4
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']"""
    rb"""|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_HIGH = re.compile(rb"[\x80-\xff]")
_LATIN_LETTER = re.compile(rb"[A-Za-z]")
# Of Windows-1252: quotes, dashes, the euro, and the letters of French and its neighbours.
_PLAUSIBLE_LATIN = re.compile(
    rb"[\x80\x82\x84\x85\x89\x8b\x8c\x91-\x97\x99\x9b\x9c\x9f\xa0\xa1\xa3\xa7\xa9\xab"
    rb"\xb0\xb2\xb3\xb7\xbb\xbd\xbf\xc0\xc2\xc4\xc7-\xcb\xce\xcf\xd4\xd6\xd9\xdb\xdc"
    rb"\xe0-\xe2\xe4\xe6-\xeb\xed-\xef\xf1\xf3\xf4\xf6\xf9-\xfc]"
)
_LONGEST_CHARACTER = 4


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0x10FF00 + byte) for byte in wrong), error.end


codecs.register_error(MARKING, _mark)


def detect_encoding(head: bytes, *, whole: bool) -> str:
    """Return the encoding of a file by its beginning, or by all of it if ``whole``."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if b"\0" in head and (wide := _wide(head)):
        return wide
    declared = _declared(head)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = not whole and error.start >= len(head) - _LONGEST_CHARACTER
        return "utf-8" if cut else declared or _legacy(head)
    return "utf-8" if whole or not head.isascii() else declared or "utf-8"


def known_encoding(name: str) -> str:
    """Return the name of an encoding as Python has it.

    Raises:
        FormatError: there is none of this name.
    """
    try:
        found = codecs.lookup(name)
        io.TextIOWrapper(io.BytesIO(), found.name)
    except (LookupError, ValueError) as error:
        raise FormatError(
            f"{name!a} is no encoding: use utf-8, utf-16, windows-1256, windows-1252 or "
            "iso-8859-6"
        ) from error
    # A byte order mark may stand in a file that somebody calls UTF-8.
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _declared(head: bytes) -> str | None:
    """Return the encoding of one byte a letter that XML or HTML says it is in."""
    start = head[:_DECLARED_WITHIN].lstrip()
    found = _DECLARED.search(start) if start.startswith(b"<") else None
    if not found:
        return None
    try:
        name = known_encoding((found[1] or found[2]).decode("ascii", "replace"))
    except FormatError:
        return None
    if name == "iso8859-1":  # As browsers read it.
        return "cp1252"
    return None if name.startswith("utf") else name


def _wide(head: bytes) -> str | None:
    """Return the UTF-16 that a text without a mark is in: spaces and line ends show it."""
    spaces = {"utf-16-le": (b" \0", b"\n\0"), "utf-16-be": (b"\0 ", b"\0\n")}
    even, odd = head[::2], head[1::2]
    for name, zeros in (("utf-16-le", odd), ("utf-16-be", even)):
        if zeros.count(0) > len(zeros) // 8 and any(s in head for s in spaces[name]):
            other = even if zeros is odd else odd
            if other.count(0) <= len(other) // 50:
                return name
    return None


def _legacy(head: bytes) -> str:
    """Return the encoding of one byte a letter; "utf-8" where none is plausible."""
    high = len(_HIGH.findall(head))
    if sum(map(len, _SEQUENCE.findall(head))) > high / 2:
        return "utf-8"
    latin = len(_LATIN_LETTER.findall(head))
    if high > _MOST_ARABIC * (high + latin):
        alef_lam = {
            "cp1256": head.count(b"\xc7\xe1"),
            "iso8859-6": head.count(b"\xc7\xe4"),
        }
        best = max(alef_lam, key=lambda name: alef_lam[name])
        if alef_lam[best]:
            return best
    plausible = _PLAUSIBLE_LATIN.findall(head)
    return "cp1252" if len(plausible) >= _MOST_LATIN * high else "utf-8"


class Transcoded(io.RawIOBase):
    """A file of another encoding as UTF-8, for readers of bytes."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(MARKING)
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into a buffer, and return how many bytes."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._ready and not self._ended:
            data = self._stream.read(io.DEFAULT_BUFFER_SIZE * 4)
            self._ended = not data
            self._ready = self._decoder.decode(data, final=self._ended).encode(
                "utf-8", "replace"
            )
        part = self._ready[: len(view)]
        view[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)
