"""Write a chunk of records: articles, what they were before, rows and the position.

``ChunkWriter.sketched`` makes of what was found all that can be made of it without the
archive, in whatever thread. ``ChunkWriter.write`` is called in a transaction, and all
that it does is one with it.
Records are taken in *waves*: what is the same as an earlier record of its wave waits
for the next, when that one is in the archive.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext_noop

from articles.importing.copying import copy_in
from articles.importing.filling import Defaults, Filler
from articles.importing.known import (
    Candidate,
    Key,
    array_of,
    known_articles,
    nearly_the_same,
    write_sketches,
)
from articles.importing.records import Record, RecordError, ValueProblemError
from articles.importing.sketches import TextSketch, sketch
from articles.importing.versions import fingerprint, values_of
from articles.imports import PLACE_MAX_LENGTH, Outcome, Policy
from articles.models import NAME_MAX_LENGTH, Article, ArticleVersion, Import, ImportRow
from articles.signals import articles_changed

Found = Record | RecordError

VALUES_MOST = 500_000
"""Characters of a text that can be mended in a browser."""

# Two imports that bring the same article write it one after the other.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('articles_import'))"

# The database's own, of the text as it has it.
_HASHES = "SELECT id, content_hash FROM articles_article WHERE id = ANY(%s::bigint[])"

SAME = {
    "id": gettext_noop("The source has an article with this id."),
    "url": gettext_noop("There is an article with this address."),
    "text": gettext_noop("The source has an article with this text."),
}
NEARLY_THE_SAME = gettext_noop("There is an article that is nearly the same.")


@dataclass(frozen=True, slots=True)
class Sketched:
    """A record with the sketch of its article's text."""

    record: Record
    sketch: TextSketch


Ready = Sketched | RecordError
"""What is ready to be written."""


@dataclass(slots=True)
class _Entry:
    """One record on its way to a row."""

    row: ImportRow
    record: Record | None
    candidate: Candidate | None = None
    version: dict[str, Any] | None = None

    def fail(self, reason: str) -> None:
        self.row.outcome, self.row.reason = Outcome.FAILED, reason
        self.row.article_id = None
        self.candidate = None
        if self.record and len(self.record.body) <= VALUES_MOST:
            self.row.values = field_values(self.record)

    def end(self, outcome: Outcome, article: int, reason: str = "") -> None:
        self.row.outcome, self.row.reason = outcome, reason
        self.row.article_id = article


class ChunkWriter:
    """Writes the chunks of one import.

    Attributes:
        filler: makes articles of records.
    """

    def __init__(self, run: Import, defaults: Defaults) -> None:
        self.run = run
        self.filler = Filler(defaults)
        self._versions: list[_Entry] = []

    def sketched(self, found: Found) -> Ready:
        """Sketch the text of the article that a record is to become."""
        if isinstance(found, RecordError):
            return found
        return Sketched(found, sketch(self.filler.title(found), found.body))

    def write(self, chunk: Sequence[tuple[ImportRow, Ready]]) -> list[ImportRow]:
        """Write the records of a chunk, and return their rows, unsaved.

        A record that only the database refuses costs no other.
        """
        made = len(self.filler.made)
        try:
            with transaction.atomic():
                return self._write(chunk)
        except (DataError, IntegrityError) as error:
            self.filler.forget(made)
            if len(chunk) > 1:
                return [row for one in chunk for row in self.write([one])]
            row, ready = chunk[0]
            entry = _Entry(row, ready.record if isinstance(ready, Sketched) else None)
            entry.fail(str(error).strip().splitlines()[0])
            return [row]

    def _write(self, chunk: Sequence[tuple[ImportRow, Ready]]) -> list[ImportRow]:
        entries = [self._entry(row, ready) for row, ready in chunk]
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        waiting = [entry for entry in entries if entry.candidate]
        written: list[_Entry] = []
        while waiting:
            wave, waiting = self._next_wave(waiting)
            self._write_wave(wave)
            written += wave
        self._compare(written)
        return [entry.row for entry in entries]

    def _entry(self, row: ImportRow, ready: Ready) -> _Entry:
        row.reason, row.values = "", None
        if isinstance(ready, RecordError):
            row.place = ready.place[:PLACE_MAX_LENGTH]
            row.raw, row.values = ready.raw, dict(ready.values) or None
            row.outcome, row.reason = Outcome.FAILED, ready.reason
            return _Entry(row, None)
        record = ready.record
        row.place = record.place[:PLACE_MAX_LENGTH]
        entry = _Entry(row, record)
        try:
            entry.candidate = Candidate(self.filler.article(record), ready.sketch)
            row.raw = ""
        except ValueProblemError as error:
            row.raw = record.raw
            entry.fail(str(error))
        return entry

    def _next_wave(
        self, waiting: Iterable[_Entry]
    ) -> tuple[list[_Entry], list[_Entry]]:
        wave: list[_Entry] = []
        later: list[_Entry] = []
        taken: set[Key] = set()
        for entry in waiting:
            keys = _candidate(entry).keys
            # What waits is waited for: it may be what the next one is the same as.
            (later if taken.intersection(keys) else wave).append(entry)
            taken.update(keys)
        return wave, later

    def _write_wave(self, wave: list[_Entry]) -> None:
        known = known_articles(_candidate(entry) for entry in wave)
        added: list[_Entry] = []
        updated: list[tuple[_Entry, int]] = []
        policy = self.run.policy
        for entry in wave:
            candidate = _candidate(entry)
            same = next((key for key in candidate.keys if key in known), None)
            if same is None:
                added.append(entry)
            elif policy == Policy.KEEP:
                _give_free_id(candidate, known)
                added.append(entry)
            elif policy == Policy.UPDATE:
                updated.append((entry, known[same]))
            else:
                entry.end(Outcome.DUPLICATE, known[same], SAME[same[0]])
        self._add(added)
        self._update(updated)

    def _add(self, entries: list[_Entry]) -> None:
        articles = [_candidate(entry).article for entry in entries]
        copy_in(articles)
        articles_changed.send(sender=Article)
        for entry, article in zip(entries, articles, strict=True):
            entry.end(Outcome.ADDED, article.pk)
            entry.row.fingerprint = fingerprint(article)

    def _update(self, entries: list[tuple[_Entry, int]]) -> None:
        """Update articles one after the other: two records may be of one article."""
        held = Article.objects.in_bulk([pk for _, pk in entries])
        for entry, pk in entries:
            article, record = held[pk], entry.record
            before = values_of(article)
            changed = _take_over(article, _candidate(entry).article, record)
            _candidate(entry).article = article
            if not changed:
                entry.end(Outcome.UNCHANGED, pk)
                continue
            article.save(update_fields=[*changed, "changed"])
            entry.version = before
            entry.end(Outcome.UPDATED, pk)
            entry.row.fingerprint = fingerprint(article)

    def _compare(self, entries: Iterable[_Entry]) -> None:
        """Keep sketches of what was written, and point out what is nearly the same."""
        fresh = [
            entry
            for entry in entries
            if entry.row.outcome in {Outcome.ADDED, Outcome.UPDATED}
        ]
        added = [entry for entry in fresh if entry.row.outcome == Outcome.ADDED]
        updated = [entry for entry in fresh if entry.row.outcome == Outcome.UPDATED]
        for entry in updated:
            entry.candidate = Candidate.of(_candidate(entry).article)
        _keep_sketches([_candidate(entry) for entry in updated])
        found = nearly_the_same([_candidate(entry) for entry in added])
        _keep_sketches([_candidate(entry) for entry in added], new=True)
        for entry in added:
            if near := found.get(_candidate(entry).article.pk):
                entry.row.similar_id, entry.row.likeness = near
        self._versions += [entry for entry in fresh if entry.version is not None]

    def save_versions(self) -> None:
        """Keep what articles of the last chunk were, when its rows are saved."""
        ArticleVersion.objects.bulk_create(
            ArticleVersion(
                article=_candidate(entry).article,
                row=entry.row,
                by=self.run.by,
                values=entry.version or {},
            )
            for entry in self._versions
        )
        self._versions.clear()


