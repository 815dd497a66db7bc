"""Cut a text into pieces that may belong to a date.

One pass over the words and numbers of the text as published. Each word of the
vocabulary and each number becomes a ``Piece`` with its tag and its place, what stands
between two of them becomes pieces as well, and any run of other words becomes a single
piece "x". So the tags of an article, joined, are a short string.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from search.analysis.dates.lexicon import Lexeme, read_compound, read_word
from search.analysis.letters import APOSTROPHES, MARKS, TATWEEL


class Piece(NamedTuple):
    """A word, a number, or what stands between them.

    Attributes:
        tag: what it may be in a date, a tag of ``words``.
        start: offset of its first character in the text.
        end: offset after its last character.
        value: number, month, weekday, or how far from now.
        word: the word, folded and without clitics.
    """

    tag: str
    start: int
    end: int
    value: int = 0
    word: str = ""


_LETTER = rf"[^\W\d_{TATWEEL}]"
_TOKEN = re.compile(
    rf"""
    # و5, الـ11, للـ3: the number counts, and whether there is an "and".
    (?P<clitics>و?(?:[بلك]?ال|لل|[بلكف])?{TATWEEL}*)(?P<number>\d+)
  | {_LETTER}(?:{_LETTER}|[{MARKS}]|[{APOSTROPHES}](?={_LETTER}))*
    """,
    re.VERBOSE,
)
_INVISIBLE = re.compile(f"[{MARKS.replace(TATWEEL, '')}]+")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212" + TATWEEL
_SIGNS = {",": ",", "،": ",", ":": ":", "/": "/", "\\": "/", "(": "(", "_": " "}
_LONGEST_BETWEEN = 24
_LONGEST_INNER_SPACE = 2

_NUMBERS = frozenset("ndy#")
_DECADES = {"y": "Z", "d": "T", "#": "T"}
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
_MONTHS_IN_YEAR, _LONGEST_MONTH = 12, 31
_YEAR_FIGURES, _DAY_FIGURES = 4, 2
_PER_CENT = ("%", "٪")


def read_pieces(text: str, language: str | None = None) -> list[Piece]:
    """Return the pieces of ``text``, in order."""
    scan = _Scan(text)
    for token in _TOKEN.finditer(text):
        if token["number"]:
            scan.add_number(token)
        elif lexemes := read_word(token[0], language):
            scan.add_word(token, lexemes)
        else:
            scan.skip_word(token)
    scan.add_between(len(text))
    return scan.pieces


class _Scan:
    """The pieces so far, and where the last token ended."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        self.end = 0
        # Whether the last token was a word that is in no date.
        self.skipped = False

    def skip_word(self, token: re.Match[str]) -> None:
        """Pass over a word that is in no date."""
        start, end = token.span()
        if not self.skipped:
            # 12h and 20km are no days.
            if self._follows_number(start):
                self.pieces[-1] = self.pieces[-1]._replace(tag="#")
            self.add_between(start)
            self.pieces.append(Piece("x", start, start))
            self.skipped = True
        self.end = end

    def add_number(self, token: re.Match[str]) -> None:
        """Add a number, and the "and" that is printed with it."""
        start, end = token.span("number")
        # G20 and 12% are no days either.
        usable = not (self.skipped and token.start() == self.end)
        usable = usable and not self.text.startswith(_PER_CENT, end)
        self.add_between(token.start())
        if token["clitics"].startswith("و"):
            self.pieces.append(Piece("a", start, start))
        tag, value = _read_number(token["number"])
        self._add(Piece(tag if usable else "#", start, end, value))

    def add_word(self, token: re.Match[str], lexemes: tuple[Lexeme, ...]) -> None:
        """Add a word of the vocabulary, after its clitics."""
        start, end = token.span()
        *clitics, lexeme = lexemes
        if lexeme.tag == "S":
            self._add_ending(token, lexeme)
        elif compound := self._completed_by(lexeme, start):
            first = self.pieces.pop()
            self._add(Piece(compound.tag, first.start, end, *compound[1:3]))
        else:
            tag = lexeme.tag
            if lexeme.dotted and self.text.startswith(".", end):
                tag, end = lexeme.dotted, end + 1
            self.add_between(start, lexeme)
            self.pieces += [Piece(clitic.tag, start, start) for clitic in clitics]
            self._add(Piece(tag, start + lexeme.skip, end, *lexeme[1:3]))

    def add_between(self, start: int, following: Lexeme | None = None) -> None:
        """Add what stands between the last token and ``start``."""
        printed = self.text[self.end : start]
        tags = _between(printed) if len(printed) <= _LONGEST_BETWEEN else "x"
        if following and tags == " " and self._names_same_month(following):
            tags = "/"
        self.pieces += [Piece(tag, start, self._sign_end(tag, start)) for tag in tags]

    def _sign_end(self, tag: str, start: int) -> int:
        # A mention may end with the bracket of سبتمبر (أيلول).
        return self.text.index(")", self.end) + 1 if tag == ")" else start

    def _add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.end = piece.end
        self.skipped = False

    def _add_ending(self, token: re.Match[str], ending: Lexeme) -> None:
        """Take the end of 1er, 8th or 1990s with its number."""
        if not self._follows_number(token.start()):
            self.skip_word(token)
            return
        number = self.pieces.pop()
        tag = number.tag
        if ending.word == "s":
            tag = "#" if number.value % 10 else _DECADES.get(tag, "#")
        self._add(number._replace(tag=tag, end=token.end()))

    def _follows_number(self, start: int) -> bool:
        last = self.pieces[-1] if self.pieces else None
        return last is not None and last.end == start and last.tag in _NUMBERS

    def _completed_by(self, second: Lexeme, start: int) -> Lexeme | None:
        """Return what the last word and this one are, as in كانون الثاني."""
        if self.skipped or start - self.end > _LONGEST_INNER_SPACE or not self.pieces:
            return None
        return read_compound(self.pieces[-1].word, second.word)

    def _names_same_month(self, month: Lexeme) -> bool:
        """Whether the last word was another name of it (مايو أيار, as agencies print)."""
        last = self.pieces[-1] if self.pieces else None
        both = {month.tag, last.tag} if last else set()
        return both <= {"M", "m"} and last is not None and last.value == month.value


def _read_number(digits: str) -> tuple[str, int]:
    if len(digits) > _YEAR_FIGURES:
        return "#", 0
    value = int(digits)
    if len(digits) == _YEAR_FIGURES and _FIRST_YEAR <= value <= _LAST_YEAR:
        return "y", value
    if len(digits) > _DAY_FIGURES or not 0 < value <= _LONGEST_MONTH:
        return "#", value
    return ("n" if value <= _MONTHS_IN_YEAR else "d"), value


@lru_cache(maxsize=1024)
def _between(printed: str) -> str:
    """Return the tags of what is printed between two tokens; none for nothing."""
    visible = _INVISIBLE.sub("", printed)
    if not visible or visible.isspace():
        # An empty line parts what stands before and after it.
        return "x" if visible.count("\n") > 1 else visible[:1] and " "
    sign = visible.strip()
    # Some papers' commas have slipped to the wrong side of a number: "عام ،1991".
    if sign == "،" and visible[0] == " " and visible[-1] == "،":
        return " "
    if sign == ".":
        return "." if visible == "." else "x"
    if sign.startswith(")"):
        return ")" + _between(visible[visible.index(")") + 1 :])
    if not sign.strip(_DASHES):
        return "-"
    return _SIGNS.get(sign, "x")
