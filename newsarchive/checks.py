"""Mistakes of deployment that can be recognised, each with an id and a way to mend it.

``manage.py check --deploy`` runs them all; ``--database default`` adds those that ask
the database. What is wrong everywhere is found by a plain ``check`` too.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, Warning  # noqa: A004  Its name.
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsarchive.roles import ROLES

Check = Callable[[], Iterator[CheckMessage]]

SECRET_LENGTH = 50
SECRET_LETTERS = 10
_LOOPBACK = frozenset(["localhost", "127.0.0.1", "[::1]"])


def _public_hosts() -> list[str]:
    return [host for host in settings.ALLOWED_HOSTS if host not in _LOOPBACK]


def debug_is_off() -> Iterator[CheckMessage]:
    """With DEBUG, an error shows code and settings to whoever meets it."""
    if settings.DEBUG and _public_hosts():
        yield Error(
            f"DEBUG is on, and others reach this archive as {_public_hosts()[0]}.",
            hint="Leave DEBUG out of the environment.",
            id="newsarchive.E001",
        )


def secret_is_strong() -> Iterator[CheckMessage]:
    """Whoever guesses the secret signs in as whom they like."""
    secret = settings.SECRET_KEY
    if len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_LETTERS:
        yield Error(
            "SECRET_KEY is short, or has too few different characters.",
            hint=(
                f"Set it to {SECRET_LENGTH} random characters or more. This makes one: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
            ),
            id="newsarchive.E002",
        )


def hosts_are_named() -> Iterator[CheckMessage]:
    """With any host name, addresses that the archive writes can be made to lead away."""
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS has '*': the archive answers under any name.",
            hint="Name the host names that readers use, or set PUBLIC_URL alone.",
            id="newsarchive.E003",
        )


def var_is_writable() -> Iterator[CheckMessage]:
    """Without its folder the archive keeps nothing."""
    if not (Path(settings.VAR).is_dir() and os.access(settings.VAR, os.W_OK | os.X_OK)):
        yield Error(
            f"{settings.VAR} is no folder that this user can write to.",
            hint=(
                "Make it, and give it to the user that runs the archive (chown), or "
                "name another in NEWSARCHIVE_VAR."
            ),
            id="newsarchive.E004",
        )


def var_is_private() -> Iterator[CheckMessage]:
    """Uploads, index and secret are for the archive only."""
    for path in (Path(settings.VAR), Path(settings.VAR) / "secret-key"):
        if path.exists() and path.stat().st_mode & 0o004:
            yield Warning(
                f"Every user of this machine can read {path}.",
                hint=f"chmod o-rwx {path}",
                id="newsarchive.W005",
            )


def uploads_are_apart() -> Iterator[CheckMessage]:
    """What a user uploads must not be sent to readers as a page of the archive."""
    uploads = (Path(settings.VAR) / "imports").resolve()
    for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        if uploads.is_relative_to(Path(folder).resolve()):
            yield Error(
                f"Uploads ({uploads}) are inside of {folder}, which readers see.",
                hint="Name a folder outside of it in NEWSARCHIVE_VAR.",
                id="newsarchive.E006",
            )


def readers_use_https() -> Iterator[CheckMessage]:
    """Without HTTPS, passwords and sessions can be read on the way."""
    if _public_hosts() and not settings.HTTPS:
        yield Warning(
            f"Others reach this archive as {_public_hosts()[0]} without HTTPS.",
            hint=(
                "Put it behind a proxy with a certificate, and set "
                "PUBLIC_URL=https://... and PROXIES=1."
            ),
            id="newsarchive.W007",
        )


def proxies_are_told() -> Iterator[CheckMessage]:
    """A request that comes through a proxy looks like plain HTTP to who is not told."""
    if settings.HTTPS and not settings.PROXIES:
        yield Warning(
            "PUBLIC_URL is HTTPS, and no proxy is trusted to say what came by HTTPS: "
            "every request is sent to HTTPS again, and all readers look like one.",
            hint="Set PROXIES to the number of proxies in front of the archive.",
            id="newsarchive.W008",
        )


def second_factor_is_required() -> Iterator[CheckMessage]:
    """A password that leaked should open nothing."""
    if _public_hosts() and not settings.REQUIRE_SECOND_FACTOR:
        yield Warning(
            "Staff sign in to a public archive with a password alone.",
            hint="Set REQUIRE_SECOND_FACTOR=True.",
            id="newsarchive.W009",
        )


def pages_are_kept() -> Iterator[CheckMessage]:
    """Browsing pages are made once for all readers, and counts with them."""
    backend = settings.CACHES["default"]["BACKEND"]
    if str(backend).endswith("DummyCache"):
        yield Warning(
            "CACHES keeps nothing: every page is made again for every reader.",
            hint="Use LocMemCache, or a cache that processes share.",
            id="newsarchive.W010",
        )


def times_have_zones() -> Iterator[CheckMessage]:
    """Embargoes end by the clock: a time without a zone is another on another machine."""
    if not settings.USE_TZ:
        yield Error(
            "USE_TZ is off: embargoes would end hours early or late.",
            hint="Leave USE_TZ on, and set NEWSARCHIVE_TIME_ZONE.",
            id="newsarchive.E011",
        )


def index_is_writable() -> Iterator[CheckMessage]:
    """An index that cannot be written falls behind the archive."""
    path = Path(str(settings.HAYSTACK_CONNECTIONS["default"]["PATH"]))
    if path.exists() and not (path.is_dir() and os.access(path, os.W_OK | os.X_OK)):
        yield Error(
            f"The index ({path}) is no folder that this user can write to.",
            hint="Give it to the user that runs the archive (chown -R).",
            id="newsarchive.E012",
        )


def database_is_a_servers() -> Iterator[CheckMessage]:
    """The embedded database is for one machine, and for a first look."""
    if _public_hosts() and _is_embedded():
        yield Warning(
            "A public archive keeps its articles in the embedded database.",
            hint="Name a PostgreSQL server in DATABASE_URL.",
            id="newsarchive.W013",
        )


def database_user_is_ordinary() -> Iterator[CheckMessage]:
    """A superuser of the database reads files and starts programs on its machine."""
    if not _is_embedded() and _one(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ):
        yield Warning(
            "The archive uses the database as a superuser.",
            hint="Make a user that owns its database only: CREATE ROLE ... LOGIN.",
            id="newsarchive.W014",
        )


def database_has_unicode() -> Iterator[CheckMessage]:
    """Arabic needs UTF-8, and French its letters' cases."""
    if _one("SHOW server_encoding") != "UTF8":
        yield Error(
            "The database is not in UTF-8.",
            hint="Make it anew: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
            id="newsarchive.E015",
        )
    elif _one("SELECT lower('É')") != "é":
        yield Warning(
            "The database knows no letters beyond ASCII: names are found by their "
            "exact spelling only.",
            hint="Make it anew: CREATE DATABASE ... LC_CTYPE 'C.UTF-8' TEMPLATE template0.",
            id="newsarchive.W016",
        )


