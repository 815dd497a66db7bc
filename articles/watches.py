"""What is looked at by the clock: a folder, or the address of a feed.

A ``Watch`` says where to look, how often, and what stands in for what is not said there;
and what happened the last time. What it finds becomes an ``Import`` like any other. A
``WatchedFile`` is a file that was seen in a folder, so that each is taken once.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.imports import Policy

PLACE_MAX_LENGTH = 2000
MINUTES_MOST = 7 * 24 * 60


class Kind(models.TextChoices):
    """What is looked at."""

    FOLDER = "folder", _("folder")
    FEED = "feed", _("feed (RSS or Atom)")


class Watch(models.Model):
    """A folder or a feed from which new articles are imported.

    Attributes:
        due: when it is looked at next.
        failures: how often in a row it could not be looked at.
        problem: what was wrong the last time, as a text to be translated;
            ``problem_values`` is put into it.
        etag: what the feed's server calls what it sent, and ``modified`` when it changed.
        entries: a digest of the entries that the feed had.
    """

    Kind = Kind

    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.FEED)
    place = models.CharField(
        _("address or folder"),
        max_length=PLACE_MAX_LENGTH,
        help_text=_(
            "An address with http:// or https://, or the path of a folder on the server."
        ),
    )
    source = models.ForeignKey(
        "articles.Source",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("source"),
        null=True,
        blank=True,
        help_text=_("Of articles that name none."),
    )
    section = models.ForeignKey(
        "articles.Section",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("section"),
        null=True,
        blank=True,
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        blank=True,
        help_text=_("ISO 639 code, such as ar; guessed from each text if empty."),
    )
    status = models.CharField(_("status"), max_length=10, default="draft")
    policy = models.CharField(
        _("articles that the archive has"),
        max_length=6,
        choices=Policy,
        default=Policy.SKIP,
    )
    every = models.PositiveIntegerField(
        _("minutes between two looks"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_MOST)],
    )
    active = models.BooleanField(_("active"), default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
        null=True,
        editable=False,
    )
    due = models.DateTimeField(_("next look"), default=timezone.now, editable=False)
    looked = models.DateTimeField(_("last look"), null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    problem_values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, editable=False
    )
    etag = models.TextField(blank=True, editable=False)
    modified = models.TextField(blank=True, editable=False)
    entries = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due"], condition=Q(active=True), name="watch_due")
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def shown_problem(self) -> str:
        """What was wrong the last time, in the language of whoever asks; or ""."""
        return gettext(self.problem) % self.problem_values if self.problem else ""

    @property
    def interval(self) -> timedelta:
        """How long it is between two looks, if nothing fails."""
        return timedelta(minutes=self.every)


class WatchedFile(models.Model):
    """A file that was seen in a folder.

    Attributes:
        path: within the folder.
        taken: when it was imported, or found to be what was imported; None while it is
            not known to have stopped growing.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="files")
    path = models.TextField()
    size = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    taken = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A path may be longer than an index has room for.
            models.UniqueConstraint("watch", MD5("path"), name="watched_file_once"),
        ]
        indexes = [models.Index(fields=["watch", "digest"], name="watched_content")]

    def __str__(self) -> str:
        return self.path
