"""Dates in text, as newspapers write them in Arabic, French and English.

``find_dates`` gives the days that a text mentions, ``find_months`` the words of it that
are months. Both read a text in three steps:

- ``pieces`` cuts it into the words and numbers that may belong to a date, with one
  letter, a *tag*, for what each may be; ``words`` and ``lexicon`` are its vocabulary,
  ``names`` the months in all their systems;
- ``months`` settles which words are months where they stand (مارس is also a verb);
- the rules of ``absolute``, ``years`` and ``relative``, joined in ``grammar``, are
  patterns over the tags, and their readers ask ``calendars`` for the days.

>>> [mention] = find_dates("عقب 11 سبتمبر/أيلول 2001")
>>> mention.first.isoformat(), mention.precision
('2001-09-11', 'day')
"""

from search.analysis.dates.grammar import find_dates
from search.analysis.dates.months import MonthMention, find_months
from search.analysis.dates.names import HIJRI_MONTH_NAMES, MONTH_NAMES, is_ambiguous
from search.analysis.dates.rules import DateMention

__all__ = [
    "HIJRI_MONTH_NAMES",
    "MONTH_NAMES",
    "DateMention",
    "MonthMention",
    "find_dates",
    "find_months",
    "is_ambiguous",
]
