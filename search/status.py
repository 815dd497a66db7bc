"""How the index is: what it holds, what waits for it, and whether that is well."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from search import outbox
from search.backends import default_backend
from search.conf import search_settings
from search.engine import IndexDamagedError, IndexState
from search.engine.segments import FORMAT
from search.outbox import Waiting


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What is known of the index.

    Attributes:
        articles: that readers may see, and should find.
        index: what the folder holds; None if there is nothing that can be read.
        waiting: what the index has still to follow.
        is_followed: whether a worker does.
        is_being_built: whether a new index is being built.
        format: the version of the format that this version of the archive writes.
        problems: what is not well, in words.
    """

    articles: int
    index: IndexState | None
    waiting: Waiting
    is_followed: bool
    is_being_built: bool
    format: int
    problems: tuple[str, ...]

    @property
    def committed(self) -> datetime | None:
        """When the last commit was made."""
        return datetime.fromtimestamp(self.index.committed, UTC) if self.index else None

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        index = asdict(self.index) if self.index else None
        if index and self.committed:
            index["committed"] = self.committed.isoformat(timespec="seconds")
        return {
            "healthy": not self.problems,
            "articles": self.articles,
            "index": index,
            **asdict(self.waiting),
            "followed": self.is_followed,
            "being_built": self.is_being_built,
            "format": self.format,
            "problems": list(self.problems),
        }


def index_status() -> IndexStatus:
    """Tell how the index is; whatever is wrong with it, there is an answer."""
    index = default_backend().index
    problems: list[str] = []
    state: IndexState | None = None
    if not index.exists():
        problems.append(_("There is no search index. Run 'manage.py prepare_index'."))
    else:
        try:
            state = index.state()
            agrees = outbox.agrees()
        except IndexDamagedError as error:
            state = None
            problems.append(str(error))
    waiting = outbox.waiting()
    articles = Article.objects.published().count()
    # While changes wait, the index may well differ from the database.
    if state and not waiting.backlog and not agrees:
        problems.append(
            _(
                "The index has %(documents)d documents for %(articles)d articles. Run "
                "'manage.py verify_index --repair'."
            )
            % {"documents": state.documents, "articles": articles}
        )
    is_followed = outbox.is_followed()
    if not is_followed:
        problems.append(_("No worker follows changes. Start 'manage.py work'."))
    return IndexStatus(
        articles=articles,
        index=state,
        waiting=waiting,
        is_followed=is_followed,
        is_being_built=index.is_being_built(),
        format=FORMAT,
        problems=(*problems, *delays(waiting), *_set_aside(waiting)),
    )


def delays(waiting: Waiting) -> list[str]:
    """Say in words what waits for too long, or that too much does."""
    settings = search_settings()
    problems = []
    if waiting.backlog > settings.most_backlog:
        problems.append(
            ngettext(
                "%(number)d change waits for the index, more than %(most)d.",
                "%(number)d changes wait for the index, more than %(most)d.",
                waiting.backlog,
            )
            % {"number": waiting.backlog, "most": settings.most_backlog}
        )
    if waiting.oldest_seconds > settings.longest_wait:
        problems.append(
            _(
                "A change has waited for the index for %(seconds)d seconds, longer than "
                "%(most)d."
            )
            % {"seconds": waiting.oldest_seconds, "most": settings.longest_wait}
        )
    return problems


def _set_aside(waiting: Waiting) -> list[str]:
    if waiting.set_aside <= search_settings().most_set_aside:
        return []
    return [
        ngettext(
            "%(number)d article cannot be indexed; the admin says why.",
            "%(number)d articles cannot be indexed; the admin says why.",
            waiting.set_aside,
        )
        % {"number": waiting.set_aside}
    ]
