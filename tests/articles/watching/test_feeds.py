"""Feeds that are looked at: what is new becomes an import, and nothing else does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from articles.importing.running import bring_on
from articles.models import Article, Import, Watch
from articles.watching import due, look
from articles.watching.feeds import look_at_feed
from tests.articles.watching.web import Handler, Server, reach, rss, serving
from tests.factories import make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> Iterator[Server]:
    settings.VAR = tmp_path
    with serving() as started:
        reach(monkeypatch, settings, started, {"inner.example": ["10.0.0.1"]})
        yield started


def make_watch(server: Server, **values: Any) -> Watch:
    values = {"place": server.address("/rss"), "status": "published"} | values
    return Watch.objects.create(kind=Watch.Kind.FEED, **values)


def give(server: Server, body: bytes, **headers: Any) -> None:
    server.answers["/rss"] = lambda to: to.send(body, **headers)


def look_again(watch: Watch) -> list[Import]:
    """Look, do what was found, and bring the watch up to date."""
    found = look(watch.pk)
    for run in found:
        bring_on(run.pk)
    watch.refresh_from_db()
    return [Import.objects.get(pk=run.pk) for run in found]


def test_what_is_new_becomes_an_import_like_any_other(
    server: Server, admin_user: Any
) -> None:
    source = make_source()
    watch = make_watch(server, source=source, language="en", by=admin_user)
    give(server, rss("Fez", "Rabat"), ETag='"1"')
    (run,) = look_again(watch)
    assert (run.state, run.added, run.failed) == ("finished", 2, 0)
    assert (run.watch, run.by, run.source) == (watch, admin_user, source)
    assert run.name == "feed.example rss"
    assert run.rows.count() == Article.objects.count() == 2
    assert (watch.problem, watch.failures, watch.etag) == ("", 0, '"1"')
    assert watch.looked
    assert timedelta(minutes=59) < watch.due - timezone.now() <= watch.interval
    assert LogEntry.objects.get().object_id == str(run.pk)


def test_drafts_and_updates_are_as_the_watch_says(server: Server) -> None:
    watch = make_watch(server, status="draft", policy="update")
    give(server, rss("Fez"))
    look_again(watch)
    assert Article.objects.get().status == "draft"
    give(server, rss("Fez").replace(b"stayed at home", b"went out"))
    (run,) = look_again(watch)
    assert (run.added, run.updated) == (0, 1)


def test_a_feed_that_is_what_it_was_makes_no_import(server: Server) -> None:
    watch = make_watch(server)

    def give_once(to: Handler) -> None:
        if to.headers["If-None-Match"] == '"1"':
            assert to.headers["If-Modified-Since"] == "Mon"
            to.send(status=304)
        else:
            to.send(rss("Fez"), ETag='"1"', Last_Modified="Mon")

    server.answers["/rss"] = give_once
    assert len(look_again(watch)) == 1
    assert look_again(watch) == []
    assert (Import.objects.count(), len(server.asked)) == (1, 2)
    assert watch.etag == '"1"'


def test_the_same_entries_add_nothing(server: Server) -> None:
    watch = make_watch(server)
    give(server, rss("Fez", "Rabat", built="Mon"))
    look_again(watch)
    give(server, rss("Rabat", "Fez", built="Tue"))
    assert look_again(watch) == []
    give(server, rss("Oujda", "Fez", "Rabat", built="Wed"))
    (run,) = look_again(watch)
    assert (run.added, run.duplicate) == (1, 2)
    assert Article.objects.count() == 3


def test_a_feed_without_entries_is_no_problem(server: Server) -> None:
    watch = make_watch(server)
    give(server, rss())
    assert look_again(watch) == []
    assert (watch.problem, watch.failures) == ("", 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><html><title>News</title><p>Hi</p></html>", "with no feed"),
        (b"%PDF-1.4 \0", "with no feed, but with text/x"),
        (b'{"title": "a", "body": "b"}', "with no feed"),
        (b"", "with no feed"),
        (b"<rss><channel><item><title>Fez</ti", "No entry of the feed can be read"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel>&a;", "can be read|no feed"),
    ],
)
def test_what_is_no_feed_is_told_and_imported_by_nobody(
    server: Server, body: bytes, said: str
) -> None:
    watch = make_watch(server)
    give(server, body, Content_Type="text/x")
    assert look_again(watch) == []
    with translation.override("en"):
        assert any(one in watch.shown_problem for one in said.split("|"))
    assert watch.failures == 1
    assert Import.objects.count() == 0


def test_what_fails_again_is_looked_at_less_and_less_often(server: Server) -> None:
    watch = make_watch(server, every=10)
    give(server, b"", status=500)
    waits = []
    for _ in range(12):
        look_again(watch)
        waits.append(round((watch.due - timezone.now()).total_seconds() / 60))
    assert waits[:4] == [20, 40, 80, 160]
    assert waits[-1] == 24 * 60
    assert watch.failures == 12
    give(server, rss("Fez"))
    look_again(watch)
    assert (watch.failures, watch.problem) == (0, "")


def test_a_server_that_asks_for_time_gets_it(server: Server) -> None:
    watch = make_watch(server, every=1)
    give(server, b"", status=429, Retry_After="7200")
    look_again(watch)
    assert watch.due - timezone.now() > timedelta(minutes=119)


def test_a_feed_that_is_gone_for_good_is_not_looked_at_again(server: Server) -> None:
    watch = make_watch(server)
    give(server, b"", status=410)
    assert look_again(watch) == []
    assert not watch.active
    assert "410" in watch.problem % watch.problem_values
    assert look_again(watch) == []
    assert len(server.asked) == 1


def test_what_is_not_public_is_told_and_not_asked(server: Server) -> None:
    watch = make_watch(server, place=f"http://inner.example:{server.port}/rss")
    assert look_again(watch) == []
    with translation.override("en"):
        assert "10.0.0.1, which is not on the public internet" in watch.shown_problem
    assert server.asked == []


def test_only_what_is_active_and_due_is_looked_at(server: Server) -> None:
    now = make_watch(server)
    make_watch(server, active=False)
    make_watch(server, due=timezone.now() + timedelta(minutes=1))
    assert list(due()) == [now]


def test_what_nobody_expected_is_noted_and_not_tried_at_once_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = make_watch(server)

    def fail(_watch: Watch) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("articles.watching.looking.look_at_feed", fail)
    assert look_again(watch) == []
    assert watch.shown_problem == "ZeroDivisionError: by zero"
    assert watch.due > timezone.now()


def test_an_address_that_was_changed_meanwhile_keeps_its_own_state(
    server: Server,
) -> None:
    watch = make_watch(server)
    other = server.address("/other")

    give(server, rss("Fez"), ETag='"1"')
    held = Watch.objects.get(pk=watch.pk)
    Watch.objects.update(place=other)
    assert len(look_at_feed(held)) == 1
    watch.refresh_from_db()
    assert (watch.place, watch.etag, watch.entries) == (other, "", "")
