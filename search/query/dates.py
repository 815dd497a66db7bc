"""Read what a reader writes after ``date:``.

========================================  ==============================================
written                                   means, on Monday 2023-06-19
========================================  ==============================================
2001; 2023-03; 2023-03-05                 that year, month or day
سبتمبر 2001; 11 septembre 2001            whatever ``search.analysis.find_dates`` reads
2001-09..2002                             from the first day of one to the last of other
2001..; ..2001                            since; until
>2020; >=2020; <2020; <=2020              after it; since; before; until
today; yesterday                          2023-06-19; 2023-06-18
this week, month, year                    from Monday, the first, 1 January, all of it
last week, month, year                    all of the one before: 2023-06-12..2023-06-18
30 days; last 2 weeks; 6 months; 2 years  as many, with today: 2023-05-21..2023-06-19
========================================  ==============================================

The words are known in Arabic, French and English, in any order (``le mois dernier``,
``les 30 derniers jours``, ``آخر 30 يوما``, ``أسبوعين``). Ends of ranges may be any of these.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from search.analysis import DateMention, find_dates, fold, tokenize
from search.analysis.dates.calendars import (
    Span,
    days_away,
    days_of,
    days_of_year,
    month_near,
    week_near,
)
from search.query.nodes import DateRange

_LONGEST = 80
"""Characters of a date that are read."""

_MOST_UNITS = 9999

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_COMPARED = re.compile(r"(?P<sign>[<>]=?|[≤≥])\s*(?P<date>[^<>]+)")
_RANGE = ".."

_UNITS = {
    "day": "day days jour jours يوم أيام الأيام يوما",
    "week": "week weeks semaine semaines أسبوع الأسبوع أسابيع الأسابيع أسبوعا",
    "month": "month months mois شهر الشهر أشهر الأشهر شهور شهرا",
    "year": "year years an ans année années سنة السنة سنوات السنوات عام العام أعوام عاما",
}
_TWO = {
    "day": "يومين يومان اليومين",
    "week": "أسبوعين أسبوعان الأسبوعين",
    "month": "شهرين شهران الشهرين",
    "year": "سنتين سنتان السنتين عامين عامان العامين",
}
_DAYS = {0: "today aujourd'hui اليوم", -1: "yesterday hier أمس البارحة"}
_LAST = (
    "last past previous dernier dernière derniers dernières passé passée آخر الماضي الماضية "
    "الماضيين الماضيتين الأخير الأخيرة الأخيرين الأخيرتين المنصرم المنصرمة السابق السابقة"
)
_THIS = "this current ce cet cette هذا هذه الحالي الحالية الجاري الجارية"
_AROUND = "في يوم شهر سنة عام le la en on in the l"
_FILLERS = "the le la les l ces de des of في خلال in over"

Read = tuple[Span, bool]
"""Days, and whether they depend on today."""


def _folded(words: str) -> Iterator[str]:
    return (fold(word) for word in words.split())


_UNIT_OF = {
    word: (unit, count)
    for count, rows in ((None, _UNITS), (2, _TWO))
    for unit, words in rows.items()
    for word in _folded(words)
}
_DAY_OF = {word: days for days, words in _DAYS.items() for word in _folded(words)}
_MARKS = dict.fromkeys(_folded(_LAST), "last") | dict.fromkeys(_folded(_THIS), "this")
_FILLER = frozenset(_folded(_FILLERS))
# Words that may stand around a date without changing it.
_AROUND_DATES = frozenset(_folded(_AROUND))


def read_date(text: str, today: date) -> DateRange | None:
    """Return the days that ``text`` means; None if it cannot be read."""
    text = " ".join(text.split())[:_LONGEST].strip()
    if compared := _COMPARED.fullmatch(text):
        return _compared(compared, text, today)
    low, dots, high = text.partition(_RANGE)
    if not dots:
        return _between(_read(text, today), _read(text, today), text)
    # Two dots or more: three are one sign on some keyboards, and two on others.
    high = high.lstrip(".")
    if not low.strip() and not high.strip():
        return None
    ends = [_read(end, today) if end.strip() else _OPEN for end in (low, high)]
    return _between(ends[0], ends[1], text)


_OPEN: Read = ((date.min, date.max), False)
"""What stands for an end that is left open."""


def _compared(compared: re.Match[str], text: str, today: date) -> DateRange | None:
    read = _read(compared["date"], today)
    if read is None:
        return None
    (first, last), is_relative = read
    said = text if is_relative else ""
    try:
        match compared["sign"]:
            case ">":
                return DateRange(last + timedelta(1), None, said)
            case "<":
                return DateRange(None, first - timedelta(1), said)
            case ">=" | "≥":
                return DateRange(first, None, said)
    except OverflowError:
        return None
    return DateRange(None, last, said)


def _between(low: Read | None, high: Read | None, text: str) -> DateRange | None:
    if low is None or high is None:
        return None
    if low[0][0] > high[0][1]:
        # From the later to the earlier is meant the other way round.
        low, high = high, low
    return DateRange(
        None if low is _OPEN else low[0][0],
        None if high is _OPEN else high[0][1],
        text if low[1] or high[1] else "",
    )


def _read(text: str, today: date) -> Read | None:
    """Return the days of one date, which may be in words."""
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) if part else None for part in iso.groups())
        span = _days_of(year or 0, month, day)
        return (span, False) if span else None
    if relative := _relative(text, today):
        return relative, True
    for published in (None, today):
        # Names of months have capitals in English, and none in French.
        for form in dict.fromkeys((text, text.lower(), text.title())):
            if mention := _only_mention(form, published):
                return (mention.first, mention.last), published is not None
    return None


def _days_of(year: int, month: int | None, day: int | None) -> Span | None:
    if month is None:
        return days_of_year("gregorian", year)
    return days_of("gregorian", year, month, day) if day != 0 else None


def _only_mention(text: str, published: date | None) -> DateMention | None:
    mentions = find_dates(text, published=published)
    if len(mentions) != 1:
        return None
    [mention] = mentions
    around = f"{text[: mention.start]} {text[mention.end :]}"
    words = {fold(token.written) for token in tokenize(around)}
    return mention if words <= _AROUND_DATES else None


def _relative(text: str, today: date) -> Span | None:
    """Return what today's words mean: an adverb, or a unit with a number or a mark."""
    words = [word for t in tokenize(text) if (word := fold(t.written)) not in _FILLER]
    if len(words) == 1 and words[0] in _DAY_OF:
        return days_away(today, _DAY_OF[words[0]])
    units = [_UNIT_OF[word] for word in words if word in _UNIT_OF]
    marks = {_MARKS[word] for word in words if word in _MARKS}
    numbers = [int(word) for word in words if word.isdecimal()]
    if len(units) != 1 or len(words) != 1 + len(numbers) + bool(marks):
        return None
    [(unit, two)] = units
    numbers += [two] if two else []
    if numbers:
        is_count = len(numbers) == 1 and 0 < numbers[0] <= _MOST_UNITS
        return (
            _last(numbers[0], unit, today) if is_count and "this" not in marks else None
        )
    return _period(unit, -1 if "last" in marks else 0, today) if marks else None


def _period(unit: str, shift: int, today: date) -> Span | None:
    match unit:
        case "day":
            return days_away(today, shift)
        case "week":
            return week_near(today, shift)
        case "month":
            return month_near(today, shift)
    return days_of_year("gregorian", today.year + shift)


def _last(count: int, unit: str, today: date) -> Span | None:
    """Return the last days, weeks, months or years, of which today is the last day."""
    if unit in {"day", "week"}:
        days = count * (7 if unit == "week" else 1)
        span = days_away(today, 1 - days)
    else:
        span = month_near(today, -count * (12 if unit == "year" else 1))
        if span:
            day_before = min(span[0] + timedelta(today.day - 1), span[1])
            span = days_away(day_before, 1)
    return (span[0], today) if span else None
