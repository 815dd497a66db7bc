"""The match ladder as nodes of a query tree.

``Word`` looks for a word and, on the rungs that are climbed, for every word that shares a
class with it there. All of them count as one word: their frequencies are added up, and
the document frequency is that of having any. Each rung is scored for itself, by BM25
with the weight of ``RUNG_WEIGHTS``, so that what was typed counts more than what is
only related.

A word names its ``classes``, which analysis gave; the words of the index that share one
are looked up in each segment. ``Phrase`` of Whoosh's takes words as written;
``WordPhrase`` takes ``Word`` nodes, so that a phrase climbs the ladder too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh_query
from whoosh.matching import Matcher
from whoosh.reading import IndexReader

from search.analysis import (
    Rung,
    classify,
    exonyms,
    fold,
    is_spelt_like,
    is_stop_word,
    normalise,
    written_words,
)
from search.engine.deadlines import Deadline
from search.engine.matches import distinct
from search.engine.segments import SegmentData
from search.engine.segments.layout import CLASS_RUNGS
from search.engine.snapshot import Documents, Part

LADDER: tuple[Rung, ...] = ("written", "folded", "variant", "lemma", "root")
"""The rungs, each of which includes those before it; names stand beside them."""

RUNG_WEIGHTS: Mapping[Rung, float] = {"folded": 0.4, "lemma": 1.0, "root": 0.4}
"""What BM25 of a rung counts, where it is climbed."""


WRITTEN: frozenset[Rung] = frozenset({"written"})
"""Every word stands on this rung."""


SHORTEST_NAME = 3
"""Letters of a word that is looked for in the other script."""

MOST_REMEMBERED = 4096
"""Words of which each segment remembers what is spelt alike in the other script."""

_SPELT_ALIKE: WeakKeyDictionary[SegmentData, dict[str, NDArray[Any]]] = (
    WeakKeyDictionary()
)

LONGEST_ACRONYM = 4
"""Letters of a word all in capitals that is no name."""

SPELLING: frozenset[Rung] = frozenset({"written", "folded"})
"""The rungs on which a word is spelled in another way, and no other word."""


def rungs_up_to(rung: Rung) -> frozenset[Rung]:
    """Return ``rung`` and the rungs below it."""
    return frozenset(LADDER[: LADDER.index(rung) + 1])


class Word(whoosh_query.Query):  # type: ignore[misc]
    """A word, with those that meet it on some rungs.

    Attributes:
        fieldname: where it is looked for.
        text: the word as written.
        rungs: the rungs that are climbed; "written" always is.
        classes: rung -> the classes of the word on it, for the rungs climbed.
        without: forms that it does not meet, whatever joins them, in lower case.
        boost: what its score is multiplied with.
    """

    def __init__(  # noqa: PLR0913  what a word is looked for by
        self,
        fieldname: str,
        text: str,
        rungs: Collection[Rung] | Rung = "lemma",
        *,
        language: str | None = None,
        without: Collection[str] = (),
        boost: float = 1.0,
    ) -> None:
        """Make a word.

        Args:
            fieldname: where to look.
            text: a word; it is normalised.
            rungs: a rung, with those below it; or several, exactly these.
            language: that of the word, if it is known.
            without: forms that are not looked for, in any case.
            boost: what its score is multiplied with.
        """
        self.fieldname = fieldname
        self.text = normalise(text)
        climbed = rungs_up_to(rungs) if isinstance(rungs, str) else frozenset(rungs)
        self.rungs: frozenset[Rung] = climbed | WRITTEN
        self.language = language
        self.without = frozenset(form.lower() for form in without)
        self.boost = boost
        self.classes = _classes(self.text, language)

    def __repr__(self) -> str:
        rungs = [rung for rung in (*LADDER, "name") if rung in self.rungs]
        return f"Word({self.fieldname!r}, {self.text!r}, {rungs}, boost={self.boost})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __str__(self) -> str:
        return f"{self.fieldname}:{self.text}"

    def is_leaf(self) -> bool:
        """Whether no other query is inside."""
        return True

    def field(self) -> str:
        """Return the field that it looks into."""
        return self.fieldname

    def with_boost(self, boost: float) -> "Word":
        """Return the same word with another boost."""
        return self.in_field(self.fieldname, boost)

    def in_field(self, fieldname: str, boost: float) -> "Word":
        """Return the same word, looked for in another field."""
        return Word(
            fieldname,
            self.text,
            self.rungs,
            language=self.language,
            without=self.without,
            boost=boost,
        )

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:  # noqa: FBT001, FBT002  Whoosh's signature
        """Yield the word itself, as Whoosh asks for terms."""
        del phrases
        yield self.fieldname, self.text

    def estimate_size(self, reader: IndexReader) -> int:
        """Return a number of documents that it will not exceed."""
        return int(reader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Let Whoosh's own searcher find the word as written."""
        term = whoosh_query.Term(self.fieldname, self.text, boost=self.boost)
        return term.matcher(searcher, context)

    def _identity(self) -> tuple[Any, ...]:
        return (
            self.fieldname,
            self.text,
            self.rungs,
            self.language,
            self.without,
            self.boost,
        )


