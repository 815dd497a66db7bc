"""Addresses made of names."""

from urllib.parse import unquote, urljoin

import pytest
from django.test import Client
from django.urls import resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_article

NAMES = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1
)


@given(name=NAMES)
def test_a_name_is_read_back_from_its_address(name: str) -> None:
    for kind in ("author", "author-feed"):
        address = reverse(kind, args=[name])
        assert resolve(unquote(address)).kwargs == {"key": name}
        assert address.isascii()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("أ/ب", id="slash"),
        pytest.param("..", id="dots"),
        pytest.param("~1", id="what stands for a slash"),
        pytest.param('"O\'Neill" <b>', id="quotes and brackets"),
        pytest.param("100% ?#&=+;", id="what addresses are made of"),
        pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}abc", id="bidi control"),
        pytest.param("أ\nب", id="line break"),
        pytest.param("\\ \x01", id="control character"),
        pytest.param("feed", id="name of another page"),
    ],
)
@pytest.mark.django_db
def test_a_page_is_found_by_any_name(client: Client, name: str) -> None:
    make_article(authors=[name], place=name)
    for kind in ("author", "place", "author-feed"):
        address = reverse(kind, args=[name])
        # A browser would follow the address as it stands.
        assert urljoin("http://testserver/", address).endswith(address)
        response = client.get(address)
        assert response.status_code == 200
        if not kind.endswith("feed"):
            # The way to the other languages keeps the place.
            french = address.replace("/ar/", "/fr/").replace("&", "&amp;")
            assert (
                f'href="{french}"'.replace("'", "&#x27;") in response.content.decode()
            )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["authors/nobody/", "places/x/feed/", "authors/%00/"])
def test_a_name_without_articles_has_no_page(client: Client, path: str) -> None:
    assert client.get(f"/ar/{path}").status_code == 404
