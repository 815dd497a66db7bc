"""Hold back clients that ask for more than their share, and requests without measure.

Search pages, completions, feeds, data and all other pages each have an allowance of
their own, the setting ``REQUEST_ALLOWANCES``. A client is an address, as
``newsarchive.clients`` knows it; of IPv6 the network that one customer has. Whoever is
signed in as staff is let through. Who watches the machine is not counted. Addresses at
which there is nothing have an allowance, too: no view is asked for them, so that it is
``not_found`` that counts them.

Here too are the bounds of a single request: how long its address, how many its
parameters, and how much it may send without having signed in.
"""

import ipaddress
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from newsarchive.allowances import Allowance, Allowances
from newsarchive.clients import client_address
from search.turns import asking_for

logger = logging.getLogger(__name__)

MOST_ADDRESS_BYTES = 8000
"""Bytes of an address. gunicorn reads 8,190 of its line."""

MOST_PARAMETERS = 800
"""Parameters of an address: a search can have some 650 that mean something."""

MOST_SENT_BYTES = 1_000_000
"""Bytes that may be sent by who has not signed in: forms are a thousand times shorter."""

NETWORK_BITS = 64
"""Of an IPv6 address, those that one customer has in common."""

_SEARCHES = ("search", "why", "facet", "forms")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_SEARCHES, "search"),
    "complete": "complete",
    "search-json": "data",
    "feed": "feed",
    "search-feed": "feed",
    **{f"{kind}-feed": "feed" for kind in ("source", "section", "author", "place")},
    **dict.fromkeys(("healthz", "readyz", "metrics"), ""),
}
"""What a request is counted as, by the name of its address; else as a page."""

_DATA = ("complete", "data")
_PLAIN = ("feed", "missing")
"""What is refused in a line, which costs less than a page: at an unknown address, that
would be as much as the page that is refused."""

Handler = Callable[[HttpRequest], HttpResponse]


class LimitingMiddleware:
    """Answers 429 and the like in place of views that should not be asked."""

    def __init__(self, get_response: Handler) -> None:
        """Take what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless the request is without measure."""
        refusal = _without_measure(request)
        if refusal is not None:
            return refusal
        with asking_for(client_of(request)):
            return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Take the request from what its client has left; None if there was enough."""
        return _held_back(request, _kind(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing, to who has not asked too often for what is not there."""
    # What a view did not find was counted as what the view gives. An address without its
    # language or last slash is unknown, too, before its reader is led on.
    unknown = request.resolver_match is None
    refusal = _held_back(request, "missing") if unknown else None
    return refusal or defaults.page_not_found(request, exception)


def _held_back(request: HttpRequest, kind: str) -> HttpResponse | None:
    """Take a request of a kind from what its client has left; refuse it if there is none."""
    if not kind or not settings.REQUEST_LIMITS:
        return None
    wait = _take(client_of(request), kind)
    # Only who would be refused is looked up: that asks the database.
    if not wait or request.user.is_staff:
        return None
    return _refused(request, kind, wait)


def client_of(request: HttpRequest) -> str:
    """Return what the client of a request is counted by."""
    address = client_address(request)
    with suppress(ValueError):
        known = ipaddress.ip_address(address)
        if isinstance(known, ipaddress.IPv6Address):
            if known.ipv4_mapped:
                return str(known.ipv4_mapped)
            return str(ipaddress.ip_network((known, NETWORK_BITS), strict=False))
    return address


def _kind(request: HttpRequest) -> str:
    found = request.resolver_match
    if found is None or "admin" in found.namespaces:
        return ""
    return _KINDS.get(found.url_name or "", "page")


def _take(client: str, kind: str) -> int:
    per_minute, at_once = settings.REQUEST_ALLOWANCES[kind]
    allowance = Allowance(per_minute, at_once).times(settings.REQUEST_LIMITS / 100)
    try:
        return _table(str(Path(settings.VAR) / "allowances")).take(
            client, kind, allowance
        )
    except OSError as error:
        # A full disk must not close the archive.
        logger.warning("Requests are not counted: %s", error)
        return 0


@cache
def _table(path: str) -> Allowances:
    return Allowances(Path(path))


def _refused(request: HttpRequest, kind: str, wait: int) -> HttpResponse:
    context = {"seconds": wait}
    response: HttpResponse
    if kind in _DATA:
        said = f"Too many requests from your address: wait {wait} s."
        response = JsonResponse({"error": said}, status=429)
    elif kind in _PLAIN:
        said = _("Too many requests came from your address.")
        response = HttpResponse(
            said, status=429, content_type="text/plain; charset=utf-8"
        )
    else:
        response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def _without_measure(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of a request that is too long; None if it is not."""
    if len(request.get_full_path()) > MOST_ADDRESS_BYTES:
        return render(request, "400.html", {"reason": "address"}, status=414)
    if request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
        return render(request, "400.html", {"reason": "parameters"}, status=400)
    if _sent_bytes(request) > MOST_SENT_BYTES and not request.user.is_authenticated:
        # Not read: nobody waits for it.
        return render(request, "400.html", {"reason": "sent"}, status=413)
    return None


def _sent_bytes(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
