"""How many requests each client has left, known to all processes of a machine.

An allowance is so many requests a minute, and so many at once. It is kept as *the
generic cell rate algorithm* does: one moment for each client, at which all of its
allowance would be back. A request moves it on by the time that one request is worth; one
that would move it further ahead than the allowance is refused until it has come nearer.

The moments of all clients are one table of a fixed size in a file that the processes map
into their memory. A client has its place in one of the table's rows, of ``WAYS`` places
each; if a row is full, whoever has most of the allowance left makes room, which takes
least from those that are to be held back. However many addresses ask, the table does not
grow.

A client is known by a hash, whose key is made at random with the table. Both are
forgotten every ``KEPT_SECONDS``.
"""

import fcntl
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

ROWS = 4096
WAYS = 16

KEPT_SECONDS = 3600.0
"""After so long the table begins anew."""

_KEY_BYTES = 32
_HEAD = struct.Struct(f"<d{_KEY_BYTES}s")
_ROW = struct.Struct("<" + "Qd" * WAYS)
_HASH = struct.Struct("<IQ")
_ROWS_BEGIN = 64
_SIZE = _ROWS_BEGIN + ROWS * _ROW.size


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client may ask for.

    Attributes:
        per_minute: requests that come back in a minute.
        at_once: requests that it may have saved up.
    """

    per_minute: float
    at_once: int

    def times(self, factor: float) -> "Allowance":
        """Return as many times as much."""
        return Allowance(self.per_minute * factor, max(1, round(self.at_once * factor)))


class Allowances:
    """The table of what clients have left. Threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        """Open the table at ``path``; it is made if it is not there.

        Raises:
            OSError: there can be no file.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._thread = threading.Lock()
        with self._alone_in_file():
            if os.fstat(self._file).st_size != _SIZE:
                os.ftruncate(self._file, 0)
                os.ftruncate(self._file, _SIZE)
        self._table = mmap.mmap(self._file, _SIZE)

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()
        os.close(self._file)

    def take(
        self, client: str, kind: str, allowance: Allowance, now: float | None = None
    ) -> int:
        """Take one request; return 0, or in how many seconds there is one to take.

        Args:
            client: who asks.
            kind: of what it has this allowance.
            allowance: what it may ask for.
            now: seconds, of a clock that all processes share.
        """
        # Of the machine, and never set back.
        now = time.monotonic() if now is None else now
        worth = 60 / allowance.per_minute
        with self._alone():
            place, mark = self._place_of(f"{kind} {client}", now)
            row = [*_ROW.unpack_from(self._table, place)]
            at = _slot(row, mark)
            back = max(row[at + 1], now) if row[at] == mark else now
            ahead = back + worth - now - worth * allowance.at_once
            if ahead > 0:
                return max(1, math.ceil(ahead))
            row[at : at + 2] = mark, back + worth
            _ROW.pack_into(self._table, place, *row)
        return 0

    def _place_of(self, name: str, now: float) -> tuple[int, int]:
        """Return where the row of a name begins, and what it is known by in it."""
        began, key = _HEAD.unpack_from(self._table)
        # A machine that was started again counts from zero.
        if not any(key) or not 0 <= now - began < KEPT_SECONDS:
            key = token_bytes(_KEY_BYTES)
            self._table[:] = bytes(_SIZE)
            _HEAD.pack_into(self._table, 0, now, key)
        digest = blake2b(name.encode(), key=key, digest_size=_HASH.size).digest()
        row, mark = _HASH.unpack(digest)
        return _ROWS_BEGIN + row % ROWS * _ROW.size, mark or 1

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The lock of a file is a process's: its threads need one of their own.
        with self._thread, self._alone_in_file():
            yield

    @contextmanager
    def _alone_in_file(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _slot(row: list[float], mark: int) -> int:
    """Return where in a row a client is, or who makes room for it."""
    marks = row[::2]
    if mark in marks:
        return 2 * marks.index(mark)
    return min(range(0, 2 * WAYS, 2), key=lambda at: row[at + 1])
