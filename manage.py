#!/usr/bin/env python
"""Run an administrative command: ``manage.py help`` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from newsarchive import database


def main() -> None:
    """Open the database that the settings will name, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    try:
        database.ensure_running()
        # Imported here: Django reads the settings, which want the database's address.
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(sys.argv)
    except (database.DatabaseError, ImproperlyConfigured) as error:
        sys.exit(f"Newsarchive cannot start. {error}")


if __name__ == "__main__":
    main()
