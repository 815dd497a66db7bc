"""What a query may be made of, by examples that can be run."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Example:
    """A query, and what it finds.

    Attributes:
        queries: language of the interface -> the query.
        meaning: what it finds, for a reader.
    """

    queries: Mapping[str, str]
    meaning: str | Promise

    @property
    def query(self) -> str:
        """The query in the language of the page."""
        language = (get_language() or "ar").split("-")[0]
        return self.queries.get(language, self.queries["ar"])


def _example(ar: str, fr: str, en: str, meaning: str | Promise) -> Example:
    return Example({"ar": ar, "fr": fr, "en": en}, meaning)


EXAMPLES: tuple[Example, ...] = (
    _example(
        "كتاب وزير",
        "livre ministre",
        "book minister",
        _("Articles that have both words, in any form."),
    ),
    _example(
        '"مجلس الأمن"',
        '"conseil de sécurité"',
        '"security council"',
        _("Words that follow each other."),
    ),
    _example(
        '"وزير المغرب"~5',
        '"ministre Maroc"~5',
        '"minister Morocco"~5',
        _("Words that stand near each other: no more than five apart, in any order."),
    ),
    _example("قطار -سريع", "train -rapide", "train -fast", _("Without a word.")),
    _example(
        "قطار ليس سريع",
        "train SAUF rapide",
        "train NOT fast",
        _("The same in words."),
    ),
    _example("مطر أو ثلج", "pluie OU neige", "rain OR snow", _("One of the words.")),
    _example(
        "(مطر أو ثلج) باريس",
        "(pluie OU neige) Paris",
        "(rain OR snow) Paris",
        _("Brackets hold together what belongs together."),
    ),
    _example("مدر*", "minist*", "minist*", _("Words that begin so.")),
    _example("م?رب", "gr?ve", "m?seum", _("A question mark stands for one letter.")),
    _example(
        "متحغ~",
        "musee~",
        "musum~",
        _("Words that differ by a letter or so."),
    ),
    _example("=كتاب", "=livre", "=book", _("The very word, letter by letter.")),
    _example(
        "جذر:كتاب",
        "racine:كتاب",
        "root:كتاب",
        _("The whole family of a word; ~~ before it is the same."),
    ),
    _example("عنوان:قطار", "titre:train", "title:train", _("In the title only.")),
    _example(
        "كاتب:محمد",
        "auteur:Marie",
        "author:John",
        _("By an author of this name."),
    ),
    _example(
        "مكان:الرباط",
        "lieu:Rabat",
        "place:Rabat",
        _("With this place in the dateline."),
    ),
    _example(
        'مصدر:"مصدر غير مذكور"',
        'source:"مصدر غير مذكور"',
        'source:"مصدر غير مذكور"',
        _("From a source, by its name."),
    ),
    _example("قسم:سياسة", "rubrique:سياسة", "section:سياسة", _("Of a section.")),
    _example(
        "لغة:الفرنسية",
        "langue:arabe",
        "language:Arabic",
        _("In a language, by its name or its code."),
    ),
    _example("تاريخ:٢٠٠١", "date:2001", "date:2001", _("Of a year.")),
    _example(
        "تاريخ:2001-09..2002",
        "date:2001-09..2002",
        "date:2001-09..2002",
        _("From a month to the end of a year; either end may be left open."),
    ),
    _example("تاريخ:>2020", "date:>2020", "date:>2020", _("After a year.")),
    _example(
        'تاريخ:"سبتمبر 2001"',
        'date:"septembre 2001"',
        'date:"September 2001"',
        _("Of a month, by its name."),
    ),
    _example(
        'تاريخ:"الأسبوع الماضي"',
        'date:"la semaine dernière"',
        'date:"last week"',
        _("Of the last days, weeks, months or years, in words."),
    ),
)
