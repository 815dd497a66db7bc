"""Say what analysis makes of a text, and why two words meet: for people.

An archive's staff ask why a search found an article or did not. ``explain`` lists the
words of a text with every class that they belong to, and its dates; ``meetings`` lists
the rungs on which two words or names meet, the narrowest first, with what they share.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, get_args

from search.analysis.classes import Words, classify
from search.analysis.dates import DateMention, find_dates, find_months
from search.analysis.languages import guess_language
from search.analysis.letters import fold
from search.analysis.names import exonyms, joined, likeness, name_key
from search.analysis.tokens import Token, tokenize
from search.analysis.variants import Variants, default_variants

Rung = Literal["written", "folded", "variant", "lemma", "root", "name"]

RUNGS: tuple[Rung, ...] = get_args(Rung)
"""The rungs of the match ladder, the narrowest first, and names across scripts."""

_ALIKE = 0.72
"""Likeness from which two spellings with one key are taken for one name."""

_ARABIC_ALIKE = 0.99
"""The same for two in Arabic letters, which write a name as it sounds: كتب is no كتاب."""


@dataclass(frozen=True, slots=True)
class ExplainedToken:
    """A word of a text with the classes that it belongs to.

    Attributes:
        token: the word as written, with its place.
        text: the word as printed.
        folded: its folded form.
        variants: names of groups of press variants; those of several words among them,
            at each of these words.
        lemmas: dictionary forms.
        roots: Arabic roots.
        name_key: how it sounds; empty for what is no name.
    """

    token: Token
    text: str
    folded: str
    variants: Words
    lemmas: Words
    roots: Words
    name_key: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What analysis makes of a text.

    Attributes:
        language: as given or guessed; None if there is nothing to guess from.
        tokens: its words, in order.
        dates: the dates in it, in order.
    """

    language: str | None
    tokens: list[ExplainedToken]
    dates: list[DateMention]


class Meeting(NamedTuple):
    """A rung on which two words meet, and what they share there."""

    rung: Rung
    shared: str


def explain(
    text: str, language: str | None = None, *, published: date | None = None
) -> Explanation:
    """Return what analysis makes of ``text``.

    Args:
        text: as published.
        language: its code; guessed without it.
        published: the day that "yesterday" is said from.
    """
    language = language or guess_language(text)
    tokens = list(tokenize(text))
    classes = classify([token.written for token in tokens], language)
    variants = _variants_in_text(text, tokens, classes.folded, classes.lemmas)
    rows = zip(tokens, classes.folded, variants, *classes[2:], strict=True)
    return Explanation(
        language,
        [
            ExplainedToken(token, text[token.start : token.end], *columns)
            for token, *columns in rows
        ],
        find_dates(text, language=language, published=published),
    )


def meetings(one: str, other: str, language: str | None = None) -> list[Meeting]:
    """Return the rungs on which ``one`` and ``other`` meet, the narrowest first.

    Texts of several words meet on a rung if each of their words does; variants of several
    words are known too, and names are compared as if they were one word.
    """
    shared = (_shared(rung, one, other, language) for rung in RUNGS)
    return [
        Meeting(rung, what)
        for rung, what in zip(RUNGS, shared, strict=True)
        if what is not None
    ]


def _variants_in_text(
    text: str, tokens: Sequence[Token], folded: Sequence[str], lemmas: Sequence[Words]
) -> list[Words]:
    """Return the groups of variants of each token, knowing what stands around it."""
    groups = default_variants()
    months = {month.start: month.end for month in find_months(text)}
    found = []
    for token, form, words in zip(tokens, folded, lemmas, strict=True):
        is_month = any(s < token.end and token.start < e for s, e in months.items())
        forms = {form, *map(fold, words)}
        found.append({*groups.names_for(forms, in_context=is_month)})
    for place in range(len(folded)):
        for group, length in groups.phrases_at(folded, place, in_context=True):
            for covered in found[place : place + length]:
                covered.add(group.name)
    return [tuple(sorted(names)) for names in found]


def _shared(rung: Rung, one: str, other: str, language: str | None) -> str | None:
    """Return what two texts share on a rung; None if they do not meet there."""
    if rung == "name":
        return _whole_name(one, other)
    if rung == "variant" and (name := _whole_group(one, other, default_variants())):
        return name
    return _shared_words(rung, one, other, language)


def _shared_words(rung: Rung, one: str, other: str, language: str | None) -> str | None:
    first, second = (_classes_on(rung, text, language) for text in (one, other))
    common = [a & b for a, b in zip(first, second, strict=False)]
    if not common or len(first) != len(second) or not all(common):
        return None
    return " ".join("|".join(sorted(words)) for words in common)


def _classes_on(rung: Rung, text: str, language: str | None) -> list[set[str]]:
    """Return the classes of each word of ``text`` on a rung."""
    words = [token.written for token in tokenize(text)]
    classes = classify(words, language)
    columns: dict[str, Iterable[Iterable[str]]] = {
        "written": ([word] for word in words),
        "folded": ([form] for form in classes.folded),
        "variant": classes.variants,
        "lemma": classes.lemmas,
        "root": classes.roots,
    }
    return [set(filter(None, found)) for found in columns[rung]]


def _whole_group(one: str, other: str, variants: Variants) -> str | None:
    first, second = variants.group_of(one), variants.group_of(other)
    return first.name if first and first is second else None


def _whole_name(one: str, other: str) -> str | None:
    if {*_folded(other)} & {*_folded(*exonyms(one))}:
        return f"{one} = {other}"
    first, second = joined(one), joined(other)
    key = name_key(first)
    if not key or key != name_key(second):
        return None
    alike = likeness(first, second)
    is_arabic = all("\u0620" <= text[0] <= "\u08c9" for text in (first, second))
    least = _ARABIC_ALIKE if is_arabic else _ALIKE
    return f"{key}, {alike:.2f} alike" if alike >= least else None


def _folded(*names: str) -> Iterator[str]:
    for name in names:
        yield " ".join(fold(token.written) for token in tokenize(name))
