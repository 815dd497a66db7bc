"""Where a feed may be: addresses of the public internet, and no other.

An editor's address, or a redirect, or the answer of a name server, could lead to what
only this machine reaches: itself, its neighbours, the metadata of a cloud. A name is
looked up once, every answer is judged, and the connection goes to an answer that was
judged: a second look-up could answer otherwise.
"""

import queue
import re
import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from threading import Thread
from urllib.parse import SplitResult, quote, urlsplit

from django.utils.translation import gettext_noop

from articles.watching.limits import watching_limits
from articles.watching.problems import WatchError

NO_ADDRESS = gettext_noop(
    "%(address)s is no address of a feed: use one that begins with http:// or https://."
)
HAS_PASSWORD = gettext_noop(
    "The address has a user name or a password in it, which would be shown to others. "
    "Use one without."
)
PORT = gettext_noop(
    "Port %(port)s of %(host)s is not connected to. Ports are allowed by "
    'WATCHING["ports"] in settings.'
)
UNKNOWN = gettext_noop("No server is called %(host)s, or the name server is silent.")
NOT_PUBLIC = gettext_noop(
    "%(host)s leads to %(address)s, which is not on the public internet. Feeds are "
    "fetched from public addresses only."
)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:=&?~#+!$,;'@()*[]"

# Networks by which IPv6 reaches IPv4: the address inside is what is connected to.
_TRANSLATING = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
# Public by the letter, and not meant for feeds: translation within one's own network,
# discarding, relays, and tunnels.
_REFUSED = tuple(
    map(
        ip_network,
        (
            "64:ff9b:1::/48",
            "100::/64",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "2001::/32",
            "2001:10::/28",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is: what is connected to, and what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """The name of the server, as HTTP says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.port == _DEFAULT_PORTS[self.scheme]:
            return host
        return f"{host}:{self.port}"


def read_address(address: str) -> Place:
    """Read the address of a document of the web.

    Raises:
        WatchError: it is none, or none that is fetched.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
        host = _ascii(parts.hostname or "")
    except ValueError as error:
        raise WatchError(NO_ADDRESS, address=address) from error
    if parts.scheme not in _DEFAULT_PORTS or not host or _has_controls(address):
        raise WatchError(NO_ADDRESS, address=address)
    if parts.username is not None or parts.password is not None:
        raise WatchError(HAS_PASSWORD)
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in watching_limits().ports:
        raise WatchError(PORT, port=port, host=host)
    return Place(parts.scheme, host, port, _target(parts))


def public_addresses(place: Place, seconds: float) -> list[str]:
    """Return the addresses of a server, all of which are public.

    Raises:
        WatchError: there is none, or one of them is not public.
    """
    found = resolve(place.host, place.port, seconds)
    if not found:
        raise WatchError(UNKNOWN, host=place.host)
    for address in found:
        # One that is not is enough: who answers so means no good.
        if not is_public(address):
            raise WatchError(NOT_PUBLIC, host=place.host, address=address)
    return found


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses that a name has; none if nobody says so in time."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put(list(dict.fromkeys(str(one[4][0]) for one in found)))

    # The system's look-up knows no time limit: who hangs in it is left behind.
    Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        return []


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, and what it leads to is, too."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return False
        inner = _embedded(found)
        if inner is not None:
            return _is_global(inner) and (
                found in _TRANSLATING or found.ipv4_mapped is not None
            )
    return _is_global(found)


def _is_global(found: IPv4Address | IPv6Address) -> bool:
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not found.is_link_local
        and not any(found in network for network in _REFUSED)
    )


def _embedded(found: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if found.ipv4_mapped is not None:
        return found.ipv4_mapped
    if found.sixtofour is not None:
        return found.sixtofour
    if found in _TRANSLATING or found in _COMPATIBLE:
        return IPv4Address(int(found) & 0xFFFF_FFFF)
    return None


def _ascii(host: str) -> str:
    """Return a host as it is looked up; names of other scripts are encoded."""
    if host.isascii():
        return host.rstrip(".")
    return host.encode("idna").decode("ascii").rstrip(".")


def _has_controls(address: str) -> bool:
    return bool(re.search(r"[\x00-\x20\x7f\\]", address.strip()))


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_KEPT)
    return f"{path}?{quote(parts.query, safe=_KEPT)}" if parts.query else path
