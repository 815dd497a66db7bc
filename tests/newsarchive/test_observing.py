"""Every request has an id and a line, which says nothing of who asked for what."""

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from newsarchive import logs
from newsarchive.environment import env_choice
from newsarchive.logs import JSONFormatter, Origins, name_jobs
from tests.factories import make_article

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Collect every line of every logger, as the terminal would have it in JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Origins())
    handler.setFormatter(JSONFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def told(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_request_has_one_line_with_what_answered_it(
    client: Client, lines: io.StringIO
) -> None:
    response = client.get("/en/search/", {"q": "harvest"})
    (line,) = [one for one in told(lines) if one["logger"] == "newsarchive.access"]
    assert (line["method"], line["view"], line["status"]) == ("GET", "search", 200)
    assert line["ms"] > 0
    assert line["request_id"] == response["X-Request-ID"]
    assert line["message"].startswith("GET search 200 ")


@pytest.mark.parametrize(
    ("named", "is_taken"),
    [
        ("0123abcd-7", True),
        ("short", False),
        ("a" * 65, False),
        ("a word of mine", False),
        ("<script>alert</script>", False),
        ("", False),
    ],
)
def test_a_sane_id_is_taken_and_any_other_is_made(
    named: str, *, is_taken: bool, client: Client
) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": named})["X-Request-ID"]
    assert (given == named) is is_taken
    assert 8 <= len(given) <= 64


def test_each_request_has_an_id_of_its_own_and_leaves_none(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert logs.request_id.get() == ""


def test_every_line_of_a_request_has_its_id(
    client: Client, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        logging.getLogger("search").warning("inside")
        raise ZeroDivisionError

    monkeypatch.setattr("search.views.find", fail)
    client.raise_request_exception = False
    response = client.get("/en/search/", {"q": "harvest"})
    assert response.status_code == 500
    ids = {line.get("request_id") for line in told(lines)}
    assert ids == {response["X-Request-ID"]}
    # With the line of the error, which has its traceback.
    assert any("ZeroDivisionError" in line.get("exception", "") for line in told(lines))


def test_no_line_says_who_asked_or_for_what(lines: io.StringIO) -> None:
    make_article(body="plantedword")
    user = User.objects.create_user("planteduser", password="plantedpassword")
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="plantedagent")
    client.raise_request_exception = False
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    for path in (
        "/en/search/?q=plantedword",
        "/search.json?q=plantedword",
        "/en/search/complete/?q=plantedword",
        "/en/search/feed/?q=plantedword",
        "/en/nothing/plantedword/?q=plantedword",
        "/en/articles/1/?q=plantedword",
        "/admin/?next=plantedword",
    ):
        client.get(path, headers={"X-Forwarded-For": "203.0.113.78"})
    client.post("/admin/login/", {"username": "planteduser", "password": "plantedno"})
    text = lines.getvalue()
    assert text.count("newsarchive.access") == 8
    assert "planted" not in text
    assert "203.0.113" not in text


def test_a_line_of_text_names_the_request() -> None:
    record = logging.LogRecord("search", logging.INFO, "", 1, "done", (), None)
    token = logs.request_id.set("0123abcd")
    try:
        Origins().filter(record)
    finally:
        logs.request_id.reset(token)
    assert vars(record)["origin"] == " [request 0123abcd]"


def test_a_job_is_named_in_its_lines(lines: io.StringIO) -> None:
    app = App(connector=InMemoryConnector())
    name_jobs(app)

    @app.task(name="told")
    def tell() -> None:
        logging.getLogger("search").warning("at work")

    tell.defer()
    app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    (line,) = [one for one in told(lines) if one["message"] == "at work"]
    assert line["job_id"] == "1"
    assert logs.job_id.get() == ""


def test_a_format_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="text, json"):
        env_choice("LOG_FORMAT", ["text", "json"])
    monkeypatch.setenv("LOG_FORMAT", "")
    assert env_choice("LOG_FORMAT", ["text", "json"]) == "text"


def test_json_lines_are_whole_whatever_they_hold() -> None:
    record = logging.LogRecord(
        "search", logging.INFO, "", 1, "two\nlines «%s»", ("حموشي",), None
    )
    record.status = SimpleNamespace()
    line = JSONFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines «حموشي»"
