"""Look at a feed: an import if it has entries that it had not."""

import io
from hashlib import sha256
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from articles.importing import (
    FormatError,
    Record,
    RecordError,
    describe,
    open_records,
)
from articles.importing.formats.feeds import NAME as FORMAT
from articles.importing.formats.feeds import NO_ITEMS
from articles.importing.keeping import folder, free_megabytes, is_full, shown_name
from articles.imports import Import
from articles.watches import Watch
from articles.watching.addresses import read_address
from articles.watching.fetching import fetch
from articles.watching.making import make_import
from articles.watching.problems import WatchError

NO_FEED = gettext_noop(
    "The address answers with no feed, but with %(kind)s. Look for the page's link to "
    "its RSS or Atom feed."
)
UNREADABLE = gettext_noop("No entry of the feed can be read: %(reason)s")
NO_ROOM = gettext_noop(
    "What was found does not fit on the disk, which has %(free)d MB left. Make room; it "
    "is taken the next time."
)


def look_at_feed(watch: Watch) -> list[Import]:
    """Make an import of a feed that has other entries than the last time.

    Raises:
        WatchError: it is not to be had, or it is no feed.
    """
    fetched = fetch(watch.place, etag=watch.etag, modified=watch.modified)
    if fetched.body is None:
        return []
    entries = _entries(fetched.body, fetched.kind)
    with transaction.atomic():
        # Of this address: an editor may have changed it meanwhile.
        Watch.objects.filter(pk=watch.pk, place=watch.place).update(
            etag=fetched.etag, modified=fetched.modified, entries=entries
        )
        new = entries not in {"", watch.entries}
        return [_import(watch, fetched.body)] if new else []


def _import(watch: Watch, body: bytes) -> Import:
    path = folder() / uuid4().hex
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    except OSError as error:
        path.unlink(missing_ok=True)
        if is_full(error):
            raise WatchError(NO_ROOM, free=free_megabytes()) from error
        raise
    return make_import(watch, path, _name(watch.place))


def _name(address: str) -> str:
    """Return what the import is called: the feed's address, in words."""
    place = read_address(address)
    path = place.target.split("?")[0]
    return shown_name(" ".join([place.host, *filter(None, path.split("/"))]))


def _entries(body: bytes, kind: str) -> str:
    """Return what tells a feed's entries from others, in whatever order; "" for none.

    When a feed says that it was built anew, and nothing else is new, nothing is.
    """
    try:
        told = describe(io.BytesIO(body), FORMAT)
    except FormatError as error:
        raise WatchError(NO_FEED, kind=kind or "?") from error
    if told.format != FORMAT or told.nesting:
        raise WatchError(NO_FEED, kind=kind or told.format)
    found = list(open_records(io.BytesIO(body), FORMAT))
    errors = [one for one in found if isinstance(one, RecordError)]
    if errors == found:
        if all(error.reason == NO_ITEMS for error in errors):
            return ""
        raise WatchError(UNREADABLE, reason=str(errors[0]))
    return sha256("\0".join(sorted(map(_shown, found))).encode()).hexdigest()


def _shown(found: Record | RecordError) -> str:
    if isinstance(found, RecordError):
        return found.reason
    parts = (found.origin_id, found.url, found.title, found.body, str(found.published))
    return "\x01".join(parts)
