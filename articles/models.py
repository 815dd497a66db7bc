"""Source, Section and Article: what was published, exactly as it was published.

The text of an article is never normalised here; analysis happens on its way into
the index. What must be true of a row is a constraint of the database, so that
``bulk_create``, fixtures and SQL by hand are held to it like a form is.
"""

from datetime import UTC, date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.addresses import address_of
from articles.auditing import AuditEntry
from articles.imports import (
    ArticleVersion,
    Band,
    Import,
    ImportRow,
    RememberedReading,
    Sketch,
)
from articles.querysets import ArticleQuerySet, NamedQuerySet, TallyQuerySet
from articles.watches import Watch, WatchedFile

# Django finds the models of an application here.
__all__ = [
    "BYLINE_MAX_LENGTH",
    "LANGUAGE_PATTERN",
    "NAME_MAX_LENGTH",
    "TITLE_MAX_LENGTH",
    "URL_MAX_LENGTH",
    "Article",
    "ArticleHash",
    "ArticleVersion",
    "AuditEntry",
    "Band",
    "Byline",
    "Fold",
    "Import",
    "ImportRow",
    "Letter",
    "Named",
    "RememberedReading",
    "Section",
    "Sketch",
    "SortKey",
    "Source",
    "StartOfDay",
    "Status",
    "Tally",
    "Watch",
    "WatchedFile",
    "newest_first_index",
]

TITLE_MAX_LENGTH = 1000
NAME_MAX_LENGTH = 200
BYLINE_MAX_LENGTH = 1000
URL_MAX_LENGTH = 2000
LANGUAGE_PATTERN = r"^[a-z]{2,3}$"


class Named(models.Model):
    """What has a name and an address of its own."""

    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=NAME_MAX_LENGTH,
        unique=True,
        allow_unicode=True,
        help_text=_("Its part of web addresses. Changing it breaks old links."),
    )

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Return what fixtures name it by."""
        return (self.slug,)


class Source(Named):
    """A newspaper, agency or site that articles come from."""

    homepage = models.URLField(_("home page"), max_length=URL_MAX_LENGTH, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("ISO 3166 code of two letters, such as MA."),
    )
    language = models.CharField(
        _("default language"),
        max_length=3,
        blank=True,
        help_text=_(
            "ISO 639 code, such as ar, for articles whose language is neither named nor to be guessed."
        ),
    )
    description = models.TextField(_("description"), blank=True)

    class Meta(Named.Meta):
        verbose_name = pgettext_lazy("one of them", "source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""), name="source_named"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="source_country_iso_3166",
                violation_error_message=_("Use two capital letters, such as MA."),
            ),
            models.CheckConstraint(
                condition=Q(language="") | Q(language__regex=LANGUAGE_PATTERN),
                name="source_language_iso_639",
                violation_error_message=_("Use an ISO 639 code, such as ar."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of its page in the reader's language."""
        return address_of("source", self.slug)


class Section(Named):
    """A section of newspapers: sport, culture; shared by all sources."""

    class Meta(Named.Meta):
        verbose_name = pgettext_lazy("one of them", "section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""), name="section_named"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of its page in the reader's language."""
        return address_of("section", self.slug)


class Status(models.TextChoices):
    """Where an article stands on its way to readers."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ArticleHash(models.Func):
    """SHA-256, in hexadecimal, of title, subtitle and body as they stand in the row."""

    function = "article_hash"
    output_field: models.Field[str, str] = models.CharField(max_length=64)


class StartOfDay(models.Func):
    """The moment at which a day begins at Greenwich, whatever the session's time zone."""

    template = "(%(expressions)s::timestamp AT TIME ZONE 'UTC')"
    output_field: models.Field[datetime, datetime] = models.DateTimeField()


# In every time zone they are of the years 1 to 9999, which is what Python knows.
FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
END_OF_MOMENTS = datetime(9999, 12, 31, tzinfo=UTC)


def in_calendar(
    name: str, *, days: tuple[str, ...] = (), moments: tuple[str, ...]
) -> models.CheckConstraint:
    """Return what keeps out ``infinity`` and years that only PostgreSQL knows."""
    condition = Q()
    for day in days:
        condition &= Q((day, None)) | Q((f"{day}__range", (date.min, date.max)))
    for moment in moments:
        condition &= Q((moment, None)) | Q(
            (f"{moment}__gte", FIRST_MOMENT), (f"{moment}__lt", END_OF_MOMENTS)
        )
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=_("Give days and times of the years 1 to 9999."),
    )


