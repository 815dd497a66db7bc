"""The months: every name that newspapers print for them.

An Arabic newspaper calls July تموز in Beirut, يوليو in Cairo, يوليوز in Rabat and
جويلية in Tunis. CLDR has these systems, through Babel, and the French and English names
with their abbreviations; spellings that are in print and not in CLDR are added here, and
so are the months of the Hijri year, which Babel leaves out.

Some names are other words too: مارس is March and "he practised". ``is_ambiguous`` tells
which; whether such a word is a month where it stands, ``months`` decides.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

from search.analysis.letters import fold

_ARABIC_LOCALES = ("ar", "ar_LB", "ar_MA", "ar_MR", "ar_DZ")

# In print, and not in CLDR. Spellings that differ in hamza or ة only meet by folding.
_PRESS_NAMES = {
    1: ("كانون ثاني", "كانون ثان"),
    2: ("فيبراير",),
    6: ("يونيه",),
    7: ("يوليه",),
    8: ("أوغسطس",),
    9: ("سيبتمبر",),
    10: ("تشرين أول", "أوكتوبر"),
    11: ("تشرين ثاني", "تشرين ثان"),
    12: ("كانون أول", "دسمبر"),
}

_HIJRI_NAMES = {
    1: ("محرم", "المحرم"),
    2: ("صفر",),
    3: ("ربيع الأول", "ربيع أول"),
    4: ("ربيع الثاني", "ربيع الآخر", "ربيع ثاني"),
    5: ("جمادى الأولى", "جمادى الأول", "جماد الأول"),
    6: ("جمادى الآخرة", "جمادى الثانية", "جمادى الآخر", "جماد الآخر", "جماد الثاني"),
    7: ("رجب",),
    8: ("شعبان",),
    9: ("رمضان",),
    10: ("شوال",),
    11: ("ذو القعدة", "ذي القعدة", "ذا القعدة"),
    12: ("ذو الحجة", "ذي الحجة", "ذا الحجة"),
}

# Verbs, first names, family names (حميد شباط, تيريزا ماي), a car, a planet.
_AMBIGUOUS = (
    *("شباط", "مارس", "أفريل", "نيسان", "ماي", "جوان", "آب", "أوت"),
    *("محرم", "صفر", "رجب", "شعبان", "رمضان", "شوال"),
    *("mars", "avril", "mai", "March", "April", "May", "August"),
)


def _arabic_names() -> dict[int, tuple[str, ...]]:
    cldr = [Locale.parse(code).months["format"]["wide"] for code in _ARABIC_LOCALES]
    return {
        month: tuple(
            dict.fromkeys(
                (*(names[month] for names in cldr), *_PRESS_NAMES.get(month, ()))
            )
        )
        for month in range(1, 13)
    }


MONTH_NAMES: Mapping[int, tuple[str, ...]] = MappingProxyType(_arabic_names())
"""Number of a Gregorian month -> its Arabic names, those of all systems."""

HIJRI_MONTH_NAMES: Mapping[int, tuple[str, ...]] = MappingProxyType(_HIJRI_NAMES)
"""Number of a Hijri month -> its Arabic names."""


@cache
def latin_month_names(language: str) -> Mapping[str, int]:
    """Return folded month name -> number for "fr" or "en"."""
    months = Locale(language).months["format"]["wide"]
    return MappingProxyType({fold(name): number for number, name in months.items()})


@cache
def latin_abbreviations(language: str) -> Mapping[str, int]:
    """Return folded abbreviation, without its stop -> number for "fr" or "en"."""
    regions = {"fr": ("fr", "fr_CA"), "en": ("en", "en_GB")}[language]
    short = {
        fold(name.rstrip(".")): number
        for region in regions
        for number, name in Locale.parse(region).months["format"]["abbreviated"].items()
    }
    whole = latin_month_names(language)
    return MappingProxyType({n: short[n] for n in short if n not in whole})


def is_ambiguous(name: str) -> bool:
    """Whether a month's name, seen alone, may well be another word."""
    return folded_name(name) in _ambiguous()


def folded_name(name: str) -> str:
    """Return a name of one or two words with each word folded."""
    return " ".join(map(fold, name.split()))


@cache
def _ambiguous() -> frozenset[str]:
    short = (*latin_abbreviations("fr"), *latin_abbreviations("en"))
    return frozenset(map(folded_name, (*_AMBIGUOUS, *short)))
