"""Outside of the desk, whoever has still to show the second factor is a stranger.

The desk lets nobody in before. What a page of readers shows to some users only, it shows
to none of whom nothing is known but a password.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from newsarchive import second_factor


class StrangersMiddleware:
    """Makes strangers of those who are half signed in, where the desk does not ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the user is looked at only if the page asks who it is."""
        if not request.path_info.startswith(reverse("admin:index")):
            known = request.user
            request.user = SimpleLazyObject(lambda: _as_seen(known))  # type: ignore[assignment]  # As Django's own.
        return self._get_response(request)


def _as_seen(user: User | AnonymousUser) -> User | AnonymousUser:
    half_in = user.is_staff and second_factor.is_missing(user)
    return AnonymousUser() if half_in else user
