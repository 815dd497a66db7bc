"""The ground floor: from a string to its language, its tokens and their terms.

``languages`` knows codes, names and directions and guesses the language of a text;
``tokens`` cuts a text as published into words with their places; ``letters`` gives
each word as written and folded; ``sentences`` finds where sentences end.
Everything here is a pure function of its arguments: no index, no database, no Django.
"""

from search.analysis.dates import (
    HIJRI_MONTH_NAMES,
    MONTH_NAMES,
    DateMention,
    MonthMention,
    find_dates,
    find_months,
)
from search.analysis.languages import (
    Paragraph,
    direction,
    guess_language,
    is_language,
    language_name,
    paragraph_languages,
)
from search.analysis.letters import fold, fold_all, normalise
from search.analysis.sentences import first_sentence, sentence_ends
from search.analysis.stopwords import is_stop_word
from search.analysis.tokens import Token, tokenize, written_words
from search.analysis.variants import Variants, VariantsError, default_variants

__all__ = [
    "HIJRI_MONTH_NAMES",
    "MONTH_NAMES",
    "DateMention",
    "MonthMention",
    "Paragraph",
    "Token",
    "Variants",
    "VariantsError",
    "default_variants",
    "direction",
    "find_dates",
    "find_months",
    "first_sentence",
    "fold",
    "fold_all",
    "guess_language",
    "is_language",
    "is_stop_word",
    "language_name",
    "normalise",
    "paragraph_languages",
    "sentence_ends",
    "tokenize",
    "written_words",
]
