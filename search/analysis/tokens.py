"""Cut a text as published into words, keeping their places in it.

The text is never changed before it is cut, so that ``text[token.start:token.end]`` is
the word as printed, which is what snippets mark; the token carries it *as written*.
A word is a run of letters of one kind: Arabic ones, or those of any other script with
digits. Signs inside it (vowels, tatweel, joiners, direction marks) do not cut it.

=============================  ==================================  ==================
printed                        tokens                              because
=============================  ==================================  ==================
كِتَابٌ, كتـــاب                  one each                            signs are no letters
سبتمبر/أيلول                   سبتمبر · أيلول                      either name is a word
الـ30, 2001م, G20              ال · 30, 2001 · م, G20              numbers are found
1,234.5  3,5  ١٬٢٣٤  12 000    one each                            they are one number
19/06/2023, 19.06.2023, 3-2    19 · 06 · 2023, 3 · 2               several numbers
U.S.A., أ.ف.ب                  U.S.A, أ.ف.ب                        abbreviations
Jean-Claude, well-known        Jean · Claude, well · known         a phrase finds both
l'État, qu'il                  l · État, qu · il                   French elision
aujourd'hui, it's, O'Neill     one each                            they are one word
#يوم_المرأة, @a_b              يوم · المرأة, a · b                 words are found
info@example.com               one                                 an address is exact
https://www.example.com/a-b    example.com · a · b                 sites are found
=============================  ==================================  ==================
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from search.analysis.letters import APOSTROPHES, MARKS, normalise

_ARABIC = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef"
    "\u06fa-\u06fc\u06ff\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
    "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc"
)
_OTHER = rf"[^\W_{_ARABIC}]"
_LETTER = rf"[^\W\d_{_ARABIC}]"
_ELIDED = "(?:[ldjtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)"
_NUMBER_END = r"(?!\d|[.,/]\d)"
_VOWEL = "[aàâäæeéèêëhiîïoôöœuùûüy]"

_WORD = re.compile(
    rf"""
    [{_ARABIC}][{_ARABIC}{MARKS}]+
    # Letters with stops between them, but not the end of one word and the next.
  | [{_ARABIC}](?:\.[{_ARABIC}])*(?![{_ARABIC}{MARKS}])
  | {_LETTER}(?:\.{_LETTER})+(?!{_OTHER})
    # The article of l'État is a word of its own; that of M'hamed is none.
  | (?i:{_ELIDED}(?=[{APOSTROPHES}]{_VOWEL})|m(?=[{APOSTROPHES}](?!h){_VOWEL}))
    # A number in groups of thousands, or with a fraction; 19.06.2023 is none.
  | (?<!\d[.,/])\d{{1,3}}(?:[,٬،.\u00a0\u202f]\d{{3}})+(?:[.,٫]\d+)?{_NUMBER_END}
  | (?<!\d[.,/])\d+[.,٫]\d+{_NUMBER_END}
  | {_OTHER}(?:{_OTHER}|[{MARKS}]|[{APOSTROPHES}](?={_LETTER}))*
  | [{_ARABIC}]
    """,
    re.VERBOSE,
)

# An Arabic word as most are printed: no sign in it, and around it what is no part of it.
_PLAIN_WORD = re.compile('[("«]*([ء-غف-ي]{2,})[.،؛:؟!,)"»]*')

# Spaces that do not cut the number 12 000.
_INNER_SPACES = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")
_INNER = f"[{''.join(_INNER_SPACES)}]"
_SPACED_NUMBER = re.compile(rf"\d{_INNER}\d")
_OUTER_SPACE = re.compile(rf"(?:(?!{_INNER})\s|(?<!\d){_INNER}|{_INNER}(?!\d))+")

# Words are repeated, lines of rubbish are not: about 140 MB at the most.
_MEMO_SIZE = 2**19
_MEMO_LENGTH = 30

# Endings of addresses that are printed without "www.", in newspapers of our languages;
# those that are words too (it, us, me) are left out.
_SITES = (
    *(".com", ".org", ".net", ".info", ".edu", ".gov", ".int", ".tv", ".eu"),
    *(
        ".ma",
        ".dz",
        ".tn",
        ".ly",
        ".eg",
        ".sa",
        ".ae",
        ".qa",
        ".lb",
        ".jo",
        ".fr",
        ".uk",
    ),
)
_ADDRESS_HINTS = ("@", "://", "www.", *_SITES)
_ADDRESS = re.compile(
    rf"""
    [a-z0-9](?:[a-z0-9_%+-]|\.(?!\.)){{0,63}}@(?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,24}}\b
  | (?:(?:https?|ftp)://(?:www\.)?|(?<![\w.])www\.)
    (?P<host>(?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,24}})\b
  | (?<![\w.@-])(?:[a-z0-9-]{{1,63}}\.){{1,3}}
    (?:{"|".join(site[1:] for site in _SITES)})(?![\w-]|\.\w)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class Token(NamedTuple):
    """One word of a text.

    Attributes:
        written: the word as written, never empty.
        position: how many words stand before it.
        start: offset of its first character in the text.
        end: offset after its last character.
    """

    written: str
    position: int
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` in order."""
    position = 0
    for start, end in _spans(text):
        if written := normalise(text[start:end]):
            yield Token(written, position, start, end)
            position += 1


def written_words(text: str) -> list[str]:
    """Return the words of ``text`` as written, in order, without their places.

    What an index needs of a long text, at several times the speed of ``tokenize``:
    most of what stands between two spaces has been cut before.
    """
    return list(chain.from_iterable(map(_CUT.__getitem__, pieces(text))))


def find_words(text: str, wanted: Iterable[str]) -> Iterator[Token]:
    """Yield those tokens of ``text`` that are one of the ``wanted`` words as written.

    What marks a long text needs, at several times the speed of ``tokenize``: only
    what has such a word is cut anew.
    """
    words_wanted = frozenset(wanted)
    if _has_spaced_number(text):
        yield from (token for token in tokenize(text) if token.written in words_wanted)
        return
    printed = text.split()
    cut = [*map(_CUT.__getitem__, printed)]
    is_without = words_wanted.isdisjoint
    end = last = position = 0
    for number in [n for n, words in enumerate(cut) if not is_without(words)]:
        position += sum(map(len, cut[last:number]))
        last = number
        start = _find_piece(text, printed[number], end)
        end = start + len(printed[number])
        for word, place, begin, stop in tokenize(printed[number]):
            if word in words_wanted:
                yield Token(word, position + place, start + begin, start + stop)


def _find_piece(text: str, piece: str, start: int) -> int:
    """Return where ``piece`` stands between two spaces, from ``start`` on."""
    while True:
        start = text.index(piece, start)
        end = start + len(piece)
        around = text[start - 1 : start] + text[end : end + 1]
        if not around or around.isspace():
            return start
        start += 1


def pieces(text: str) -> list[str]:
    """Split ``text`` at spaces inside of which no word goes on."""
    return _OUTER_SPACE.split(text) if _has_spaced_number(text) else text.split()


def _has_spaced_number(text: str) -> bool:
    has_inner_space = any(space in text for space in _INNER_SPACES)
    return has_inner_space and bool(_SPACED_NUMBER.search(text))


def words_of_piece(piece: str) -> tuple[str, ...]:
    """Return the words as written of what stands between two spaces."""
    if plain := _PLAIN_WORD.fullmatch(piece):
        return (plain[1],)
    return tuple(token.written for token in tokenize(piece))


class _Memo(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its words as written."""

    def __missing__(self, printed: str) -> tuple[str, ...]:
        words = words_of_piece(printed)
        if len(printed) <= _MEMO_LENGTH:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[printed] = words
        return words


_CUT = _Memo()


def _spans(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    if _has_address(text):
        for address in _ADDRESS.finditer(text):
            start, end = address.span("host" if address["host"] else 0)
            for word in _WORD.finditer(text, position, address.start()):
                yield word.span()
            yield start, end
            position = end
    for word in _WORD.finditer(text, position):
        yield word.span()


def _has_address(text: str) -> bool:
    return any(hint in text for hint in _ADDRESS_HINTS)
