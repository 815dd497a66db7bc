"""Run the archive: database, site and background worker, until Ctrl-C."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from newsarchive import database
from newsarchive.environment import env_int
from newsarchive.serving import (
    DEFAULT_PORT,
    Address,
    ServeError,
    Supervisor,
    alone,
    hint_for_hosts,
    listen,
    prepare,
)


class Command(BaseCommand):
    """``manage.py serve``: what ``make run`` runs."""

    help = (
        "Run the archive: prepare it, open the site, and follow it in the background."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve until told to stop."""
        try:
            self._serve()
        except (ServeError, ImproperlyConfigured, database.DatabaseError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            # While preparing: what is left is done the next time.
            sys.exit("Interrupted; the next start goes on from here.")

    def _serve(self) -> None:
        host = os.environ.get("HOST") or "127.0.0.1"
        named = os.environ.get("PORT")
        port = env_int("PORT", default=DEFAULT_PORT, least=1, most=65535)
        database.check(os.environ["DATABASE_URL"])
        address = listen(host, port if named else None)
        supervisor = Supervisor(address, self._say)
        with address.listener, alone(settings.VAR, address.url):
            supervisor.stop_on_signals()
            prepare(self._say)
            stopped = supervisor.run(lambda: self._tell(address))
        if not stopped:
            self.stderr.write("The site ended by itself; see the messages above.")
            sys.exit(1)
        self._say("Stopped.")

    def _tell(self, address: Address) -> None:
        if address.port != DEFAULT_PORT and not os.environ.get("PORT"):
            self._say(f"Port {DEFAULT_PORT} is taken; this is port {address.port}.")
        self._say(f"Newsarchive:  {address.url}")
        self._say(f"Admin:        {address.url}admin/")
        if hint := hint_for_hosts(address.host):
            self._say(hint)
        self._say("Ctrl-C stops it.")

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()
