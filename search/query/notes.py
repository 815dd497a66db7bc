"""What of a query string was read otherwise than typed."""

from dataclasses import dataclass
from typing import Literal

NoteKind = Literal[
    "empty",
    "cut",
    "unclosed",
    "unknown_field",
    "unknown_language",
    "bad_date",
    "too_deep",
    "too_short",
    "too_long",
    "too_many",
    "lone_operator",
]

MOST_NOTES = 10
"""Notes on one query string: nobody reads more."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class QueryNote:
    """What of a query string was read otherwise than typed.

    Attributes:
        kind: ``empty``: there is nothing to look for, so nothing is found; ``cut``: only
            the beginning was read; ``unclosed``: a quotation mark or a bracket has no
            partner; ``unknown_field``: what stands before a colon names no field and was
            read as a word; ``unknown_language`` and ``bad_date``: left out;
            ``too_deep``: brackets within more brackets than are read; ``too_short`` and
            ``too_long``: no pattern, and read as words; ``too_many``: a pattern after
            the last that is looked for, left out; ``lone_operator``: left out, for what
            it joins is missing.
        text: what it is about: for ``cut``, the words that were read.
    """

    kind: NoteKind
    text: str = ""


class Notes:
    """Gathers notes, each once."""

    def __init__(self) -> None:
        self._notes: dict[QueryNote, None] = {}

    def add(self, kind: NoteKind, text: str = "") -> None:
        """Note something, unless there are enough notes."""
        if len(text) > _LONGEST and kind != "cut":
            text = f"{text[:_LONGEST]}…"
        if len(self._notes) < MOST_NOTES or kind in {"cut", "empty"}:
            self._notes[QueryNote(kind, text)] = None

    def all(self) -> tuple[QueryNote, ...]:
        """Return the notes in the order in which they were made."""
        return tuple(self._notes)
