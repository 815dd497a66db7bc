"""What others may want to know of searches, as they happen."""

from django.dispatch import Signal

searched = Signal()
"""Sent with ``seconds``, the time that a search took, and ``partial``, whether it was cut
short by its budget."""
