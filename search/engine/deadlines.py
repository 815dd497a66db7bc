"""How long a search may take: one moment, which everything that is asked for it keeps to."""

import time


class Deadline:
    """The moment at which to stop.

    Whoever works asks before each step that may take long, and stops with what there
    is. That somebody had to is remembered, for what was found may not be all.

    Attributes:
        was_met: whether somebody asked after the moment.
    """

    __slots__ = ("_end", "was_met")

    def __init__(self, seconds: float | None = None) -> None:
        """Begin; None is a deadline that never comes."""
        self._end = None if seconds is None else time.monotonic() + seconds
        self.was_met = False

    def is_over(self) -> bool:
        """Whether to stop."""
        if self._end is not None and time.monotonic() > self._end:
            self.was_met = True
        return self.was_met

    @property
    def left(self) -> float | None:
        """The seconds that are left, at least 0; None for no end."""
        return None if self._end is None else max(self._end - time.monotonic(), 0.0)
