"""The page of an article, its permalink, and the files that cite it.

What a page shows hangs on more than its article: on its source's name, on what is alike
and what came since, on the reader's language, digits and words. Its validator is
therefore made of the page itself: it changes whenever anything shown does.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from articles.citations import (
    Citation,
    bibtex,
    cite,
    csl_json,
    ris,
    sentence_pieces,
)
from articles.metadata import description, news_article
from articles.models import Article, Status
from articles.neighbours import neighbours
from articles.provenance import provenance
from articles.querysets import published
from articles.reading import archive_span, read_paragraphs
from search.analysis import direction, language_name

MAX_ID = 2**63 - 1


class CitationFormat(NamedTuple):
    """How a file of a citation is written, and what it is called on the web."""

    write: Callable[[Citation], str]
    content_type: str


FORMATS: Mapping[str, CitationFormat] = {
    "bib": CitationFormat(bibtex, "application/x-bibtex"),
    "ris": CitationFormat(ris, "application/x-research-info-systems"),
    "json": CitationFormat(csl_json, "application/vnd.citationstyles.csl+json"),
}
"""The formats of citations, by the ends of their addresses."""


class GoneError(Exception):
    """The article was public, and is no longer."""


@require_safe
@conditional_page
@vary_on_cookie
@cache_control(no_cache=True)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one article as it was published, the words of ``q`` marked in it."""
    try:
        found = _find(pk)
    except GoneError:
        return render(request, "410.html", status=410)
    permalink = _permalink(request, found)
    # What the templates had no time for.
    unfinished: set[str] = set()
    response = render(
        request,
        "articles/article.html",
        {
            "alternates": _alternates(request, found),
            "article": found,
            "authors": [name for name in found.authors if name.strip()],
            "canonical": request.build_absolute_uri(found.get_absolute_url()),
            "citation": list(sentence_pieces(cite(found, permalink))),
            "description": description(found),
            "direction": direction(found.language),
            "language_name": language_name(found.language, get_language()),
            "news_article": news_article(found, permalink),
            "neighbours": neighbours(found),
            "paragraphs": read_paragraphs(found, archive_span()),
            "permalink": permalink,
            "provenance": provenance(found, request.user),
            "unfinished": unfinished,
        },
    )
    if unfinished:
        add_never_cache_headers(response)
    return response


@require_safe
def follow_permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from the lasting address of an article to it in the reader's language."""
    del request
    return HttpResponseRedirect(reverse("article", args=[pk]))


@require_safe
@conditional_page
@cache_control(no_cache=True)
def citation(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Give a file that cites an article."""
    if ending not in FORMATS:
        raise Http404
    try:
        found = _find(pk)
    except GoneError:
        return render(request, "410.html", status=410)
    cited = cite(found, _permalink(request, found))
    write, content_type = FORMATS[ending]
    return HttpResponse(
        write(cited),
        content_type=f"{content_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{cited.key}.{ending}"',
            "X-Robots-Tag": "noindex",
        },
    )


def _find(pk: int) -> Article:
    """Return an article that is or was public, with all that its page shows.

    What was withdrawn before its embargo ended has never been public.

    Raises:
        Http404: there is none, or it is not public yet.
        GoneError: it was withdrawn, or expired.
    """
    if pk > MAX_ID:
        raise Http404
    articles = Article.objects.select_related("source", "section")
    if found := articles.filter(published(), pk=pk).first():
        return found
    past = Q(embargo=None) | Q(embargo__lte=Now())
    over = Q(status=Status.WITHDRAWN) | Q(status=Status.PUBLISHED, expiry__lte=Now())
    if articles.filter(past, over, pk=pk).exists():
        raise GoneError
    raise Http404


def _alternates(request: HttpRequest, found: Article) -> list[tuple[str, str]]:
    """Return the address of an article in each language of the site."""
    alternates = []
    for code, _ in settings.LANGUAGES:
        with override(code):
            path = found.get_absolute_url()
        alternates.append((code, request.build_absolute_uri(path)))
    return alternates


def _permalink(request: HttpRequest, found: Article) -> str:
    return request.build_absolute_uri(reverse("permalink", args=[found.pk]))
