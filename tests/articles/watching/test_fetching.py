"""Documents of the web: in time, in bounds, from where they may be."""

import gzip
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from articles.watching import addresses, fetching
from articles.watching.fetching import Fetched, fetch
from articles.watching.problems import WatchError
from tests.articles.watching.web import LOOPBACK, Handler, Server, reach, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Server]:
    with serving() as started:
        reach(
            monkeypatch,
            settings,
            started,
            {
                "inner.example": ["10.0.0.1"],
                "mixed.example": ["8.8.8.8", "192.168.0.1"],
            },
        )
        yield started


def problem(server: Server, path: str = "/") -> WatchError:
    with pytest.raises(WatchError) as raised:
        fetch(server.address(path))
    return raised.value


def answer(server: Server, give: Callable[[Handler], object]) -> None:
    server.answers["/"] = give


def test_a_document_is_fetched_with_what_it_is_known_by(server: Server) -> None:
    answer(
        server,
        lambda to: to.send(
            b"news", ETag='"1"', Last_Modified="Mon", Content_Type="text/xml; charset=x"
        ),
    )
    got = fetch(server.address("/?a=1"))
    assert got == Fetched(b"news", kind="text/xml", etag='"1"', modified="Mon")
    asked = server.asked[0]
    assert asked["host"] == f"feed.example:{server.port}"
    assert not {"cookie", "authorization", "if-none-match"} & set(asked)


def test_a_document_that_is_what_it_was_is_not_sent_again(server: Server) -> None:
    answer(server, lambda to: to.send(status=304))
    got = fetch(server.address("/"), etag='"1"', modified="Mon")
    assert got.body is None
    asked = server.asked[0]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"1"', "Mon")


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_packed_documents_are_unpacked(
    server: Server, packing: str, pack: Callable[[bytes], bytes]
) -> None:
    body = b"news" * 100_000
    answer(server, lambda to: to.send(pack(body), Content_Encoding=packing))
    assert fetch(server.address("/")).body == body


def test_a_bomb_is_put_down_before_it_is_unpacked(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WATCHING |= {"feed_bytes": 500_000}
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 500_000
    answer(server, lambda to: to.send(bomb, Content_Encoding="gzip"))
    held: list[int] = []
    bounded = fetching._bounded

    def watch(place: Any, parts: Any, limits: Any) -> Iterator[bytes]:
        for part in bounded(place, parts, limits):
            held.append(len(part))
            yield part

    monkeypatch.setattr(fetching, "_bounded", watch)
    assert 'more than 500000 bytes, which is the limit; change it with WATCHING["' in (
        str(problem(server))
    )
    assert sum(held) < 1_200_000


def test_an_endless_body_is_left(server: Server, settings: Settings) -> None:
    settings.WATCHING |= {"feed_bytes": 500_000}

    def pour(to: Handler) -> None:
        to.send_response(200)
        to.end_headers()
        while True:
            to.wfile.write(bytes(65_536))

    answer(server, pour)
    assert "more than 500000 bytes" in str(problem(server))


def drip_body(to: Handler) -> None:
    to.send_response(200)
    to.end_headers()
    drip(to, b"x")


def drip_headers(to: Handler) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\n")
    drip(to, b"X: y\r\n")


def drip(to: Handler, piece: bytes) -> None:
    # Something always comes before any wait for something would end.
    for _ in range(200):
        to.wfile.write(piece)
        if threading.Event().wait(0.02):
            return


def say_nothing(_to: Handler) -> None:
    threading.Event().wait(0.6)


@pytest.mark.parametrize("slow", [drip_body, drip_headers, say_nothing])
def test_a_slow_server_is_left_in_time(
    server: Server, settings: Settings, slow: Callable[[Handler], object]
) -> None:
    settings.WATCHING |= {"feed_seconds": 0.2}
    answer(server, slow)
    assert "took longer than" in str(problem(server))
    assert 'WATCHING["feed_seconds"]' in str(problem(server))


@pytest.mark.parametrize(
    ("status", "said", "gone"),
    [
        (404, "status 404 (Not Found)", False),
        (403, "status 403", False),
        (500, "status 500", False),
        (204, "status 204", False),
        (301, "status 301", False),
        (410, "gone for good (410)", True),
    ],
)
def test_other_answers_are_told_in_words(
    server: Server, status: int, said: str, *, gone: bool
) -> None:
    answer(server, lambda to: to.send(status=status))
    told = problem(server)
    assert said in str(told)
    assert told.gone is gone


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("120", 120), ("-5", 0), ("soon", 0), ("99999999999", 7 * 24 * 3600)],
)
def test_who_asks_to_be_left_alone_is(server: Server, asked: str, wait: int) -> None:
    answer(server, lambda to: to.send(status=503, Retry_After=asked))
    assert problem(server).wait == wait


def cut_length(to: Handler) -> None:
    to.send_response(200)
    to.send_header("Content-Length", "100")
    to.end_headers()
    to.wfile.write(b"half")


def cut_chunk(to: Handler) -> None:
    to.send_response(200)
    to.send_header("Transfer-Encoding", "chunked")
    to.end_headers()
    to.wfile.write(b"a\r\nhalf")


