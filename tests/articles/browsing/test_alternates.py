"""Other languages of a page, told to machines."""

import re

import pytest
from django.test import Client

from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["", "calendar/", "sources/", "calendar/2020/1/1/"])
def test_a_page_names_itself_in_every_language(client: Client, path: str) -> None:
    make_article()
    shown = client.get(f"/fr/{path}").content.decode()
    found = dict(re.findall(r'hreflang="(\w+)" href="(http[^"]*)"', shown))
    assert found == {
        language: f"http://testserver/{language}/{path}"
        for language in ("ar", "fr", "en")
    }


def test_a_search_is_not_told_to_machines(client: Client) -> None:
    shown = client.get("/fr/search/?q=a").content.decode()
    assert 'rel="alternate" hreflang' not in shown
