"""Let somebody in again who lost telephone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from newsarchive import second_factor


class Command(BaseCommand):
    """``manage.py remove_second_factor NAME``."""

    help = (
        "Remove the second factor of a user, who sets up another at the next sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user's name."""
        parser.add_argument("name", help="the name that the user signs in with")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        """Remove it."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(
                f"There is no user {name!r}: use the name that they sign in with."
            )
        if second_factor.remove(user):
            self.stdout.write(f"{name} signs in with the password alone again.")
        else:
            self.stdout.write(f"{name} has no second factor.")