def cut_gzip(to: Handler) -> None:
    to.send(gzip.compress(bytes(range(256)) * 40)[:-20], Content_Encoding="gzip")


@pytest.mark.parametrize("cut", [cut_length, cut_chunk, cut_gzip])
def test_half_a_document_is_none(
    server: Server, cut: Callable[[Handler], object]
) -> None:
    answer(server, cut)
    assert "ended before all was sent" in str(problem(server))


@pytest.mark.parametrize(
    "sent",
    [b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, b""],
)
def test_what_is_no_web_server_is_told(server: Server, sent: bytes) -> None:
    answer(server, lambda to: to.wfile.write(sent))
    assert "does not answer as the web does" in str(problem(server))


def test_bad_packing_is_told(server: Server) -> None:
    answer(server, lambda to: to.send(b"x", Content_Encoding="br"))
    assert "packed as “br”" in str(problem(server))
    answer(server, lambda to: to.send(b"no gzip at all", Content_Encoding="gzip"))
    assert "does not answer as the web does" in str(problem(server))


def test_redirects_are_followed(server: Server) -> None:
    server.answers["/"] = lambda to: to.send(status=301, Location="/b?c=d")
    server.answers["/b"] = lambda to: to.send(
        status=302, Location=f"http://feed.example:{server.port}/c"
    )
    server.answers["/c"] = lambda to: to.send(b"news")
    assert fetch(server.address("/")).body == b"news"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("http://127.0.0.2/", "127.0.0.2, which is not on the public internet"),
        ("http://inner.example/", "10.0.0.1, which is not on the public internet"),
        ("http://mixed.example/", "192.168.0.1, which is not on the public"),
        ("http://[::1]/", "not on the public internet|No server"),
        ("http://169.254.169.254/latest/", "169.254.169.254, which is not"),
        ("http://feed.example:22/", "Port 22"),
        ("file:///etc/passwd", "is no address"),
        ("ftp://feed.example/", "is no address"),
        ("http://user:secret@feed.example/", "user name or a password"),
    ],
)
def test_a_redirect_leads_nowhere_else(
    server: Server, monkeypatch: pytest.MonkeyPatch, where: str, said: str
) -> None:
    named = addresses.resolve
    monkeypatch.setattr(
        addresses,
        "resolve",
        lambda host, *rest: (
            [host] if host[0].isdigit() or ":" in host else named(host, *rest)
        ),
    )
    answer(server, lambda to: to.send(status=302, Location=where))
    with pytest.raises(WatchError, match=said):
        fetch(server.address("/"))


def test_a_ring_of_redirects_is_left(server: Server) -> None:
    answer(server, lambda to: to.send(status=302, Location="/"))
    assert "more than 5 times" in str(problem(server))
    assert len(server.asked) == 6


def test_what_was_judged_is_connected_to(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name server that answers otherwise the second time is not asked again.
    answers = iter([[LOOPBACK], ["10.0.0.1"]])
    monkeypatch.setattr(addresses, "resolve", lambda *_: next(answers))
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def note(host: Any, *rest: Any, **options: Any) -> Any:
        looked_up.append(host)
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    answer(server, lambda to: to.send(b"news"))
    assert fetch(server.address("/")).body == b"news"
    assert set(looked_up) == {LOOPBACK}
    with pytest.raises(WatchError, match="not on the public internet"):
        fetch(server.address("/"))


def test_proxies_of_the_environment_are_not_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    answer(server, lambda to: to.send(b"news"))
    assert fetch(server.address("/")).body == b"news"


def test_a_server_that_is_not_there_is_told(server: Server, settings: Settings) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    settings.WATCHING |= {"ports": (port,)}
    with pytest.raises(WatchError, match=r"cannot be reached: Connection refused\."):
        fetch(f"http://feed.example:{port}/")
    with pytest.raises(WatchError, match=r"No server is called nowhere\.example"):
        fetch(f"http://nowhere.example:{port}/")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate of feed.example, with its key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", path,
         "-out", f"{path}.crt", "-subj", "/CN=feed.example",
         "-addext", "subjectAltName=DNS:feed.example"],
        check=False,
        capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"openssl makes no certificate: {made.stderr.decode()}")
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_certificates_are_the_name_s(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    asked_for: list[str | None] = []
    tls.sni_callback = lambda _line, name, _context: asked_for.append(name)
    with serving(tls) as server:
        reach(monkeypatch, settings, server, {"other.example": [LOOPBACK]})
        answer(server, lambda to: to.send(b"news"))
        address = f"https://feed.example:{server.port}/"
        with pytest.raises(WatchError, match=r"certificate of feed\.example is not"):
            fetch(address)
        trust = ssl.create_default_context
        monkeypatch.setattr(
            ssl, "create_default_context", lambda: trust(cafile=str(certificate))
        )
        assert fetch(address).body == b"news"
        assert asked_for[-1] == "feed.example"
        with pytest.raises(WatchError, match=r"certificate of other\.example"):
            fetch(f"https://other.example:{server.port}/")
