"""Where feeds may be: the public internet, by whatever way an address is written."""

import socket
import time
from typing import Any

import pytest

from articles.watching import addresses
from articles.watching.addresses import (
    is_public,
    public_addresses,
    read_address,
    resolve,
)
from articles.watching.problems import WatchError


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.8.8.8", id="loopback, far"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.16.0.1", id="private 172"),
        pytest.param("192.168.1.1", id="private 192"),
        pytest.param("169.254.169.254", id="link-local, metadata of clouds"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("192.0.0.8", id="protocol assignments"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("192.88.99.1", id="6to4 relay"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("239.255.255.250", id="multicast, local"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::1", id="loopback 6"),
        pytest.param("::", id="unspecified 6"),
        pytest.param("::7f00:1", id="IPv4-compatible"),
        pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
        pytest.param("::ffff:10.0.0.1", id="mapped private"),
        pytest.param("::ffff:169.254.169.254", id="mapped metadata"),
        pytest.param("64:ff9b::a00:1", id="NAT64 private"),
        pytest.param("64:ff9b::7f00:1", id="NAT64 loopback"),
        pytest.param("64:ff9b:1::1", id="NAT64, one's own"),
        pytest.param("2002:a00:1::1", id="6to4 private"),
        pytest.param("2002:7f00:1::1", id="6to4 loopback"),
        pytest.param("2002:808:808::1", id="6to4"),
        pytest.param("2001:0:808:808::1", id="Teredo"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fe80::1", id="link-local 6"),
        pytest.param("fe80::1%eth0", id="link-local 6, of an interface"),
        pytest.param("2606:4700::1%eth0", id="of an interface"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("ff02::1", id="multicast 6"),
        pytest.param("ff0e::1", id="multicast 6, global"),
        pytest.param("100::1", id="discarding"),
        pytest.param("2001:db8::1", id="documentation 6"),
        pytest.param("3fff::1", id="documentation 6, new"),
        pytest.param("4000::1", id="reserved 6"),
        pytest.param("localhost", id="no address"),
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.15.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"],
)
def test_what_is_on_the_public_internet_is_not(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://feed.example/", "is no address"),
        ("file:///etc/passwd", "is no address"),
        ("gopher://feed.example/", "is no address"),
        ("feed.example/rss", "is no address"),
        ("http://", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://feed.example:port/", "is no address"),
        ("http://feed.example:99999/", "is no address"),
        ("http://feed.example/a b", "is no address"),
        ("http://feed.example/\r\nHost: other", "is no address"),
        ("http://feed.example\\@other/", "is no address"),
        (f"http://{'a' * 70}.حصاد/", "is no address"),
        ("http://user@feed.example/", "user name or a password"),
        ("http://user:secret@feed.example/", "user name or a password"),
        ("http://feed.example:22/", "Port 22 of feed.example"),
    ],
)
def test_other_addresses_are_refused_in_words(address: str, said: str) -> None:
    with pytest.raises(WatchError, match=said) as refused:
        read_address(address)
    assert "secret" not in str(refused.value)


def test_addresses_of_every_script_are_read() -> None:
    place = read_address(" https://مثال.example/أخبار?باب=رياضة ")
    assert place.host == "xn--mgbh0fb.example"
    assert place.port == 443
    assert place.target.isascii()
    assert place.host_header == "xn--mgbh0fb.example"
    assert read_address("http://[2606:4700::1]/").host_header == "[2606:4700::1]"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "017700000001", "localhost"]
)
def test_no_way_of_writing_it_leads_to_this_machine(host: str) -> None:
    place = read_address(f"http://{host}/")
    with pytest.raises(WatchError, match=r"not on the public internet|No server"):
        public_addresses(place, 5)


def test_one_private_answer_among_public_ones_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = ["8.8.8.8", "10.0.0.1"]
    monkeypatch.setattr(addresses, "resolve", lambda *_: answers)
    with pytest.raises(WatchError, match=r"feed.example leads to 10\.0\.0\.1"):
        public_addresses(read_address("http://feed.example/"), 5)
    answers.pop()
    assert public_addresses(read_address("http://feed.example/"), 5) == ["8.8.8.8"]


def test_a_silent_name_server_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(*_arguments: Any, **_options: Any) -> list[Any]:
        time.sleep(0.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    assert resolve("feed.example", 80, 0.01) == []
    assert time.monotonic() - began < 0.4
