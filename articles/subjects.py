"""What articles can be looked at by: their source, section, author or place.

Sources and sections are rows with a slug. Authors and places are names as articles
print them: they have a page as long as readers may see an article of theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Article, Section, Source, Tally
from articles.querysets import ArticleQuerySet, TallyQuerySet

SubjectKind = Literal["source", "section", "author", "place"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One source, section, author or place.

    Attributes:
        kind: which of the four; addresses and facets have the same names.
        key: what it is called in addresses: its slug or its name.
        value: what it is called in the ledger of counts.
        name: what readers call it.
        language: of its name, if known.
    """

    kind: SubjectKind
    key: str
    value: str
    name: str
    language: str = ""
    description: str = ""
    homepage: str = ""

    @property
    def address(self) -> str:
        """The address of its page."""
        return reverse(self.kind, args=[self.key])

    @property
    def feed_address(self) -> str:
        """The address of its feed."""
        return reverse(f"{self.kind}-feed", args=[self.key])

    @property
    def search_address(self) -> str:
        """The address of the search among its articles."""
        return f"{reverse('search')}?{urlencode([(self.kind, self.key)])}"

    def tallies(self) -> TallyQuerySet:
        """Return the counts of its articles."""
        return Tally.objects.of(self.kind, self.value)

    def articles(self, *conditions: Q) -> ArticleQuerySet:
        """Return its articles that readers may see, the latest first."""
        visible = Article.objects.published()
        if self.kind == "author":
            chosen = visible.by_author(self.key).filter(*conditions)
            return chosen.newest_first(through="bylines__")
        if self.kind == "place":
            return visible.filter(*conditions, place=self.key).newest_first()
        return visible.filter(
            *conditions, **{f"{self.kind}_id": int(self.value)}
        ).newest_first()


def subject_of(kind: SubjectKind, key: str) -> Subject:
    """Return the subject that an address names.

    Raises:
        Http404: there is none.
    """
    return _FINDERS[kind](key)


def _source(slug: str) -> Subject:
    found = get_object_or_404(Source, slug=slug)
    return Subject(
        "source",
        found.slug,
        str(found.pk),
        found.name,
        language=found.language,
        description=found.description,
        homepage=found.homepage,
    )


def _section(slug: str) -> Subject:
    found = get_object_or_404(Section, slug=slug)
    return Subject("section", found.slug, str(found.pk), found.name)


def _author(name: str) -> Subject:
    return _named("author", name)


def _place(name: str) -> Subject:
    return _named("place", name)


def _named(kind: SubjectKind, name: str) -> Subject:
    subject = Subject(kind, name, name, name)
    # PostgreSQL has no text with a NUL, and does not take the question either.
    if "\0" in name or not subject.tallies().total():
        raise Http404
    return subject


_FINDERS: Mapping[SubjectKind, Callable[[str], Subject]] = {
    "source": _source,
    "section": _section,
    "author": _author,
    "place": _place,
}
