"""Keep pages of searches while nothing that they show has changed.

What a search shows is made of one commit of the index, of what readers may not see any
more although that commit has it, and of names and clock as every page of the archive is.
All but the commit is read in one query, once for a page: ``hidden`` asks no more while
the page is made.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from articles.browsing.answers import STATE, answer_kept, validator
from search import outbox
from search.backends import default_backend
from search.conf import search_settings
from search.engine import IndexDamagedError
from search.results import SearchUnavailableError
from search.turns import turn

CACHE = "searches"
"""The setting of ``CACHES`` where they are kept: a flood of odd searches may push out
other searches, and nothing else."""

_MOMENT = f"""
    SELECT state.*, ARRAY(SELECT article_id FROM search_outboxentry
        WHERE hides AND (due <= statement_timestamp() OR attempts > 0))
    FROM ({STATE}) AS state
"""  # noqa: S608  Nothing in it but constants.

_hidden: ContextVar[Sequence[str] | None] = ContextVar("hidden", default=None)

View = Callable[..., HttpResponse]


def kept(view: View) -> View:
    """Make ``view`` a page that is made again only when it would be another one.

    Raises:
        SearchUnavailableError: the index cannot be read.
        SearchBusyError: it would have to be made, and too many others are.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _moment() as state:

            def make() -> HttpResponse:
                with turn():
                    return view(request, *args, **kwargs)

            return answer_kept(request, validator(state), make, among=CACHE)

    return answer


def hidden() -> Sequence[str]:
    """Return the keys of documents that must not be shown any more."""
    known = _hidden.get()
    return outbox.hidden() if known is None else known


@contextmanager
def _moment() -> Iterator[tuple[object, ...]]:
    """Give what tells the state of everything that a search can show."""
    try:
        commit = default_backend().index.snapshot().commit
    except IndexDamagedError as error:
        raise SearchUnavailableError(str(error)) from error
    with connection.cursor() as cursor:
        cursor.execute(_MOMENT)
        *archive, out_of_sight = cursor.fetchone()
    token = _hidden.set([outbox.identifier(number) for number in out_of_sight])
    try:
        yield (*archive, commit, sorted(out_of_sight), search_settings())
    finally:
        _hidden.reset(token)
