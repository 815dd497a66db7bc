"""Look at folders and feeds by the clock, and make imports of what is new there.

``fetching`` gets a document of the public web through ``addresses``, which says where
this machine may connect to; ``feeds`` looks at a feed, ``folders`` at a folder, and
``looking`` at a watch of either kind: it notes what happened, and when to look again.
"""

from articles.watching.folders import allowed_folder
from articles.watching.limits import WatchingLimits, watching_limits
from articles.watching.looking import due, look
from articles.watching.problems import WatchError

__all__ = [
    "WatchError",
    "WatchingLimits",
    "allowed_folder",
    "due",
    "look",
    "watching_limits",
]
