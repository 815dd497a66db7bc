"""Forms of the editors' desk."""

from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.importing import (
    Batch,
    BatchReport,
    Defaults,
    FormatError,
    open_records,
)
from articles.models import TITLE_MAX_LENGTH, Article, Section, Source, Status
from search.analysis import guess_language, is_language


def validate_language(code: str) -> None:
    """Refuse what is no ISO 639 code of a language."""
    if code and not is_language(code):
        raise ValidationError(_("Use an ISO 639 code, such as ar, fr or en."))


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(
        attrs={"rows": 2, "dir": "auto", "class": "vLargeTextField"}
    )

    def prepare_value(self, value: Any) -> Any:
        """Show the texts, one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines that have text."""
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the texts."""
        return bool(self.to_python(data) != (initial or []))


class BodyField(forms.CharField):
    """A text as published: only the line ends that browsers put in are taken out."""

    widget = forms.Textarea(
        attrs={"rows": 20, "dir": "auto", "class": "vLargeTextField"}
    )

    def to_python(self, value: Any) -> Any:
        """Return the text with the line ends that it had."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text


class ArticleForm(forms.ModelForm[Article]):
    """One article, for editors."""

    body = BodyField(label=_("text"), strip=False, help_text=_("One paragraph a line."))
    authors = LinesField(
        label=_("authors"), required=False, help_text=_("As printed, one a line.")
    )
    language = forms.CharField(
        label=_("language"),
        max_length=3,
        required=False,
        validators=[validate_language],
        help_text=_("ISO 639 code, such as ar; guessed from the text if empty."),
    )
    url = forms.URLField(
        label=_("original address"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "class": "vURLField"}),
    )

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007  The admin's fieldsets name the fields.

    def clean(self) -> dict[str, Any]:
        """Fill in what follows from the rest: the language, the day of a time."""
        data = super().clean() or self.cleaned_data
        if not data.get("language") and "language" not in self.errors:
            text = f"{data.get('title', '')}\n{data.get('body', '')}"
            source: Source | None = data.get("source")
            language = guess_language(text) or (source.language if source else "")
            if language:
                data["language"] = language
            else:
                self.add_error("language", _("It cannot be guessed from the text."))
        if data.get("published_at") and not data.get("published_on"):
            data["published_on"] = timezone.localdate(data["published_at"])
        return data


class SourceForm(forms.ModelForm[Source]):
    """One source, for editors."""

    homepage = forms.URLField(
        label=_("home page"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "class": "vURLField"}),
    )

    class Meta:
        model = Source
        fields = "__all__"  # noqa: DJ007  All of a source is for editors.

    def clean_language(self) -> str:
        """Refuse what is no language."""
        code = str(self.cleaned_data["language"])
        validate_language(code)
        return code


class ImportForm(forms.Form):
    """A file to import, and what stands in for what it does not say."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A text (.txt), or articles one a line (.jsonl); also compressed (.xz)."
        ),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=_("Source"),
        required=False,
        help_text=_("Of articles that name none."),
    )
    section = forms.ModelChoiceField(
        Section.objects.all(), label=_("Section"), required=False
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        validators=[validate_language],
        help_text=_("ISO 639 code, such as ar; guessed from each text if empty."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=TITLE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "vTextField"}),
        help_text=_("Of a text; its first sentence if empty."),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=Status.choices, initial=Status.PUBLISHED
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a file that is too large or of no known kind."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        limit = settings.IMPORT_UPLOAD_MAX_BYTES
        if (file.size or 0) > limit:
            raise ValidationError(
                _(
                    "The file has %(size)d MB, and %(limit)d MB is the most that can be "
                    "uploaded (IMPORT_UPLOAD_MAX_BYTES). Use manage.py load_articles."
                ),
                params={"size": (file.size or 0) // 2**20, "limit": limit // 2**20},
            )
        try:
            open_records(cast("BinaryIO", file), file.name or "")
        except FormatError as error:
            raise ValidationError(str(error)) from error
        return file

    def load(self) -> BatchReport:
        """Import the file.

        Raises:
            ImportFailedError: some of it cannot be read; nothing was imported.
        """
        data = self.cleaned_data
        defaults = Defaults(
            source=data["source"],
            section=data["section"],
            language=data["language"],
            title=data["title"],
            status=Status(data["status"]),
            zone=ZoneInfo(timezone.get_default_timezone_name()),
        )
        file = data["file"]
        file.seek(0)
        return Batch(defaults).load_all_or_nothing(
            open_records(cast("BinaryIO", file), file.name)
        )
