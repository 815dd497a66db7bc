"""Rules for years and decades: عام 2001, in 2001, 1436هـ, the 1990s.

A number of four figures is a year beside a word for it (عام, année), beside a word that
a time follows (in, depuis, صيف), or with its era; alone it is an amount.
"""

from collections.abc import Iterator

from search.analysis.dates import calendars
from search.analysis.dates.calendars import HIJRI_YEARS, Calendar
from search.analysis.dates.rules import DateMention, Found, Rule

_YEAR = "y(?:[-/](?:y|[nd#]))?(?: ?[AJB])?"
_MORE_YEARS = f"(?:[ ,]a ?(?:Y )?{_YEAR})"
_TO_YEAR = f"(?: [ri] (?:[rlY] ){{0,2}}{_YEAR})"
_AFTER_WORD_FOR_YEAR = "(?P<called>(?<=[YN] )|(?<=Y k ))"
_AFTER_CUE = "(?:(?<=[pisb] )|(?<=[pis] l )|(?<=s-)|(?<=s f ))"
_NO_AMOUNT = "(?![-/.:][ndy#]| [%YKUN])"

_CENTURY = 100
_YEARS_OF_DECADE = 10
# Beside "in", older years are amounts if they are round, and in Arabic if they are not.
_FIRST_PLAIN_YEAR, _ROUND = 1900, 50
# The twenties may be an age, or years of this century.
_FIRST_PLAIN_DECADE = 30
_LAST_CENTURY = 1900


def _read_years(found: Found) -> Iterator[DateMention]:
    for part in found.parts("years", "ynd#"):
        first, last = _in_full(part.low, part.high)
        if found.tagged("B") or not _is_year(found, first):
            continue
        calendar = _calendar(found, first)
        ends = (calendars.days_of_year(calendar, year) for year in (first, last))
        yield from found.mention(calendars.join(*ends), "year", part)


def _in_full(first: int, last: int) -> tuple[int, int]:
    """Return both years of 2019-20, and of 1437/1436, which some print backwards."""
    if last == (first + 1) % _CENTURY:
        return first, first + 1
    return (last, first) if first == last + 1 else (first, last)


def _is_year(found: Found, year: int) -> bool:
    if found.has("marked"):
        # 1500م are metres too.
        return bool(found.tagged("J")) or year % _CENTURY != 0
    if found.has("called") or year >= _FIRST_PLAIN_YEAR:
        return True
    cue = found.pieces[found.match.start() - 2]
    return cue.word.isascii() and year % _ROUND != 0


def _calendar(found: Found, year: int) -> Calendar:
    """Return whose year it is.

    Where an article has other Hijri dates, it may leave the era out.
    """
    unmarked = year in HIJRI_YEARS and not found.tagged("A")
    if found.tagged("J") or (unmarked and {"J", "H"} & set(found.match.string)):
        return "hijri"
    return "gregorian"


def _read_tens(found: Found) -> Iterator[DateMention]:
    """Read التسعينيات, تسعينيات القرن التاسع عشر."""
    tens, *century = found.tagged("Xot")
    if century:
        start = (sum(piece.value for piece in century) - 1) * _CENTURY
    elif tens.value >= _FIRST_PLAIN_DECADE or found.tagged("c"):
        start = _LAST_CENTURY
    else:
        return
    yield from _decade(found, start + tens.value)


def _read_decade(found: Found) -> Iterator[DateMention]:
    """Read années 1990, années 90, the 1990s, the 90s."""
    value = found.tagged("ZTynd#")[0].value
    if value % _YEARS_OF_DECADE:
        return
    if value < _CENTURY:
        value = value + _LAST_CENTURY if value >= _FIRST_PLAIN_DECADE else 0
    # The 1800s are a century.
    if value >= _LAST_CENTURY or value % _CENTURY:
        yield from _decade(found, value)


def _decade(found: Found, first: int) -> Iterator[DateMention]:
    last = first + _YEARS_OF_DECADE - 1
    ends = (calendars.days_of_year("gregorian", year) for year in (first, last))
    yield from found.mention(calendars.join(*ends), "decade")


RULES = (
    Rule("decade", r"(?<=N )(?:[ynd]|#)(?! [%KU])|Z|(?<=l )T", _read_decade),
    Rule("tens", r"X(?: c(?: Q| o(?: t)?))?(?! f %)", _read_tens),
    Rule(
        "years",
        rf"(?:{_AFTER_WORD_FOR_YEAR}|{_AFTER_CUE})"
        rf"(?P<years>{_YEAR}(?:{_MORE_YEARS}|{_TO_YEAR})?){_NO_AMOUNT}",
        _read_years,
    ),
    # من 2001 إلى 2005: "from" is a cue only with its "to".
    Rule(
        "from year to year",
        rf"(?<=f )(?P<years>{_YEAR}{_TO_YEAR}){_NO_AMOUNT}",
        _read_years,
    ),
    Rule("marked year", r"(?P<marked>(?P<years>y(?:[-/]y)?)(?: ?J|A))", _read_years),
)
