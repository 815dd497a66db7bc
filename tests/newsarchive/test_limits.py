"""Limits on what clients may ask for, and on what one request may cost."""

import logging
import socket
import struct
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django.fixtures import Settings

from newsarchive import limiting, statements, web
from newsarchive.allowances import KEPT_SECONDS, ROWS, WAYS, Allowance, Allowances
from newsarchive.urls import urlpatterns as archive_addresses
from search.conf import SearchSettings
from search.results import SearchBusyError
from search.turns import Turns

ONE_A_SECOND = Allowance(per_minute=60, at_once=5)
SEARCH = "/ar/search/"
ELSEWHERE = "203.0.113.9"


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Allowances]:
    opened = Allowances(tmp_path / "allowances")
    yield opened
    opened.close()


def test_what_is_saved_up_may_be_taken_at_once(table: Allowances) -> None:
    taken = [table.take("a", "search", ONE_A_SECOND, 100.0) for _ in range(7)]
    assert taken == [0, 0, 0, 0, 0, 1, 1]


def test_what_was_taken_comes_back_with_time(table: Allowances) -> None:
    for _ in range(5):
        table.take("a", "search", ONE_A_SECOND, 100.0)
    assert table.take("a", "search", ONE_A_SECOND, 100.5)
    assert [table.take("a", "search", ONE_A_SECOND, 102.0) for _ in range(3)] == [
        0,
        0,
        1,
    ]


def test_who_waits_as_long_as_is_said_is_served(table: Allowances) -> None:
    slow = Allowance(per_minute=4, at_once=1)
    assert table.take("a", "feed", slow, 100.0) == 0
    wait = table.take("a", "feed", slow, 100.0)
    assert wait == 15
    assert table.take("a", "feed", slow, 100.0 + wait - 1)
    assert table.take("a", "feed", slow, 100.0 + wait) == 0


def test_who_is_refused_loses_nothing_by_asking_again(table: Allowances) -> None:
    for _ in range(50):
        table.take("a", "search", ONE_A_SECOND, 100.0)
    assert table.take("a", "search", ONE_A_SECOND, 101.0) == 0


def test_clients_and_kinds_do_not_share(table: Allowances) -> None:
    one = Allowance(per_minute=1, at_once=1)
    asked = [("a", "search"), ("b", "search"), ("a", "feed"), ("a", "search")]
    assert [bool(table.take(*who, one, 100.0)) for who in asked] == [
        False,
        False,
        False,
        True,
    ]


def test_a_flood_of_addresses_takes_no_more_room(
    table: Allowances, tmp_path: Path
) -> None:
    table.take("first", "page", ONE_A_SECOND, 100.0)
    size = (tmp_path / "allowances").stat().st_size
    # More than there are places.
    for number in range(ROWS * WAYS + 10_000):
        table.take(str(number), "page", ONE_A_SECOND, 100.0)
    tracemalloc.start()
    for number in range(10_000):
        table.take(f"more {number}", "page", ONE_A_SECOND, 100.0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (tmp_path / "allowances").stat().st_size == size < 2_000_000
    assert most < 50_000


def test_a_flood_of_addresses_does_not_free_who_is_held_back(
    table: Allowances,
) -> None:
    for _ in range(5):
        table.take("hostile", "page", ONE_A_SECOND, 100.0)
    for number in range(ROWS * WAYS * 2):
        table.take(str(number), "page", ONE_A_SECOND, 100.0)
    assert table.take("hostile", "page", ONE_A_SECOND, 100.0)


def test_nothing_is_kept_for_long(table: Allowances, tmp_path: Path) -> None:
    for _ in range(6):
        table.take("192.0.2.1", "page", ONE_A_SECOND, 100.0)
    before = (tmp_path / "allowances").read_bytes()
    assert b"192.0.2.1" not in before
    key = before[8:40]

    table.take("192.0.2.2", "page", ONE_A_SECOND, 100.0 + KEPT_SECONDS)
    after = (tmp_path / "allowances").read_bytes()
    assert after[8:40] != key
    # Of all that was there, one client is left.
    assert sum(byte != 0 for byte in after[64:]) <= 16


def test_a_clock_that_begins_again_is_no_end(table: Allowances) -> None:
    for _ in range(6):
        table.take("a", "page", ONE_A_SECOND, 1_000_000.0)
    assert table.take("a", "page", ONE_A_SECOND, 1.0) == 0


ASK = """
import sys
from pathlib import Path
from newsarchive.allowances import Allowance, Allowances
table = Allowances(Path(sys.argv[1]))
allowance = Allowance(per_minute=0.001, at_once=500)
print(sum(not table.take("a", "page", allowance) for _ in range(400)))
"""


def test_processes_share_what_a_client_has(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path / "allowances")],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    served = [int(process.communicate()[0]) for process in asking]
    assert sum(served) == 500


