"""Bring the index up to date with the articles, whoever changed them.

A trigger writes an entry for every change of an article, and one for each moment at
which the clock changes what readers may see of it (``entries`` asks for them).

* ``drain`` (``following``) takes the entries that are due, indexes or removes their
  articles in one commit, and deletes the entries afterwards: a crash in between repeats
  work and loses none. ``follow`` does so whenever the database says that there is an
  entry, and when an embargo ends; ``follow_own_changes`` in the process that changed
  something.
* ``rebuild`` (``rebuilding``) makes a new index beside the old one, which is searched
  meanwhile; what changes in between is followed in both.
* An article that cannot be indexed holds up no other one (``failing``): it is tried
  again later and set aside in the end, with the reason, until it is changed or somebody
  has it tried again.
* ``hidden`` names the articles that the index still shows and readers may not see.
"""

from search.outbox.entries import (
    CHANNEL,
    Waiting,
    hidden,
    identifier,
    is_followed,
    pending,
    try_again,
    waiting,
)
from search.outbox.following import drain, follow, follow_own_changes
from search.outbox.rebuilding import agrees, rebuild

__all__ = [
    "CHANNEL",
    "Waiting",
    "agrees",
    "drain",
    "follow",
    "follow_own_changes",
    "hidden",
    "identifier",
    "is_followed",
    "pending",
    "rebuild",
    "try_again",
    "waiting",
]
