"""Requests of any kind to every address: none of them is an error of ours.

Addresses are those of the URL resolver, so that a new one is asked too; ``bench.fuzz``
asks thousands of times, of an archive of any size.
"""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from bench.fuzz import Asked, addresses, ask, asked

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("archive"),
]


def test_every_public_address_is_known() -> None:
    names = {address.name for address in addresses()}
    assert {"search", "search-json", "article", "sitemap", "place-feed"} <= names
    assert len(names) > 35


@tried(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_nothing_that_is_asked_is_an_error_of_ours(
    client: Client, data: st.DataObject
) -> None:
    request: Asked = data.draw(asked())
    assert ask(client, request).status_code < 500, request


def test_every_address_is_asked(client: Client) -> None:
    for address in addresses():
        for path in address.examples():
            assert client.get(path).status_code < 500, path
