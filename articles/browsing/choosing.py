"""Keep what a reader chose."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.conventions import COOKIE, Conventions

YEAR_SECONDS = 365 * 24 * 60 * 60


# A token would be another one for every reader: no page could be kept by a cache. All
# that a forged request changes is how numbers are written.
@csrf_exempt
@require_POST
@never_cache
def choose_conventions(request: HttpRequest) -> HttpResponse:
    """Keep the conventions that a form has, and go back to its page."""
    chosen = Conventions.read(
        ".".join((request.POST.get("digits", ""), request.POST.get("months", "")))
    )
    response = HttpResponseRedirect(_place(request))
    response.set_cookie(
        COOKIE,
        str(chosen),
        max_age=YEAR_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _place(request: HttpRequest) -> str:
    """Return the address to go back to, if it is one of ours."""
    place = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        place, {request.get_host()}, require_https=request.is_secure()
    )
    return place if safe else reverse("home")