@pytest.fixture
def limited(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Let clients ask for two of each kind, at one moment, however long that takes."""
    clock = SimpleNamespace(monotonic=lambda: 100.0)
    monkeypatch.setattr("newsarchive.allowances.time", clock)
    opened = Allowances(tmp_path / "allowances")
    monkeypatch.setattr(limiting, "_table", lambda _path: opened)
    settings.REQUEST_LIMITS = 100
    settings.REQUEST_ALLOWANCES = dict.fromkeys(settings.REQUEST_ALLOWANCES, (1, 2))
    yield settings
    opened.close()


@pytest.mark.usefixtures("limited", "search_backend")
class TestMiddleware:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("ar", "وصلت طلبات كثيرة"),
            ("fr", "Trop de requêtes"),
            ("en", "Too many requests"),
        ],
    )
    def test_a_reader_is_told_to_wait(
        self, client: Client, language: str, words: str
    ) -> None:
        answers = [client.get(f"/{language}/search/?q={n}") for n in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert words in answers[2].content.decode()
        assert answers[2]["Retry-After"] == "60"
        assert answers[2]["Cache-Control"] == "no-store"

    def test_programs_are_told_in_json(self, client: Client) -> None:
        answers = [client.get("/search.json") for _ in range(3)]
        assert answers[2].status_code == 429
        assert "60 s" in answers[2].json()["error"]
        answers = [client.get("/ar/search/complete/?q=a") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]

    def test_feeds_have_an_allowance_of_their_own(self, client: Client) -> None:
        addresses = ["/en/feed/", "/en/search/feed/", "/en/feed/", "/en/"]
        statuses = [client.get(address).status_code for address in addresses]
        assert statuses == [200, 200, 429, 200]

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("ar", "وصلت طلبات كثيرة"),
            ("fr", "Trop de requêtes"),
            ("en", "Too many requests"),
        ],
    )
    def test_unknown_addresses_are_counted_whatever_they_are(
        self, client: Client, language: str, words: str
    ) -> None:
        answers = [client.get(f"/{language}/wp-login-{n}.php") for n in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        assert words in answers[2].content.decode()
        assert answers[2]["Retry-After"] == "60"
        assert answers[2]["Cache-Control"] == "no-store"
        assert answers[2]["Content-Type"] == "text/plain; charset=utf-8"
        # What is there has an allowance of its own.
        assert client.get(f"/{language}/").status_code == 200

    def test_files_and_addresses_without_a_language_are_counted_too(
        self, client: Client
    ) -> None:
        addresses = ["/static/none.css", "/phpmyadmin/", "/robots.php", "/"]
        statuses = [client.get(address).status_code for address in addresses]
        assert statuses == [404, 404, 429, 429]

    def test_an_article_that_is_not_there_is_counted_as_a_page(
        self, client: Client
    ) -> None:
        addresses = ["/en/articles/1/", "/en/articles/2/", "/en/none/", "/en/"]
        statuses = [client.get(address).status_code for address in addresses]
        assert statuses == [404, 404, 404, 429]

    def test_staff_may_look_for_what_is_not_there(self, client: Client) -> None:
        client.force_login(User.objects.create_user("editor", is_staff=True))
        assert {client.get("/en/none/").status_code for _ in range(9)} == {404}

    def test_who_watches_the_machine_is_not_counted(self, client: Client) -> None:
        assert {client.get("/healthz").status_code for _ in range(9)} == {200}

    def test_staff_is_let_through(self, client: Client) -> None:
        client.force_login(User.objects.create_user("editor", is_staff=True))
        assert {client.get(SEARCH).status_code for _ in range(9)} == {200}

    def test_a_reader_who_signed_in_is_not(self, client: Client) -> None:
        client.force_login(User.objects.create_user("reader"))
        assert [client.get(SEARCH).status_code for _ in range(3)][2] == 429

    def test_nobody_is_another_by_claiming_it(self, client: Client) -> None:
        headers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3)]
        answers = [client.get(SEARCH, headers=header) for header in headers]
        assert answers[2].status_code == 429

    def test_readers_behind_a_proxy_are_counted_apart(
        self, client: Client, limited: Settings
    ) -> None:
        limited.PROXIES = 1
        headers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3)]
        assert {client.get(SEARCH, headers=one).status_code for one in headers} == {200}

    def test_what_is_zero_is_no_limit(self, client: Client, limited: Settings) -> None:
        limited.REQUEST_LIMITS = 0
        assert {client.get(SEARCH).status_code for _ in range(9)} == {200}

    def test_a_full_disk_does_not_close_the_archive(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_room(_path: str) -> Allowances:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(limiting, "_table", no_room)
        assert {client.get(SEARCH).status_code for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("address", "client"),
    [
        pytest.param(ELSEWHERE, ELSEWHERE, id="IPv4"),
        pytest.param("::ffff:203.0.113.9", ELSEWHERE, id="IPv4 in IPv6"),
        pytest.param("2001:db8:1:2:3::4", "2001:db8:1:2::/64", id="IPv6"),
        pytest.param("", "", id="a socket"),
    ],
)
def test_of_ipv6_the_network_counts(address: str, client: str) -> None:
    assert limiting.client_of(RequestFactory().get("/", REMOTE_ADDR=address)) == client


# What one request may be


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        pytest.param("/en/search/?q=" + "a" * 9000, 414, "too long", id="address"),
        pytest.param(
            "/en/search/?" + "&".join(["a"] * 900), 400, "too many", id="many"
        ),
    ],
)
def test_an_address_has_its_measure(
    client: Client, address: str, status: int, words: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_strangers_send_little(client: Client, settings: Settings) -> None:
    large = SimpleUploadedFile("large.txt", b"a" * 1_100_000)
    answer = client.post("/en/conventions/", {"file": large})
    assert answer.status_code == 413
    assert "more than can be taken" in answer.content.decode()


# Statements of the database


def _sleeps(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    return HttpResponse()


def _waits(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE articles_source IN ACCESS EXCLUSIVE MODE")
    return HttpResponse()


def _tells(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_statement_timeout())


def _statement_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


urlpatterns = [
    path("sleeps", _sleeps),
    path("waits", _waits),
    path("tells", _tells),
    path("admin/tells", _tells),
    *archive_addresses,
]


@pytest.fixture
def stopped(transactional_db: None, settings: Settings) -> Iterator[Settings]:
    """Limit statements, as the web process does."""
    settings.STATEMENT_SECONDS = 0.2
    settings.LOCK_SECONDS = 0.1
    settings.ROOT_URLCONF = __name__
    connection.close()
    statements.limit()
    yield settings
    statements.unlimit()
    connection.close()


def test_a_statement_that_takes_too_long_is_stopped(
    stopped: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/sleeps")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "pg_sleep" not in answer.content.decode()
    assert [record.exc_info for record in caplog.records if record.exc_info] == []
    # And the connection is good for the next one.
    assert client.get("/ar/").status_code == 200


def test_so_is_one_that_waits_for_a_lock(stopped: Settings, client: Client) -> None:
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_source IN ACCESS EXCLUSIVE MODE")
            locked.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(30)
    answer = client.get("/waits")
    done.set()
    holder.join()
    assert answer.status_code == 503


def test_the_desk_has_more_time(stopped: Settings, client: Client) -> None:
    asked = ["/tells", "/admin/tells", "/tells"]
    told = [client.get(address).content for address in asked]
    assert told == [b"200ms", b"1min", b"200ms"]


def test_commands_take_the_time_that_they_need(transactional_db: None) -> None:
    connection.close()
    assert _statement_timeout() == "0"


def test_other_errors_of_the_database_are_left_to_others() -> None:
    middleware = statements.StatementsMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().get("/")
    assert middleware.process_exception(request, OperationalError("gone")) is None


# Turns

FEW = SearchSettings(
    most_at_once=2, most_at_once_of_one=1, most_waiting=1, longest_turn=0.05
)


def test_a_client_does_not_take_the_turns_of_others() -> None:
    turns = Turns()
    with turns.turn("a", FEW):
        with pytest.raises(SearchBusyError), turns.turn("a", FEW):
            pass
        with turns.turn("b", FEW):
            pass
    with turns.turn("a", FEW):
        pass


def test_who_waits_gets_the_turn_that_another_has_had() -> None:
    turns = Turns()
    patient = SearchSettings(most_at_once=1, longest_turn=30)
    had = threading.Event()

    def wait() -> None:
        with turns.turn("b", patient):
            had.set()

    with turns.turn("a", patient):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not had.is_set()
    assert had.wait(30)
    waiting.join()


def test_no_more_wait_than_there_are_threads_to_spare() -> None:
    turns = Turns()
    nobody = SearchSettings(most_at_once=1, most_waiting=0, longest_turn=600)
    with (
        turns.turn("a", nobody),
        pytest.raises(SearchBusyError),
        turns.turn("b", nobody),
    ):
        pass


def test_a_client_does_not_fill_the_line_either() -> None:
    turns = Turns()
    one = SearchSettings(most_at_once=1, most_at_once_of_one=1, longest_turn=30)
    begun = threading.Semaphore(0)

    def wait() -> None:
        begun.release()
        with turns.turn("a", one):
            pass

    with turns.turn("a", one):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert begun.acquire(timeout=30)
        while len(turns._line) < 1:
            pass
        with pytest.raises(SearchBusyError), turns.turn("a", one):
            pass
    waiting.join()


def test_who_failed_gives_the_turn_back() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn("a", FEW):
        raise ZeroDivisionError
    with turns.turn("a", FEW):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("search_backend")
@pytest.mark.parametrize("address", [SEARCH, "/search.json", "/ar/search/feed/"])
def test_a_search_without_a_turn_is_to_be_tried_again(
    client: Client, settings: Settings, address: str
) -> None:
    settings.SEARCH = {"most_at_once": 0, "longest_turn": 0.01}
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "3"


# Clients that stop halfway


def test_who_stops_halfway_is_given_up_and_not_told_of() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    log = logging.getLogger("test.gunicorn")
    server = SimpleNamespace(
        LISTENERS=[SimpleNamespace(sock=listening)],
        log=SimpleNamespace(error_log=log),
    )
    web.when_ready(server)
    with (
        listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        told = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16)
    assert struct.unpack("ll", told) == (web.SLOW_SECONDS, 0)

    def line(error: Exception) -> logging.LogRecord:
        return log.makeRecord(log.name, 40, "", 1, "", (), (type(error), error, None))

    assert not log.filter(line(BlockingIOError()))
    assert log.filter(line(OSError()))
