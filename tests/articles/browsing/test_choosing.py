"""The form in the footer: what it keeps, and where it leads."""

import pytest
from django.test import Client

from tests.factories import make_article

pytestmark = pytest.mark.django_db

CHOICE = {"digits": "arabic", "months": "levantine"}


def test_a_choice_is_kept_and_the_reader_stays_where_they_are() -> None:
    client = Client(enforce_csrf_checks=True)
    make_article()
    page = client.get("/ar/calendar/2020/1/?page=1").content.decode()
    assert 'value="/ar/calendar/2020/1/?page=1"' in page
    assert "يناير 2020" in page
    response = client.post(
        "/ar/conventions/", CHOICE | {"next": "/ar/calendar/2020/1/?page=1"}
    )
    assert response["Location"] == "/ar/calendar/2020/1/?page=1"
    cookie = response.cookies["conventions"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    page = client.get("/ar/calendar/2020/1/").content.decode()
    assert "كانون الثاني ٢٠٢٠" in page
    assert '<option value="levantine" selected>' in page


@pytest.mark.parametrize(
    "place",
    ["", "https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"],
)
def test_it_leads_to_no_other_site(client: Client, place: str) -> None:
    response = client.post("/ar/conventions/", CHOICE | {"next": place})
    assert response["Location"] == "/ar/"


def test_nonsense_is_the_usual(client: Client) -> None:
    response = client.post("/ar/conventions/", {"digits": "x", "months": "\r\ny"})
    assert response.cookies["conventions"].value == "western.common"


def test_it_is_not_for_looking(client: Client) -> None:
    assert client.get("/ar/conventions/").status_code == 405


def test_only_arabic_has_a_choice(client: Client) -> None:
    assert 'class="conventions"' in client.get("/ar/").content.decode()
    assert 'class="conventions"' not in client.get("/fr/").content.decode()
