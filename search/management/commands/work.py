"""Run the background worker: the index follows the articles, and jobs are done."""

from threading import Event, Thread
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from articles.tasks import take_up
from search import outbox

CONCURRENCY = 4
"""Jobs at once: imports wait for processes of their own."""


class Command(BaseCommand):
    """``manage.py work``: ends at SIGINT or SIGTERM, with the job in hand finished."""

    help = "Follow changes of articles into the index, and do background jobs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Follow in a thread of its own; procrastinate's worker minds the signals."""
        stop = Event()
        follower = Thread(target=outbox.follow, args=[stop], name="outbox")
        follower.start()
        try:
            take_up()
            call_command("procrastinate", "worker", concurrency=CONCURRENCY)
        finally:
            stop.set()
            follower.join()
