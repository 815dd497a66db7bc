"""What the archive would have understood: better spellings, and ends of words begun.

Both choose among the *folded forms* of the index's words, which is where spellings meet.
``suggest`` looks for the likeliest form near a word that is nowhere; ``complete`` for the
commonest forms that begin with what was typed. Either gives a form as the archive mostly
writes it.

A form's *count* is how many documents have it, in any text field. Counting one takes a
pass over its postings; the sum of its words' document frequencies, which is never less,
is kept with each segment (``_FORMS``), so that only the few that may be among the
commonest are counted. Segments never change, and what is kept of one outlives commits.
Deleted documents are in the sums, and not in the counts.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from search.analysis import Token, fold, tokenize
from search.analysis.ranges import spread
from search.engine.distances import (
    SLIP,
    Signatures,
    costs,
    letters_of,
    may_be_near,
    signatures_of,
)
from search.engine.ladder import Form, Word, words_on
from search.engine.segments import SegmentData, Vocabulary
from search.engine.snapshot import Documents, Part

SHORTEST = 3
"""Letters of the shortest word that is corrected: near two letters there is anything."""

LONG = 7
"""Letters from which on a word may be two slips away."""

COST_OF_SLIP = 4.0
"""By how many times, as a logarithm, a slip more makes a word less likely."""

_UNWANTED = re.compile('(?<!\\S)-(?:"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»|\\S+)')
_OPERATORS = frozenset("*?~:")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Forms:
    """The folded forms of a segment.

    Attributes:
        names: sorted.
        sums: shape (forms,), document frequencies of the words of each, added up over
            words and text fields.
        signatures: shape (forms,), which letters each has.
        lengths: shape (forms,), how many; those that do not fit count as 255.
    """

    names: Vocabulary
    sums: NDArray[np.int64]
    signatures: Signatures
    lengths: NDArray[np.uint8]


_FORMS: WeakKeyDictionary[SegmentData, _Forms] = WeakKeyDictionary()


def suggest(documents: Documents, text: str) -> str | None:
    """Return the query string ``text`` as it was probably meant; None if as typed.

    Words that no document has, however spelled, are replaced by the likeliest word near
    them, if that finds more than they do with the words of their lemma. Unwanted words
    stay, for each one less finds more; so do numbers, and words with an operator.
    """
    meant = []
    end = 0
    for token in _doubtful(text):
        if better := _correct(documents, token.written):
            meant += [text[end : token.start], better]
            end = token.end
    return "".join([*meant, text[end:]]) if meant else None


def complete(documents: Documents, prefix: str, limit: int) -> list[Form]:
    """Return the words that begin as the last one of ``prefix`` does.

    The commonest first, one for each folded form, as it is mostly written. With the
    article if it was typed, and else without. None if ``prefix`` has no word begun.
    """
    tokens = [*tokenize(prefix)]
    if limit < 1 or not tokens or _has_space(prefix[tokens[-1].end :]):
        return []
    begun = fold(tokens[-1].written).encode()
    counts: dict[bytes, int] = {}
    looked_at = 4 * limit
    while begun:
        names, bound = _commonest(documents.parts, begun, looked_at)
        for name in names:
            if name not in counts:
                counts[name] = count(documents, name)
        best = _ranked(counts)[:limit]
        # Nothing that was not looked at is in more documents than ``bound``.
        if not bound or (len(best) == limit and counts[best[-1]] > bound):
            return [_form(documents, name, counts[name]) for name in best]
        looked_at *= 4
    return []


def count(documents: Documents, form: bytes) -> int:
    """Count the documents that have a folded form in any text field."""
    return sum(
        _documents_with(part, part.data.rungs["folded"].words_of(form))
        for part in documents.parts
    )


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
    if len(form) < SHORTEST or count(documents, form.encode()):
        return None
    found = _found_by(documents, word)
    for name in _likeliest(documents, form):
        counted = count(documents, name)
        if counted > found:
            return _form(documents, name, counted).word
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
        forms = _forms(part.data)
        near = may_be_near(forms.signatures, forms.lengths, letters, slips)
        names = [forms.names[n] for n in near.tolist()]
        cost = costs(letters, [name.decode() for name in names], slips)
        for n in np.flatnonzero(cost <= slips * SLIP).tolist():
            cost_of[names[n]] = int(cost[n])
            sum_of[names[n]] = sum_of.get(names[n], 0) + int(forms.sums[near[n]])
    return sorted(
        cost_of,
        key=lambda name: (
            COST_OF_SLIP * cost_of[name] / SLIP - math.log(sum_of[name]),
            name,
        ),
    )


def _found_by(documents: Documents, word: str) -> int:
    """Count the documents that have a word of the lemma of ``word``."""
    wanted = Word("", word)
    return sum(
        _documents_with(part, words_on(part, wanted, wanted.rungs))
        for part in documents.parts
    )


def _commonest(
    parts: Iterable[Part], begun: bytes, most: int
) -> tuple[set[bytes], int]:
    """Return, of each segment, ``most`` forms that begin so, with the largest sums.

    And the largest sum, over all segments, that another form can have; 0 if there is
    no other.
    """
    names: set[bytes] = set()
    bound = 0
    for part in parts:
        forms = _forms(part.data)
        first, end = forms.names.place(begun), forms.names.place(begun + b"\xff")
        sums = forms.sums[first:end]
        if len(sums) > most:
            places = np.argpartition(sums, len(sums) - most)[-most:]
            bound += int(sums[places].min())
        else:
            places = np.arange(len(sums))
        names |= {forms.names[first + n] for n in places.tolist()}
    return names, bound


def _form(documents: Documents, name: bytes, counted: int) -> Form:
    """Return a folded form as most documents write it."""
    written: dict[bytes, int] = {}
    for part in documents.parts:
        for word in part.data.rungs["folded"].words_of(name):
            text = part.data.words[int(word)]
            having = _documents_with(part, np.array([word]))
            written[text] = written.get(text, 0) + having
    return Form(_ranked(written)[0].decode(), "folded", counted)


def _ranked(counts: dict[bytes, int]) -> list[bytes]:
    """Return names that any document has, the commonest first."""
    there = [name for name, having in counts.items() if having]
    return sorted(there, key=lambda name: (-counts[name], name))


def _documents_with(part: Part, words: NDArray[Any]) -> int:
    """Count the documents of a segment that have any of ``words`` in a text field."""
    having = np.zeros(part.data.size, dtype=np.bool_)
    for field in _text_fields(part.data):
        postings = part.data.postings[field]
        terms = postings.terms_of(words)
        _, places = spread(
            postings.starts[terms].astype(np.int64),
            postings.starts[terms + 1].astype(np.int64),
        )
        having[postings.docs[places]] = True
    if part.deleted:
        having[np.fromiter(part.deleted, np.int64)] = False
    return int(having.sum())


def _forms(data: SegmentData) -> _Forms:
    if data not in _FORMS:
        _FORMS[data] = _read_forms(data)
    return _FORMS[data]


def _read_forms(data: SegmentData) -> _Forms:
    table = data.rungs["folded"]
    frequencies = np.zeros(len(data.words), dtype=np.int64)
    for field in _text_fields(data):
        postings = data.postings[field]
        frequencies[postings.terms] += np.diff(postings.starts.astype(np.int64))
    sums = np.add.reduceat(frequencies[table.members], table.starts[:-1])
    encoded = table.classes.arrays("")[".bytes"]
    # In UTF-8 every byte but these begins a letter.
    letters_before = np.append(0, np.cumsum((encoded & 0xC0) != 0x80))  # noqa: PLR2004
    starts = letters_before[table.classes.arrays("")[".offsets"]]
    return _Forms(
        table.classes,
        sums,
        signatures_of(letters_of(encoded.tobytes().decode()), starts),
        np.minimum(np.diff(starts), 255).astype(np.uint8),
    )


def _text_fields(data: SegmentData) -> list[str]:
    return [name for name, kind in data.kinds.items() if kind == "text"]


def _has_space(text: str) -> bool:
    return any(letter.isspace() for letter in text)
