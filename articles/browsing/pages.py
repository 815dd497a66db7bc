"""The page of one source, section, author or place."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi

from articles.browsing.answers import browsing_page, counted_once
from articles.browsing.drawing import draw_bars
from articles.browsing.paging import articles_page
from articles.subjects import Subject, SubjectKind, subject_of


def subject_view(kind: SubjectKind) -> Callable[..., HttpResponse]:
    """Return the view of the subjects of one kind."""

    @browsing_page
    def view(request: HttpRequest, key: str) -> HttpResponse:
        """Show what there is of it, and the latest articles."""
        return _show(request, subject_of(kind, key))

    return view


def _show(request: HttpRequest, subject: Subject) -> HttpResponse:
    by_year = _by_year(subject)
    total = sum(by_year.values())
    year = _asked_year(request)
    conditions = [] if year is None else [Q(published_on__year=year)]
    first, last = _span(subject)
    return render(
        request,
        "articles/article_list.html",
        {
            "subject": subject,
            "total": total,
            "first": first,
            "last": last,
            "chart": draw_bars(by_year, rtl=get_language_bidi()),
            "year": year,
            "page": articles_page(
                request,
                subject.articles(*conditions),
                total if year is None else by_year.get(year, 0),
            ),
        },
    )


def _asked_year(request: HttpRequest) -> int | None:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) <= 4 else 0  # noqa: PLR2004
    return year or None


@counted_once
def _by_year(subject: Subject) -> dict[int | None, int]:
    """Return year -> number of articles of ``subject``; the year None is the undated."""
    return subject.tallies().by_year()


@counted_once
def _span(subject: Subject) -> tuple[date | None, date | None]:
    """Return the first and the last day that ``subject`` has articles of."""
    dated = subject.articles(Q(published_on__isnull=False))
    days = dated.values_list("published_on", flat=True)
    ends = days.reverse()[:1].union(days[:1], all=True)
    found = sorted(day for day in ends if day)
    return (found[0], found[-1]) if found else (None, None)