def field_values(record: Record) -> dict[str, str]:
    """Return what a record says, by the names of fields, for an editor to mend."""
    published = record.published
    values = {
        "id": record.origin_id,
        "title": record.title,
        "subtitle": record.subtitle,
        "body": record.body,
        "source": record.source,
        "section": record.section,
        "published": published.isoformat() if published else "",
        "url": record.url,
        "language": record.language,
        "authors": "; ".join(record.authors),
        "place": record.dateline,
    }
    return {name: value for name, value in values.items() if value}


def _keep_sketches(candidates: Iterable[Candidate], *, new: bool = False) -> None:
    sketches = {each.article.pk: each.sketch for each in candidates}
    if not sketches:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HASHES, [array_of(sketches)])
        hashes = cursor.fetchall()
    write_sketches({pk: (digest, sketches[pk]) for pk, digest in hashes}, new=new)


def _candidate(entry: _Entry) -> Candidate:
    if entry.candidate is None:
        raise AssertionError("A record that failed is not written.")
    return entry.candidate


def _take_over(article: Article, fresh: Article, record: Record | None) -> list[str]:
    """Take over what a record says and an article says otherwise; return the fields.

    What the record does not say stays as it is, and so does who may see the article.
    """
    said = {name: getattr(fresh, name) for name in _said(article, fresh, record)}
    changed = [name for name, value in said.items() if getattr(article, name) != value]
    for name in changed:
        setattr(article, name, said[name])
    return changed


def _said(article: Article, fresh: Article, record: Record | None) -> Iterator[str]:
    if record is None:
        return
    yield "body"
    if record.language or fresh.body != article.body:
        yield "language"
    said = {
        "title": record.title,
        "subtitle": record.subtitle,
        "authors": record.authors,
        "place": record.dateline,
        "source_id": record.source,
        "section_id": record.section,
        "url": record.url,
        "origin_id": record.origin_id,
    }
    yield from (name for name, value in said.items() if value)
    # A day that is known by the minute is not known better by the day.
    if fresh.published_at or fresh.published_on not in {None, article.published_on}:
        yield from ("published_on", "published_at")


def _give_free_id(candidate: Candidate, known: Mapping[Key, int]) -> None:
    """Give an article that is kept beside another an id of its own."""
    article = candidate.article
    if ("id", (article.source_id, article.origin_id)) not in known:
        return
    base = f"{article.origin_id[: NAME_MAX_LENGTH - 10]}~"
    others = Article.objects.filter(
        source_id=article.source_id, origin_id__startswith=base
    )
    article.origin_id = f"{base}{others.count() + 2}"
