"""What Prometheus is told, and who may ask."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from articles.imports import Import, State
from newsarchive import metrics, web
from newsarchive.environment import ROOT
from search.backends import ArchiveSearchBackend
from search.events import searched
from tests.factories import make_article

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(client: Client) -> Samples:
    response = client.get("/metrics")
    assert response.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_requests_are_counted_by_view_and_never_by_path(client: Client) -> None:
    key = (
        "newsarchive_requests_total",
        (("method", "GET"), ("status", "404"), ("view", "article")),
    )
    before = samples(client).get(key, 0)
    client.get("/en/articles/987654/")
    client.get("/en/articles/987655/?q=planted")
    client.get("/en/planted/planted/")
    after = samples(client)
    assert after[key] == before + 2
    duration = "newsarchive_request_duration_seconds_count"
    assert after[duration, (("view", "article"),)] >= 2
    text = client.get("/metrics").content.decode()
    assert "planted" not in text
    assert "987654" not in text


def test_odd_methods_are_one(client: Client) -> None:
    client.generic("PLANTED", "/en/")
    text = client.get("/metrics").content.decode()
    assert 'method="OTHER"' in text
    assert "PLANTED" not in text


def test_searches_are_measured(client: Client) -> None:
    make_article()
    count = ("newsarchive_search_duration_seconds_count", ())
    partial = ("newsarchive_partial_searches_total", ())
    before = samples(client)
    client.get("/search.json", {"q": "measured"})
    searched.send(sender=None, seconds=6.0, partial=True)
    after = samples(client)
    assert after[count] == before[count] + 2
    assert after[partial] == before[partial] + 1


def test_what_database_and_index_know_is_told(client: Client) -> None:
    make_article()
    Import.objects.create(name="a", path="/a", state=State.FINISHED, added=7, failed=2)
    told = samples(client)
    assert told["newsarchive_index_documents", ()] == 1
    assert told["newsarchive_index_segments", ()] == 1
    assert told["newsarchive_index_size_bytes", ()] > 1000
    assert told["newsarchive_outbox_backlog", ()] == 0
    assert told["newsarchive_articles_set_aside", ()] == 0
    assert told["newsarchive_worker_up", ()] == 0
    assert told["newsarchive_imports", (("state", "finished"),)] == 1
    assert told["newsarchive_imports", (("state", "running"),)] == 0
    assert told["newsarchive_import_rows", (("outcome", "added"),)] == 7
    assert told["newsarchive_import_rows", (("outcome", "failed"),)] == 2


def test_names_are_as_prometheus_wants_them(client: Client) -> None:
    text = client.get("/metrics").content.decode()
    for family in text_string_to_metric_families(text):
        assert re.fullmatch(r"newsarchive_[a-z_]+", family.name)
        assert family.documentation
        if family.type == "counter":
            assert f"{family.name}_total" in text


def test_a_damaged_index_leaves_the_rest(
    client: Client, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    index = search_backend.index
    for segment in index.path.glob("*.arrays"):
        segment.unlink()
    index.__init__(index.path, index.fields)  # type: ignore[misc]  # as another process
    told = samples(client)
    assert ("newsarchive_outbox_backlog", ()) in told
    assert ("newsarchive_index_documents", ()) not in told


@pytest.mark.parametrize(
    ("token", "asked", "status"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "::1"}, 200),
        ("", {"REMOTE_ADDR": "10.0.0.7"}, 403),
        ("", {"REMOTE_ADDR": "203.0.113.7"}, 403),
        ("", {"REMOTE_ADDR": ""}, 403),
        ("", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ("", {"HTTP_FORWARDED": "for=127.0.0.1"}, 403),
        ("", {"HTTP_AUTHORIZATION": "Bearer "}, 200),
        ("right", {}, 403),
        ("right", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ("right", {"HTTP_AUTHORIZATION": "right"}, 403),
        ("right", {"HTTP_AUTHORIZATION": "Bearer é"}, 403),
        (
            "right",
            {"HTTP_AUTHORIZATION": "Bearer right", "REMOTE_ADDR": "203.0.113.7"},
            200,
        ),
    ],
)
def test_only_who_may_asks(
    token: str, asked: dict[str, str], status: int, settings: Settings
) -> None:
    settings.METRICS_TOKEN = token
    client = Client()
    client.defaults |= asked
    response = client.get("/metrics")
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    if status == 403:
        assert b"newsarchive_" not in response.content


PROCESS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
import django
django.setup()
from newsarchive import metrics
metrics.count_request("GET", "home", 200, 0.1)
"""


def test_each_process_answers_for_all(tmp_path: Path) -> None:
    env = os.environ | {metrics.SHARED: str(tmp_path)}
    answer = """
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""
    for script in (PROCESS, PROCESS, PROCESS + answer):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
    assert (
        'newsarchive_requests_total{method="GET",status="200",view="home"} 3.0'
        in done.stdout
    )


def test_counting_begins_at_zero_when_the_site_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "metrics"
    monkeypatch.setattr(web, "_counts", folder)
    web.on_starting(None)
    (folder / "counter_1.db").write_bytes(b"old")
    web.on_starting(None)
    assert list(folder.iterdir()) == []
