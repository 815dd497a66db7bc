"""The address of a client: nobody gets another's by claiming it."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from newsarchive.clients import client_address

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "said", "expected"),
    [
        pytest.param(0, "", PROXY, id="nobody between"),
        pytest.param(0, "203.0.113.9", PROXY, id="claimed"),
        pytest.param(1, "203.0.113.9", "203.0.113.9", id="one proxy"),
        pytest.param(1, "1.1.1.1, 203.0.113.9", "203.0.113.9", id="claimed before it"),
        pytest.param(2, "203.0.113.9, 10.0.0.2", "203.0.113.9", id="two proxies"),
        pytest.param(2, "203.0.113.9", PROXY, id="one of two was passed by"),
        pytest.param(1, "2001:DB8::1", "2001:db8::1", id="IPv6"),
        pytest.param(1, "<script>", "", id="no address"),
    ],
)
def test_only_trusted_proxies_are_believed(
    settings: Settings, proxies: int, said: str, expected: str
) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": said} if said else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=PROXY)
    assert client_address(request) == expected


def test_a_socket_without_an_address_is_no_error() -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) == ""
