"""Who asks: the address of a client, seen through the proxies that are trusted."""

import ipaddress
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever asks, or "" where none can be known.

    Each of ``PROXIES`` trusted proxies adds the address that it was asked from at the
    end of ``X-Forwarded-For``: what stands before that is what the client says.
    """
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXIES <= len(said):
        named = said[-settings.PROXIES].strip()
    else:
        named = request.META.get("REMOTE_ADDR", "")
    with suppress(ValueError):
        return str(ipaddress.ip_address(named))
    return ""
