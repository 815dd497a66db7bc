"""Dates and numbers in Arabic, as ``articles.conventions`` writes them for readers.

Django has no form for a moment, which then reads "نوفمبر 27, 2026", and sets decimals
apart by a comma.
"""

from django.utils.translation import gettext_noop

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# Django's catalogue has another spelling of it than the pages for readers.
gettext_noop("April")
