"""Take turns: a process makes so many searches at a time, and its other threads none.

A flood of the costliest searches would else take all threads, and with them the pages
that cost nothing. No client has more than its share of the turns, whoever asks after it
finds one free; who finds none stands in a line, and is refused after some seconds only. A page that was
kept needs no turn.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from search.conf import SearchSettings, search_settings
from search.results import SearchBusyError

_client: ContextVar[str] = ContextVar("client", default="")


@contextmanager
def asking_for(client: str) -> Iterator[None]:
    """Let the searches made inside count as those of ``client``."""
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Somebody in the line."""

    client: str


class Turns:
    """The turns of one process, which its threads share."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: Counter[str] = Counter()
        self._line: list[_Waiting] = []

    @contextmanager
    def turn(self, client: str, settings: SearchSettings) -> Iterator[None]:
        """Wait for a turn, and have it inside.

        Raises:
            SearchBusyError: others have them all, or this client has its share.
        """
        with self._changed:
            self._wait(client, settings)
        try:
            yield
        finally:
            with self._changed:
                self._taken[client] -= 1
                # None of nobody is kept.
                self._taken += Counter()
                self._changed.notify_all()

    def _wait(self, client: str, settings: SearchSettings) -> None:
        """Stand in the line until it is our turn, and take it."""
        own = _Waiting(client)
        self._line.append(own)
        try:
            if not (
                self._is_next(own, settings)
                or (
                    not self._is_too_long(client, settings)
                    and self._comes(own, settings)
                )
            ):
                raise SearchBusyError
            self._taken[client] += 1
        finally:
            self._line.remove(own)
            self._changed.notify_all()

    def _comes(self, own: _Waiting, settings: SearchSettings) -> bool:
        """Wait for the turn of ``own``; whether it came."""
        return self._changed.wait_for(
            partial(self._is_next, own, settings), settings.longest_turn
        )

    def _is_too_long(self, client: str, settings: SearchSettings) -> bool:
        """Whether there are too many in the line, or too many of one client."""
        same = sum(one.client == client for one in self._line)
        return len(self._line) > settings.most_waiting or (
            same > settings.most_at_once_of_one
        )

    def _is_next(self, own: _Waiting, settings: SearchSettings) -> bool:
        """Whether there is a turn, and nobody before ``own`` who may take it."""
        may = (one for one in self._line if self._is_free(one.client, settings))
        return next(may, None) is own

    def _is_free(self, client: str, settings: SearchSettings) -> bool:
        return (
            self._taken.total() < settings.most_at_once
            and self._taken[client] < settings.most_at_once_of_one
        )


_turns = Turns()


@contextmanager
def turn() -> Iterator[None]:
    """Wait until this process may make a search for whoever asks, and make it inside.

    Raises:
        SearchBusyError: there are too many for the moment.
    """
    with _turns.turn(_client.get(), search_settings()):
        yield
