"""Decide which words are months, and find them.

سبتمبر is a month anywhere. مارس is March beside a day, a year, another month or a word
such as "in", "month" or "last", and a verb elsewhere; so are أفريل and جوان first names,
May a modal verb and Mars a planet. The contexts are two regular expressions over the
tags of a text (see ``words``), one for what stands before and one for what follows.
"""

import re
from dataclasses import dataclass
from typing import Literal

from search.analysis.dates.pieces import Piece, read_pieces

_BEFORE = r"""
    (?: [nd]\)?[ /-]?(?:f[ ])?(?:K[ ])?     # 8 مارس, 8 من شهر مارس, (12-16) مارس
      | o(?:[ ]t)?[ ]f[ ](?:K[ ])?          # الثامن من مارس
      | g[ ](?:f[ ])?                       # فاتح ماي, premier mai
      | [pis][ -]?(?:f[ ]?)?                # في مارس, depuis mars, fin d'avril, mi-mars
      | K[ ](?:f[ ]?)?                      # شهر مارس, mois de mars, month of May
      | b[ ](?:K[ ])?                       # بين مارس وأبريل
      | [MEH](?:[ ][ri][ ]|[ ]?a[ ]?|[/(-]) # janvier à mars, يناير ومارس, آذار/مارس
    )
    ([meh])
"""
_AFTER = r"""
    ([meh])
    (?: [ ](?:f[ ])?(?:Y[ ])?(?:k[ ])?y(?![ ]%) # مارس 2020, مارس من عام 2020
      | ,y                                  # May, 2020
      | [ ](?:f[ ])?(?:Q|Y[ ]Q|q[ ]Y)       # مارس الماضي, May of this year
      | [/(][MEHmeh]|-[MEH]                 # مارس/آذار, مارس (آذار)
      | (?:[ ]?a[ ]?|[ ][ri][ ])[MEH]       # مارس وأبريل, mars à juin
    )
"""
_ENGLISH = r"q[ ](e) | (e)[ -](?:l[ ])?[nd]     # last May, May 8"
_STRICT = r"""
    [nd][ ](?:f[ ])?(w)[ ,]y                # 8 may 2004
  | (w)[ ][nd][ ,]y                         # may 8, 2004
  | (0)[ /]y                                # صفر 1430
  | K[ ](0)                                 # شهر صفر
"""
# Looking ahead only, for one word may be the context of two months.
_CONTEXTS = [
    re.compile(f"(?={context}\n)", re.VERBOSE)
    for context in (_BEFORE, _AFTER, _ENGLISH, _STRICT)
]
_SURE = {"m": "M", "e": "E", "h": "H", "w": "E", "0": "H"}


@dataclass(frozen=True, slots=True)
class MonthMention:
    """The name of a month in a text.

    Attributes:
        start: offset of its first character; an Arabic name has its clitics with it.
        end: offset after its last character.
        month: 1 to 12.
        calendar: whose months those are.
    """

    start: int
    end: int
    month: int
    calendar: Literal["gregorian", "hijri"]


def find_months(text: str) -> list[MonthMention]:
    """Return the words of ``text`` that are names of months there, in order."""
    return [
        MonthMention(
            piece.start,
            piece.end,
            piece.value,
            "hijri" if piece.tag == "H" else "gregorian",
        )
        for piece in settle_months(read_pieces(text))
        if piece.tag in "MEH"
    ]


def settle_months(pieces: list[Piece]) -> list[Piece]:
    """Return ``pieces`` with the tags M, E and H for every month that is one."""
    # Twice, for what has become sure may settle what stands beside it.
    for _ in range(2):
        tags = "".join(piece.tag for piece in pieces)
        for context in _CONTEXTS:
            for match in context.finditer(tags):
                place = match.start(match.lastindex or 0)
                tag = _SURE.get(pieces[place].tag, pieces[place].tag)
                pieces[place] = pieces[place]._replace(tag=tag)
    return pieces
