"""What a search asks and what it gives: frozen values, and nothing of any library.

``SearchRequest`` goes into ``search.finder.find`` and ``ResultPage`` comes out. Pages,
the JSON interface and feeds are written from these and see nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, get_args

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)

FACETS = ("source", "section", "language", "year")
"""The facets, in the order in which pages show them."""

MISSING = "-"
"""The facet value of documents that have none: an undated article's year."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a reader asks for.

    Attributes:
        query: the query string, as typed.
        page: the page of hits, from 1.
        per_page: hits on a page.
        sort: the order of hits.
        selected: facet -> the chosen values. Values of one facet widen, facets narrow.
    """

    query: str = ""
    page: int = 1
    per_page: int = 20
    sort: Sort = "relevance"
    selected: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """One article in the results.

    Attributes:
        id: the article's primary key.
        title: the title with the reader's words marked: HTML, escaped.
        snippet: an excerpt of the text with the words marked: HTML, escaped.
        published_on: the day of publication, None if unknown.
        published_at: the moment of publication, None if only the day is known.
        score: relevance; 0 when hits are sorted by date only.
    """

    id: int
    title: str
    plain_title: str
    snippet: str
    language: str
    source: str
    source_label: str
    section: str
    section_label: str
    published_on: date | None
    published_at: datetime | None
    score: float

    @property
    def published(self) -> str | None:
        """When it was published, as precisely as known, in ISO 8601."""
        moment = self.published_at or self.published_on
        return moment.isoformat() if moment else None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet.

    Attributes:
        value: as it stands in addresses.
        label: as a reader knows it.
        count: articles that the search would give with this value chosen beside the
            other facets' choices; values of the same facet do not lower each other.
        selected: whether the reader chose it.
    """

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A field to narrow by, with its values, most articles first (years: newest first)."""

    name: str
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values that the reader chose."""
        return tuple(value for value in self.values if value.selected)


class SearchUnavailableError(Exception):
    """The index cannot be read; the message, for whoever runs the archive, has the cure."""


NoteKind = Literal["empty", "cut", "unclosed", "partial"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader should know about how the query was read.

    Attributes:
        kind: ``empty``: nothing of the query can be searched for; ``cut``: only the
            beginning was read; ``unclosed``: a quotation mark without its partner was
            left out; ``partial``: the time was over before all was searched.
        text: what it is about: for ``cut``, the words that were searched for.
    """

    kind: NoteKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What a search found.

    Attributes:
        request: what was asked, with the page number that was given.
        total: articles found, exactly.
        pages: pages of hits, at least 1.
        took_ms: milliseconds from the query string to the facet counts.
    """

    request: SearchRequest
    total: int
    pages: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    notes: tuple[Note, ...] = ()
