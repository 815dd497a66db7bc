"""Cut a query string into *lexemes*: operands, brackets and operators.

An operand is a word with what stands before it (``-``, ``title:``, ``~~``), a phrase, or
a pattern; ``source:`` and ``date:`` take their values with them. What has no word in it is
no lexeme. Nothing here fails: what is no operator is text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.analysis.letters import MARKS
from search.query.chunks import runs_in
from search.query.dates import read_date
from search.query.fields import DATE, FACETS, ROOT, field_named
from search.query.nodes import (
    DateRange,
    Near,
    Node,
    OneOf,
    OwnRung,
    Phrase,
    WordNode,
)
from search.query.notes import Notes
from search.query.spelling import (
    QUOTE_MARKS,
    QUOTES,
    operator,
    words_in,
)
from search.query.values import language_code

MOST_BAD_DATES = 10
"""Dates that cannot be read before no more are tried."""

NEAR = 5
"""How near words stand to each other where no number says it."""
FARTHEST = 100

_OPENING = "".join(QUOTES)
_SPACE = re.compile(r"\s+")
_CHUNK = re.compile(rf"[^\s(){_OPENING}]+")
_MINUS = re.compile(r"-+(?=[^\s)-])")
_RUNG = re.compile(r"(=|~~)(?=[^\s=~)])")
_FIELD = re.compile(rf"([^\W\d_](?:[^\W\d_]|[{MARKS}])*):")
_DISTANCE = re.compile(r"~(\d{0,4})(?!\w)")
_DATE = re.compile(rf"(?:[<>]=?|[≤≥])(?:\s+(?=\d)|(?=[^\s()]))|[^\s(){_OPENING}]+")
_COMPARISON = re.compile(r"[<>]=?|[≤≥]")
_LIST = re.compile(rf"[,،]|[^\s(),،{_OPENING}]+")
_QUOTE_MARK = re.compile(f"[{QUOTE_MARKS}]")

PrefixKind = Literal["not", "field", "rung"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before an operand and changes it.

    Attributes:
        kind: whether it says that something is not wanted, where it stands, or how far
            its words climb.
        name: of the field or the rung.
        text: as typed.
    """

    kind: PrefixKind
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query string that means something.

    Attributes:
        kind: an operand, a bracket or an operator between operands.
        text: an operator as typed.
        nodes: what an operand is; several words if no space stands between them.
        marks: what stands before an operand or an opening bracket.
    """

    kind: Literal["operand", "(", ")", "or", "and"]
    text: str = ""
    nodes: tuple[Node, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def begins_operand(self) -> bool:
        """Whether an operand begins here."""
        return self.kind in {"operand", "("}


class Lexer:
    """Cuts one query string from its beginning to its end."""

    def __init__(self, text: str, today: date, notes: Notes) -> None:
        """Begin.

        Args:
            text: cleaned.
            today: the day on which it is read.
            notes: gathers what is left out.
        """
        self.lone: list[str] = []
        """Marks that stand before nothing."""
        self._text = text
        self._today = today
        self._notes = notes
        self._position = 0
        self._marks: list[Mark] = []
        self._is_attached = False
        self._bad_dates = 0

    def lexemes(self) -> Iterator[Lexeme]:
        """Yield the lexemes in order."""
        while self._position < len(self._text):
            if self._take(_SPACE):
                self._is_attached = False
            elif self._starts("()"):
                yield from self._bracket()
            elif self._starts(_OPENING):
                yield from self._quoted()
            elif not self._take_mark():
                yield from self._next()
        self._leave_marks()

    # What changes the next operand

    def _take_mark(self) -> bool:
        """Step over a mark, if one is next."""
        if self._is_at_boundary() and (minus := self._take(_MINUS)):
            self._mark(Mark("not", "", minus[0]))
        elif rung := self._take(_RUNG):
            name: OwnRung = "written" if rung[1] == "=" else "root"
            self._mark(Mark("rung", name, rung[0]))
        else:
            return self._take_field()
        return True

    def _is_at_boundary(self) -> bool:
        before = self._text[self._position - 1] if self._position else " "
        return self._is_attached or before.isspace() or before == "("

    def _take_field(self) -> bool:
        found = _FIELD.match(self._text, self._position)
        name = field_named(found[1]) if found else None
        if not found or name in {None, DATE, *FACETS}:
            return False
        self._position = found.end()
        kind: PrefixKind = "rung" if name == ROOT else "field"
        self._mark(Mark(kind, name or "", found[0]))
        return True

    def _mark(self, mark: Mark) -> None:
        # "NOT -word" is not wanted once.
        if mark.kind != "not" or not self._marks or self._marks[-1].kind != "not":
            self._marks.append(mark)
        self._is_attached = True

    def _leave_marks(self) -> None:
        """Leave out the marks that stand before nothing."""
        for mark in self._marks:
            self.lone += [mark.text] if words_in(mark.text) else []
        self._marks.clear()

    def _operand(self, nodes: Iterable[Node], marks: tuple[Mark, ...]) -> Lexeme:
        self._marks.clear()
        self._is_attached = False
        return Lexeme("operand", nodes=tuple(nodes), marks=marks)

    # What stands next

    def _bracket(self) -> Iterator[Lexeme]:
        bracket = self._text[self._position]
        self._position += 1
        if bracket == "(":
            yield Lexeme("(", marks=tuple(self._marks))
            self._marks.clear()
        else:
            self._leave_marks()
            yield Lexeme(")")
        self._is_attached = False

    def _quoted(self) -> Iterator[Lexeme]:
        inside = self._take_quoted()
        words = tuple(words_in(inside)) if inside is not None else ()
        distance = self._take(_DISTANCE) if inside is not None else None
        if not words:
            # -"" must not exclude what follows.
            if inside is not None and self._is_attached:
                self._leave_marks()
            return
        limit = min(int(distance[1] or NEAR), FARTHEST) if distance else 0
        node = Near(words, limit) if limit and len(words) > 1 else Phrase(words)
        yield self._operand([node], tuple(self._marks))

    def _take_quoted(self) -> str | None:
        """Step over what is quoted, or over a mark that opens and is not closed."""
        closing = QUOTES[self._text[self._position]]
        self._position += 1
        ends = (self._text.find(mark, self._position) for mark in closing)
        end = min((end for end in ends if end >= 0), default=None)
        if end is None:
            self._notes.add("unclosed")
            return None
        inside = self._text[self._position : end]
        self._position = end + 1
        return inside

    def _next(self) -> Iterator[Lexeme]:
        found = _FIELD.match(self._text, self._position)
        name = field_named(found[1]) if found else None
        if found and name:
            self._position = found.end()
            yield from self._value(name, found[0])
            return
        chunk = self._taken(_CHUNK)
        word = None if self._is_attached else operator(chunk)
        if word == "not":
            self._mark(Mark("not", "", chunk))
            self._is_attached = False
        elif word:
            self._leave_marks()
            yield Lexeme("or" if word == "or" else "and", chunk)
        else:
            if found and self._means_field(found.end()):
                self._notes.add("unknown_field", found[1])
            yield from self._words(chunk)

    def _means_field(self, position: int) -> bool:
        """Whether what has a colon before ``position`` looks as if it named a field."""
        after = self._text[position : position + 1]
        return after.isalnum() or (after != "" and after in f"({_OPENING}")

    # Words

    def _words(self, chunk: str) -> Iterator[Lexeme]:
        runs = list(runs_in(chunk, self._notes))
        if not runs:
            if self._is_attached:
                self._leave_marks()
            self._is_attached = False
            return
        marks = tuple(self._marks)
        if len(runs) > 1 and any(mark.kind == "not" for mark in marks):
            # -l'eau* must not exclude every "l".
            runs = [run for run in runs if not isinstance(run[0], WordNode)]
        for run in runs:
            yield self._operand(run, marks)

    # Values

    def _value(self, field: str, typed: str) -> Iterator[Lexeme]:
        self._is_attached = not self._take(_SPACE)
        if self._starts("("):
            values = self._take_list()
        else:
            value = self._take_value(_DATE if field == DATE else _CHUNK)
            values = [value] if value else []
        if not values:
            self._mark(Mark("field", field, typed))
            self._leave_marks()
            self._is_attached = False
            return
        marks = tuple(self._marks)
        if field == DATE:
            yield from self._dates(values, marks)
        elif known := self._known(field, values):
            yield self._operand([OneOf(field, known)], marks)
        self._marks.clear()
        self._is_attached = False

    def _known(self, field: str, values: Iterable[str]) -> tuple[str, ...]:
        if field != "language":
            return tuple(dict.fromkeys(values))
        codes: dict[str, None] = {}
        for value in values:
            if code := language_code(value):
                codes[code] = None
            else:
                self._notes.add("unknown_language", value)
        return tuple(codes)

    def _dates(
        self, values: Iterable[str], marks: tuple[Mark, ...]
    ) -> Iterator[Lexeme]:
        found: dict[DateRange, None] = {}
        for value in values:
            is_tried = self._bad_dates < MOST_BAD_DATES
            if is_tried and (days := read_date(value, self._today)):
                found[days] = None
            else:
                self._bad_dates += 1
                self._notes.add("bad_date", value)
        if len(found) == 1:
            yield self._operand(found, marks)
        elif found:
            yield Lexeme("(", marks=marks)
            for number, days in enumerate(found):
                if number:
                    yield Lexeme("or", "OR")
                yield self._operand([days], ())
            yield Lexeme(")")

    def _take_value(self, bare: re.Pattern[str]) -> str | None:
        """Step over one value, in quotation marks or not."""
        if self._starts(_OPENING):
            return _value(self._take_quoted() or "")
        here = self._position
        found = self._take(bare)
        if not found or (operator(found[0]) and not self._is_attached):
            self._position = here
            return None
        if bare is _DATE and _COMPARISON.fullmatch(found[0].strip()):
            return f"{found[0].strip()}{self._take_value(_CHUNK) or ''}"
        return _value(found[0])

    def _take_list(self) -> list[str]:
        """Step over values between brackets, joined by OR or commas."""
        self._position += 1
        values: list[list[str]] = [[]]
        while self._position < len(self._text) and not self._starts("()"):
            if self._take(_SPACE):
                continue
            if self._starts(_OPENING):
                values += [[self._take_quoted() or ""], []]
                continue
            typed = self._taken(_LIST)
            if typed in {",", "،"} or operator(typed):
                values.append([])
            else:
                values[-1].append(typed)
        if self._starts(")"):
            self._position += 1
        else:
            self._notes.add("unclosed", "(")
        read = (_value(" ".join(parts)) for parts in values)
        return [value for value in read if value]

    # The text

    def _starts(self, characters: str) -> bool:
        return (
            self._position < len(self._text)
            and self._text[self._position] in characters
        )

    def _taken(self, pattern: re.Pattern[str]) -> str:
        """Step over ``pattern``, which is next."""
        found = self._take(pattern)
        return found[0] if found else ""

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._position)
        if found:
            self._position = found.end()
        return found


def _value(text: str) -> str | None:
    """Return a value as it can be printed; None if there is no word in it."""
    value = " ".join(_QUOTE_MARK.sub(" ", text).split())
    return value if any(letter.isalnum() for letter in value) else None
