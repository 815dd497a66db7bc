"""Forms of the import desk: a file, how it is read, a row that failed."""

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.forms import validate_language
from articles.importing import (
    FIELDS,
    Description,
    FormatError,
    ReadingOptions,
    Record,
    RecordError,
    build_record,
    find_or_create,
    open_records,
)
from articles.importing.filling import find_named
from articles.importing.formats import Column
from articles.importing.reasons import shown_reason
from articles.importing.remembering import recall
from articles.importing.running import reading_options
from articles.importing.writing import field_values
from articles.imports import Import, ImportRow, Policy
from articles.models import (
    NAME_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    Section,
    Source,
    Status,
)

FIELD_LABELS = {
    "id": _("id at its origin"),
    "title": _("title"),
    "subtitle": _("subtitle"),
    "body": _("text"),
    "summary": _("summary"),
    "source": _("source"),
    "section": _("section"),
    "published": _("time of publication"),
    "timestamp": _("time of publication, in seconds since 1970"),
    "url": _("original address"),
    "language": _("language"),
    "authors": _("authors"),
    "place": _("place"),
}

ENCODINGS = ("utf-8", "utf-16", "windows-1256", "iso-8859-6", "windows-1252")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return a list of files, each checked."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files to import."""

    uploads = FilesField(
        label=_("Files"),
        help_text=_(
            "Texts, tables (CSV, Excel), JSON, web pages, feeds, NewsML, NITF, WARC, "
            "Word; also compressed, or many in one ZIP or TAR."
        ),
    )

    def clean_uploads(self) -> list[UploadedFile[bytes]]:
        """Refuse a file that is too large."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["uploads"]
        limit = settings.IMPORT_UPLOAD_MAX_BYTES
        for file in files:
            if (file.size or 0) > limit:
                raise ValidationError(
                    _(
                        "The file has %(size)d MB, and %(limit)d MB is the most that can "
                        "be uploaded (IMPORT_UPLOAD_MAX_BYTES). Use manage.py import_files."
                    ),
                    params={
                        "size": (file.size or 0) // 2**20,
                        "limit": limit // 2**20,
                    },
                )
        return files


def read_in_encoding(run: Import, name: str) -> None:
    """Have a file read in the encoding that a form names: its columns are those of it."""
    if name in {"", *ENCODINGS}:
        run.reading = run.reading | {"encoding": name or None}


class SettingsForm(forms.Form):
    """How a file is read, and what stands in for what it does not say."""

    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=_("Source"),
        required=False,
        help_text=_("Of articles that name none."),
    )
    new_source = forms.CharField(
        label=_("or a new one"),
        required=False,
        max_length=NAME_MAX_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "vTextField"}),
    )
    section = forms.ModelChoiceField(
        Section.objects.all(), label=_("Section"), required=False
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=3,
        validators=[validate_language],
        widget=forms.TextInput(attrs={"dir": "ltr", "size": 3}),
        help_text=_("ISO 639 code, such as ar; guessed from each text if empty."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=TITLE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "vTextField"}),
        help_text=_("Of a text without one; its first sentence if empty."),
    )
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    policy = forms.ChoiceField(
        label=_("Articles that the archive has"), choices=Policy.choices
    )
    date_order = forms.ChoiceField(
        label=_("3/4/2020 is"),
        choices=[("dmy", _("3 April")), ("mdy", _("March 4"))],
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name) for name in sorted(available_timezones())],
        help_text=_("Of times that name none."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("as it is found")), *((name, name) for name in ENCODINGS)],
    )

    def __init__(
        self, data: Any, *, run: Import, description: Description, user: User
    ) -> None:
        super().__init__(data, initial=_initial(run), label_suffix="")
        self._run = run
        self._description = description
        self.has_begun = run.state != Import.State.NEW
        self.columns = () if self.has_begun else description.columns
        if self.has_begun or not description.encoding:
            del self.fields["encoding"]
        if not user.has_perm("articles.publish_import"):
            field = self.fields["status"]
            field.choices = [(Status.DRAFT, Status.DRAFT.label)]  # type: ignore[attr-defined]
            field.initial = self.initial["status"] = Status.DRAFT
        for number, column in enumerate(self.columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column.name,
                required=False,
                initial=column.field or "",
                choices=[("", _("nothing")), *FIELD_LABELS.items()],
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Return the fields that are no columns."""
        return [field for field in self if not field.name.startswith("column-")]

    @property
    def column_fields(self) -> list[tuple[forms.BoundField, tuple[str, ...]]]:
        """Return the fields of columns, with samples."""
        return [
            (self[f"column-{number}"], column.samples)
            for number, column in enumerate(self.columns)
        ]

    @property
    def shown_columns(self) -> str:
        """Return what tells the columns of this form from others, for its page to send."""
        return _digest(self.columns)

    def shows(self, description: Description) -> bool:
        """Whether the page that was sent has these columns, as what they are read."""
        chosen = list(self._mapping(self.cleaned_data).values())
        return self.data.get("shown_columns") == _digest(description.columns) and (
            chosen == [column.field or "" for column in description.columns]
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a mapping by which two columns are one field."""
        data = super().clean() or self.cleaned_data
        chosen = [field for field in self._mapping(data).values() if field]
        twice = {field for field in chosen if chosen.count(field) > 1}
        for field in sorted(twice):
            self.add_error(
                None,
                ValidationError(
                    _("Two columns are “%(field)s”: choose one."),
                    params={"field": FIELD_LABELS[field]},
                ),
            )
        return data

    def save(self) -> Import:
        """Keep what was chosen."""
        run, data = self._run, self.cleaned_data
        before = run.source
        run.source = data["source"]
        if data["new_source"]:
            run.source = self._new_source(data["new_source"])
        for name in ("section", "language", "title", "status", "policy"):
            setattr(run, name, data[name])
        reading = run.reading | {"date_order": data["date_order"], "zone": data["zone"]}
        if "encoding" in self.fields:
            reading["encoding"] = data["encoding"] or None
        if self.columns:
            chosen = self._mapping(data)
            guessed = {column.name: column.field or "" for column in self.columns}
            if chosen != guessed or "mapping" in reading:
                reading["mapping"] = {k: v for k, v in chosen.items() if v}
            if chosen == guessed and run.source and run.source != before:
                # Another source may call other things by the same names.
                reading |= recall(run, self._description)
        run.reading = reading
        run.save()
        return run

    def _new_source(self, name: str) -> Source:
        found = find_named(name, Source)
        if found is None:
            found = find_or_create(name, Source)
            self._run.made_sources.append(found.pk)
        return found

    def _mapping(self, data: dict[str, Any]) -> dict[str, str]:
        return {
            column.name: data.get(f"column-{number}") or ""
            for number, column in enumerate(self.columns)
        }


class RowForm(forms.ModelForm[ImportRow]):
    """The fields of a record that failed."""

    class Meta:
        model = ImportRow
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.values or {}
        for name in RECORD_FIELDS:
            lines = 12 if name == "body" else 1
            attrs = {"dir": "auto", "class": "vLargeTextField", "rows": lines}
            self.fields[name] = forms.CharField(
                label=FIELD_LABELS[name],
                required=False,
                strip=name != "body",
                initial=held.get(name, ""),
                widget=forms.Textarea(attrs)
                if name == "body"
                else forms.TextInput(attrs),
            )

        if self.instance.values is None and self.instance.raw:
            self.fields["raw_text"] = forms.CharField(
                label=_("text in the file"),
                required=False,
                strip=False,
                initial=self.instance.raw,
                help_text=_("Correct it here, or fill in the fields."),
                widget=forms.Textarea(
                    {"dir": "auto", "class": "vLargeTextField", "rows": 8}
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Read what was corrected, as it will be read when it is tried again."""
        data = super().clean() or self.cleaned_data
        raw = data.get("raw_text") or ""
        if not self.values() and raw != self.instance.raw:
            return data | field_values(self._read(raw))
        found = build_record(self.values(), "", options=self._options())
        if isinstance(found, RecordError):
            raise ValidationError(shown_reason(found.reason))
        return data

    def values(self) -> dict[str, str]:
        """Return the fields as an editor left them."""
        return {
            name: str(value).replace("\r\n", "\n")
            for name in RECORD_FIELDS
            if (value := self.cleaned_data.get(name))
        }

    def _read(self, raw: str) -> Record:
        """Return the one record of a corrected text.

        Raises:
            ValidationError: it is none.
        """
        stream = BytesIO(raw.replace("\r\n", "\n").strip().encode())
        options = replace(self._options(), encoding="utf-8")
        try:
            found = next(open_records(stream, "record", options), None)
        except FormatError as error:
            raise ValidationError(shown_reason(str(error))) from error
        if isinstance(found, Record):
            return found
        raise ValidationError(
            shown_reason(found.reason) if found else _("There is nothing in it.")
        )

    def _options(self) -> ReadingOptions:
        return reading_options(self.instance.run)


RECORD_FIELDS = tuple(name for name in FIELDS if name not in {"summary", "timestamp"})


def _digest(columns: tuple[Column, ...]) -> str:
    said = repr([(column.name, column.samples) for column in columns])
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def _initial(run: Import) -> dict[str, Any]:
    return {
        "source": run.source_id,
        "section": run.section_id,
        "language": run.language,
        "title": run.title,
        "status": run.status,
        "policy": run.policy,
        "date_order": run.reading.get("date_order", "dmy"),
        "zone": run.reading.get("zone") or timezone.get_default_timezone_name(),
        "encoding": run.reading.get("encoding") or "",
    }
