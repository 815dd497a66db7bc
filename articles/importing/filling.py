"""A record, filled up with the importer's defaults, is an article to be written."""

import hashlib
from dataclasses import dataclass, field
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from django.db.models import Manager
from django.utils import timezone
from django.utils.text import slugify

from articles.importing.records import (
    Record,
    ValueProblemError,
    check_record,
    publication_time,
)
from articles.models import (
    NAME_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    Article,
    Named,
    Section,
    Source,
    Status,
)
from search.analysis import first_sentence, guess_language, is_language

Kind = TypeVar("Kind", bound=Named)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for what a record does not say.

    Attributes:
        zone: the time zone of times that name none.
    """

    source: Source | None = None
    section: Section | None = None
    language: str = ""
    title: str = ""
    status: Status = Status.PUBLISHED
    zone: ZoneInfo = field(
        default_factory=lambda: ZoneInfo(timezone.get_default_timezone_name())
    )


class Filler:
    """Makes articles of records; sources and sections are made where there are none.

    Attributes:
        made: the sources and sections that had to be made. Who rolls their transaction
            back says so by ``forget``.
    """

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults
        self.made: list[Named] = []
        self._sources: dict[str, Source] = {}
        self._sections: dict[str, Section] = {}

    def forget(self, made: int = 0) -> None:
        """Forget what was made after ``made`` others, in a transaction rolled back."""
        for one in self.made[made:]:
            seen = self._sources if isinstance(one, Source) else self._sections
            del seen[one.name]
        del self.made[made:]

    def article(self, record: Record) -> Article:
        """Make the article of a record, without saving it.

        Raises:
            ValueProblemError: a value of the record makes no sense.
        """
        check_record(record)
        source = self._source(record)
        published_on, published_at = publication_time(
            record.published, self.defaults.zone
        )
        return Article(
            title=self.title(record),
            subtitle=record.subtitle,
            body=record.body,
            language=self._language(record, source),
            authors=list(record.authors),
            place=record.dateline,
            source=source,
            section=self._section(record),
            published_on=published_on,
            published_at=published_at,
            url=record.url,
            origin_id=record.origin_id or _text_id(record.body),
            status=self.defaults.status,
        )

    def title(self, record: Record) -> str:
        """Return the title of a record's article: the archive is not asked."""
        return (
            record.title
            or self.defaults.title
            or first_sentence(record.body, max_length=TITLE_MAX_LENGTH)
        )

    def _language(self, record: Record, source: Source) -> str:
        """Return the language that the record names, the importer, or the text shows."""
        named = record.language.replace("_", "-").split("-")[0]
        language = (
            named
            or self.defaults.language
            or guess_language(f"{record.title}\n{record.body}")
            or source.language
        )
        if not language:
            raise ValueProblemError('"language" is missing and cannot be guessed')
        if not is_language(language):
            raise ValueProblemError(
                f'"language" is {record.language!a}: use an ISO 639 code such as ar'
            )
        return language

    def _source(self, record: Record) -> Source:
        if record.source:
            return self._named(record.source, Source, self._sources)
        if self.defaults.source is None:
            raise ValueProblemError('"source" is missing, and no source was chosen')
        return self.defaults.source

    def _section(self, record: Record) -> Section | None:
        if record.section:
            return self._named(record.section, Section, self._sections)
        return self.defaults.section

    def _named(self, name: str, model: type[Kind], seen: dict[str, Kind]) -> Kind:
        if name not in seen:
            found = find_named(name, model)
            if found is None:
                found = find_or_create(name, model)
                self.made.append(found)
            seen[name] = found
        return seen[name]


def find_named(name: str, model: type[Kind]) -> Kind | None:
    """Return the source or section called ``name``, if there is one."""
    return cast("Manager[Kind]", model.objects).filter(name=name).first()


def find_or_create(name: str, model: type[Kind]) -> Kind:
    """Return the source or section called ``name``, made if there is none."""
    manager = cast("Manager[Kind]", model.objects)
    return find_named(name, model) or manager.create(
        name=name, slug=_free_slug(name, model)
    )


def _text_id(body: str) -> str:
    """Return the id of a text that came without one."""
    return f"sha256:{hashlib.sha256(body.encode()).hexdigest()}"


def _free_slug(name: str, model: type[Named]) -> str:
    """Return a slug made of ``name`` that no row has."""
    slug = base = slugify(name, allow_unicode=True)[: NAME_MAX_LENGTH - 10] or "x"
    number = 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
