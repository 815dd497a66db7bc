"""A web of the test's own: servers on this machine, under names that only it knows."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from pytest_django.fixtures import Settings

from articles.watching import addresses

LOOPBACK = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """Answers by functions; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.answers: dict[str, Callable[[Handler], object]] = {}
        self.asked: list[dict[str, str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def address(self, path: str, host: str = "feed.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who asked may have gone, as some tests want it."""


class Handler(BaseHTTPRequestHandler):
    """Gives what the server's functions give."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = cast("Server", self.server)
        server.asked.append({name.lower(): v for name, v in self.headers.items()})
        server.answers[self.path.split("?")[0]](self)
        self.close_connection = True

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""

    def send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server."""
    with Server() as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def reach(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    server: Server,
    names: dict[str, list[str]] | None = None,
) -> None:
    """Let this machine be reached under names of the test's, and only so."""
    known = {"feed.example": [LOOPBACK]} | (names or {})
    settings.WATCHING = {"ports": (80, 443, server.port)} | settings.WATCHING
    is_public = addresses.is_public
    monkeypatch.setattr(
        addresses,
        "is_public",
        lambda address: address == LOOPBACK or is_public(address),
    )
    monkeypatch.setattr(
        addresses, "resolve", lambda host, _port, _seconds: known.get(host, [])
    )


def rss(*items: str, built: str = "") -> bytes:
    """Return a feed of articles with these titles."""
    written = "".join(
        f"<item><title>{title}</title><guid>{title}</guid>"
        f"<description>It rained on {title}, and nobody stayed at home.</description>"
        "</item>"
        for title in items
    )
    return (
        f"<rss version='2.0'><channel><title>Atlas</title><language>en</language>"
        f"<lastBuildDate>{built}</lastBuildDate>{written}</channel></rss>"
    ).encode()
