"""Every request has an id, a line in the log, and is counted.

The line says which view answered, how, and in what time. It does not say who asked, or
for what: no address, no user, and nothing of the query string.
"""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from newsarchive import metrics
from newsarchive.logs import request_id

logger = logging.getLogger("newsarchive.access")

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])

Handler = Callable[[HttpRequest], HttpResponse]


class ObservingMiddleware:
    """Comes first: what it measures is all that a request takes."""

    def __init__(self, get_response: Handler) -> None:
        """Take what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell."""
        named = request.headers.get(HEADER, "")
        known = named if _SANE.fullmatch(named) else uuid4().hex
        token = request_id.set(known)
        began = time.perf_counter()
        try:
            response = self._get_response(request)
            response.headers[HEADER] = known
            _tell(request, response, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "OTHER"
    # The name of the view, and never the path, which readers make up.
    view = getattr(request.resolver_match, "view_name", "") or "none"
    metrics.count_request(str(method), view, response.status_code, seconds)
    told = {
        "method": method,
        "view": view,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    logger.info("%(method)s %(view)s %(status)d %(ms).1f ms", told, extra=told)
