"""What the archive would have understood: better spellings, and ends of words begun.

Both choose among the *folded forms* of the index's words, which is where spellings meet.
``suggest`` looks for the likeliest form near a word that is nowhere; ``complete`` for the
commonest forms that begin with what was typed. Either gives a form as the archive mostly
writes it. Deleted documents do not count, but where forms are ordered by their sums
(``frequencies``).
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

import numpy as np

from search.analysis import Token, fold, is_stop_word, tokenize
from search.engine.deadlines import Deadline
from search.engine.distances import (
    SLIP,
    Signatures,
    costs,
    letters_of,
    signatures,
    weighed,
)
from search.engine.frequencies import (
    class_sums,
    documents_of_class,
    documents_with,
    word_sums,
)
from search.engine.ladder import Form, Word, words_on
from search.engine.segments import SegmentData
from search.engine.snapshot import Documents, Part

SHORTEST = 3
"""Letters of the shortest word that is corrected: near two letters there is anything."""

LONG = 7
"""Letters from which on a word may be two slips away."""

RARITY_OF_SLIP = 7.0
"""How much less likely a slip makes a word, as a logarithm; half that for a confusion."""

_UNWANTED = re.compile('(?<!\\S)-(?:"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»|\\S+)')
_OPERATORS = frozenset("*?~:")
_DIGIT = re.compile(r"\d")

_SIGNATURES: WeakKeyDictionary[SegmentData, Signatures] = WeakKeyDictionary()


def suggest(documents: Documents, text: str, deadline: Deadline) -> str | None:
    """Return the query string ``text`` as it was probably meant; None if as typed.

    Words that no document has, however spelled, are replaced by the likeliest word near
    them, if that finds more than they do with the words of their lemma. Stop words are
    never meant. Unwanted words stay as they are, for to correct one finds less; so do
    numbers, and words with an operator, and those that the deadline leaves no time for.
    """
    meant = []
    end = 0
    for token in _doubtful(text):
        if deadline.is_over():
            break
        if better := _correct(documents, token.written):
            meant += [text[end : token.start], better]
            end = token.end
    return "".join([*meant, text[end:]]) if meant else None


def complete(
    documents: Documents, prefix: str, limit: int, deadline: Deadline
) -> list[Form]:
    """Return the words that begin as the last one of ``prefix`` does.

    The commonest first, one for each folded form, as it is mostly written. With the
    article if it was typed, and else without. None if ``prefix`` ends with no word.
    """
    tokens = [*tokenize(prefix)]
    if limit < 1 or not tokens or _has_space(prefix[tokens[-1].end :]):
        return []
    begun = fold(tokens[-1].written).encode()
    counts: dict[bytes, int] = {}
    looked_at = 2 * limit
    while True:
        names, bound = _commonest(documents.parts, begun, looked_at)
        for name in names:
            if name not in counts:
                counts[name] = _count(documents, name)
        best = _ranked(counts)[:limit]
        # Nothing that was not looked at is in more documents than ``bound``.
        is_sure = not bound or (len(best) == limit and counts[best[-1]] > bound)
        if is_sure or deadline.is_over():
            return [_form(documents, name, counts[name]) for name in best]
        looked_at *= 4


def _doubtful(text: str) -> Iterator[Token]:
    """Yield the words of a query string that may be corrected."""
    unwanted = [match.span() for match in _UNWANTED.finditer(text)]
    for token in tokenize(text):
        around = {*text[max(token.start - 1, 0) : token.start], *text[token.end :][:1]}
        if not (
            len(token.written) < SHORTEST
            or _DIGIT.search(token.written)
            or around & _OPERATORS
            or any(begin <= token.start < end for begin, end in unwanted)
        ):
            yield token


def _correct(documents: Documents, word: str) -> str | None:
    """Return the likeliest word near ``word``; None if it is in the index as it is."""
    form = fold(word)
    if len(form) < SHORTEST or _count(documents, form.encode()):
        return None
    found = _found_by(documents, word)
    for name in _likeliest(documents, form):
        if (counted := _count(documents, name)) > found:
            better = _form(documents, name, counted).word
            if not is_stop_word(better):
                return better
    return None


def _likeliest(documents: Documents, form: str) -> list[bytes]:
    """Return the forms near ``form``, the likeliest first.

    What it was meant for is likelier the more often it is written, and the less often
    one slips that way: the noisy channel of Kernighan, Church and Gale (1990), with one
    factor for all slips.
    """
    letters = letters_of(form)
    slips = 2 if len(letters) >= LONG else 1
    cost_of: dict[bytes, int] = {}
    sum_of: dict[bytes, int] = {}
    for part in documents.parts:
        names, sums = part.data.rungs["folded"].classes, class_sums(part.data, "folded")
        near = _signatures(part.data).near(letters, slips)
        cost = costs(letters, names, near, slips)
        for n in np.flatnonzero(cost <= slips * SLIP).tolist():
            name = names[int(near[n])]
            cost_of[name] = int(cost[n])
            sum_of[name] = sum_of.get(name, 0) + int(sums[near[n]])
    rarity = {
        name: RARITY_OF_SLIP * weighed(cost) - math.log(sum_of[name])
        for name, cost in cost_of.items()
    }
    return sorted(rarity, key=lambda name: (rarity[name], name))


def _found_by(documents: Documents, word: str) -> int:
    """Count the documents that have a word of the lemma of ``word``."""
    wanted = Word("", word)
    return sum(
        documents_with(documents, part, words_on(part, wanted, wanted.rungs))
        for part in documents.parts
    )


def _commonest(
    parts: Iterable[Part], begun: bytes, most: int
) -> tuple[set[bytes], int]:
    """Return, of each segment, ``most`` forms that begin so, with the largest sums.

    And the largest sum, over all segments, that another form can have; 0 if there is
    no other.
    """
    found: set[bytes] = set()
    bound = 0
    for part in parts:
        names = part.data.rungs["folded"].classes
        first, end = names.place(begun), names.place(begun + b"\xff")
        sums = class_sums(part.data, "folded")[first:end]
        places = np.arange(len(sums))
        if len(sums) > most:
            places = np.argpartition(sums, len(sums) - most)[-most:]
            bound += int(sums[places].min())
        found |= {names[first + n] for n in places.tolist()}
    return found, bound


def _form(documents: Documents, name: bytes, counted: int) -> Form:
    """Return a folded form as it is mostly written."""
    written: dict[bytes, int] = {}
    for part in documents.parts:
        sums = word_sums(part.data)
        for number in part.data.rungs["folded"].words_of(name).tolist():
            text = part.data.words[number]
            written[text] = written.get(text, 0) + int(sums[number])
    return Form(_ranked(written)[0].decode(), "folded", counted)


def _ranked(counts: Mapping[bytes, int]) -> list[bytes]:
    """Return what any document has, the commonest first."""
    there = [name for name, count in counts.items() if count]
    return sorted(there, key=lambda name: (-counts[name], name))


def _count(documents: Documents, form: bytes) -> int:
    return documents_of_class(documents, "folded", form)


def _signatures(data: SegmentData) -> Signatures:
    if data not in _SIGNATURES:
        _SIGNATURES[data] = signatures(data.rungs["folded"].classes)
    return _SIGNATURES[data]


def _has_space(text: str) -> bool:
    return any(letter.isspace() for letter in text)
