"""Tell the database who acts, so that its record of changes can name them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.auditing import Actor, acting
from newsarchive.clients import client_address

_SAFE = frozenset(["GET", "HEAD", "OPTIONS", "TRACE"])


class ActorMiddleware:
    """Names the user and the address of every request that may change something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, while the database knows for whom."""
        if request.method in _SAFE or not request.user.is_authenticated:
            return self._get_response(request)
        actor = Actor(
            request.user.pk, request.user.get_username(), client_address(request)
        )
        with acting(actor):
            return self._get_response(request)
