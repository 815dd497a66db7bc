"""How a reader likes numbers and days written.

Arabic is written with two sets of digits, and its months have three sets of names. A
reader's choice, the *conventions*, is kept in a cookie; ``ConventionsMiddleware`` puts
it in force for the time of a request, as Django does with the language, and the filters
of ``templatetags.reading_conventions`` write by it. French and English have one
convention each.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

from babel import Locale
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

Digits = Literal["western", "arabic"]
Months = Literal["common", "maghrebi", "levantine"]

COOKIE = "conventions"
_SEPARATOR = "."

_ARABIC_DIGITS = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
_GROUPS = {"ar": ",", "en": ",", "fr": "\N{NARROW NO-BREAK SPACE}"}
_LOCALES: Mapping[Months, str] = {
    "common": "ar",
    "maghrebi": "ar_MA",
    "levantine": "ar_LB",
}


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a reader chose.

    Attributes:
        digits: 2015 or ٢٠١٥.
        months: يوليو, يوليوز or تموز.
    """

    digits: Digits = "western"
    months: Months = "common"

    @classmethod
    def read(cls, text: str) -> "Conventions":
        """Return what ``text`` says, and the usual for what it does not say."""
        words = text.split(_SEPARATOR)
        usual = cls()
        return cls(
            next((name for name in get_args(Digits) if name in words), usual.digits),
            next((name for name in get_args(Months) if name in words), usual.months),
        )

    def __str__(self) -> str:
        return _SEPARATOR.join((self.digits, self.months))


_USUAL = Conventions()
_active: ContextVar[Conventions] = ContextVar("conventions", default=_USUAL)


def active() -> Conventions:
    """Return the conventions in force; outside a request, the usual ones."""
    return _active.get()


@contextmanager
def override(conventions: Conventions) -> Iterator[None]:
    """Put ``conventions`` in force."""
    token = _active.set(conventions)
    try:
        yield
    finally:
        _active.reset(token)


class ConventionsMiddleware:
    """Puts the conventions of a reader's cookie in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the conventions of whoever asks."""
        with override(Conventions.read(request.COOKIES.get(COOKIE, ""))):
            return self._get_response(request)


def write_digits(text: str) -> str:
    """Return ``text`` with the reader's digits and separator of thousands."""
    arabic = _language() == "ar" and active().digits == "arabic"
    return text.translate(_ARABIC_DIGITS) if arabic else text


def write_number(number: int) -> str:
    """Return ``number`` with its thousands set apart."""
    separated = write_digits(f"{number:,}")
    return separated.replace(",", _GROUPS.get(_language(), ","))


def month_names() -> Mapping[int, str]:
    """Return the names of the months, as they stand within a date."""
    language = _language()
    return _month_names(_LOCALES[active().months] if language == "ar" else language)


def write_day(day: date, *, weekday: bool = False) -> str:
    """Return ``day`` in words, such as 21 يوليو 2015."""
    month = month_names()[day.month]
    language = _language()
    number = "1er" if (language, day.day) == ("fr", 1) else str(day.day)
    written = write_digits(f"{number} {month} {day.year}")
    if not weekday:
        return written
    name = _day_names(language)[day.weekday()]
    return {
        "ar": f"{name} {written}",
        "fr": f"{name[:1].upper()}{name[1:]} {written}",
    }.get(language, f"{name}, {written}")


def write_day_of_year(month: int, day: int) -> str:
    """Return a day of any year in words, such as 21 يوليو."""
    number = "1er" if (_language(), day) == ("fr", 1) else str(day)
    return write_digits(f"{number} {month_names()[month]}")


def write_month(year: int, month: int) -> str:
    """Return a month and its year in words, such as يوليو 2015."""
    return write_digits(f"{month_names()[month]} {year}")


def weekday_names(width: Literal["wide", "narrow"]) -> Mapping[int, str]:
    """Return the names of the days of the week; Monday is 0."""
    return _day_names(_language(), width)


def _language() -> str:
    return (get_language() or "ar").split("-")[0]


@cache
def _month_names(locale: str) -> dict[int, str]:
    return dict(Locale.parse(locale).months["format"]["wide"])


@cache
def _day_names(language: str, width: str = "wide") -> dict[int, str]:
    return dict(Locale.parse(language).days["stand-alone"][width])
