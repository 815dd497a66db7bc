"""The typed settings of search: ``settings.SEARCH`` as a frozen dataclass.

An unknown key is a TypeError when the settings are first used, so a misspelt tunable
never goes unnoticed.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What an installation may tune.

    Attributes:
        per_page: hits on a page when the reader does not say.
        max_per_page: the most hits on a page, however many are asked for.
        max_query_length: characters of a query string that are read.
        max_query_words: words of a query string that are searched.
        facet_values: values of a facet that a result page shows.
        snippet_length: characters of an excerpt, about.
        write_wait: seconds that a saved article waits for the index's lock before it
            leaves the indexing to the worker.
        most_followed_at_once: changed articles that the process which changed them
            indexes itself, before it goes on.
        most_rewritten: documents that merging may rewrite in one commit, unless more
            than ``batch_size`` changes wait; every night all become one segment.
        batch_size: articles that reach the index in one commit.
        most_attempts: times that an article is tried to be indexed before it is set
            aside.
        retry_wait: seconds before the second attempt; each further one waits four
            times as long as the one before.
        most_backlog: changes that may wait for the index before it is told that the
            archive is not well.
        longest_wait: seconds that the oldest of them may wait.
        most_set_aside: articles that may be set aside.
        budget: seconds after which a search stops with what it has found, and says so:
            all that its page shows together.
        related_budget: seconds after which the page of an article goes without those
            that are like it.
        most_results: hits of one search that pages show, from the first one on; each
            page further on costs more than the one before.
        most_at_once: searches that a process makes at the same time. It has more
            threads (eight, of gunicorn's), which are kept for other pages.
        most_at_once_of_one: of these, those of one client; as many of it may wait.
        most_waiting: searches that wait until one of them is made.
        longest_turn: seconds that they wait before they are refused.
    """

    per_page: int = 20
    max_per_page: int = 100
    max_query_length: int = 2000
    max_query_words: int = 50
    facet_values: int = 8
    snippet_length: int = 280
    write_wait: float = 2.0
    most_followed_at_once: int = 100
    most_rewritten: int = 10_000
    batch_size: int = 5000
    most_attempts: int = 4
    retry_wait: float = 60.0
    most_backlog: int = 50_000
    longest_wait: float = 300.0
    most_set_aside: int = 0
    budget: float = 2.0
    related_budget: float = 1.0
    most_results: int = 10_000
    most_at_once: int = 3
    most_at_once_of_one: int = 2
    most_waiting: int = 4
    longest_turn: float = 5.0


def search_settings() -> SearchSettings:
    """Read ``settings.SEARCH``."""
    return SearchSettings(**cast("dict[str, Any]", settings.SEARCH))
