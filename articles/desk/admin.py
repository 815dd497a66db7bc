"""The pages of the desk, inside the admin: imports, and their rows."""

import csv
from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.desk import actions
from articles.desk.forms import (
    RECORD_FIELDS,
    RowForm,
    SettingsForm,
    UploadForm,
    read_in_encoding,
)
from articles.desk.receiving import disk_problem
from articles.desk.uploads import keep, problem_of, remove
from articles.importing.previewing import describe_file, preview
from articles.importing.reasons import in_words, shown_place, shown_reason
from articles.importing.remembering import recall
from articles.imports import Import, ImportRow, Outcome, State
from articles.models import Article

ACTIONS: dict[str, tuple[Callable[[User, Import], object], str]] = {
    "start": (actions.start, "articles.add_import"),
    "pause": (actions.pause, "articles.add_import"),
    "resume": (actions.resume, "articles.add_import"),
    "cancel": (actions.cancel, "articles.add_import"),
    "retry": (actions.retry, "articles.add_import"),
    "undo": (actions.undo, "articles.undo_import"),
    "undo-edited": (actions.undo_edited, "articles.undo_import"),
}


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin[Import]):
    """Imports: upload, preview, watch, take back."""

    list_display = [
        "shown_name",
        "state",
        "added",
        "updated",
        "duplicate",
        "failed",
        "by",
        "created",
    ]
    list_filter = ["state", "source"]
    list_select_related = ["by"]
    search_fields = ["name"]
    actions = None

    @admin.display(description=_("file"), ordering="name")
    def shown_name(self, run: Import) -> str:
        """Show the name from the side on which it begins."""
        return format_html('<bdi dir="auto">{}</bdi>', run.name)

    def has_delete_permission(
        self, request: HttpRequest, obj: Import | None = None
    ) -> bool:
        """Keep what tells where articles came from."""
        removable = obj is None or obj.state in {State.NEW, State.UNDONE}
        return removable and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the imports, and not each of their rows."""
        del request
        names = [str(run) for run in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        """Remove the uploaded file too."""
        super().delete_model(request, obj)
        remove(obj)

    def get_urls(self) -> list[URLPattern]:
        """Add what is done with one import."""
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/progress/", wrap(self.progress_view), name="import_progress"
            ),
            path(
                "<int:pk>/preview/",
                wrap(require_POST(self.preview_view)),
                name="import_preview",
            ),
            path(
                "<int:pk>/failures.csv",
                wrap(self.failures_view),
                name="import_failures",
            ),
            path("<int:pk>/undo/", wrap(self.undo_view), name="import_undo"),
            path(
                "<int:pk>/do/<slug:action>/",
                wrap(require_POST(self.act_view)),
                name="import_act",
            ),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take files, and lead to what would become of them."""
        del form_url, extra_context
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if problem := disk_problem(request):
            form = UploadForm({})
            # Not that a file is missing, which it is.
            form.errors.clear()
            form.add_error("uploads", problem_of(problem))
        elif request.method == "POST" and form.is_valid():
            try:
                kept = [
                    self._keep(request, file) for file in form.cleaned_data["uploads"]
                ]
            except ValidationError as error:
                form.add_error("uploads", error)
            else:
                if len(kept) == 1:
                    return self._to(kept[0])
                return HttpResponseRedirect(reverse("admin:articles_import_changelist"))
        context = {"title": _("Import articles"), "form": form}
        return self._page(
            request, "upload", context, status=422 if form.errors else 200
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show what an import would do, or how far it is."""
        del form_url, extra_context
        run = self._run(request, object_id)
        if run.state == State.NEW and "encoding" in request.POST:
            read_in_encoding(run, request.POST["encoding"])
        description = describe_file(run) if run.state == State.NEW else None
        form = None
        if self.has_add_permission(request) and not run.is_at_work:
            form = SettingsForm(
                request.POST if request.method == "POST" else None,
                run=run,
                description=description or describe_file(run),
                user=_user(request),
            )
        if request.method == "POST":
            if form is None:
                raise PermissionDenied
            if form.is_valid():
                form.save()
                actions.note(_user(request), run, gettext("Settings changed."))
                if "_start" in request.POST:
                    return self._act(request, run, "start")
                return self._to(run)
        context = {"title": run.name, "run": run, "form": form}
        if run.state == State.NEW:
            return self._page(request, "preview", context | {"preview": preview(run)})
        return self._page(request, "progress", context | self._progress(request, run))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far an import is: the part of its page that changes."""
        run = self._run(request, pk)
        return self._page(
            request, "_progress", {"run": run} | self._progress(request, run)
        )

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an import would do if it were read as the form says; keep none of it."""
        run = self._run(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if run.state != State.NEW:
            # Somebody started it meanwhile: its page tells.
            return HttpResponse(headers={"HX-Redirect": self._to(run).url})
        read_in_encoding(run, request.POST.get("encoding", ""))
        form = SettingsForm(
            request.POST, run=run, description=describe_file(run), user=_user(request)
        )
        context: dict[str, Any] = {"run": run, "form": form}
        with transaction.atomic():
            if form.is_valid():
                shown = preview(form.save())
                context |= {"preview": shown}
                # Another encoding or source may have other columns.
                if not form.shows(shown.description):
                    context["columns"] = SettingsForm(
                        None,
                        run=run,
                        description=shown.description,
                        user=_user(request),
                    )
            page = self._page(request, "_follow", context).render()
            transaction.set_rollback(True)
        return page

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Do what a button says."""
        return self._act(request, self._run(request, pk), action)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether an import is to be taken back; show what was edited since."""
        run = self._run(request, pk)
        if not request.user.has_perm("articles.undo_import"):
            raise PermissionDenied
        edited = run.rows.exclude(kept="").filter(undone=False)
        context = {
            "title": _("Take back"),
            "run": run,
            "edited": edited.select_related("article")[:100],
            "edited_count": edited.count(),
        }
        return self._page(request, "undo", context)

    def failures_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Send the rows that failed, as a table that can be corrected and imported."""
        run = self._run(request, pk)
        rows = run.rows.filter(outcome=Outcome.FAILED).order_by("position")
        return StreamingHttpResponse(
            _table(rows),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="failures-{run.pk}.csv"'
            },
        )

    def _keep(self, request: HttpRequest, file: Any) -> Import:
        run = keep(file, by=_user(request))
        run.reading = recall(run, describe_file(run))
        if not request.user.has_perm("articles.publish_import"):
            run.status = "draft"
        run.save()
        actions.note_upload(_user(request), run)
        return run

    def _run(self, request: HttpRequest, pk: int | str) -> Import:
        run = get_object_or_404(
            Import.objects.select_related("by", "source", "section"), pk=pk
        )
        if not self.has_view_or_change_permission(request, run):
            raise PermissionDenied
        return run

    def _act(self, request: HttpRequest, run: Import, action: str) -> HttpResponse:
        act, permission = ACTIONS.get(action, (None, ""))
        if act is None or not request.user.has_perm(permission):
            raise PermissionDenied
        publishes = action in {"start", "resume", "retry"} and run.status != "draft"
        if publishes and not request.user.has_perm("articles.publish_import"):
            raise PermissionDenied
        try:
            act(_user(request), run)
        except actions.ActionError as error:
            self.message_user(request, str(error), messages.ERROR)
        return self._to(run)

    def _progress(self, request: HttpRequest, run: Import) -> dict[str, Any]:
        may = {
            name: request.user.has_perm(permission)
            for name, (_act, permission) in ACTIONS.items()
        }
        rows = reverse("admin:articles_importrow_changelist")
        outcomes = [
            (
                outcome.label,
                getattr(run, outcome.value),
                f"{rows}?run__id__exact={run.pk}&outcome__exact={outcome.value}",
            )
            for outcome in Outcome
        ]
        return {
            "problem": shown_reason(run.problem),
            "outcomes": outcomes,
            "rows_url": f"{rows}?run__id__exact={run.pk}",
            "similar": run.rows.filter(similar__isnull=False).count(),
            "edited": run.rows.exclude(kept="").filter(undone=False).count(),
            "may_pause": may["pause"] and run.state in actions.PAUSABLE,
            "may_resume": may["resume"] and run.state in actions.RESUMABLE,
            "may_cancel": may["cancel"] and run.state in actions.CANCELLABLE,
            "may_retry": may["retry"] and run.failed and run.state == State.FINISHED,
            "may_undo": may["undo"] and run.state in actions.REVERSIBLE_STATES,
        }

    def _to(self, run: Import) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:articles_import_change", args=[run.pk])
        )

    def _page(
        self,
        request: HttpRequest,
        name: str,
        context: dict[str, Any],
        status: int = 200,
    ) -> TemplateResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        template = f"admin/articles/import/{name}.html"
        return TemplateResponse(request, template, shown, status=status)


