"""Reading and browsing: the home page, articles, sources and sections."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Article, Section, Source
from articles.querysets import published
from search.analysis import direction, language_name

LATEST = 12
PER_PAGE = 30
MAX_ID = 2**63 - 1


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Invite to search, and show what is new."""
    sources = (
        Source.objects.annotate(
            article_count=Count("articles", filter=published("articles__"))
        )
        .filter(article_count__gt=0)
        .order_by("-article_count", "name")
    )
    visible = Article.objects.published()
    latest = visible.newest_first().select_related("source", "section")[:LATEST]
    return render(
        request,
        "home.html",
        {"latest": latest, "sources": sources, "total": visible.count()},
    )


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one article as it was published."""
    if pk > MAX_ID:
        raise Http404
    found = get_object_or_404(
        Article.objects.published().select_related("source", "section"), pk=pk
    )
    return render(
        request,
        "articles/article.html",
        {
            "article": found,
            "direction": direction(found.language),
            "language_name": language_name(found.language, get_language()),
        },
    )


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """List the articles of one source."""
    return _listed(request, get_object_or_404(Source, slug=slug), "source")


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """List the articles of one section."""
    return _listed(request, get_object_or_404(Section, slug=slug), "section")


def _listed(request: HttpRequest, subject: Source | Section, kind: str) -> HttpResponse:
    articles = (
        Article.objects.published()
        .filter(**{kind: subject})
        .newest_first()
        .select_related("source", "section")
    )
    page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "articles/article_list.html",
        {
            "subject": subject,
            "kind": kind,
            "page_obj": page,
            "search_within": f"{reverse('search')}?{urlencode({kind: subject.slug})}",
        },
    )
