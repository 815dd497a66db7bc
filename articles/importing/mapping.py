"""Which column of a table, or key of an object, is which field of a record.

A ``Mapping`` is guessed from names in English, French and Arabic (``guess_mapping``),
or made by whoever knows better, and can be kept and used again.

>>> guess_mapping(["Titre", "Texte intégral", "Date de parution"]).columns
(('Titre', 'title'), ('Texte intégral', 'body'), ('Date de parution', 'published'))
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Names
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, Self, cast, get_args

from search.analysis import fold

Field = Literal[
    "id",
    "title",
    "subtitle",
    "body",
    "summary",
    "source",
    "section",
    "published",
    "timestamp",
    "url",
    "language",
    "authors",
    "place",
]
"""What a column can be. ``timestamp`` is a time of publication in seconds or
milliseconds since 1970; ``summary`` stands in for a body that is missing."""

FIELDS: tuple[Field, ...] = get_args(Field)

# The surer a name is, the earlier it stands: where a table has several of one field,
# the first of these is taken.
_NAMES: dict[Field, str] = {
    "id": (
        "id, guid, uuid, uid, article id, post id, story id, doc id, docid, articleid, "
        "identifier, reference, ref, number, no, n°, "
        "identifiant, identifiant de l'article, référence, numéro, "
        "المعرف, معرف, رقم المقال, رقم الخبر, الرقم, رقم, المرجع"
    ),
    "title": (
        "title, headline, article title, post title, heading, head, hed, "
        "titre, titre de l'article, intitulé, "
        "العنوان, عنوان, عنوان المقال, عنوان الخبر, العنوان الرئيسي"
    ),
    "subtitle": (
        "subtitle, sub title, subheadline, subhead, deck, dek, standfirst, "
        "alternative headline, sous-titre, soustitre, chapeau, chapô, "
        "العنوان الفرعي, عنوان فرعي"
    ),
    "body": (
        "body, article body, articlebody, full text, fulltext, text, content, contents, "
        "content html, content text, post content, article text, article, main text, "
        "maintext, story, html, texte intégral, texte, corps, corps de l'article, "
        "contenu, article complet, "
        "النص, نص, نص المقال, نص الخبر, المتن, متن, المحتوى, محتوى, المقال, الخبر"
    ),
    "summary": (
        "summary, abstract, excerpt, description, teaser, lead, intro, "
        "résumé, extrait, accroche, الملخص, ملخص, الخلاصة, موجز, المقدمة, الوصف"
    ),
    "source": (
        "source, source name, newspaper, publisher, outlet, media, publication, "
        "site name, site, provider, journal, média, éditeur, "
        "المصدر, مصدر, الجريدة, جريدة, الصحيفة, صحيفة, الناشر, الموقع"
    ),
    "section": (
        "section, article section, category, categories, desk, topic, rubric, "
        "rubrique, catégorie, thème, "
        "القسم, قسم, الباب, باب, التصنيف, تصنيف, الفئة, فئة, الركن"
    ),
    "published": (
        "published, date published, datepublished, published at, published on, "
        "publication date, publish date, published date, pub date, pubdate, "
        "date time, datetime, date, post date, issue date, created at, created, time, "
        "date de publication, date de parution, publié le, parution, paru le, "
        "تاريخ النشر, التاريخ, تاريخ, تاريخ المقال, تاريخ الخبر, نشر في"
    ),
    "timestamp": (
        "timestamp, unix time, unixtime, unix timestamp, epoch, created utc, "
        "published ts, ts, horodatage, الطابع الزمني"
    ),
    "url": (
        "url, link, permalink, article url, web url, web address, href, "
        "lien, adresse web, الرابط, رابط, رابط المقال, العنوان الإلكتروني"
    ),
    "language": "language, lang, language code, langue, اللغة, لغة, لغة المقال",
    "authors": (
        "authors, author, author name, byline, writer, reporter, journalist, creator, "
        "by, auteur, auteurs, journaliste, signature, rédacteur, par, "
        "الكاتب, كاتب, الكتاب, المؤلف, مؤلف, المحرر, المراسل, بقلم"
    ),
    "place": "place, dateline, location, city, lieu, ville, المكان, مكان, المدينة",
}

_WORD = re.compile(r"[^\W_]+|°")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0670\N{ARABIC TATWEEL}]")
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns and their fields; a column that is not named here is passed over.

    Attributes:
        columns: pairs of a column's name and a field. Of a table without a header
            row, columns are called "1", "2" and so on.
    """

    columns: tuple[tuple[str, Field], ...]

    @classmethod
    def of(cls, fields: Names[str, str]) -> Self:
        """Make a mapping of a dictionary from columns to fields.

        Raises:
            ValueError: there is no such field.
        """
        for field in fields.values():
            if field not in FIELDS:
                msg = f"{field!r} is no field: use {', '.join(FIELDS)}"
                raise ValueError(msg)
        return cls(cast("tuple[tuple[str, Field], ...]", tuple(fields.items())))

    def field_of(self, column: str) -> Field | None:
        """Return the field that a column is, if it is any."""
        return dict(self.columns).get(column)

    def has(self, *fields: Field) -> bool:
        """Whether any of ``fields`` has a column."""
        return any(field in fields for _, field in self.columns)


def guess_mapping(columns: Iterable[str]) -> Mapping:
    """Return what the names of columns say; each field has one column at most."""
    return _guess(tuple(columns))


@lru_cache(maxsize=1000)
def guess_field(column: str) -> Field | None:
    """Return the field that the name of a column says, if it says any."""
    found = _known_names().get(_plain(column))
    return found[0] if found else None


@lru_cache(maxsize=1000)
def _guess(columns: tuple[str, ...]) -> Mapping:
    best: dict[Field, tuple[int, str]] = {}
    known = _known_names()
    for column in columns:
        if found := known.get(_plain(column)):
            field, rank = found
            if field not in best or rank < best[field][0]:
                best[field] = (rank, column)
    taken = {column: field for field, (_, column) in best.items()}
    return Mapping(tuple((c, taken[c]) for c in dict.fromkeys(columns) if c in taken))


@cache
def _known_names() -> dict[str, tuple[Field, int]]:
    known: dict[str, tuple[Field, int]] = {}
    for field, names in _NAMES.items():
        for rank, name in enumerate(names.split(", ")):
            known.setdefault(_plain(name), (field, rank))
    return known


def _plain(name: str) -> str:
    """Return a name as people mean it: "post_date", "Post Date" and "postDate" are one."""
    name = _ASIDE.sub("", _VOWEL_SIGNS.sub("", name[:100]).removeprefix("dc:"))
    words = _WORD.findall(_CAMEL.sub(" ", name))
    return " ".join(fold(word) for word in words)