class WordPhrase(whoosh_query.Query):  # type: ignore[misc]
    """Words that follow each other, each with those that meet it.

    Attributes:
        words: the words, all of one field.
        slop: how far one may stand from the next; 1 is right after it.
        ordered: whether each must stand after the one before.
        boost: what its score is multiplied with.
    """

    def __init__(
        self,
        words: Sequence[Word],
        *,
        slop: int = 1,
        ordered: bool = True,
        boost: float = 1.0,
    ) -> None:
        self.words = tuple(words)
        self.slop = slop
        self.ordered = ordered
        self.boost = boost

    def __repr__(self) -> str:
        return (
            f"WordPhrase({list(self.words)!r}, slop={self.slop}, "
            f"ordered={self.ordered}, boost={self.boost})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WordPhrase) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __str__(self) -> str:
        return '"{}"'.format(" ".join(word.text for word in self.words))

    def field(self) -> str:
        """Return the field that it looks into."""
        return self.words[0].fieldname

    def with_boost(self, boost: float) -> "WordPhrase":
        """Return the same phrase with another boost."""
        return WordPhrase(self.words, slop=self.slop, ordered=self.ordered, boost=boost)

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:  # noqa: FBT001, FBT002  Whoosh's signature
        """Yield the words themselves, as Whoosh asks for terms."""
        if phrases:
            yield from ((word.fieldname, word.text) for word in self.words)

    def estimate_size(self, reader: IndexReader) -> int:
        """Return a number of documents that it will not exceed."""
        return int(reader.doc_count())

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Let Whoosh's own searcher find the phrase as written."""
        texts = [word.text for word in self.words]
        phrase = whoosh_query.Phrase(self.field(), texts, self.slop, self.boost)
        return phrase.matcher(searcher, context)

    def _identity(self) -> tuple[Any, ...]:
        return self.words, self.slop, self.ordered, self.boost


@dataclass(frozen=True, slots=True)
class Form:
    """A word of the index that a rung joined to a word of the query.

    Attributes:
        word: as written.
        rung: the narrowest rung that joins it.
        documents: how many have it.
    """

    word: str
    rung: Rung
    documents: int = field(compare=False)


@lru_cache(maxsize=2**12)
def _classes(word: str, language: str | None) -> Mapping[Rung, tuple[bytes, ...]]:
    """Return the classes of a word on each rung, as segments name them."""
    found = classify([word], language) if word else None
    if found is None:
        return {}
    columns: dict[Rung, Sequence[str]] = {
        "folded": found.folded[:1],
        "variant": found.variants[0],
        "lemma": found.lemmas[0],
        "root": found.roots[0],
        "name": [found.name_keys[0]] if found.name_keys[0] else [],
    }
    return {
        rung: tuple(name.encode() for name in names) for rung, names in columns.items()
    }


def words_on(part: Part, word: Word, rungs: Iterable[str]) -> NDArray[Any]:
    """Return the numbers of the words of a segment that meet ``word`` on any of ``rungs``.

    Rising, each once.
    """
    found = [_as_written(part, word)]
    for rung in CLASS_RUNGS:
        if rung in rungs and rung != "name":
            table = part.data.rungs[rung]
            found += [table.words_of(name) for name in word.classes.get(rung, ())]
    if "name" in rungs:
        found.append(_spelt_in_the_other_script(part.data, word))
    numbers = distinct(np.sort(np.concatenate(found)))
    if not word.without:
        return numbers
    forms = (part.data.words[number].decode() for number in numbers.tolist())
    return numbers[[form.lower() not in word.without for form in forms]]


def _spelt_in_the_other_script(data: SegmentData, word: Word) -> NDArray[Any]:
    """Return the words that are the same name, or another name of the same place.

    What sounds alike is weighed letter by letter, and a page asks for the same word on
    each rung: the last words of each segment are remembered.
    """
    known = _SPELT_ALIKE.setdefault(data, {})
    if word.text not in known:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        found = [np.empty(0, dtype=np.int64), *_names_alike(data, word)]
        known[word.text] = np.concatenate(found)
    return known[word.text]


def _names_alike(data: SegmentData, word: Word) -> Iterator[NDArray[Any]]:
    """Yield words by name. The key only gathers those of which some sound alike."""
    is_name = len(word.text) >= SHORTEST_NAME and not is_stop_word(word.text)
    for key in word.classes.get("name", ()) if is_name else ():
        numbers = data.rungs["name"].words_of(key)
        texts = [data.words[n].decode() for n in numbers.tolist()]
        if texts:
            may_be = [_may_be_a_name(text) for text in texts]
            yield numbers[is_spelt_like(word.text, texts) & may_be]
    for name in exonyms(word.text):
        if len(words := written_words(name)) == 1:
            yield data.rungs["folded"].words_of(fold(words[0]).encode())


def _may_be_a_name(text: str) -> bool:
    """Whether a word as written is one where its script has capitals.

    قطار (a train) sounds like "quieter", and كتاب (a book) like "GTB".
    """
    is_acronym = len(text) <= LONGEST_ACRONYM and text.isupper()
    return not (is_acronym or text[:1].islower())


def forms_of(
    documents: Documents, word: Word, fields: Collection[str], deadline: Deadline
) -> list[Form]:
    """Return the words of the index that meet ``word``, the commonest first.

    Words that differ in case only are one form, which is spelled as most often.

    Args:
        documents: where to look.
        word: what they meet.
        fields: the fields in any of which a document may have them; the word's own if
            none is named.
        deadline: when to stop, with those that are found by then.
    """
    found: dict[str, _Counted] = {}
    for rung in (*LADDER, "name"):
        if rung not in word.rungs:
            continue
        for part in documents.parts:
            if deadline.is_over():
                break
            for number in words_on(part, word, [rung]).tolist():
                text = part.data.words[number].decode()
                form = found.setdefault(text.lower(), _Counted(rung))
                if part.base not in form.seen.setdefault(text, set()):
                    form.seen[text].add(part.base)
                    own = _documents_with(part, number, fields or (word.fieldname,))
                    form.spellings[text] = form.spellings.get(text, 0) + len(own)
                    form.docs.append(own)
    forms = []
    for counted in found.values():
        docs = documents.only_live(_joined(counted.docs))
        spelling = max(counted.spellings, key=lambda text: counted.spellings[text])
        if len(docs):
            forms.append(Form(spelling, counted.rung, len(docs)))
    return sorted(forms, key=lambda form: (-form.documents, form.word))


@dataclass(slots=True)
class _Counted:
    """What is known of a form while it is counted."""

    rung: Rung
    seen: dict[str, set[int]] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)
    docs: list[NDArray[Any]] = field(default_factory=list)


