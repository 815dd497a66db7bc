"""Write records as articles, a chunk in each transaction.

A record is *known* when its source has an article with its id, or, for records that
bring none, with its very text. Known records are passed over, so that loading a file
again adds nothing. A chunk that the database refuses is written row by row, so that
one bad row is reported and costs no other.
"""

import copy
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import Manager
from django.utils import timezone
from django.utils.text import slugify

from articles.importing.records import (
    Record,
    RecordError,
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

CHUNK = 500
ERRORS_KEPT = 100

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


@dataclass(slots=True)
class BatchReport:
    """What became of the records.

    Attributes:
        added: records that are articles now.
        known: records that the archive had.
        failed: records that could not become articles.
        errors: why, for the first ``ERRORS_KEPT`` of them.
    """

    added: int = 0
    known: int = 0
    failed: int = 0
    errors: list[RecordError] = field(default_factory=list)

    def fail(self, error: RecordError) -> None:
        """Count a record that failed."""
        self.failed += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(error)


class ImportFailedError(Exception):
    """Nothing was imported, since not everything could be."""

    def __init__(self, report: BatchReport) -> None:
        super().__init__(f"{report.failed} records could not be read")
        self.report = report


class Batch:
    """One import: records in, articles and a report out."""

    def __init__(self, defaults: Defaults | None = None) -> None:
        self._defaults = defaults or Defaults()
        self._sources: dict[str, Source] = {}
        self._sections: dict[str, Section] = {}
        self.report = BatchReport()

    def load(
        self,
        records: Iterable[Record | RecordError],
        *,
        progress: Callable[[], object] | None = None,
    ) -> BatchReport:
        """Import what can be imported; ``progress`` is called after each chunk."""
        for chunk in _chunks(records):
            self._write_chunk(chunk)
            if progress:
                progress()
        return self.report

    def load_all_or_nothing(
        self, records: Iterable[Record | RecordError]
    ) -> BatchReport:
        """Import every record, or none.

        Raises:
            ImportFailedError: some record failed; it carries the report.
        """
        with transaction.atomic():
            self.load(records)
            if self.report.failed:
                raise ImportFailedError(self.report)
        return self.report

    def _write_chunk(self, chunk: Sequence[Record | RecordError]) -> None:
        before = copy.deepcopy(self.report)
        try:
            with transaction.atomic():
                self._write(chunk)
        except DatabaseError as error:
            # Sources made in the transaction are gone with it, and its counts.
            self._sources.clear()
            self._sections.clear()
            self.report = before
            if len(chunk) > 1:
                for record in chunk:
                    self._write_chunk([record])
            else:
                reason = str(error).strip().splitlines()[0]
                self.report.fail(RecordError(chunk[0].place, reason))

    def _write(self, chunk: Sequence[Record | RecordError]) -> None:
        articles: dict[tuple[int, str], Article] = {}
        for record in chunk:
            try:
                article = self._article(record)
            except ValueProblemError as error:
                self.report.fail(RecordError(record.place, str(error)))
                continue
            if article is None:
                continue
            key = (article.source_id, article.origin_id)
            if key in articles:
                self.report.known += 1
            articles.setdefault(key, article)
        known = self._known(articles)
        Article.objects.bulk_create(
            article for key, article in articles.items() if key not in known
        )
        self.report.known += len(known)
        self.report.added += len(articles) - len(known)

    def _known(self, keys: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
        wanted = set(keys)
        rows = Article.objects.filter(
            source_id__in={source for source, _ in wanted},
            origin_id__in={origin for _, origin in wanted},
        ).values_list("source_id", "origin_id")
        return wanted & set(rows)

    def _article(self, record: Record | RecordError) -> Article | None:
        """Make the article of a record, or note why there is none.

        Raises:
            ValueProblemError: a value of the record makes no sense.
        """
        if isinstance(record, RecordError):
            self.report.fail(record)
            return None
        check_record(record)
        source = self._source(record)
        title = record.title or self._defaults.title
        published_on, published_at = publication_time(
            record.published, self._defaults.zone
        )
        return Article(
            title=title or first_sentence(record.body, max_length=TITLE_MAX_LENGTH),
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
            status=self._defaults.status,
        )

    def _language(self, record: Record, source: Source) -> str:
        """Return the language that the record names, the importer, or the text shows."""
        named = record.language.replace("_", "-").split("-")[0]
        language = (
            named
            or self._defaults.language
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
        if self._defaults.source is None:
            raise ValueProblemError('"source" is missing, and no source was chosen')
        return self._defaults.source

    def _section(self, record: Record) -> Section | None:
        if record.section:
            return self._named(record.section, Section, self._sections)
        return self._defaults.section

    def _named(self, name: str, model: type[Kind], seen: dict[str, Kind]) -> Kind:
        if name not in seen:
            seen[name] = find_or_create(name, model)
        return seen[name]


def find_or_create(name: str, model: type[Kind]) -> Kind:
    """Return the source or section called ``name``, made if there is none."""
    manager = cast("Manager[Kind]", model.objects)
    found = manager.filter(name=name).first()
    return found or manager.create(name=name, slug=_free_slug(name, model))


def _chunks(
    records: Iterable[Record | RecordError],
) -> Iterator[list[Record | RecordError]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


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
