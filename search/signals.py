"""Follow a change of articles in the process that made it, once it is committed.

The worker would follow it too; this way an editor sees it at the next search.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from articles.models import Article
from articles.signals import articles_changed
from search.outbox import follow_own_changes


def connect() -> None:
    """Listen to every way in which this process can change articles."""
    for signal in (post_save, post_delete, articles_changed):
        signal.connect(_follow_after_commit, sender=Article)


def _follow_after_commit(**_kwargs: Any) -> None:
    transaction.on_commit(follow_own_changes)
