"""The headers of every answer: what browsers must not do for a page of the archive."""

from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory

from newsarchive.headers import HEADERS, HeadersMiddleware

pytestmark = pytest.mark.django_db

PATHS = ["/en/", "/en/nothing/", "/admin/login/", "/robots.txt", "/static/favicon.svg"]


def policy(response: Any) -> dict[str, set[str]]:
    """Return directive -> sources."""
    parts = response["Content-Security-Policy"].split("; ")
    return {name: set(rest) for name, *rest in (part.split() for part in parts)}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.usefixtures("search_backend")
def test_every_answer_has_them(path: str) -> None:
    response = Client().get(path)
    directives = policy(response)
    assert directives["default-src"] == {"'none'"}
    for name in ("base-uri", "frame-ancestors", "object-src"):
        assert directives[name] == {"'none'"}
    for name in ("script-src", "style-src", "form-action"):
        assert directives[name] == {"'self'"}
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY" or path.startswith("/static/")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_what_is_written_into_a_page_runs_with_its_nonce_only() -> None:
    template = engines["django"].from_string(
        '<script nonce="{{ request.csp_nonce }}">1</script>'
    )

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({}, request))

    answers: list[Any] = [
        CSPMiddleware(view)(RequestFactory().get("/")) for _ in range(2)
    ]
    nonces = [response.content.decode().split('"')[1] for response in answers]
    assert len(set(nonces)) == 2
    for response, nonce in zip(answers, nonces, strict=True):
        assert policy(response)["script-src"] == {"'self'", f"'nonce-{nonce}'"}


def test_a_view_may_say_otherwise_of_itself() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    response = HeadersMiddleware(view)(RequestFactory().get("/"))
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Permissions-Policy"] == HEADERS["Permissions-Policy"]


def test_scripts_cannot_read_cookies() -> None:
    client = Client()
    client.get("/admin/login/")
    client.post("/i18n/setlang/", {"language": "fr", "next": "/fr/"})
    client.post("/en/conventions/", {"digits": "arabic", "next": "/en/"})
    for name in (settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
