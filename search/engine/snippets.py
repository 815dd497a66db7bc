"""Show in the published text why a document matched.

The text is cut at sentence ends into *fragments*; each is worth the number of
different query terms in it, then the number of matches. The best ones, up to the
length wanted, in text order, are the *snippet*; where text was left out stands "…".
Offsets are those of the stored text, never of folded words. This is the only place
that makes markup: the text is escaped piece by piece, and marks are put around it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from search.analysis import Token, find_words, sentence_ends

ELLIPSIS = " … "


class Markup(str):
    """HTML that is safe to show; templates leave it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself, as template engines ask."""
        return self


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a text a page of hits shows.

    Attributes:
        html: the snippet, escaped, with the words marked.
        matches: words of the whole text that match.
    """

    html: Markup
    matches: int


class _Fragment(NamedTuple):
    start: int
    end: int
    matches: Sequence[Token]
    words: int
    """Different words of the query that match."""

    @property
    def worth(self) -> tuple[int, int]:
        return self.words, len(self.matches)

    @property
    def length(self) -> int:
        return self.end - self.start


def mark(text: str, terms: Collection[str]) -> Markup:
    """Return the whole ``text`` as HTML with the words of ``terms`` marked.

    Terms are words as written: give all the forms of what was looked for.
    """
    return _marked(text, 0, len(text), _matches(text, terms))


def snippet(text: str, terms: Collection[str], *, length: int) -> Markup:
    """Return about ``length`` characters of ``text`` as HTML, ``terms`` marked."""
    return excerpt(text, terms, length=length).html


def excerpt(text: str, terms: Collection[str], *, length: int) -> Excerpt:
    """Return a snippet of ``text``, and how many of its words match.

    Without any match it is the beginning of the text. Words are never cut.

    Args:
        text: as published.
        terms: words as written: all the forms of what was looked for. As a mapping it
            says which forms are of one word, for passages with most words come first.
        length: characters, about.
    """
    matches = _matches(text, terms)
    fragments = _fragments(text, matches, terms, length)
    pieces: list[str] = []
    end = 0
    for fragment in _choose(fragments, length):
        between = text[end : fragment.start]
        pieces.append(ELLIPSIS if between.strip() else between)
        pieces.append(_marked(text, fragment.start, fragment.end, fragment.matches))
        end = fragment.end
    if text[end:].strip():
        pieces.append(ELLIPSIS)
    return Excerpt(Markup("".join(pieces).strip()), len(matches))


def _matches(text: str, terms: Collection[str]) -> list[Token]:
    return [*find_words(text, terms)] if terms else []


def _fragments(
    text: str, matches: Sequence[Token], terms: Collection[str], length: int
) -> list[_Fragment]:
    """Cut ``text`` at sentence ends, and longer sentences between words."""
    fragments: list[_Fragment] = []
    end = place = 0
    for sentence_end in sentence_ends(text):
        while end < sentence_end:
            start = end + _leading_space(text[end:sentence_end])
            end = _piece_end(text, start, sentence_end, length)
            if start < end:
                inside, place = _inside(matches, place, start, end)
                words = {_word(token.written, terms) for token in inside}
                fragments.append(_Fragment(start, end, inside, len(words)))
    return fragments


def _inside(
    matches: Sequence[Token], place: int, start: int, end: int
) -> tuple[Sequence[Token], int]:
    """Return what of ``matches``, from ``place`` on, is in a fragment; and the next."""
    while place < len(matches) and matches[place].start < start:
        place += 1
    first = place
    while place < len(matches) and matches[place].end <= end:
        place += 1
    return matches[first:place], place


def _word(form: str, terms: Collection[str]) -> object:
    """Return what word of the query a form is of."""
    return terms[form] if isinstance(terms, Mapping) else form


def _leading_space(text: str) -> int:
    return len(text) - len(text.lstrip())


def _piece_end(text: str, start: int, sentence_end: int, length: int) -> int:
    if sentence_end - start <= length:
        return sentence_end
    space = text.rfind(" ", start + 1, start + length)
    if space > start:
        return space
    # A word longer than a snippet: the next space is where it ends.
    space = text.find(" ", start + length, sentence_end)
    return space if space > 0 else sentence_end


def _choose(fragments: Sequence[_Fragment], length: int) -> list[_Fragment]:
    """Take the most telling fragments that fit, and give them in text order.

    Room that is left is filled with what follows the best one, then with what leads
    to it.
    """
    if not fragments:
        return []
    best = max(fragments, key=lambda f: (f.worth, -f.start))
    place = fragments.index(best)
    telling = sorted(
        (fragment for fragment in fragments if fragment.matches),
        key=lambda f: (f.worth, -f.start),
        reverse=True,
    )
    chosen = {best.start: best}
    room = length - best.length
    for fragment in telling:
        if fragment.start not in chosen and fragment.length <= room:
            chosen[fragment.start] = fragment
            room -= fragment.length
    for neighbours in (fragments[place + 1 :], reversed(fragments[:place])):
        for fragment in neighbours:
            if fragment.start not in chosen:
                if fragment.length > room:
                    break
                chosen[fragment.start] = fragment
                room -= fragment.length
    return [chosen[start] for start in sorted(chosen)]


def _marked(text: str, start: int, end: int, matches: Iterable[Token]) -> Markup:
    pieces: list[str] = []
    for token in matches:
        pieces.append(escape(text[start : token.start]))
        pieces.append(f"<mark>{escape(text[token.start : token.end])}</mark>")
        start = token.end
    pieces.append(escape(text[start:end]))
    return Markup("".join(pieces))
