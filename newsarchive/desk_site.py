"""The admin as a site of ours: nobody is in before the second factor is shown.

Every page of the admin asks ``has_permission`` first, those of other applications
included. Whoever lacks only the second factor is led to where it is set up or shown.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import django_otp
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from newsarchive import second_factor
from newsarchive.second_factor import CodeForm, Square

View = Callable[..., HttpResponse]

_KEYS = frozenset(["otp_static", "otp_totp"])
"""Applications whose rows are keys: no page shows them."""


class DeskSite(AdminSite):
    """The admin, behind two factors where they are set up or required."""

    # Readers sign in too; they are led to what they may see.
    login_form = AuthenticationForm

    def register(self, model_or_iterable: Any, *args: Any, **kwargs: Any) -> None:
        """Leave out what holds keys."""
        models = model_or_iterable
        models = models if isinstance(models, (list, tuple)) else [models]
        shown = [model for model in models if model._meta.app_label not in _KEYS]  # noqa: SLF001  Django's public _meta
        super().register(shown, *args, **kwargs)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in who have shown what they must."""
        return super().has_permission(request) and not second_factor.is_missing(
            request.user
        )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages of the second factor; let everybody out who is half in."""
        return [
            path("logout/", never_cache(self.logout), name="logout"),
            path("second-factor/", _shielded(self.verify), name="verify"),
            path("second-factor/set-up/", _shielded(self.set_up), name="set_up"),
            *super().get_urls(),
        ]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead those on who have shown their password, and readers home."""
        if request.method == "GET" and super().has_permission(request):
            return self._onward(request)
        response = super().login(request, extra_context)
        came_in = isinstance(response, HttpResponseRedirect)
        if came_in and not super().has_permission(request):
            return HttpResponseRedirect(reverse("home"))
        return response

    def verify(self, request: HttpRequest) -> HttpResponse:
        """Ask for a code."""
        if not super().has_permission(request):
            return self._to("login", request)
        user: Any = request.user
        if not second_factor.has_second_factor(user) or user.is_verified():
            return self._onward(request)
        form = CodeForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            self._let_in(request, form)
            return self._onward(request)
        return self._page(request, "verify", {"title": _("Second step"), "form": form})

    def set_up(self, request: HttpRequest) -> HttpResponse:
        """Show the key to a telephone, and recovery codes when it has proved that it knows it."""
        if not super().has_permission(request):
            return self._to("login", request)
        user: Any = request.user
        # Otherwise a password alone would be enough to replace the telephone.
        if second_factor.has_second_factor(user) and not user.is_verified():
            return self._to("verify", request)
        telephone = second_factor.new_telephone(user)
        form = CodeForm(request.POST or None, user=user, telephone=telephone)
        context: dict[str, Any] = {"title": _("Two-factor sign-in"), "form": form}
        if request.method == "POST" and form.is_valid():
            telephone.refresh_from_db()
            codes = second_factor.set_up(user, telephone)
            self._let_in(request, form)
            return self._page(request, "recovery", context | {"codes": codes})
        context |= {
            "square": Square.of(telephone.config_url),
            "key": second_factor.key_to_type(telephone),
            "again": user.is_verified(),
        }
        return self._page(request, "set_up", context)

    def _let_in(self, request: HttpRequest, form: CodeForm) -> None:
        request.session.cycle_key()
        django_otp.login(request, form.device)

    def _onward(self, request: HttpRequest) -> HttpResponseRedirect:
        """Lead to the next step, or to where the user wanted to go."""
        if second_factor.is_missing(request.user):
            known = second_factor.has_second_factor(request.user)
            return self._to("verify" if known else "set_up", request)
        return HttpResponseRedirect(self._wanted(request))

    def _to(self, name: str, request: HttpRequest) -> HttpResponseRedirect:
        wanted = urlencode({REDIRECT_FIELD_NAME: self._wanted(request)})
        return HttpResponseRedirect(f"{reverse(f'admin:{name}')}?{wanted}")

    def _wanted(self, request: HttpRequest) -> str:
        named = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(
            REDIRECT_FIELD_NAME, ""
        )
        ours = url_has_allowed_host_and_scheme(
            named, {request.get_host()}, require_https=request.is_secure()
        )
        return named if ours else reverse("admin:index")

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any]
    ) -> HttpResponse:
        shown = {**self.each_context(request), "wanted": self._wanted(request)}
        # What cannot be opened yet is not listed.
        shown |= {"is_nav_sidebar_enabled": False, **context}
        status = 422 if context["form"].errors else 200
        return TemplateResponse(request, f"admin/{name}.html", shown, status=status)


def _shielded(view: Callable[[HttpRequest], HttpResponse]) -> View:
    return never_cache(csrf_protect(view))