class NearlyFilter(admin.SimpleListFilter):
    """Rows of articles that are nearly the same as others."""

    title = _("nearly the same")
    parameter_name = "nearly"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        """Offer only them."""
        return [("1", _("nearly the same as another"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ImportRow]
    ) -> QuerySet[ImportRow]:
        """Keep what is nearly the same as another article."""
        del request
        return queryset.filter(similar__isnull=False) if self.value() else queryset


@admin.register(ImportRow)
class ImportRowAdmin(admin.ModelAdmin[ImportRow]):
    """What became of each record: a list to filter, failures to mend."""

    form = RowForm
    list_display = [
        "shown_place",
        "outcome",
        "shown_reason",
        "shown_article",
        "shown_similar",
        "shown_undone",
    ]
    list_filter = ["outcome", NearlyFilter, "undone", "mended"]
    list_per_page = 50
    ordering = ["run", "position"]
    actions = ["take_back"]
    show_full_result_count = False
    readonly_fields = ["shown_place", "shown_reason", "shown_raw"]
    save_as = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Leave rows to the pages of their imports."""
        del request
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave rows to imports."""
        del request
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ImportRow | None = None
    ) -> bool:
        """Leave rows to imports."""
        del request, obj
        return False

    def has_view_permission(
        self, request: HttpRequest, obj: ImportRow | None = None
    ) -> bool:
        """Let those see rows who see imports."""
        del obj
        return request.user.has_perm("articles.view_import")

    def has_change_permission(
        self, request: HttpRequest, obj: ImportRow | None = None
    ) -> bool:
        """Let those mend rows who import; only failed rows are mended."""
        failed = obj is None or obj.outcome == Outcome.FAILED
        return failed and request.user.has_perm("articles.add_import")

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        """Let those take rows back who take back imports."""
        return request.user.has_perm("articles.undo_import")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRow]:
        """Fetch what is shown of the articles."""
        rows = super().get_queryset(request)
        return rows.prefetch_related("article", "similar", "run")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what went wrong, then the fields."""
        shown: list[str] = ["shown_place", "shown_reason"]
        if not self.has_change_permission(request, obj):
            shown.append("shown_raw")
        elif obj is not None:
            unread = obj.values is None and obj.raw
            shown += ["raw_text" if unread else "shown_raw", *RECORD_FIELDS]
        return [(None, {"fields": shown})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm[ImportRow]]:
        """Return a form of the fields of a record, which are no fields of the row."""
        return super().get_form(request, obj, *args, **(kwargs | {"fields": []}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Offer to save, and then to go on with the import."""
        row = self.get_object(request, object_id)
        context = {
            "show_save_and_continue": False,
            "subtitle": shown_place(row.place) if row else None,
        }
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> TemplateResponse:
        """Name the import that the rows are of."""
        run = Import.objects.filter(
            pk=_number(request.GET.get("run__id__exact"))
        ).first()
        context = {"run": run} | ({"title": run.name} if run else {})
        page = super().changelist_view(request, context | (extra_context or {}))
        return cast("TemplateResponse", page)

    def save_model(
        self, request: HttpRequest, obj: ImportRow, form: Any, change: Any
    ) -> None:
        """Keep what was corrected, to be tried again."""
        del change
        actions.mend(_user(request), obj, form.values())

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the log to what was done, which notes it of the import."""
        del request, obj, message

    def response_change(self, request: HttpRequest, obj: ImportRow) -> HttpResponse:
        """Lead back to the import, where failed rows are tried again."""
        self.message_user(
            request,
            gettext(
                "Corrected. Try the failed rows again when you have done them all."
            ),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(
            reverse("admin:articles_import_change", args=[obj.run_id])
        )

    @admin.action(
        description=_("Take the selected rows back"), permissions=["take_back"]
    )
    def take_back(
        self, request: HttpRequest, rows: QuerySet[ImportRow]
    ) -> HttpResponse | None:
        """Undo single rows; ask about articles that were edited since."""
        insist = "insist" in request.POST
        kept: list[ImportRow] = []
        number = 0
        for run in Import.objects.filter(pk__in=rows.values("run")):
            pks = list(rows.filter(run=run).values_list("pk", flat=True))
            number += len(pks)
            kept += actions.undo_chosen(_user(request), run, pks, insist=insist)
        taken = number - len(kept)
        if taken:
            text = ngettext(
                "%(number)d row taken back.", "%(number)d rows taken back.", taken
            )
            self.message_user(request, text % {"number": taken}, messages.SUCCESS)
        if not kept:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take back"),
            "opts": Import._meta,  # noqa: SLF001  Django's public _meta
            "run": kept[0].run,
            "chosen": kept,
            "edited": kept,
            "edited_count": len(kept),
        }
        return TemplateResponse(request, "admin/articles/import/undo.html", context)

    @admin.display(description=_("place"), ordering="position")
    def shown_place(self, row: ImportRow) -> str:
        """Show where it stands in the file."""
        return format_html('<bdi dir="auto">{}</bdi>', shown_place(row.place))

    @admin.display(description=_("reason"))
    def shown_reason(self, row: ImportRow) -> str:
        """Show why, in the editor's language where we have it."""
        reason = shown_reason(row.kept or row.reason)
        return format_html('<bdi dir="auto">{}</bdi>', reason)

    @admin.display(description=_("text in the file"))
    def shown_raw(self, row: ImportRow) -> str:
        """Show the record's own text."""
        return format_html('<pre class="raw" dir="auto">{}</pre>', row.raw)

    @admin.display(description=_("article"))
    def shown_article(self, row: ImportRow) -> str:
        """Lead to the article."""
        return _link(row.article_id, row.article if row.article_id else None)

    @admin.display(description=_("nearly the same"))
    def shown_similar(self, row: ImportRow) -> str:
        """Lead to an article that is nearly the same."""
        return _link(row.similar_id, row.similar if row.similar_id else None)

    @admin.display(description=_("taken back"), ordering="undone")
    def shown_undone(self, row: ImportRow) -> str:
        """Mark what was taken back: that the rest was not is nothing to be warned of."""
        return gettext("yes") if row.undone else "-"


def _link(pk: int | None, article: Article | None) -> str:
    if pk is None:
        return "-"
    if article is None:
        return gettext("removed")
    return format_html(
        '<a href="{}"><bdi lang="{}" dir="auto">{}</bdi></a>',
        reverse("admin:articles_article_change", args=[pk]),
        article.language,
        article.title[:80],
    )


class _Line:
    """A file of which csv writes a line at a time."""

    def write(self, line: str) -> str:
        return line


def _table(rows: QuerySet[ImportRow]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # With a mark, by which Excel knows UTF-8.
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield writer.writerow(["#", "where", "why", *RECORD_FIELDS, "raw record"])
    for row in rows.iterator(chunk_size=200):
        values = row.values or {}
        cells = [values.get(name, "") for name in RECORD_FIELDS]
        shown = [str(row.position + 1), row.place, in_words(row.reason)]
        yield writer.writerow([_tame(cell) for cell in [*shown, *cells, row.raw]])


def _tame(cell: str) -> str:
    """Keep spreadsheets from taking text for a formula; readers strip the tab."""
    return f"\t{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
