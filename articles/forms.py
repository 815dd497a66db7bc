"""Forms of the editors' desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Source
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
