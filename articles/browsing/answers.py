"""Validators: whether a page has changed since a reader fetched it.

A page is made of the archive, of the clock (embargoes end, and "on this day" moves),
of the reader's language and conventions, and of the program. The ledger counts every
change of the archive that was committed: equal sums are the same archive, in whichever
order transactions ended. What is good for a reader's copy is good for one of ours: a
page that has not changed is not made again for the next reader either, and counts that
many pages show are ``counted_once`` for all of them.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cache, partial, wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles import conventions

View = Callable[..., HttpResponse]
Asked = ParamSpec("Asked")
Counts = TypeVar("Counts")
State = tuple[object, ...]

# The newest row too, whose number is never given twice: a sum is reached again where an
# archive is emptied and filled anew.
STATE = """
    SELECT sum(articles), max(id), (
        SELECT max(visible_from)::text FROM articles_tally
        WHERE kind = 'archive' AND visible_from > 'epoch'
            AND visible_from <= statement_timestamp()
    )
    FROM articles_tally WHERE kind = 'change' AND value = ''
"""

_shown: ContextVar[State | None] = ContextVar("archive_state", default=None)
"""The state that the page shows which is being made."""


def browsing_page(view: View) -> View:
    """Make ``view`` a page, or a feed, that is made again only when it has changed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = archive_state()
        token = _shown.set(state)
        try:
            return answer_kept(
                request, validator(state), partial(view, request, *args, **kwargs)
            )
        finally:
            _shown.reset(token)

    return require_safe(answer)


def counted_once(count: Callable[Asked, Counts]) -> Callable[Asked, Counts]:
    """Keep what ``count`` returns for all pages that show the same state of the archive.

    It hangs on nothing but the archive and its arguments, least of all on the reader.
    Outside of a browsing page it is called each time.
    """

    @wraps(count)
    def counted(*args: Asked.args, **kwargs: Asked.kwargs) -> Counts:
        state = _shown.get()
        if state is None:
            return count(*args, **kwargs)
        asked = f"{count.__module__}.{count.__qualname__} {args} {kwargs}"
        key = _digest(f"{state} {_program()} {asked}")
        kept = caches[DEFAULT_CACHE_ALIAS]
        found: tuple[Counts] | None = kept.get(key)
        if found is None:
            found = (count(*args, **kwargs),)
            kept.set(key, found)
        return found[0]

    return counted


def answer_kept(
    request: HttpRequest, tag: str, make: Callable[[], HttpResponse], *, among: str = ""
) -> HttpResponse:
    """Answer with the page that was kept under ``tag``, or with what ``make`` makes.

    An answer that forbids to be stored is given as it is, and is not kept.

    Args:
        request: of which a copy may be had already.
        tag: the ETag of the page at this moment.
        make: makes it.
        among: the setting of ``CACHES`` where it is kept, if not the default one.
    """
    response = get_conditional_response(request, tag)
    if response is None:
        response = _kept_or_made(
            request, tag, make, caches[among or DEFAULT_CACHE_ALIAS]
        )
    if "no-store" not in response.get("Cache-Control", ""):
        response["ETag"] = tag
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
    return response


def _kept_or_made(
    request: HttpRequest, tag: str, make: Callable[[], HttpResponse], pages: BaseCache
) -> HttpResponse:
    key = _digest(f"{tag} {request.build_absolute_uri()}")
    if kept := pages.get(key):
        return HttpResponse(*kept)
    response = make()
    is_whole = response.status_code == HttpResponse.status_code
    if is_whole and "no-store" not in response.get("Cache-Control", ""):
        pages.set(key, (response.content, response["Content-Type"]))
    return response


def validator(state: Iterable[object]) -> str:
    """Return the ETag of every page that shows nothing but ``state`` at this moment."""
    parts = (
        *state,
        get_language(),
        conventions.active(),
        timezone.localdate(),
        _program(),
    )
    return f'"{_digest(" ".join(map(str, parts)))}"'


def archive_state() -> State:
    """Return what is another after every change of what readers may see."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        state: State = cursor.fetchone()
    return state


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


@cache
def _program() -> str:
    """Return what tells this version of templates, translations and code from others."""
    root = settings.ROOT
    folders = [root / name for name in ("templates", "locale", "articles", "search")]
    files = [
        f"{path} {path.stat().st_mtime_ns}"
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".html", ".mo", ".py"}
    ]
    return _digest("\n".join(files))
