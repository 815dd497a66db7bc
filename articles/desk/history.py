"""The history of a row at the desk: what was there before each change, and after."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst

from articles.auditing import AUDITED, AuditEntry

SHOWN_MOST = 200
"""Changes of one row that a page shows, the latest first."""

COMPARED_MOST = 1_000
"""Paragraphs of a text that is compared with another; longer ones are shown whole."""

_ONE_LINE_EACH = 2

VIEW = "articles.view_auditentry"

Piece = tuple[str, str]
"""A paragraph, and whether it stood there "before" or stands there "after"."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One value that a change made another."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change, as the page shows it."""

    entry: AuditEntry
    fields: tuple[ChangedField, ...]


def shown(entry: AuditEntry) -> ShownChange:
    """Return a change in the words of the desk."""
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in before | after if name != "id"]
    return ShownChange(
        entry,
        tuple(
            ChangedField(
                _label(entry.table, name),
                _text(before.get(name)),
                _text(after.get(name)),
                tuple(_pieces(_text(before.get(name)), _text(after.get(name)))),
            )
            for name in names
            if _text(before.get(name)) or _text(after.get(name))
        ),
    )


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield the paragraphs that differ, those first that were taken out of a place."""
    was, now_is = before.splitlines(), after.splitlines()
    if not (was and now_is) or len(was) + len(now_is) == _ONE_LINE_EACH:
        return
    if max(len(was), len(now_is)) > COMPARED_MOST:
        return
    matcher = difflib.SequenceMatcher(None, was, now_is, autojunk=False)
    for tag, start, end, start_now, end_now in matcher.get_opcodes():
        if tag != "equal":
            yield from ((line, "before") for line in was[start:end] if line.strip())
            lines = now_is[start_now:end_now]
            yield from ((line, "after") for line in lines if line.strip())


def _label(table: str, name: str) -> str:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:  # noqa: SLF001  Django's public _meta
            try:
                field: Any = model._meta.get_field(name.removesuffix("_id"))  # noqa: SLF001  Django's public _meta
            except FieldDoesNotExist:
                break
            return str(capfirst(field.verbose_name))
    return name


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Rows whose history shows what changed, to those who may see it."""

    object_history_template = "admin/audited_history.html"

    def construct_change_message(
        self, request: HttpRequest, form: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Note fields by the names that the catalogues have, which begin small."""
        noted = super().construct_change_message(request, form, *args, **kwargs)
        if form.changed_data and (changed := noted[0].get("changed")):
            with translation.override(None):
                named = zip(form.changed_data, changed["fields"], strict=True)
                changed["fields"] = [self._name(*field) for field in named]
        return noted

    def _name(self, field: str, label: str) -> str:
        try:
            known: Any = self.opts.get_field(field)
        except FieldDoesNotExist:
            return label
        return str(known.verbose_name)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the changes beside what the desk noted."""
        context = dict(extra_context or {})
        if request.user.has_perm(VIEW):
            tables = [
                table for table in AUDITED if table.startswith(self.opts.db_table)
            ]
            row = int(object_id) if object_id.isdecimal() else 0
            entries = AuditEntry.objects.filter(table__in=tables, row=row)
            context["changes"] = [shown(entry) for entry in entries[:SHOWN_MOST]]
        return super().history_view(request, object_id, context)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    """Every change, also of what is gone; to be read only."""

    list_display = ["at", "table", "row", "action", "actor_name", "address"]
    list_filter = ["table", "action", "at"]
    search_fields = ["row", "actor_name"]
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/audit_entry.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[AuditEntry]:
        """Leave changes of users to those who may see users."""
        entries = super().get_queryset(request)
        if request.user.has_perm("auth.view_user"):
            return entries
        return entries.filter(table__startswith="articles_")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave that to the database."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change what was."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody remove what was."""
        del request, obj
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one change in full."""
        entry = self.get_object(request, object_id)
        context = {"change_shown": shown(entry)} if entry else {}
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )
