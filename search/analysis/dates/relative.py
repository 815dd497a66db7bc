"""Rules for what is said from the day of publication: أمس, lundi dernier, last month.

They need that day, and are passed over without it. A weekday alone is one where it is
used as a date: after يوم, مساء or "on", before "morning", between brackets or commas,
and in French unless it has an article (le lundi is every Monday).
"""

from collections.abc import Iterator

from search.analysis.dates import calendars
from search.analysis.dates.rules import DateMention, Found, Rule

_AS_DATE = (
    r"(?:(?:(?<=P )|(?<=P l ))(?<!u P )[WV]|(?<=[(,])[WV](?=[),])|[WV](?= P)"
    "|(?<![lu] )V)"
)


def _read_nothing(_: Found) -> Iterator[DateMention]:
    """Pass over what is no day: اليوم الوطني, "du lundi au vendredi"."""
    yield from ()


def _read_day(found: Found) -> Iterator[DateMention]:
    """Read today and its like, with the weekday that is printed beside it."""
    day = found.tagged("DC")[0].value
    # أول من أمس is a day further.
    day *= 2 if found.tagged("g") else 1
    if found.published:
        span = calendars.days_away(found.published, day)
        if span and (weekday := found.tagged("WV")):
            span = calendars.nearest_weekday(weekday[0].value, span[0])
        yield from found.mention(span, "day")


def _read_weekday(found: Found) -> Iterator[DateMention]:
    shift = sum(piece.value for piece in found.tagged("Qq"))
    if found.published:
        weekday = found.tagged("WV")[0].value
        span = calendars.weekday_near(weekday, found.published, shift)
        yield from found.mention(span, "day")


def _read_unit(found: Found) -> Iterator[DateMention]:
    """Read last week, this month, next year."""
    unit = found.tagged("UKY")[0]
    # هذه سنة is "this is a year".
    definite = unit.word.isascii() or unit.word.startswith("ال")
    if not found.published or not definite:
        return
    shift = found.tagged("Qq")[0].value
    match unit.tag:
        case "U":
            span = calendars.week_near(found.published, shift)
            yield from found.mention(span, "week")
        case "K":
            span = calendars.month_near(found.published, shift)
            yield from found.mention(span, "month")
        case _:
            year = found.published.year + shift
            span = calendars.days_of_year("gregorian", year)
            yield from found.mention(span, "year")


RULES = (
    Rule("not today", "D [jo]|(?<=[upq] )D", _read_nothing),
    Rule(
        "day",
        r"(?:g (?:f )?)?D(?:[ (,][WV](?! Q)\)?)?|(?<=P )C"
        r"|C[ (,][WV](?! Q)\)?",
        _read_day,
    ),
    Rule("weekdays", "[WV] [ri] (?:l )?[WV]", _read_nothing),
    Rule("weekday", f"q [WV]|[WV] Q|{_AS_DATE}", _read_weekday),
    Rule("unit", "(?<!G )[UKY] (?:k )?Q|(?<!l )q [UKY]", _read_unit),
)