def _documents_with(part: Part, word: int, fields: Collection[str]) -> NDArray[Any]:
    """Return the documents that have a word, by its number in a segment, in any field."""
    found = []
    for name in fields:
        postings = part.data.postings.get(name)
        term = -1 if postings is None else postings.term(word)
        if postings is not None and term >= 0:
            docs = postings.docs[postings.postings(term)]
            found.append(docs.astype(np.int64) + part.base)
    return _joined(found)


def _joined(docs: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the documents of several rising lists, rising, each once."""
    if len(docs) == 1:
        return docs[0]
    return distinct(np.sort(np.concatenate([np.empty(0, dtype=np.int64), *docs])))


def matched(
    documents: Documents, words: Sequence[Word], deadline: Deadline
) -> Mapping[str, int]:
    """Return the words of the index, as written, that meet one of ``words``.

    Each with the place of the first that it meets; those found before the deadline.
    """
    found: dict[str, int] = {}
    for place, word in enumerate(words):
        if deadline.is_over():
            break
        for part in documents.parts:
            for number in words_on(part, word, word.rungs).tolist():
                found.setdefault(part.data.words[number].decode(), place)
    return found


def _as_written(part: Part, word: Word) -> NDArray[Any]:
    number = part.data.words.find(word.text.encode())
    return np.array([number] if number >= 0 else [], dtype=np.int64)
