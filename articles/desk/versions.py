"""Earlier versions of an article: what changed, by whom, by which import; and back.

A version is what an article was before something replaced it: an import, or another
version that was brought back. What came after it is the next version, or the article.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.comparing import Pair, compare
from articles.importing.versions import PUBLISHED, read_value, values_of
from articles.models import Article, ArticleVersion, Section, Source

_QUOTED = frozenset(["title", "subtitle", "body", "authors", "place"])
_LEFT_TO_RIGHT = frozenset(["url", "origin_id", "language"])
VERSIONS_MOST = 200
"""Versions that are listed at most, the last ones."""


class VersionError(Exception):
    """A version cannot be brought back; the message says why."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed.

    Attributes:
        pairs: its text before and after, side by side.
        before_language: of the text before, and ``after_language`` of the one after; ""
            where the interface speaks.
        direction: of both, where the text itself does not tell.
    """

    label: str
    pairs: list[Pair]
    before_language: str = ""
    after_language: str = ""
    direction: str = "auto"


@dataclass(frozen=True, slots=True)
class Step:
    """A version, and what replaced it."""

    version: ArticleVersion
    after: Mapping[str, Any]

    @property
    def labels(self) -> list[str]:
        """What changed, by name."""
        return [_label(name) for name in self._changed()]

    def changes(self) -> list[FieldChange]:
        """What changed, before and after."""
        before = self.version.values
        names = _names(before, self.after)
        return [
            FieldChange(
                _label(name),
                compare(_shown(name, before, names), _shown(name, self.after, names)),
                before["language"] if name in _QUOTED else "",
                self.after["language"] if name in _QUOTED else "",
                "ltr" if name in _LEFT_TO_RIGHT else "auto",
            )
            for name in self._changed()
        ]

    def _changed(self) -> list[str]:
        before = self.version.values
        return [name for name in PUBLISHED if before.get(name) != self.after.get(name)]


def steps(article: Article) -> list[Step]:
    """Return the versions of an article, the last first."""
    versions = ArticleVersion.objects.filter(article=article).select_related(
        "by", "row__run"
    )
    after: Mapping[str, Any] = values_of(article)
    found = []
    for version in versions[:VERSIONS_MOST]:
        found.append(Step(version, after))
        after = version.values
    return found


def bring_back(user: User, version: ArticleVersion) -> bool:
    """Make an article what it was; what it is now becomes a version.

    Returns whether that changed anything.

    Raises:
        VersionError: it cannot be what it was any more.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=version.article_id)
        now = values_of(article)
        changed = [name for name in PUBLISHED if version.values.get(name) != now[name]]
        if not changed:
            return False
        _check_whole(version.values)
        for name in changed:
            setattr(article, name, read_value(name, version.values.get(name)))
        ArticleVersion.objects.create(article=article, by=user, values=now)
        try:
            with transaction.atomic():
                article.save(update_fields=[*changed, "changed"])
        except IntegrityError as error:
            raise VersionError(
                gettext("Another article of the source has the id “%(id)s” now.")
                % {"id": version.values.get("origin_id", "")}
            ) from error
        LogEntry.objects.log_actions(
            user.pk,
            [article],
            CHANGE,
            change_message=gettext(
                "Brought back the version that was replaced %(when)s."
            )
            % {"when": formats.date_format(version.replaced, "SHORT_DATETIME_FORMAT")},
            single_object=True,
        )
    return True


class VersionedAdmin(admin.ModelAdmin[Article]):
    """An admin of articles with pages of their earlier versions."""

    def get_urls(self) -> list[URLPattern]:
        """Add what is done with versions."""
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/versions/", wrap(self.versions_view), name="article_versions"
            ),
            path(
                "<int:pk>/versions/<int:version>/",
                wrap(self.version_view),
                name="article_version",
            ),
            path(
                "<int:pk>/versions/<int:version>/back/",
                wrap(require_POST(self.bring_back_view)),
                name="article_version_back",
            ),
        ]
        return [*own, *super().get_urls()]

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the versions of an article, with what changed."""
        article = self._article(request, pk)
        context = {"title": _("Earlier versions"), "steps": steps(article)}
        return self._versions_page(request, "versions", article, context)

    def version_view(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """Show a version beside what replaced it."""
        article = self._article(request, pk)
        found = get_object_or_404(ArticleVersion, pk=version, article_id=article.pk)
        step = _step_of(article, found)
        context = {
            "title": _("Earlier version"),
            "step": step,
            "changes": step.changes(),
            "may_bring_back": self.has_change_permission(request, article),
        }
        return self._versions_page(request, "version", article, context)

    def bring_back_view(
        self, request: HttpRequest, pk: int, version: int
    ) -> HttpResponse:
        """Make an article what it was."""
        article = self._article(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        found = get_object_or_404(ArticleVersion, pk=version, article_id=article.pk)
        try:
            changed = bring_back(cast("User", request.user), found)
        except VersionError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            said = (
                gettext("The version is back; what the article was is a version now.")
                if changed
                else gettext("The article is what it was then.")
            )
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:article_versions", args=[pk]))

    def _article(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _versions_page(
        self,
        request: HttpRequest,
        name: str,
        article: Article,
        context: dict[str, Any],
    ) -> TemplateResponse:
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "article": article,
            "may_see_imports": request.user.has_perm("articles.view_import"),
            **context,
        }
        return TemplateResponse(request, f"admin/articles/article/{name}.html", shown)


def _step_of(article: Article, version: ArticleVersion) -> Step:
    later = ArticleVersion.objects.filter(article=article, pk__gt=version.pk)
    following = later.order_by("pk").first()
    return Step(version, values_of(article) if following is None else following.values)


def _check_whole(values: Mapping[str, Any]) -> None:
    for name, model in (("source_id", Source), ("section_id", Section)):
        pk = values.get(name)
        if pk and not model.objects.filter(pk=pk).exists():
            raise VersionError(
                gettext("What the version was of is gone: %(field)s.")
                % {"field": _label(name)}
            )


def _names(*versions: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """Return the names of the sources and sections that versions are of."""
    names: dict[tuple[str, int], str] = {}
    for name, model in (("source_id", Source), ("section_id", Section)):
        pks = {values.get(name) for values in versions} - {None}
        for one in model.objects.filter(pk__in=pks):
            names[name, one.pk] = one.name
    return names


def _label(name: str) -> str:
    related = {"source_id": "source", "section_id": "section"}.get(name, name)
    field = Article._meta.get_field(related)  # noqa: SLF001  Django's public _meta
    return str(getattr(field, "verbose_name", name))


def _shown(
    name: str, values: Mapping[str, Any], names: Mapping[tuple[str, int], str]
) -> str:
    """Return a value as people read it."""
    value = values.get(name)
    if value in (None, "", []):
        return ""
    if name in {"source_id", "section_id"}:
        return names.get((name, value), gettext("removed"))
    if name == "authors":
        return "\n".join(value)
    if name in {"published_at", "published_on"}:
        style = "DATETIME_FORMAT" if name == "published_at" else "DATE_FORMAT"
        return formats.date_format(read_value(name, value), style)
    return str(value)
