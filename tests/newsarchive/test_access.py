"""Who gets in where: every address of the archive, by role.

The addresses come from the resolver: one that has no row in ``access.txt`` fails, and so
does a row without an address. A row is an address, an example of it, and the status of
the answer to a stranger and to each role, for GET and, after a bar, for an empty POST. A
"-" stands where nothing is posted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import LocalePrefixPattern, URLPattern, get_resolver
from django.urls.resolvers import RoutePattern, URLResolver
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from articles.auditing import AuditEntry
from articles.importing.versions import values_of
from articles.imports import ArticleVersion, Import, ImportRow, Outcome
from articles.tasks import queue
from articles.watches import Watch
from newsarchive.roles import ROLES
from search import outbox
from search.models import OutboxEntry
from tests.factories import make_article, make_section, make_source

TABLE = Path(__file__).with_name("access.txt")
ROLE_NAMES = ("stranger", *ROLES)


@dataclass(frozen=True, slots=True)
class Row:
    """One address, an example of it, and who gets what there."""

    route: str
    path: str
    get: tuple[str, ...]
    post: tuple[str, ...]


def rows() -> list[Row]:
    """Read the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        route, path, got, posted = (part.strip() for part in line.split(" | "))
        found.append(Row(route, path, tuple(got.split()), tuple(posted.split())))
    return found


def routes() -> Iterator[str]:
    """Yield every address that the resolver knows, as it is written there."""
    yield from _routes(get_resolver(), "")


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        if isinstance(pattern, LocalePrefixPattern):
            own = "<language>/"
        elif isinstance(pattern, RoutePattern):
            own = str(pattern)
        else:
            # The applications of the admin are many, and more to come.
            own = re.sub(r"^\^?\(\?P<(\w+)>.*?\)(/?)\$", r"<\1>\2", str(pattern))
        if isinstance(entry, URLPattern):
            yield prefix + own
        else:
            yield from _routes(entry, prefix + own)


@pytest.fixture
def examples(db: None, search_backend: object) -> dict[str, object]:
    """Return the numbers and names that stand in the examples."""
    source = make_source(slug="atlas", name="Atlas")
    section = make_section(slug="culture")
    article = make_article(
        source=source, section=section, authors=["Amal"], place="Fès"
    )
    article.title = "Changed"
    article.save()
    outbox.drain()
    make_article(source=source)
    OutboxEntry.objects.update(attempts=1)
    run = Import.objects.create(name="a.txt", path="/nowhere", state="undone")
    queue(run.pk)
    version = ArticleVersion.objects.create(article=article, values=values_of(article))
    row = ImportRow.objects.create(
        run=run, position=0, place="1", outcome=Outcome.FAILED, raw="x"
    )
    return {
        "article": article.pk,
        "version": version.pk,
        "source": source.pk,
        "section": section.pk,
        "run": run.pk,
        "row": row.pk,
        "watch": Watch.objects.create(place="https://atlas.example/feed").pk,
        "change": AuditEntry.objects.get(table="articles_article").pk,
        "entry": OutboxEntry.objects.latest("pk").pk,
        "job": ProcrastinateJob.objects.latest("pk").pk,
        "kind": ContentType.objects.get_for_model(article).pk,
        "user": User.objects.create_user("somebody").pk,
        "group": Group.objects.get(name="editor").pk,
    }


@pytest.fixture
def clients(db: None) -> dict[str, Client]:
    """Return who is signed in as what."""
    found = {"stranger": Client()}
    for name in ROLES:
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get(name=name))
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(user, "django.contrib.auth.backends.ModelBackend")
    return found


def answer(client: Client, method: str, path: str) -> str:
    """Return the status of an answer, and leave nothing changed."""
    asking = Client(raise_request_exception=False)
    asking.cookies.load(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = asking.get(path) if method == "GET" else asking.post(path)
        transaction.set_rollback(True)
    return str(response.status_code)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known, listed = set(routes()), [row.route for row in rows()]
    assert len(listed) == len(set(listed)), "An address has two rows."
    missing = sorted(known - set(listed))
    assert not missing, (
        f"Say in {TABLE.name} who may open: {missing}. A row is: "
        f"address | example | {' '.join(ROLE_NAMES)} | the same for POST, or -"
    )
    assert sorted(set(listed) - known) == [], "These addresses are gone: remove them."


def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    examples: dict[str, object], clients: dict[str, Client]
) -> None:
    wrong = []
    for row in rows():
        path = row.path.format(**examples)
        for method, expected in (("GET", row.get), ("POST", row.post)):
            if expected == ("-",):
                continue
            got = tuple(answer(clients[name], method, path) for name in ROLE_NAMES)
            if got != expected:
                wrong.append(f"{method} {row.route} ({path}): {' '.join(got)}")
    assert not wrong, "\n".join(wrong)


def test_without_their_second_factor_staff_get_what_strangers_get(
    settings: Settings, examples: dict[str, object], clients: dict[str, Client]
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    # Where it is set up, and where those get out who are half in.
    open_to_them = {
        "admin/second-factor/",
        "admin/second-factor/set-up/",
        "admin/logout/",
    }
    for row in rows():
        if not row.route.startswith("admin/") or row.route in open_to_them:
            continue
        path = row.path.format(**examples)
        for method, expected in (("GET", row.get), ("POST", row.post)):
            if expected == ("-",) or row.route == "admin/login/":
                continue
            got = answer(clients["admin"], method, path)
            assert got == expected[0], f"{method} {path}"
