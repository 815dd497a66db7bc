"""Signals of changes that Django's own do not tell of."""

from django.dispatch import Signal

articles_changed = Signal()
"""Sent by ``ArticleQuerySet`` after it created or updated rows in bulk."""
