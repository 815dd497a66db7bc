"""The ground floor: from a string to its language, its words and their classes.

``languages`` knows codes, names and directions and guesses the language of a text;
``tokens`` cuts a text as published into words with their places; ``letters`` gives
each word as written and folded, ``collation`` how titles are sorted; ``sentences``
finds where sentences end; ``stopwords`` knows the commonest words.

What a word belongs to is said by ``arabic`` and ``latin`` (lemmas and roots),
``variants`` (what newspapers spell in several ways) and ``names`` (across scripts);
``classes`` asks them all for many words at once. ``dates`` finds the days that a text
speaks of. ``explain`` shows people what all of it makes of a text.

Everything here is a pure function of its arguments: no index, no database, no Django.
"""

from search.analysis.classes import Classes, classify
from search.analysis.collation import order_numbers
from search.analysis.dates import (
    HIJRI_MONTH_NAMES,
    MONTH_NAMES,
    DateMention,
    MonthMention,
    find_dates,
    find_months,
)
from search.analysis.explain import (
    RUNGS,
    Explanation,
    Meeting,
    Rung,
    explain,
    meetings,
)
from search.analysis.languages import (
    Paragraph,
    direction,
    guess_language,
    is_language,
    language_name,
    paragraph_languages,
    script,
)
from search.analysis.letters import fold, fold_all, normalise
from search.analysis.names import (
    Candidate,
    NameIndex,
    exonyms,
    is_spelt_like,
    likeness,
    name_key,
    name_keys,
    name_parts,
)
from search.analysis.sentences import first_sentence, sentence_ends
from search.analysis.stopwords import is_stop_word
from search.analysis.tokens import Token, find_words, tokenize, written_words
from search.analysis.variants import Variants, VariantsError, default_variants

__all__ = [
    "HIJRI_MONTH_NAMES",
    "MONTH_NAMES",
    "RUNGS",
    "Candidate",
    "Classes",
    "DateMention",
    "Explanation",
    "Meeting",
    "MonthMention",
    "NameIndex",
    "Paragraph",
    "Rung",
    "Token",
    "Variants",
    "VariantsError",
    "classify",
    "default_variants",
    "direction",
    "exonyms",
    "explain",
    "find_dates",
    "find_months",
    "find_words",
    "first_sentence",
    "fold",
    "fold_all",
    "guess_language",
    "is_language",
    "is_spelt_like",
    "is_stop_word",
    "language_name",
    "likeness",
    "meetings",
    "name_key",
    "name_keys",
    "name_parts",
    "normalise",
    "order_numbers",
    "paragraph_languages",
    "script",
    "sentence_ends",
    "tokenize",
    "written_words",
]
