"""The pages of watches: folders and feeds that are looked at by the clock."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.forms import validate_language
from articles.imports import Import
from articles.models import Status
from articles.tasks import queue_look
from articles.watches import Kind, Watch
from articles.watching import WatchError, allowed_folder
from articles.watching.addresses import read_address


class WatchForm(forms.ModelForm[Watch]):
    """What is looked at, how often, and what stands in for what is not said there."""

    may_publish = True

    class Meta:
        model = Watch
        fields = [
            "kind",
            "place",
            "every",
            "active",
            "source",
            "section",
            "language",
            "status",
            "policy",
        ]
        widgets = {"place": forms.TextInput(attrs={"dir": "ltr", "class": "vURLField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Status.choices
        if not self.may_publish:
            choices = [(Status.DRAFT.value, Status.DRAFT.label)]
        if "status" in self.fields:
            self.fields["status"] = forms.ChoiceField(
                label=_("Status"),
                choices=choices,
                help_text=_("Drafts wait for an editor to publish them."),
            )
            self.fields["language"].validators.append(validate_language)

    def clean(self) -> dict[str, Any]:
        """Refuse what would never be looked at; the server itself is asked later."""
        data = super().clean() or self.cleaned_data
        place = data.get("place", "")
        try:
            if place and data.get("kind") == Kind.FOLDER:
                allowed_folder(place)
            elif place:
                read_address(place)
        except WatchError as error:
            message = gettext(error.text) % error.values
            self.add_error("place", ValidationError(message))
        return data


@admin.register(Watch)
class WatchAdmin(admin.ModelAdmin[Watch]):
    """Watches: what is looked at, and what happened the last time."""

    form = WatchForm
    list_display = [
        "shown_place",
        "active",
        "shown_problem",
        "shown_found",
        "looked",
        "due",
    ]
    list_filter = ["kind", "active", "source"]
    search_fields = ["place"]
    autocomplete_fields = ["source", "section"]
    actions = ["look_now"]
    readonly_fields = ["looked", "shown_found", "shown_problem", "due", "by"]
    fieldsets = [
        (None, {"fields": ["kind", "place", "every", "active"]}),
        (
            _("What is imported"),
            {"fields": ["source", "section", "language", "status", "policy"]},
        ),
        (
            _("The last look"),
            {"fields": ["looked", "shown_found", "shown_problem", "due", "by"]},
        ),
    ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm[Watch]]:
        """Return a form that leaves publishing to those who may."""
        form = super().get_form(request, obj, *args, **kwargs)
        may = request.user.has_perm("articles.publish_import")
        return cast(
            "type[forms.ModelForm[Watch]]",
            type("WatchForm", (form,), {"may_publish": may}),
        )

    def save_model(
        self, request: HttpRequest, obj: Watch, form: Any, change: Any
    ) -> None:
        """Begin anew where something else is looked at; imports are in the name of who said so."""
        del change
        obj.by = cast("User", request.user)
        if {"place", "kind", "active", "every"} & set(form.changed_data):
            obj.due, obj.failures = timezone.now(), 0
        if {"place", "kind"} & set(form.changed_data):
            obj.etag = obj.modified = obj.entries = obj.problem = ""
            obj.looked = None
        obj.save()

    @admin.action(description=_("Look now"), permissions=["change"])
    def look_now(self, request: HttpRequest, watches: QuerySet[Watch]) -> None:
        """Have the worker look, whatever the clock says."""
        active = list(watches.filter(active=True))
        for watch in active:
            queue_look(watch.pk)
            self.log_change(request, watch, gettext("Looked at once."))
        self.message_user(
            request,
            ngettext(
                "%(number)d watch is looked at now.",
                "%(number)d watches are looked at now.",
                len(active),
            )
            % {"number": len(active)},
            messages.SUCCESS,
        )

    @admin.display(description=_("address or folder"), ordering="place")
    def shown_place(self, watch: Watch) -> str:
        """Show an address from left to right on every page."""
        return format_html('<bdi dir="ltr">{}</bdi>', watch.place)

    @admin.display(description=_("last import"))
    def shown_found(self, watch: Watch) -> str:
        """Lead to the last import, with how many articles it added."""
        run = Import.objects.filter(watch=watch).order_by("-pk").first()
        if run is None:
            return "-"
        added = ngettext(
            "%(number)d article added", "%(number)d articles added", run.added
        ) % {"number": run.added}
        return format_html(
            '<a href="{}">{}</a> ({})',
            reverse("admin:articles_import_change", args=[run.pk]),
            added,
            run.get_state_display(),
        )

    @admin.display(description=_("problem"))
    def shown_problem(self, watch: Watch) -> str:
        """Say what was wrong the last time."""
        return format_html('<bdi dir="auto">{}</bdi>', watch.shown_problem or "-")
