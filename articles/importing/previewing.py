"""What an import would do, before anything is written.

The first records are written like those of any chunk, in a transaction that is rolled
back: what is shown is what would be. The rest is counted, for a moment.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.importing.formats import (
    Description,
    FormatError,
    describe,
    open_records,
)
from articles.importing.reasons import shown_place, shown_reason
from articles.importing.records import Record, RecordError
from articles.importing.running import FILE_GONE, defaults_of, reading_options
from articles.importing.writing import ChunkWriter
from articles.imports import Import, ImportRow, Outcome
from articles.models import Article, Section, Source
from search.analysis import direction, language_name

SHOWN = 8
COUNT_SECONDS = 1.0
_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class PreviewedRecord:
    """One record as it would read.

    Attributes:
        guessed: whether its language is a guess.
        new_source: whether its source would be made; likewise ``new_section``.
    """

    row: ImportRow
    article: Article | None = None
    excerpt: str = ""
    direction: str = "ltr"
    language: str = ""
    guessed: bool = False
    new_source: bool = False
    new_section: bool = False

    @property
    def reason(self) -> str:
        """Why it would be as it would, in the language of whoever looks."""
        return shown_reason(self.row.reason)

    @property
    def place(self) -> str:
        """Where it stands in the file, likewise."""
        return shown_place(self.row.place)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds, as far as is known.

    Attributes:
        total: records that were counted.
        whole: whether that is all of them.
        failed: how many of them cannot be read.
        problem: why nothing can be shown.
    """

    description: Description
    records: tuple[PreviewedRecord, ...] = ()
    total: int = 0
    whole: bool = True
    failed: int = 0
    warnings: tuple[str, ...] = ()
    problem: str = ""


def describe_file(run: Import) -> Description:
    """Say what the file of an import is, as far as its beginning shows."""
    try:
        with Path(run.path).open("rb") as stream:
            return describe(stream, run.name, reading_options(run))
    except FileNotFoundError:
        return Description("", error=_(FILE_GONE))
    except (OSError, FormatError, ValueError) as error:
        return Description("", error=str(error))


def preview(run: Import) -> Preview:
    """Say what an import would do; nothing of it is written."""
    description = describe_file(run)
    if not description.format:
        return Preview(description, problem=shown_reason(description.error))
    try:
        with Path(run.path).open("rb") as stream:
            found = open_records(stream, run.name, reading_options(run))
            first = list(islice(found, SHOWN))
            total, failed, whole = _count(found)
    except (OSError, FormatError) as error:
        return Preview(description, problem=shown_reason(str(error)))
    records = tuple(_as_written(run, first))
    failed += sum(isinstance(one, RecordError) for one in first)
    shown = Preview(description, records, total + len(first), whole, failed)
    return replace(shown, warnings=tuple(_warnings(shown)))


def _count(found: Iterator[Record | RecordError]) -> tuple[int, int, bool]:
    """Count records and errors until the time is up; say whether they were all."""
    total = failed = 0
    end = time.monotonic() + COUNT_SECONDS
    for one in found:
        total += 1
        failed += isinstance(one, RecordError)
        if time.monotonic() > end:
            return total, failed, False
    return total, failed, True


def _as_written(
    run: Import, first: list[Record | RecordError]
) -> Iterator[PreviewedRecord]:
    with transaction.atomic():
        writer = ChunkWriter(run, defaults_of(run))
        rows = writer.write(
            [
                (ImportRow(run=run, position=n), writer.sketched(found))
                for n, found in enumerate(first)
            ]
        )
        made = list(writer.filler.made)
        articles = Article.objects.select_related("source", "section").in_bulk(
            [row.article_id for row in rows if row.article_id]
        )
        transaction.set_rollback(True)
    sources = {one.pk for one in made if isinstance(one, Source)}
    sections = {one.pk for one in made if isinstance(one, Section)}
    for row, found in zip(rows, first, strict=True):
        article = articles.get(row.article_id or 0)
        if article is None or not isinstance(found, Record):
            yield PreviewedRecord(row)
            continue
        yield PreviewedRecord(
            row,
            article,
            excerpt=article.body[:_EXCERPT],
            direction=direction(article.language),
            language=language_name(article.language, "en"),
            guessed=not (found.language or run.language),
            new_source=article.source_id in sources,
            new_section=article.section_id in sections,
        )


def _warnings(shown: Preview) -> Iterator[str]:
    if not shown.total:
        yield _("There is nothing in the file.")
        return
    if shown.failed:
        text = ngettext(
            "%(failed)d record of %(total)d cannot be read as it is.",
            "%(failed)d records of %(total)d cannot be read as they are.",
            shown.failed,
        )
        yield text % {"failed": shown.failed, "total": shown.total}
    articles = [
        one.article
        for one in shown.records
        if one.article and one.row.outcome == Outcome.ADDED
    ]
    if articles and not any(article.published_on for article in articles):
        yield _("No time of publication was found in the first records.")
    known = sum(
        one.row.outcome in {Outcome.DUPLICATE, Outcome.UNCHANGED}
        for one in shown.records
    )
    if known:
        text = ngettext(
            "%(number)d of the first records is in the archive already, or twice in the file.",
            "%(number)d of the first records are in the archive already, or twice in the file.",
            known,
        )
        yield text % {"number": known}
