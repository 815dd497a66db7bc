"""What the rules of the grammar have in common: a pattern, what it found, a mention.

A rule is a regular expression over the tags of a text (``words`` explains them) and a
reader. The reader takes what the pattern found and yields its mentions: none if there
is no such day, or if it would take a day of publication that is not known; several for
"3 et 5 mars".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from search.analysis.dates.calendars import Calendar, Span
from search.analysis.dates.pieces import Piece

Precision = Literal["day", "week", "month", "year", "decade"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text, or a stretch of time that has a name.

    Attributes:
        start: offset of its first character in the text.
        end: offset after its last character.
        first: the first day that it can mean.
        last: the last day that it can mean.
        precision: the smallest unit that is printed: "3-5 mars 2021" is three days with
            precision "day", and "2019-2020" two years with precision "year".
    """

    start: int
    end: int
    first: date
    last: date
    precision: Precision


class Part(NamedTuple):
    """One number or month of a list, or a stretch from one to another.

    Attributes:
        low: the first value.
        high: the last value; the same if it is no stretch.
        start: offset of its first character in the text.
        end: offset after its last character.
    """

    low: int
    high: int
    start: int
    end: int


class Found(NamedTuple):
    """What the pattern of a rule found.

    Attributes:
        pieces: all pieces of the text.
        match: the match in their tags.
        published: the day of publication, if it is known.
        dated: the days that the text has given with a year so far, by calendar, month
            and day of the month.
    """

    pieces: list[Piece]
    match: re.Match[str]
    published: date | None
    dated: dict[tuple[Calendar, int, int | None], Span | None]

    def group(self, name: str) -> list[Piece]:
        """Return the pieces of a named part; none where it is missing."""
        if name not in self.match.re.groupindex:
            return []
        return self.pieces[slice(*self.match.span(name))]

    def has(self, name: str) -> bool:
        """Whether a named part was found, if only as a place."""
        groups = self.match.groupdict()
        return groups.get(name) is not None

    def tagged(self, tags: str) -> list[Piece]:
        """Return the pieces that have one of ``tags``."""
        return [p for p in self.pieces[slice(*self.match.span())] if p.tag in tags]

    def parts(self, name: str, tags: str) -> list[Part]:
        """Return the list that a named part is, by its pieces that have one of ``tags``.

        "And" and commas separate, unless "between" stands before; "to" and a dash make
        a stretch. What is printed around the list goes with its first and last part.
        """
        separators = "" if self._follows_between() else "a,"
        runs: list[list[Piece]] = [[]]
        for piece in self.group(name):
            if piece.tag in tags:
                runs[-1].append(piece)
            elif piece.tag == "t":
                # عشر adds ten to the ordinal before it.
                value = runs[-1][-1].value + piece.value
                runs[-1][-1] = piece._replace(value=value)
            elif piece.tag in separators and runs[-1]:
                runs.append([])
        return self._stretched(
            [
                Part(run[0].value, run[-1].value, run[0].start, run[-1].end)
                for run in runs
            ]
        )

    def mention(
        self, span: Span | None, precision: Precision, part: Part | None = None
    ) -> Iterator[DateMention]:
        """Yield the mention of ``span``, if there is one, over a part or all of it."""
        start, end = (part.start, part.end) if part else self._place()
        if span:
            yield DateMention(start, end, *span, precision)

    def _place(self) -> tuple[int, int]:
        start, end = self.match.span()
        return self.pieces[start].start, self.pieces[end - 1].end

    def _stretched(self, parts: list[Part]) -> list[Part]:
        start, end = self._place()
        parts[0] = parts[0]._replace(start=start)
        parts[-1] = parts[-1]._replace(end=end)
        return parts

    def _follows_between(self) -> bool:
        return self.match.string[: self.match.start()].rstrip(" lKPYW").endswith("b")


class Rule(NamedTuple):
    """A pattern over tags, and who reads what it finds."""

    name: str
    pattern: str
    read: Callable[[Found], Iterator[DateMention]]


# Parts that patterns share. Spaces in them are tags, so they are not verbose.
DAY = "(?:[nd]|(?<![Uv] )o(?: t)?(?= f| ?a)|g)"
LINK = "(?:-|,a?|[ ,]a ?| [ri] (?:[rl] )?)"
TO = "(?:-| ?a | [ri] (?:[rl] )?)"
# A month with its other names: سبتمبر/أيلول, سبتمبر (أيلول).
MONTH = r"[MEH](?:[/(-][MEH]\)?){0,3}"
YEAR = "(?:[ ,/-]?(?:f )?(?:l )?(?:Y )?(?:k )?(?P<year>y)(?! %)(?: ?(?P<era>[AJB]))?)"
WHEN = "(?: (?:f )?(?:(?P<shift>Q)|(?P<in_year>Y (?:k )?Q|q Y)|(?P<vague>u Y|Y j)))"
WEEKDAY = r"(?:(?:D[ (,])?(?P<weekday>[WV])(?:\)? |,|\()(?:[~P] |l )?\(?)"
