"""What search engines are told: which articles there are, and where not to look.

``/sitemap.xml`` is the index of sitemaps, each of which lists up to 50,000 articles, in
the order of their numbers: old ones change no more. An article is listed once, in its
own language where the site speaks it; its page names its addresses in the others.
"""

import math
from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from articles.models import Article

MOST_ADDRESSES = 50_000
"""What the protocol allows in one sitemap."""

MOST_SITEMAPS = 50_000
"""What it allows in one index."""

CONTENT_TYPE = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps."""
    pages = math.ceil(Article.objects.published().count() / MOST_ADDRESSES)
    numbers = range(1, pages + 1)
    addresses = [_absolute(request, reverse("sitemap", args=[n])) for n in numbers]
    entries = "".join(f"<sitemap><loc>{a}</loc></sitemap>\n" for a in addresses)
    text = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n'
    return HttpResponse(text, content_type=CONTENT_TYPE)


@require_safe
def sitemap(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """List one part of the articles."""
    if not 0 < number <= MOST_SITEMAPS:
        raise Http404
    start = (number - 1) * MOST_ADDRESSES
    articles = Article.objects.published().order_by("pk")
    rows = articles.values_list("pk", "language", "changed")
    part = rows[start : start + MOST_ADDRESSES]
    if not part.exists():
        raise Http404
    lines = _lines(_prefixes(request), part.iterator())
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPE)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots from searches without end and from the editors' desk."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search.json",
        *(f"Disallow: /{code}/search/" for code, _ in settings.LANGUAGES),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemaps'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


def _lines(
    prefixes: dict[str, str], rows: Iterator[tuple[int, str, datetime]]
) -> Iterator[str]:
    usual = prefixes[settings.LANGUAGE_CODE]
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    for pk, language, changed in rows:
        address = f"{prefixes.get(language, usual)}{pk}/"
        yield (
            f"<url><loc>{address}</loc>"
            f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>\n"
        )
    yield "</urlset>\n"


def _prefixes(request: HttpRequest) -> dict[str, str]:
    """Return language -> the address of any article in it, up to the number."""
    prefixes = {}
    for code, _ in settings.LANGUAGES:
        with override(code):
            prefixes[code] = _absolute(request, reverse("article", args=[0]))[:-2]
    return prefixes


def _absolute(request: HttpRequest, path: str) -> str:
    return escape(request.build_absolute_uri(path))
