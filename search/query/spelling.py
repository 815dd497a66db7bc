"""The words of a query string, and how a word is spelled so that it is read again.

``cleaned`` takes out what cannot be seen and gives signs of other keyboards one form.
``words_in`` cuts text into words, each of which ``spelled`` can print.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from search.analysis import normalise, tokenize

OPERATORS = {
    **dict.fromkeys(("OR", "OU", "أو", "او"), "or"),
    **dict.fromkeys(("AND", "ET"), "and"),
    **dict.fromkeys(("NOT", "SAUF", "ليس"), "not"),
}
"""Word as written -> the operator that it is where it has operands."""

QUOTES = {
    '"': '"',
    "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{LEFT DOUBLE QUOTATION MARK}",
    "\N{DOUBLE LOW-9 QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}"
    "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}"
    "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
}
"""A quotation mark that opens -> those that may close it."""

QUOTE_MARKS = "".join(QUOTES) + "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"

_LONGEST_OPERATOR = 16

# Joiners, direction marks and their like; and what is no character of a text.
_INVISIBLE = re.compile(
    "[\u00ad\u0610\u0611\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_ONE_FORM = str.maketrans(
    {
        "\N{FULLWIDTH LEFT PARENTHESIS}": "(",
        "\N{FULLWIDTH RIGHT PARENTHESIS}": ")",
        "\N{FULLWIDTH COLON}": ":",
        "\N{FULLWIDTH QUOTATION MARK}": '"',
        "\N{FULLWIDTH ASTERISK}": "*",
        "\N{ARABIC FIVE POINTED STAR}": "*",
        "\N{ARABIC QUESTION MARK}": "?",
        "\N{FULLWIDTH QUESTION MARK}": "?",
        "\N{FULLWIDTH TILDE}": "~",
        "\N{FULLWIDTH EQUALS SIGN}": "=",
        "\N{MINUS SIGN}": "-",
        "\N{FULLWIDTH HYPHEN-MINUS}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "..",
    }
)

# Signs that Arabic words may have inside stand for wildcards while a text is cut.
_ANY = "\u0610"
_ONE = "\u0611"
_SIGNS = (_ANY, _ONE)
_ANY_OR_ONE = re.compile(f"[{_ANY}{_ONE}]+")
_WILDCARD = re.compile(r"\*|\?(?=[*?]*\w)")

# Words that are hosts are words only in an address.
_ADDRESSES = ("", "https://", "www.")


class Piece(NamedTuple):
    """A word of a chunk, with wildcards or without, and where it stands."""

    text: str
    start: int
    end: int


def cleaned(text: str) -> str:
    """Return ``text`` without what cannot be seen, its signs in one form each."""
    return _NO_TEXT.sub(" ", _INVISIBLE.sub("", text)).translate(_ONE_FORM)


def operator(chunk: str) -> str | None:
    """Return the operator that ``chunk`` may be: "or", "and" or "not"."""
    if len(chunk) > _LONGEST_OPERATOR:
        return None
    return OPERATORS.get(normalise(chunk))


def words_in(text: str) -> list[str]:
    """Return the words of ``text`` as written, each of which can be spelled."""
    found: list[str] = []
    for token in tokenize(text):
        # What Unicode makes of one character may be several words: ½ is 1 and 2.
        is_one = spelled(token.written)
        again = [token] if is_one else tokenize(token.written)
        found += [word.written for word in again if spelled(word.written)]
    return found


@lru_cache(maxsize=2**12)
def spelled(word: str) -> str | None:
    """Return what is read as ``word``, and as it alone; None if nothing is."""
    for address in _ADDRESSES if cleaned(word) == word else ():
        if [token.written for token in tokenize(address + word)] == [word]:
            return address + word
    return None


def pieces_in(chunk: str) -> Iterator[Piece]:
    """Yield the words of a chunk as written, with their wildcards."""
    if "://" in chunk or chunk.startswith("www."):
        signed = chunk
    else:
        signed = _WILDCARD.sub(lambda sign: _ANY if sign[0] == "*" else _ONE, chunk)
    end = 0
    for token in tokenize(signed):
        start = token.start
        while start > end and signed[start - 1] in _SIGNS:
            start -= 1
        end = token.end
        while end < len(signed) and signed[end] in _SIGNS:
            end += 1
        text = _ANY_OR_ONE.sub(_wildcards, signed[start:end])
        yield Piece(normalise(text), start, end)


def _wildcards(signs: re.Match[str]) -> str:
    """Write the same wildcards in one way: each ?, then one *."""
    return "?" * signs[0].count(_ONE) + "*" * (_ANY in signs[0])
