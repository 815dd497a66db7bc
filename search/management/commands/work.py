"""Run the background worker: the index follows the articles, and jobs are done."""

from threading import Event, Thread
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from search import outbox


class Command(BaseCommand):
    """``manage.py work``: ends at SIGINT or SIGTERM, with the job in hand finished."""

    help = "Follow changes of articles into the index, and do background jobs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Follow in a thread of its own; procrastinate's worker minds the signals."""
        stop = Event()
        follower = Thread(target=outbox.follow, args=[stop], name="outbox")
        follower.start()
        try:
            call_command("procrastinate", "worker")
        finally:
            stop.set()
            follower.join()