def database_is_migrated() -> Iterator[CheckMessage]:
    """A program and a database of different ages do not fit."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Error(
            f"The database lacks {len(plan)} migration(s), {plan[0][0]} first.",
            hint="manage.py migrate",
            id="newsarchive.E017",
        )


def roles_are_there() -> Iterator[CheckMessage]:
    """Users without their role can do nothing."""
    known = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    if missing := sorted(set(ROLES) - known):
        yield Warning(
            f"Roles are missing: {', '.join(missing)}.",
            hint="manage.py migrate makes them.",
            id="newsarchive.W018",
        )


def superusers_have_a_second_factor() -> Iterator[CheckMessage]:
    """Until it is set up, the password of a superuser alone opens everything."""
    telephones = TOTPDevice.objects.filter(confirmed=True).values("user")
    bare = User.objects.filter(is_superuser=True, is_active=True).exclude(
        pk__in=telephones
    )
    if _public_hosts() and (names := list(bare.values_list("username", flat=True))):
        yield Warning(
            f"Superusers have no second factor: {', '.join(sorted(names))}.",
            hint="Have each sign in to the admin and set it up.",
            id="newsarchive.W019",
        )


EVERYWHERE: tuple[Check, ...] = (
    debug_is_off,
    index_is_writable,
    times_have_zones,
    uploads_are_apart,
)

IN_PUBLIC: tuple[Check, ...] = (
    secret_is_strong,
    hosts_are_named,
    var_is_writable,
    var_is_private,
    readers_use_https,
    proxies_are_told,
    second_factor_is_required,
    pages_are_kept,
    database_is_a_servers,
)

OF_THE_DATABASE: tuple[Check, ...] = (
    database_user_is_ordinary,
    database_has_unicode,
    database_is_migrated,
    roles_are_there,
    superusers_have_a_second_factor,
)


def register_all() -> None:
    """Have Django run them."""
    for check in EVERYWHERE:
        checks.register(_as_django_calls(check), Tags.security)
    for check in IN_PUBLIC:
        checks.register(_as_django_calls(check), Tags.security, deploy=True)
    for check in OF_THE_DATABASE:
        checks.register(_of_database(check), Tags.database, deploy=True)


def _as_django_calls(check: Check) -> Callable[..., list[CheckMessage]]:
    def run(**_options: Any) -> list[CheckMessage]:
        return list(check())

    return run


def _of_database(check: Check) -> Callable[..., list[CheckMessage]]:
    def run(databases: Any = None, **_options: Any) -> list[CheckMessage]:
        # Django passes the databases that are to be asked: mostly none.
        return list(check()) if databases else []

    return run


def _is_embedded() -> bool:
    ours = (Path(settings.VAR) / "postgres" / "PG_VERSION").exists()
    return ours and str(connection.settings_dict["HOST"]).startswith("/")


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None
