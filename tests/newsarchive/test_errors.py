"""What goes wrong inside tells nobody outside how the archive is made."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from articles import article_views
from articles.imports import Import
from tests.factories import make_article

INSIDE = "a text that only the inside knows"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Client:
    """An archive in which a page fails, with all that an error knows."""

    def fail(*_args: object) -> None:
        told = INSIDE
        raise RuntimeError(f"no route to {told}")

    monkeypatch.setattr(article_views, "_find", fail)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_an_error_shows_nothing_of_the_inside(broken: Client, accept: str) -> None:
    assert django_settings.DEBUG is False
    response = broken.get("/ar/articles/1/", headers={"Accept": accept})
    page = response.content.decode()
    assert response.status_code == 500
    assert "Nothing is lost" in page
    for inside in (
        INSIDE,
        "Traceback",
        "RuntimeError",
        "article_views",
        "Django",
        str(django_settings.ROOT),
        django_settings.SECRET_KEY,
        *map(str, django_settings.DATABASES["default"].values()),
    ):
        if len(inside) > 4:
            assert inside not in page
    assert response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "host"),
    [("/ar/nothing/", "localhost"), ("/ar/", "evil.example"), ("/ar/%00", "localhost")],
)
def test_what_is_asked_wrongly_shows_nothing_either(path: str, host: str) -> None:
    response = Client(headers={"Host": host}).get(path)
    assert response.status_code in {400, 404}
    page = response.content.decode()
    assert "urlpatterns" not in page
    assert "ALLOWED_HOSTS" not in page
    assert "Traceback" not in page


@pytest.fixture
def importer(db: None, settings: Settings, tmp_path: Path) -> Client:
    settings.VAR = tmp_path
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    user = User.objects.create_superuser("root")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_uploads_lie_where_no_address_leads(importer: Client, tmp_path: Path) -> None:
    text = b"<script>alert(1)</script>"
    for name in ("page.html", "../../static/x.html", "shell.php", "a.svg"):
        file = SimpleUploadedFile(name, text, content_type="text/html")
        importer.post("/admin/articles/import/add/", {"uploads": [file]})
    kept = [Path(run.path) for run in Import.objects.all()]
    assert len(kept) == 4
    for path in kept:
        assert path.parent == tmp_path / "imports"
        # Nothing of the name that it came under, least of all its ending.
        assert re.fullmatch(r"[0-9a-f]{32}", path.name)
        assert not path.stat().st_mode & 0o111
        for address in (
            f"/static/{path.name}",
            f"/imports/{path.name}",
            f"/media/{path.name}",
        ):
            assert importer.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("articles.jsonl", b"\x7fELF\x02\x01\x01" + bytes(200)),
        ("articles.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("report.txt", b"MZ\x90\x00" + bytes(range(256)) * 4),
    ],
)
def test_files_that_are_no_articles_are_told_by_what_is_in_them(
    importer: Client, name: str, data: bytes
) -> None:
    file = SimpleUploadedFile(name, data)
    page = importer.post(
        "/admin/articles/import/add/", {"uploads": [file]}, follow=True
    )
    assert page.status_code in {200, 422}
    text = page.content.decode()
    assert 'class="added"' not in text
    assert "errornote" in text or "failed" in text or "errorlist" in text


def test_a_page_of_an_article_never_runs_what_is_in_it(
    client: Client, db: None
) -> None:
    article = make_article(
        title="<script>alert(1)</script>", body="<img onerror=alert(1)>"
    )
    page = client.get(f"/en/articles/{article.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img onerror" not in page
