"""What a format reads: a stream from its beginning, and all that is known of it."""

import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO, Self, TextIO, cast

from articles.importing.encodings import (
    MARKING,
    Transcoded,
    detect_encoding,
    known_encoding,
)
from articles.importing.limits import Limits
from articles.importing.options import ReadingOptions
from articles.importing.records import DamagedError

HEAD_BYTES = 131_072
"""What formats are recognised by."""


@dataclass(slots=True)
class Spent:
    """What a file has unpacked so far, with all that lies in it."""

    expanded: int = 0
    members: int = 0


@dataclass(frozen=True)
class Input:
    """A file, or a member of a collection, that has been opened.

    Attributes:
        head: its first ``HEAD_BYTES``.
        stream: all of it, the head too.
        name: its name; formats are recognised by content, and it only breaks ties.
        file: the file itself, where it can be read from its end.
        within: the place of a member, for messages; "" for what is in none.
        nesting: the kinds of collections and compressions around it.
    """

    stream: BinaryIO
    head: bytes
    name: str
    options: ReadingOptions
    limits: Limits
    file: BinaryIO | None = None
    within: str = ""
    nesting: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)

    @classmethod
    def of(
        cls, stream: BinaryIO, name: str, options: ReadingOptions, limits: Limits
    ) -> Self:
        """Open a file; nothing but its head is read."""
        seekable = stream if stream.seekable() and stream.tell() == 0 else None
        whole, head = _with_head(stream)
        return cls(whole, head, name, options, limits, file=seekable)

    def inner(
        self, stream: BinaryIO, name: str, kind: str, *, within: str | None = None
    ) -> Self:
        """Open what lies in this, in a collection or compression of some kind."""
        whole, head = _with_head(stream)
        return replace(
            self,
            stream=whole,
            head=head,
            name=name,
            file=None,
            within=self.within if within is None else within,
            nesting=(*self.nesting, kind),
        )

    @property
    def whole(self) -> bool:
        """Whether the head is all of it."""
        return len(self.head) < HEAD_BYTES

    @cached_property
    def encoding(self) -> str:
        """The encoding of its text: the one that was chosen, or detected."""
        if self.options.encoding:
            return known_encoding(self.options.encoding)
        return detect_encoding(self.head, whole=self.whole)

    @cached_property
    def head_text(self) -> str:
        """Its head as text; the last character may be cut."""
        return self.head.decode(self.encoding, "replace").removeprefix("\ufeff")

    def at(self, place: str) -> str:
        """Return a place in it, for messages; "" for all of it."""
        return ", ".join(part for part in (self.within, place) if part) or "the file"

    def text(self) -> TextIO:
        """Return its text as a stream with one kind of line end."""
        return io.TextIOWrapper(self.stream, self.encoding, errors=MARKING)

    def utf8(self) -> BinaryIO:
        """Return its text as a stream of UTF-8."""
        if self.encoding in {"utf-8", "utf-8-sig", "ascii"}:
            if self.head.startswith(BOM_UTF8):
                self.stream.read(len(BOM_UTF8))
            return self.stream
        transcoded = Transcoded(self.stream, self.encoding)
        return cast("BinaryIO", io.BufferedReader(transcoded, 131_072))

    def raw(self, text: str) -> str:
        """Return the own text of a record as far as it is kept."""
        kept = text[: self.limits.raw_characters]
        return kept.replace("\0", "\N{SYMBOL FOR NULL}")


class _Rejoined(io.RawIOBase):
    """A stream whose beginning has been read, from its beginning."""

    def __init__(
        self, head: bytes, stream: BinaryIO, damage: DamagedError | None
    ) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._stream = stream
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data: bytes | memoryview
        if self._head:
            data, self._head = self._head[: len(view)], self._head[len(view) :]
        elif self._damage:
            raise self._damage
        else:
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def bounded_lines(stream: BinaryIO, limit: int) -> Iterator[tuple[bytes, bool]]:
    """Yield lines, and whether they are whole.

    Of one that is longer than ``limit`` its beginning is yielded, the rest passed over.
    """
    while line := stream.readline(limit + 1):
        rest = line
        while len(rest) > limit and not rest.endswith(b"\n"):
            rest = stream.readline(limit + 1)
        yield line, len(line) <= limit


def _with_head(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    head = b""
    damage: DamagedError | None = None
    try:
        while len(head) < HEAD_BYTES and (part := stream.read(HEAD_BYTES - len(head))):
            head += part
    except DamagedError as error:
        if not head:
            raise
        damage = error
    whole = io.BufferedReader(_Rejoined(head, stream, damage), HEAD_BYTES)
    return cast("BinaryIO", whole), head
