"""Import, its rows, and what is kept so that it can be taken back.

An ``Import`` is one file brought in at the desk: where it lies, how it is read, what
stands in for what it does not say, and how far it has come. Each of its records ends as
an ``ImportRow``. An ``ArticleVersion`` is what an article was before it was updated, and
a ``Sketch`` what tells an article that is the same, or nearly. Articles are named by
number: what an editor deletes leaves its rows and versions behind.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FILE_NAME_MAX_LENGTH = 255
PLACE_MAX_LENGTH = 300


class State(models.TextChoices):
    """Where an import stands."""

    NEW = "new", _("to be started")
    QUEUED = "queued", _("waiting for the worker")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped by a problem")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")


class Policy(models.TextChoices):
    """What becomes of a record whose article the archive has."""

    SKIP = "skip", _("leave the article as it is")
    UPDATE = "update", _("update the article")
    KEEP = "keep", _("keep both")


class Outcome(models.TextChoices):
    """What became of a record."""

    ADDED = "added", _("added")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    DUPLICATE = "duplicate", _("duplicate")
    FAILED = "failed", _("failed")


class Import(models.Model):
    """One file brought in at the desk.

    ``position`` is the number of records that are written, with their rows and with
    it in one transaction: whoever goes on after a crash goes on there.
    """

    State = State
    Policy = Policy

    name = models.CharField(_("file"), max_length=FILE_NAME_MAX_LENGTH)
    path = models.TextField(_("path"), editable=False)
    size = models.BigIntegerField(_("size"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.NEW, editable=False
    )
    problem = models.TextField(_("problem"), blank=True, editable=False)
    reading = models.JSONField(_("how it is read"), default=dict, blank=True)
    source = models.ForeignKey(
        "articles.Source",
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("source"),
        null=True,
        blank=True,
    )
    section = models.ForeignKey(
        "articles.Section",
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("section"),
        null=True,
        blank=True,
    )
    language = models.CharField(_("language"), max_length=3, blank=True)
    title = models.CharField(_("title"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=10, default="published")
    policy = models.CharField(
        _("articles that the archive has"),
        max_length=6,
        choices=Policy,
        default=Policy.SKIP,
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    bytes_read = models.BigIntegerField(default=0, editable=False)
    attempt = models.PositiveIntegerField(default=0, editable=False)
    """How often its failed rows have been tried again."""
    added = models.PositiveIntegerField(_("added"), default=0, editable=False)
    updated = models.PositiveIntegerField(_("updated"), default=0, editable=False)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0, editable=False)
    duplicate = models.PositiveIntegerField(_("duplicates"), default=0, editable=False)
    failed = models.PositiveIntegerField(_("failed"), default=0, editable=False)
    made_sources = ArrayField(models.BigIntegerField(), default=list, editable=False)
    made_sections = ArrayField(models.BigIntegerField(), default=list, editable=False)
    """Sources and sections that it made, which go with it if nothing else is in them."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
        null=True,
        editable=False,
    )
    watch = models.ForeignKey(
        "articles.Watch",
        on_delete=models.SET_NULL,
        related_name="imports",
        verbose_name=_("found by"),
        null=True,
        editable=False,
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    seconds = models.FloatField(_("seconds at work"), default=0, editable=False)
    finished = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        permissions = [
            ("publish_import", _("Can publish what is imported")),
            ("undo_import", _("Can take imports back")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has it, or will."""
        return self.state in {State.QUEUED, State.RUNNING, State.UNDOING}

    @property
    def per_second(self) -> float:
        """Records a second, while it worked."""
        return self.position / self.seconds if self.seconds else 0.0

    @property
    def percent(self) -> int:
        """How much of the file is read."""
        if self.state == State.FINISHED:
            return 100
        return min(99, 100 * self.bytes_read // self.size) if self.size else 0

    @property
    def seconds_left(self) -> int | None:
        """Return how long it will still take, if that can be told."""
        if not (self.bytes_read and self.seconds and self.size):
            return None
        return round(self.seconds * max(0, self.size / self.bytes_read - 1))


class ImportRow(models.Model):
    """What became of one record of an import.

    Attributes:
        values: the fields of a record that failed, as an editor may mend them.
        fingerprint: of the article as the import left it, to tell what was edited.
        kept: why taking back left the article alone.
    """

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    place = models.CharField(_("place"), max_length=PLACE_MAX_LENGTH)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    reason = models.TextField(_("reason"), blank=True)
    raw = models.TextField(_("text in the file"), blank=True)
    values = models.JSONField(null=True)
    mended = models.BooleanField(_("mended"), default=False)
    attempt = models.PositiveIntegerField(default=0)
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.DO_NOTHING,
        related_name="+",
        verbose_name=_("article"),
        db_constraint=False,
        null=True,
    )
    fingerprint = models.CharField(max_length=32, blank=True)
    similar = models.ForeignKey(
        "articles.Article",
        on_delete=models.DO_NOTHING,
        related_name="+",
        verbose_name=_("nearly the same"),
        db_constraint=False,
        db_index=False,
        null=True,
    )
    likeness = models.FloatField(_("likeness"), null=True)
    undone = models.BooleanField(_("taken back"), default=False)
    kept = models.TextField(blank=True)

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="row_once"),
        ]
        indexes = [
            models.Index(fields=["run", "outcome", "position"], name="row_outcome"),
            models.Index(
                fields=["run", "position"],
                condition=Q(similar__isnull=False),
                name="row_similar",
            ),
        ]

    def __str__(self) -> str:
        return self.place


class ArticleVersion(models.Model):
    """What an article was before an import updated it."""

    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.DO_NOTHING,
        related_name="versions",
        db_constraint=False,
    )
    row = models.ForeignKey(
        ImportRow, on_delete=models.SET_NULL, related_name="versions", null=True
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
        null=True,
    )
    replaced = models.DateTimeField(_("replaced"), auto_now_add=True)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("values")
    )

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.article_id}, {self.replaced:%Y-%m-%d %H:%M}"


class Sketch(models.Model):
    """What tells whether an article is the same as another, or nearly so.

    It is of the text that had ``content_hash``: for another text it says nothing.
    """

    article = models.OneToOneField(
        "articles.Article",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        primary_key=True,
    )
    content_hash = models.CharField(max_length=64)
    text_key = models.BigIntegerField(db_index=True)
    bands = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return str(self.article_id)


class Band(models.Model):
    """A band of a sketch, by which articles that share it are found."""

    pk = models.CompositePrimaryKey("band", "article_id")
    band = models.BigIntegerField()
    article_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.band} {self.article_id}"


class RememberedReading(models.Model):
    """How files with the same columns were read the last time, by source."""

    source = models.ForeignKey(
        "articles.Source", on_delete=models.CASCADE, related_name="+", null=True
    )
    columns = models.CharField(max_length=64)
    reading = models.JSONField()
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "columns"], name="reading_once_per_source"
            ),
            models.UniqueConstraint(
                fields=["columns"],
                condition=Q(source=None),
                name="reading_once_without_source",
            ),
        ]

    def __str__(self) -> str:
        return self.columns
