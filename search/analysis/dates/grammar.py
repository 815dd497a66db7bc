"""Find the dates that are written in a text: the rules, joined and applied.

At each place the first rule that fits reads what it found, and the search goes on after
it. So the rules go from the longest to the shortest, and a date that cannot be, such as
31 February, is not read again as a shorter one.

A mention is what is printed of the date itself: weekday, day, month, year, era, "last"
or "next". Words that only announce it (le, في, عام, in, since) stay outside.
"""

import re
from collections.abc import Iterator
from datetime import date

from search.analysis.dates import absolute, relative, years
from search.analysis.dates.calendars import Calendar, Span
from search.analysis.dates.months import settle_months
from search.analysis.dates.pieces import read_pieces
from search.analysis.dates.rules import DateMention, Found

_RULES = (*absolute.RULES, *years.RULES, *relative.RULES)
_COMPILED = [re.compile(rule.pattern) for rule in _RULES]
_ANY = re.compile(
    "|".join("(" + re.sub(r"\?P<\w+>", "?:", rule.pattern) + ")" for rule in _RULES)
)
_LATIN_LANGUAGES = frozenset({"fr", "en"})


def find_dates(
    text: str, *, language: str | None = None, published: date | None = None
) -> list[DateMention]:
    """Return the dates in ``text``, in order; no two overlap.

    Args:
        text: as published, in any mixture of Arabic, French and English.
        language: its code, if it is known. It keeps English words out of French texts
            and French ones out of English texts (sept, mars, may).
        published: the day of publication. Without it nothing is found that only has a
            meaning against it: "yesterday", "last month", "8 March" without a year.
    """
    return list(_read(text, language, published))


def _read(
    text: str, language: str | None, published: date | None
) -> Iterator[DateMention]:
    known = language if language in _LATIN_LANGUAGES else None
    pieces = settle_months(read_pieces(text, known))
    tags = "".join(piece.tag for piece in pieces)
    dated: dict[tuple[Calendar, int, int | None], Span | None] = {}
    for match in _ANY.finditer(tags):
        rule = (match.lastindex or 1) - 1
        # Named parts may share a name between rules, but not within one pattern.
        again = next(_COMPILED[rule].finditer(tags, match.start()))
        yield from _RULES[rule].read(Found(pieces, again, published, dated))