def newest_first_index(name: str, *leading: str) -> models.Index:
    """Return an index from which a page of articles is read, however far back it is.

    It holds all that ``ArticleQuerySet.published`` asks for: no row is fetched to be
    passed over.
    """
    return models.Index(
        *leading,
        F("published_on").desc(nulls_last=True),
        F("published_at").desc(nulls_last=True),
        F("id").desc(),
        name=name,
        condition=Q(status=Status.PUBLISHED),
        include=["embargo", "expiry"],
    )


class Article(models.Model):
    """One article, as it was published.

    The time of publication is kept as precisely as it is known: nothing, the day
    (``published_on``), or the day and the moment (``published_at``). The day is the
    one that the source gives, whatever the time zone of the reader.
    """

    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH)
    subtitle = models.CharField(_("subtitle"), max_length=TITLE_MAX_LENGTH, blank=True)
    body = models.TextField(_("text"), help_text=_("One paragraph a line."))
    language = models.CharField(
        _("language"), max_length=3, help_text=_("ISO 639 code, such as ar.")
    )
    authors = ArrayField(
        models.CharField(max_length=BYLINE_MAX_LENGTH),
        verbose_name=_("authors"),
        default=list,
        blank=True,
        help_text=_("As printed, separated by commas."),
    )
    place = models.CharField(
        _("place"),
        max_length=NAME_MAX_LENGTH,
        blank=True,
        help_text=_("The place of the dateline."),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="articles",
        verbose_name=_("source"),
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        related_name="articles",
        verbose_name=_("section"),
        null=True,
        blank=True,
    )
    published_on = models.DateField(
        _("day of publication"),
        null=True,
        blank=True,
        help_text=_("The day that the source gives; empty if unknown."),
    )
    published_at = models.DateTimeField(
        _("time of publication"),
        null=True,
        blank=True,
        help_text=_("Empty if only the day is known."),
    )
    url = models.URLField(_("original address"), max_length=URL_MAX_LENGTH, blank=True)
    origin_id = models.CharField(
        _("id at its origin"),
        max_length=NAME_MAX_LENGTH,
        blank=True,
        help_text=_(
            "What the file that it came from calls it; importing it again adds nothing."
        ),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT
    )
    embargo = models.DateTimeField(
        _("embargo"), null=True, blank=True, help_text=_("Not shown before.")
    )
    expiry = models.DateTimeField(
        _("expiry"),
        null=True,
        blank=True,
        help_text=_("Not shown from then on, as if it were withdrawn."),
    )
    content_hash = models.GeneratedField(
        expression=ArticleHash("title", "subtitle", "body"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
        verbose_name=_("content hash"),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            newest_first_index("article_newest_first"),
            newest_first_index("article_newest_of_source", "source"),
            newest_first_index("article_newest_of_section", "section"),
            newest_first_index("article_newest_of_place", "place"),
            # The admin lists articles by day whatever their status.
            models.Index(fields=["published_on"], name="article_published_on"),
            models.Index(fields=["content_hash"], name="article_content_hash"),
            # An address may be longer than an index has room for.
            models.Index(MD5("url"), name="article_url", condition=~Q(url="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(title__regex=r"\S"),
                name="article_has_title",
                violation_error_message=_("Give the article a title."),
            ),
            models.CheckConstraint(
                condition=Q(body__regex=r"\S"),
                name="article_has_body",
                violation_error_message=_("Give the article a text."),
            ),
            models.CheckConstraint(
                condition=Q(language__regex=LANGUAGE_PATTERN),
                name="article_language_iso_639",
                violation_error_message=_("Use an ISO 639 code, such as ar."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="article_status_known"
            ),
            models.CheckConstraint(
                # A day begins 14 hours before it does at Greenwich, on Kiritimati,
                # and ends 12 hours after.
                condition=Q(published_at=None)
                | Q(
                    published_on__isnull=False,
                    published_at__gte=StartOfDay("published_on") - timedelta(hours=14),
                    published_at__lt=StartOfDay("published_on") + timedelta(hours=36),
                ),
                name="article_time_on_its_day",
                violation_error_message=_(
                    "The time of publication is not on the day of publication."
                ),
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__iregex=r"^https?://"),
                name="article_url_is_http",
                violation_error_message=_("Use an address with http:// or https://."),
            ),
            models.CheckConstraint(
                condition=Q(embargo=None) | Q(expiry=None) | Q(expiry__gt=F("embargo")),
                name="article_expires_after_embargo",
                violation_error_message=_("The expiry is not after the embargo."),
            ),
            in_calendar(
                "article_published_in_calendar",
                days=("published_on",),
                moments=("published_at",),
            ),
            in_calendar("article_shown_in_calendar", moments=("embargo", "expiry")),
            in_calendar("article_kept_in_calendar", moments=("created", "changed")),
            models.UniqueConstraint(
                fields=["source", "origin_id"],
                condition=~Q(origin_id=""),
                name="article_once_per_origin",
                violation_error_message=_("The source has an article with that id."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its permalink in the reader's language."""
        return address_of("article", self.pk)

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the text, as published, without the empty lines."""
        return [line for line in self.body.splitlines() if line.strip()]


class Fold(models.Func):
    """A name as a reader's filter looks for it: without case, accents, vowel signs."""

    function = "articles_fold"
    output_field: models.Field[str, str] = models.TextField()


class SortKey(models.Func):
    """A name as it is sorted: folded, from its first letter, without the article ال."""

    function = "articles_sort_key"
    output_field: models.Field[str, str] = models.TextField(db_collation="C")


class Letter(models.Func):
    """The letter under which a name is listed; "#" if it begins with none."""

    function = "articles_letter"
    output_field: models.Field[str, str] = models.TextField(db_collation="C")


class Tally(models.Model):
    """How many published articles something has in a year: a ledger, to be summed up.

    Triggers write it, so that it is true at every commit. They add rows, and rows for
    the same thing are folded together by whoever has nobody to wait for: several rows
    may speak of one thing, and an import never waits for another. ``visible_from`` is
    the end of an embargo, or the epoch, and at an expiry there is a row that takes the
    article back: sums over the past are right by the clock.
    """

    class Kind(models.TextChoices):
        """What ``value`` is."""

        ARCHIVE = "archive"
        DAY = "day"
        SOURCE = "source"
        SECTION = "section"
        AUTHOR = "author"
        PLACE = "place"
        CHANGE = "change"
        """``articles`` counts the changes of the archive, of every sort."""

    kind = models.CharField(max_length=8, choices=Kind, db_collation="C")
    value = models.CharField(max_length=NAME_MAX_LENGTH, db_collation="C")
    year = models.SmallIntegerField(null=True)
    visible_from = models.DateTimeField()
    articles = models.IntegerField()
    folded = models.GeneratedField(
        expression=Fold("value"), output_field=models.TextField(), db_persist=True
    )
    sort_key = models.GeneratedField(
        expression=SortKey("value"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    letter = models.GeneratedField(
        expression=Letter("value"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "value"],
                include=["year", "visible_from", "articles"],
                name="tally_of_value",
            ),
            models.Index(
                fields=["kind", "letter", "sort_key", "value"],
                include=["year", "visible_from", "articles"],
                condition=Q(kind__in=["author", "place"]),
                name="tally_of_letter",
            ),
            models.Index(
                fields=["visible_from"],
                condition=Q(kind="archive"),
                name="tally_embargo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value} {self.year}: {self.articles}"


class Byline(models.Model):
    """An author of a published article, in the order in which articles are listed.

    Triggers write it. A name that is longer than names are is in none.
    """

    article = models.ForeignKey(
        Article,
        on_delete=models.DO_NOTHING,
        related_name="bylines",
        db_constraint=False,
    )
    name = models.CharField(max_length=NAME_MAX_LENGTH, db_collation="C")
    published_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                "name",
                F("published_on").desc(nulls_last=True),
                F("published_at").desc(nulls_last=True),
                F("article").desc(),
                name="byline_newest_first",
            ),
        ]

    def __str__(self) -> str:
        return self.name
