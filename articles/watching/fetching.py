"""Get one document of the public web: in time, in bounds, and only if it changed.

``fetch`` connects to an address that ``addresses`` has judged, and to no other: proxies
of the environment and cookies are no part of it, and each redirect is judged anew.
"""

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urljoin

from django.utils.translation import gettext_noop

from articles.watching.addresses import Place, public_addresses, read_address
from articles.watching.limits import WatchingLimits, watching_limits
from articles.watching.problems import WatchError

TOO_SLOW = gettext_noop(
    "%(host)s took longer than %(seconds)d seconds, which is the limit; change it with "
    'WATCHING["feed_seconds"] in settings.'
)
TOO_LARGE = gettext_noop(
    "%(host)s sends more than %(bytes)d bytes, which is the limit; change it with "
    'WATCHING["feed_bytes"] in settings.'
)
TOO_MANY_REDIRECTS = gettext_noop(
    "The address leads to another one more than %(redirects)d times, which is the "
    "limit. Use the one where the feed is."
)
NO_CONNECTION = gettext_noop("%(host)s cannot be reached: %(reason)s.")
NO_TRUST = gettext_noop("The certificate of %(host)s is not valid: %(reason)s.")
NO_ANSWER = gettext_noop("%(host)s does not answer as the web does: %(reason)s.")
CUT_SHORT = gettext_noop("%(host)s ended before all was sent; it is asked again later.")
STATUS = gettext_noop("%(host)s answers with status %(status)d (%(words)s).")
GONE = gettext_noop(
    "%(host)s says that the feed is gone for good (410): it is not looked at any more."
)
ENCODING = gettext_noop(
    "%(host)s sends the feed packed as “%(encoding)s”, which was not asked for."
)

PART = 65_536
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_UNPACKED = frozenset(["", "identity"])
_PACKED = frozenset(["gzip", "x-gzip", "deflate"])
_MOST_WAIT = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent.

    Attributes:
        body: the document; None if it is what it was.
        kind: what the server says that it is.
        etag: by which the server knows it again, and ``modified`` since when it is so.
    """

    body: bytes | None
    kind: str = ""
    etag: str = ""
    modified: str = ""


def fetch(address: str, *, etag: str = "", modified: str = "") -> Fetched:
    """Get a document, unless it is what it was when it had ``etag`` and ``modified``.

    Raises:
        WatchError: it is not to be had, or not in the limits.
    """
    limits = watching_limits()
    end = time.monotonic() + limits.feed_seconds
    headers = {
        "User-Agent": "Newsarchive",
        "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, "
        "text/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    for _ in range(limits.redirects + 1):
        place = read_address(address)
        answer = _ask(place, headers, limits, end)
        if isinstance(answer, Fetched):
            return answer
        address = urljoin(address, answer)
    raise WatchError(TOO_MANY_REDIRECTS, redirects=limits.redirects)


def _ask(
    place: Place, headers: dict[str, str], limits: WatchingLimits, end: float
) -> Fetched | str:
    """Return what a server sent, or the address that it sends us to."""
    late = WatchError(TOO_SLOW, host=place.host, seconds=limits.feed_seconds)
    try:
        with closing(_connect(place, end)) as line:
            connection = http.client.HTTPConnection(place.host, place.port)
            connection.sock = cast("Any", _Line(line, end))
            connection.request(
                "GET", place.target, headers={"Host": place.host_header, **headers}
            )
            with connection.getresponse() as response:
                return _read(place, response, limits)
    except TimeoutError as error:
        raise late from error
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message or str(error)
        raise WatchError(NO_TRUST, host=place.host, reason=reason) from error
    except http.client.HTTPException as error:
        reason = str(error) or type(error).__name__
        raise WatchError(NO_ANSWER, host=place.host, reason=reason[:200]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WatchError(NO_CONNECTION, host=place.host, reason=reason) from error


def _connect(place: Place, end: float) -> socket.socket:
    """Connect to an address of the server that was judged."""
    addresses = public_addresses(place, end - time.monotonic())
    problem: OSError | None = None
    for address in addresses:
        try:
            line = socket.create_connection((address, place.port), _left(end))
        except TimeoutError:
            raise
        except OSError as error:
            problem = error
            continue
        if place.scheme == "http":
            return line
        try:
            line.settimeout(_left(end))
            # The certificate has to be the name's, not the address's.
            return ssl.create_default_context().wrap_socket(
                line, server_hostname=place.host
            )
        except BaseException:
            line.close()
            raise
    raise problem or OSError("no address")


def _read(
    place: Place, response: http.client.HTTPResponse, limits: WatchingLimits
) -> Fetched | str:
    status = response.status
    if status in _REDIRECTS and (where := response.getheader("Location")):
        return where
    if status == http.client.NOT_MODIFIED:
        return Fetched(None)
    if status == http.client.GONE:
        raise WatchError(GONE, gone=True, host=place.host)
    if status != http.client.OK:
        raise WatchError(
            STATUS,
            wait=_asked_wait(response),
            host=place.host,
            status=status,
            words=http.client.responses.get(status, response.reason)[:100],
        )
    body = b"".join(_bounded(place, _unpacked(place, response, limits), limits))
    return Fetched(
        body,
        kind=response.getheader("Content-Type", "").split(";")[0].strip()[:100],
        etag=response.getheader("ETag", "")[:1000],
        modified=response.getheader("Last-Modified", "")[:100],
    )


def _unpacked(
    place: Place, response: http.client.HTTPResponse, limits: WatchingLimits
) -> Iterator[bytes]:
    """Yield a document in parts that are not large, however well it was packed."""
    packing = response.getheader("Content-Encoding", "").strip().lower()
    sent = _bounded(place, _sent(place, response), limits)
    if packing in _UNPACKED:
        yield from sent
        return
    if packing not in _PACKED:
        raise WatchError(ENCODING, host=place.host, encoding=packing[:40])
    # Of gzip and zlib, whichever it is.
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for part in sent:
            data = part
            while data:
                yield unpacker.decompress(data, PART)
                data = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise WatchError(NO_ANSWER, host=place.host, reason=str(error)) from error
    if not unpacker.eof:
        raise WatchError(CUT_SHORT, host=place.host)


def _sent(place: Place, response: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while part := response.read(PART):
            yield part
    except http.client.IncompleteRead as error:
        raise WatchError(CUT_SHORT, host=place.host) from error
    # With a length, the library takes an early end for the end.
    if response.length:
        raise WatchError(CUT_SHORT, host=place.host)


def _bounded(
    place: Place, parts: Iterator[bytes], limits: WatchingLimits
) -> Iterator[bytes]:
    total = 0
    for part in parts:
        total += len(part)
        if total > limits.feed_bytes:
            raise WatchError(TOO_LARGE, host=place.host, bytes=limits.feed_bytes)
        yield part


def _asked_wait(response: http.client.HTTPResponse) -> int:
    """Return how many seconds the server asks to be left alone, within reason."""
    with suppress(ValueError):
        return max(0, min(int(response.getheader("Retry-After", "0")), _MOST_WAIT))
    return 0


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Line:
    """A connection that ends at a moment, however little it sends at a time."""

    def __init__(self, line: socket.socket, end: float) -> None:
        self._line = line
        self._end = end

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(_left(self._end))
        self._line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode
        return io.BufferedReader(cast("Any", _Reader(self._line, self._end)))

    def close(self) -> None:
        """Stay open: the library closes what it asks by, and reads on."""


class _Reader(io.RawIOBase):
    def __init__(self, line: socket.socket, end: float) -> None:
        super().__init__()
        self._line = line
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._end))
        return self._line.recv_into(buffer)
