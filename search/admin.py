"""The index at the desk: how it is, and which articles cannot be indexed, and why."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import Article
from search import outbox
from search.models import OutboxEntry
from search.status import index_status


@admin.register(OutboxEntry)
class FailureAdmin(admin.ModelAdmin[OutboxEntry]):
    """Articles that cannot be indexed. They come and go by themselves."""

    list_display = ["shown_article", "shown_reason", "attempts", "tried", "due"]
    list_display_links = None
    list_filter = [("due", admin.EmptyFieldListFilter)]
    search_fields = ["reason"]
    ordering = ["-tried"]
    actions = ["try_again"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxEntry]:
        """Leave out what only waits for its turn."""
        return super().get_queryset(request).filter(attempts__gt=0)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that tells how the index is."""
        status = self.admin_site.admin_view(self.show_status)
        return [
            path("status/", status, name="search_index_status"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave that to the database."""
        del request
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: OutboxEntry | None = None
    ) -> bool:
        """Keep entries as they are."""
        del request, obj
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: OutboxEntry | None = None
    ) -> bool:
        """Keep them until their articles are indexed."""
        del request, obj
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Let those have articles tried again who may change entries."""
        return super().has_change_permission(request)

    @admin.display(description=_("article"), ordering="article_id")
    def shown_article(self, entry: OutboxEntry) -> str:
        """Lead to the article, by its title."""
        article = Article.objects.filter(pk=entry.article_id).only("title", "language")
        found = article.first()
        if found is None:
            return str(entry.article_id)
        return format_html(
            '<a href="{}"><bdi lang="{}" dir="auto">{}</bdi></a>',
            reverse("admin:articles_article_change", args=[found.pk]),
            found.language,
            found.title,
        )

    @admin.display(description=_("reason"), ordering="reason")
    def shown_reason(self, entry: OutboxEntry) -> str:
        """Show what went wrong, which may quote the article."""
        return format_html('<bdi class="reason" dir="auto">{}</bdi>', entry.reason)

    @admin.action(
        description=_("Try the selected articles again"), permissions=["retry"]
    )
    def try_again(self, request: HttpRequest, entries: QuerySet[OutboxEntry]) -> None:
        """Have the articles tried as if they had just been changed."""
        number = outbox.try_again(entries.values_list("pk", flat=True))
        transaction.on_commit(outbox.follow_own_changes)
        self.message_user(
            request,
            ngettext(
                "%(number)d article is being tried again.",
                "%(number)d articles are being tried again.",
                number,
            )
            % {"number": number},
            messages.SUCCESS,
        )

    def show_status(self, request: HttpRequest) -> HttpResponse:
        """Tell how the index is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("The search index"),
            "opts": self.opts,
            "status": index_status(),
        }
        return TemplateResponse(
            request, "admin/search/outboxentry/status.html", context
        )
