"""Why a record failed, in the language of whoever looks.

A reason is written once, in English, by whoever found it, and kept with its row: it may
be looked at in any language later. Here are the ones that editors meet most, as texts to
be translated; a kept reason is known by the text that it was made of. What is not known
here is shown as it was written.
"""

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

_TEXTS = (
    gettext_noop('"%(field)s" is missing or empty'),
    gettext_noop('"%(field)s" must be text, not %(kind)s'),
    gettext_noop('"%(field)s" holds a NUL character'),
    gettext_noop('"%(field)s" holds half a character (a lone surrogate) at %(at)s'),
    gettext_noop('"%(field)s" has %(number)s characters: %(limit)s is the most'),
    gettext_noop('"source" is missing, and no source was chosen'),
    gettext_noop('"language" is missing and cannot be guessed'),
    gettext_noop('"language" is %(value)s: use an ISO 639 code such as ar'),
    gettext_noop('"url" must begin with http:// or https://'),
    gettext_noop(
        '"%(field)s" is of the year %(year)s: the limit is %(limit)s; change it with '
        "%(setting)s in settings, or leave it empty if it is not known"
    ),
    gettext_noop(
        '"%(field)s" is %(value)s: a day is needed; use 2017-01-20, or '
        "2017-01-20T21:43:00+01:00, or leave it empty"
    ),
    gettext_noop(
        '"%(field)s" is %(value)s: use 2017-01-20, or 2017-01-20T21:43:00+01:00'
    ),
    gettext_noop(
        "too long for an article: the limit is %(limit)s; change it with %(setting)s in "
        "settings"
    ),
    gettext_noop(
        "this row has %(cells)s cells, and there are %(columns)s columns: put cells with "
        "delimiters or line ends in quotes"
    ),
    gettext_noop("no JSON at character %(at)s: %(problem)s"),
    gettext_noop("the key %(key)s stands twice in an object"),
    gettext_noop('unknown key %(key)s: write "%(known)s", or choose the keys'),
    gettext_noop("the file has no text"),
)

_PUT_IN = re.compile(r"%\((\w+)\)s")


def in_words(reason: str) -> str:
    """Return a reason in the language of whoever asks, part by part."""
    if not reason:
        return ""
    parts = reason.split("; ")
    shown: list[str] = []
    while parts:
        # Some have such a sign within.
        for number in (2, 1):
            translated = _translated("; ".join(parts[:number]))
            if translated is not None:
                break
        shown.append(parts[0] if translated is None else translated)
        del parts[:number]
    return "; ".join(shown)


def _translated(reason: str) -> str | None:
    for text, pattern in _patterns():
        if found := pattern.fullmatch(reason):
            return gettext(text) % found.groupdict()
    translated = gettext(reason)
    # Line ends become one kind on the way.
    same = reason.replace("\r\n", "\n").replace("\r", "\n")
    return None if translated == same else translated


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, _pattern(text)) for text in _TEXTS)


def _pattern(text: str) -> re.Pattern[str]:
    # Every second piece is a name; what stands for it has no part of another reason.
    pieces = _PUT_IN.split(text)
    written = [
        rf"(?P<{piece}>(?:(?!; ).)+?)" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return re.compile("".join(written), re.DOTALL)
