"""Write records as articles, a chunk in each transaction.

A record is *known* when its source has an article with its id, or, for records that
bring none, with its very text. Known records are passed over, so that loading a file
again adds nothing. A chunk that the database refuses is written row by row, so that
one bad row is reported and costs no other.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import DatabaseError, transaction

from articles.importing.filling import Defaults, Filler
from articles.importing.records import Record, RecordError, ValueProblemError
from articles.models import Article

CHUNK = 500
ERRORS_KEPT = 100


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
        self._filler = Filler(defaults or Defaults())
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
            self._filler.forget()
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
        # The index is of ids that are not empty, which has to be said to use it.
        rows = (
            Article.objects.exclude(origin_id="")
            .filter(
                source_id__in={source for source, _ in wanted},
                origin_id__in={origin for _, origin in wanted},
            )
            .values_list("source_id", "origin_id")
        )
        return wanted & set(rows)

    def _article(self, record: Record | RecordError) -> Article | None:
        """Make the article of a record, or note why there is none.

        Raises:
            ValueProblemError: a value of the record makes no sense.
        """
        if isinstance(record, RecordError):
            self.report.fail(record)
            return None
        return self._filler.article(record)


def _chunks(
    records: Iterable[Record | RecordError],
) -> Iterator[list[Record | RecordError]]:
    iterator = iter(records)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
