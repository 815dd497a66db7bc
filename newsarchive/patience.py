"""Wait for a database that is being started again, and say so if it takes too long.

A database that restarts is back within seconds. Whoever reads waits as long, and sees
the page: it is made anew, for reading changes nothing. What was sent is not done again,
since nobody knows how far it came: the answer says to look, and to try again.
"""

import logging
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.views import defaults

logger = logging.getLogger(__name__)

RETRY_SECONDS = "10"
LOOK_SECONDS = 0.2

_SAFE = ("GET", "HEAD")


class PatienceMiddleware:
    """Answers when the connection to the database broke, or could not be made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self._get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Make the page again once the database answers; None for other errors."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        if connection.connection is not None and connection.is_usable():
            return None
        logger.warning("The database does not answer: %s", exception)
        if _comes_back(settings.DATABASE_PATIENCE) and request.method in _SAFE:
            try:
                return _make(request)
            except (OperationalError, InterfaceError):
                logger.exception("The database went away again.")
        return _sorry(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an error that no view could handle: before one was asked, or after."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _sorry(request)
    return defaults.server_error(request)


def _comes_back(seconds: float) -> bool:
    """Wait until the database answers; whether it does within so many seconds."""
    end = time.monotonic() + seconds
    while True:
        connection.close()
        try:
            connection.ensure_connection()
        except (OperationalError, InterfaceError):
            if time.monotonic() > end:
                return False
            time.sleep(LOOK_SECONDS)
        else:
            return True


def _make(request: HttpRequest) -> HttpResponse:
    found = request.resolver_match
    if found is None:  # Only a view raises what is handled here.
        raise Http404
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return (
        response.render() if isinstance(response, SimpleTemplateResponse) else response
    )


def _sorry(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = RETRY_SECONDS
    return response
