"""Times of publication, in all the ways that newspapers' exports have them.

Tried in turn: nothing at all (0000-00-00 too), ISO 8601, RFC 822, figures in the order
that the options say, and dates in words, which ``search.analysis`` reads: months of all
systems, in Arabic, French and English, Hijri ones too. A year from 1343 to 1500 is one
of the Hijra. What is known is kept, a day or a moment, and no more is pretended.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from articles.importing.limits import Limits
from articles.importing.options import DateOrder, ReadingOptions
from articles.importing.records import ValueProblemError, text_value
from search.analysis import find_dates

_HIJRI_YEARS = range(1343, 1501)
_CENTURY, _PIVOT = 100, 69
_MAX_LENGTH = 120
_MILLISECONDS_FROM = 100_000_000_000

_DIGITS = {ord(digit): str(n % 10) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_INVISIBLE = dict.fromkeys(
    [0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, *range(0x202A, 0x202F)]
)
_VOWEL_SIGNS = dict.fromkeys(range(0x64B, 0x653))
_SPACES = dict.fromkeys([0xA0, 0x202F, 0x2009], " ")
_PLAIN = _DIGITS | _INVISIBLE | _VOWEL_SIGNS | _SPACES | {ord("،"): ","}

_NOTHING = re.compile(
    r"[\s\-./:0TZ+]*|null|none|n/?a|nan|unknown|s\.?d\.?|غير معروف", re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-?(?:\d{2}-?\d{2}|W\d{2}-?\d)(?:[T ]\s*\d.*)?", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](.*))?")
_RFC = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?\d{1,2}\s+[a-z]{3}[a-z]*\s+\d{2,4}\s+\d{1,2}:\d{2}.*",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"(\d{1,4})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)(.*)", re.DOTALL
)
_ERA = re.compile(r"\N{ARABIC LETTER HEH}ـ?(?!\w)|\bAH\b|م(?!\w)")
_CLOCK = re.compile(
    r"(?:الساعة|at|à|T|,|-|\||\s)*\s*\b(\d{1,2})\s?[:hH]\s?(\d{2})(?:\s?[:m]\s?(\d{2})(?:[.,]\d+)?)?s?"
    r"\s*(a\.?m\.?|p\.?m\.?|صباح\w*|مساء\w*|ص|م)?(?!\w)"
    r"\s*(Z\b|UTC|GMT|(?:UTC|GMT)?[+-]\d{1,2}:?(?:\d{2})?)?",
    re.IGNORECASE,
)
_YEARISH = re.compile(r"(?<!\d)\d{4}(?!\d)")


def read_published(
    value: Any, options: ReadingOptions, limits: Limits, *, name: str = "published"
) -> date | datetime | None:
    """Read a time of publication, as precisely as it is given.

    Args:
        value: text, or the date of a format that has such values.
        options: the order of figures, and the zone of times without one.
        limits: which years there can be.
        name: what the message calls the field.

    Raises:
        ValueProblemError: it is no such time; the message says what would be one.
    """
    found: date | datetime | None
    if isinstance(value, date):
        found = value
    else:
        found = _read(name, text_value(name, value), options)
    if found is None:
        return None
    if not limits.earliest_year <= found.year <= limits.latest_year:
        bound = "earliest_year" if found.year < limits.earliest_year else "latest_year"
        raise ValueProblemError(
            f'"{name}" is of the year {found.year}: {limits.raising(bound)}, '
            "or leave it empty if it is not known"
        )
    if options.zone and isinstance(found, datetime) and found.tzinfo is None:
        return found.replace(tzinfo=options.zone)
    return found


def read_timestamp(
    value: Any, options: ReadingOptions, limits: Limits
) -> date | datetime | None:
    """Read seconds or milliseconds since 1970, or else any other time.

    Raises:
        ValueProblemError: it is no time.
    """
    try:
        number = float(str(value).translate(_PLAIN).strip())
    except ValueError:
        return read_published(value, options, limits, name="timestamp")
    if not number or isinstance(value, bool):
        return None
    if abs(number) >= _MILLISECONDS_FROM:
        number /= 1000
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    except (OverflowError, ValueError) as error:
        raise ValueProblemError(
            f'"timestamp" is {str(value)[:40]!a}: use seconds since 1970'
        ) from error
    return read_published(moment, options, limits, name="timestamp")


def _read(name: str, text: str, options: ReadingOptions) -> date | datetime | None:
    plain = text.translate(_PLAIN).strip()
    if _NOTHING.fullmatch(plain):
        return None
    if len(plain) > _MAX_LENGTH:
        _refuse(name, text)
    try:
        for reader in (_read_iso, _read_rfc822):
            if (found := reader(plain)) is not None:
                return found
        return _read_figures(plain, options.date_order) or _read_words(plain)
    except (ValueError, OverflowError, IndexError, TypeError):
        _refuse(name, text)


def _read_iso(text: str) -> date | datetime | None:
    if not _ISO.fullmatch(text):
        return None
    day = _ISO_DAY.fullmatch(text)
    if day and int(day[1]) in _HIJRI_YEARS:
        return _with_clock(_hijri(day[1], day[2], day[3]), f" {day[4] or ''}")
    # fromisoformat takes eight figures for a day, and a day for midnight.
    if len(text) <= len("2020-W01-1"):
        return date.fromisoformat(text)
    joined = re.sub(r"(?<=\d)[T ]\s*", "T", text, count=1).replace(" ", "")
    joined = re.sub(r"([+-]\d{2})$", r"\1:00", re.sub(r"(UTC|GMT)$", "Z", joined))
    try:
        return datetime.fromisoformat(joined)
    except ValueError:
        return _with_clock(date.fromisoformat(text[:10].strip("Tt ")), text[10:])


def _read_rfc822(text: str) -> datetime | None:
    if not _RFC.fullmatch(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None  # "3 mars 2020 10:30" looks like one.


def _read_figures(text: str, order: DateOrder) -> date | datetime | None:
    found = _FIGURES.match(text)
    if not found:
        return None
    first, _, second, third, rest = found.groups()
    if len(first) > 2:  # noqa: PLR2004  Longer than a day.
        year, month, day = first, second, third
    elif order == "mdy":
        year, month, day = third, first, second
    else:
        year, month, day = third, second, first
    if int(month) > 12 >= int(day):  # noqa: PLR2004  No month: it can only be the other way.
        month, day = day, month
    number = int(year)
    if len(year) <= 2:  # noqa: PLR2004  As POSIX has it.
        number += 2000 if number < _PIVOT else 1900
    if number in _HIJRI_YEARS:
        read = _hijri(str(number), month, day)
    else:
        read = date(number, int(month), int(day))
    return _with_clock(read, _ERA.sub(" ", rest, count=1))


def _read_words(text: str) -> date | datetime:
    """Read a date in words; where it is printed in two calendars, ours is kept."""
    clock = _CLOCK.search(text)
    day_text = f"{text[: clock.start()]} {text[clock.end() :]}" if clock else text
    days = {
        mention.first
        for mention in find_dates(day_text)
        if mention.precision == "day" and mention.first == mention.last
    }
    # Two calendars may differ by a day, as the sight of the moon does.
    if not days or max(days) - min(days) > timedelta(days=1):
        raise ValueError
    return _with_clock(max(days), clock.group() if clock else "")


def _hijri(year: str, month: str, day: str) -> date:
    [mention] = find_dates(f"{int(year)}/{int(month)}/{int(day)}")
    return mention.first


def _with_clock(day: date, text: str) -> date | datetime:
    """Join a day with the time that stands after it, if one does.

    Raises:
        ValueError: something else stands there.
    """
    text = text.strip(" ,-|")
    if not text:
        return day
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError
    hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3))
    half = (found[4] or "").lower()[:1]
    if half in {"p", "م"} and hour < 12:  # noqa: PLR2004
        hour += 12
    elif half in {"a", "ص"} and hour == 12:  # noqa: PLR2004
        hour = 0
    return datetime.combine(day, time(hour, minute, second), _zone(found[5]))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    offset = text.upper().removeprefix("UTC").removeprefix("GMT")
    if offset in {"", "Z"}:
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])  # noqa: PLR2004
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-shift if offset[0] == "-" else shift)


def _refuse(name: str, text: str) -> NoReturn:
    shown = text.strip()[:40]
    hint = "use 2017-01-20, or 2017-01-20T21:43:00+01:00"
    if _YEARISH.fullmatch(shown.translate(_PLAIN)) or re.fullmatch(
        r"\d{4}-\d{2}", shown
    ):
        hint = f"a day is needed; {hint}, or leave it empty"
    raise ValueProblemError(f'"{name}" is {shown!r}: {hint}')
