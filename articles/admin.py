"""The editors' desk: articles, sources and sections; imports are in ``articles.desk``."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count
from django.forms import Textarea, TextInput, URLInput
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.desk.admin import ImportAdmin, ImportRowAdmin
from articles.desk.history import AuditedAdmin, AuditEntryAdmin
from articles.desk.versions import VersionedAdmin
from articles.desk.watches import WatchAdmin
from articles.forms import ArticleForm, SourceForm
from articles.models import Article, Section, Source, Status
from articles.querysets import ArticleQuerySet

__all__ = [
    "ArticleAdmin",
    "AuditEntryAdmin",
    "ImportAdmin",
    "ImportRowAdmin",
    "SectionAdmin",
    "SourceAdmin",
    "WatchAdmin",
]

# What an editor types may be in any language: it runs from the side it begins on.
AUTO_DIRECTION: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.CharField: {
        "widget": TextInput(attrs={"dir": "auto", "class": "vLargeTextField"})
    },
    models.TextField: {
        "widget": Textarea(attrs={"dir": "auto", "class": "vLargeTextField"})
    },
    models.URLField: {"widget": URLInput(attrs={"dir": "ltr", "class": "vURLField"})},
}


@admin.register(Article)
class ArticleAdmin(VersionedAdmin, AuditedAdmin):
    """Articles, for editors."""

    form = ArticleForm
    formfield_overrides = AUTO_DIRECTION
    list_display = [
        "shown_title",
        "source",
        "section",
        "language",
        "published_on",
        "status",
        "embargo",
    ]
    list_filter = ["status", "language", "source", "section", "embargo", "expiry"]
    list_select_related = ["source", "section"]
    date_hierarchy = "published_on"
    search_fields = ["title", "subtitle", "body", "origin_id"]
    search_help_text = _("Words of the title, the text or the id at its origin.")
    ordering = ["-pk"]
    actions = ["publish", "withdraw"]
    autocomplete_fields = ["source", "section"]
    readonly_fields = ["content_hash", "created", "changed"]
    save_on_top = True
    show_full_result_count = False
    fieldsets = [
        (
            None,
            {"fields": ["title", "subtitle", "body", "language", "authors", "place"]},
        ),
        (
            _("Publication"),
            {"fields": ["source", "section", "published_on", "published_at", "url"]},
        ),
        (_("Readers"), {"fields": ["status", "embargo", "expiry"]}),
        (
            _("Origin"),
            {
                "classes": ["collapse"],
                "fields": ["origin_id", "content_hash", "created", "changed"],
            },
        ),
    ]

    @admin.display(description=_("title"), ordering="title")
    def shown_title(self, article: Article) -> str:
        """Show the title in its language, from its side."""
        return format_html(
            '<bdi lang="{}" dir="auto">{}</bdi>', article.language, article.title
        )

    @admin.action(
        description=_("Publish the selected articles"), permissions=["change"]
    )
    def publish(self, request: HttpRequest, articles: ArticleQuerySet) -> None:
        """Let readers see the articles, those under embargo when it ends."""
        self._set_status(request, articles, Status.PUBLISHED)

    @admin.action(
        description=_("Withdraw the selected articles"), permissions=["change"]
    )
    def withdraw(self, request: HttpRequest, articles: ArticleQuerySet) -> None:
        """Take the articles from readers; they stay in the archive."""
        self._set_status(request, articles, Status.WITHDRAWN)

    def view_on_site(self, article: Article) -> str | None:
        """Return where readers see it, if they do."""
        visible = Article.objects.published().filter(pk=article.pk).exists()
        return article.get_absolute_url() if visible else None

    def _set_status(
        self, request: HttpRequest, articles: ArticleQuerySet, status: Status
    ) -> None:
        changed = articles.exclude(status=status)
        LogEntry.objects.log_actions(
            cast("User", request.user).pk,
            changed,
            CHANGE,
            [{"changed": {"fields": [str(_("status"))]}}],
        )
        number = changed.set_status(status)
        self.message_user(
            request,
            ngettext(
                "%(number)d article changed.", "%(number)d articles changed.", number
            )
            % {"number": number},
            messages.SUCCESS,
        )


class NamedAdmin(AuditedAdmin):
    """Sources and sections, with the number of their articles."""

    formfield_overrides = AUTO_DIRECTION
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "slug"]
    # Said here: rows that are counted lose the order of their model.
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Count the articles of each."""
        rows = super().get_queryset(request).annotate(article_count=Count("articles"))
        return cast("models.QuerySet[Any]", rows)

    @admin.display(description=_("articles"), ordering="article_count")
    def article_count(self, row: Any) -> int:
        """Show how many articles it has, of every status."""
        return int(row.article_count)


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    """Sources, for editors."""

    form = SourceForm
    list_display = ["name", "slug", "country", "language", "article_count"]
    list_filter = ["language", "country"]


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    """Sections, for editors."""

    list_display = ["name", "slug", "article_count"]
