"""What a probe finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        level: an error keeps something from working; a warning may, some day.
        problem: what is wrong.
        cure: what to do about it; "" if the problem says so.
        id: of the system check that found it, if one did.
    """

    level: Level
    problem: str
    cure: str = ""
    id: str = ""


Probe = Callable[[], Iterator[Finding]]
