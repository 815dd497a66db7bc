#!/usr/bin/env python
"""Run an administrative command: ``manage.py help`` lists them."""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured

from newsarchive import database, doctor


def main() -> None:
    """Open the database that the settings will name, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    # Ended by SIGTERM, Python calls nothing that waits for its exit, and the embedded
    # database would run on.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        database.ensure_running()
        # Imported here: Django reads the settings, which want the database's address.
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(sys.argv)
    except (database.DatabaseError, ImproperlyConfigured) as error:
        if sys.argv[1:2] == ["doctor"]:
            # The moment for which there is one.
            print(doctor.report(doctor.examine(error), as_json="--json" in sys.argv))  # noqa: T201
            sys.exit(1)
        sys.exit(f"Newsarchive cannot start. {error}")


if __name__ == "__main__":
    main()
