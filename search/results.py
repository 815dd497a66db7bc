"""What a search asks and what it gives: frozen values, and nothing of any library.

``SearchRequest`` goes into ``search.finder.find`` and ``ResultPage`` comes out. Pages,
the JSON interface and feeds are written from these and see nothing else.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, get_args

Sort = Literal["relevance", "newest", "oldest", "title", "longest", "shortest"]
SORTS: tuple[Sort, ...] = get_args(Sort)

Rung = Literal["written", "folded", "lemma", "root"]
RUNGS: tuple[Rung, ...] = get_args(Rung)
"""The rungs of the match ladder that a reader moves on, each wider than the one before."""

DEFAULT_RUNG: Rung = "lemma"

FACETS = ("source", "section", "author", "place", "language", "year")
"""The facets, in the order in which pages show them."""

MISSING = "-"
"""The facet value of documents that have none: an undated article's year."""

Unit = Literal["year", "month", "day"]

Choices = Mapping[str, tuple[str, ...]]


def _none() -> Choices:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included; None is an open end."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        """Return it as it stands in addresses: 2001, 2001-09, 2001-09-11 or a range."""
        first, last = self.first, self.last
        if first and last:
            units: tuple[tuple[int, Unit], ...] = (
                (4, "year"),
                (7, "month"),
                (10, "day"),
            )
            for length, unit in units:
                if (first, last) == days_of(first, unit):
                    return first.isoformat()[:length]
        return f"{first or ''}..{last or ''}"


def days_of(day: date, unit: Unit) -> tuple[date, date]:
    """Return the first and the last day of the year, month or day that ``day`` is in."""
    if unit == "day":
        return day, day
    if unit == "month":
        length = monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=length)
    return date(day.year, 1, 1), date(day.year, 12, 31)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a reader asks for.

    Attributes:
        query: the query string, as typed.
        page: the page of hits, from 1.
        per_page: hits on a page.
        sort: the order of hits.
        selected: facet -> the chosen values. Values of one facet widen, facets narrow.
        excluded: facet -> values that no hit may have.
        period: when hits were published; None for whenever.
        rung: how far words climb the match ladder.
        any_word: whether one of the words is enough.
        names: whether words are looked for as names in the other script too.
        variants: whether press variants are looked for too.
        without: forms that are not looked for, whatever joins them to a word.
        share: whether the time line shows the share of all articles of the time.
    """

    query: str = ""
    page: int = 1
    per_page: int = 20
    sort: Sort = "relevance"
    selected: Choices = field(default_factory=_none)
    excluded: Choices = field(default_factory=_none)
    period: Period | None = None
    rung: Rung = DEFAULT_RUNG
    any_word: bool = False
    names: bool = True
    variants: bool = True
    without: tuple[str, ...] = ()
    share: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words narrows what is found."""
        return bool(self.period) or any(
            values
            for choices in (self.selected, self.excluded)
            for values in choices.values()
        )

    def widened(self) -> "SearchRequest":
        """Return the same without what narrows it, from its first page."""
        return replace(self, selected=_none(), excluded=_none(), period=None, page=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """One article in the results.

    Attributes:
        id: the article's primary key.
        title: the title with the reader's words marked: HTML, escaped.
        snippet: an excerpt of the text with the words marked: HTML, escaped.
        matches: words of title and text that match.
        published_on: the day of publication, None if unknown.
        published_at: the moment of publication, None if only the day is known.
        score: relevance; 0 when hits are sorted by date only.
    """

    id: int
    title: str
    plain_title: str
    snippet: str
    matches: int
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


Choice = Literal["chosen", "excluded", ""]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet.

    Attributes:
        value: as it stands in addresses.
        label: as a reader knows it.
        count: articles that the search would give with this value chosen beside the
            other facets' choices; values of the same facet do not lower each other.
        choice: whether the reader chose it or excluded it.
    """

    value: str
    label: str
    count: int
    choice: Choice = ""

    @property
    def selected(self) -> bool:
        """Whether the reader chose it."""
        return self.choice == "chosen"

    @property
    def excluded(self) -> bool:
        """Whether the reader excluded it."""
        return self.choice == "excluded"


@dataclass(frozen=True, slots=True)
class Facet:
    """A field to narrow by.

    Attributes:
        name: one of ``FACETS``.
        values: most articles first (years: newest first), what was chosen or excluded
            among them whatever its count.
        size: how many values there are, shown or not.
    """

    name: str
    values: tuple[FacetValue, ...]
    size: int

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values that the reader chose."""
        return tuple(value for value in self.values if value.selected)

    @property
    def excluded(self) -> tuple[FacetValue, ...]:
        """The values that the reader excluded."""
        return tuple(value for value in self.values if value.excluded)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder, for the whole query.

    Attributes:
        rung: the rung.
        total: articles that the search gives there, exactly; None if the time was over.
        is_current: whether the reader stands there.
    """

    rung: Rung
    total: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class FormCount:
    """A word of the archive that a word of the query meets.

    Attributes:
        form: as written.
        rung: the narrowest rung that joins it; "name" for one of the other script.
        count: articles of the archive that have it.
        is_removed: whether the reader took it out.
    """

    form: str
    rung: str
    count: int
    is_removed: bool


@dataclass(frozen=True, slots=True)
class WordForms:
    """A word of the query, with what it meets.

    Attributes:
        word: as typed.
        forms: the forms on the ladder, the commonest first.
        variants: other press spellings, and their forms.
        names: spellings in the other script, and other names of the same place.
        size: how many there are of all three kinds, shown or not.
    """

    word: str
    forms: tuple[FormCount, ...]
    variants: tuple[FormCount, ...] = ()
    names: tuple[FormCount, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query as it was read.

    Attributes:
        text: the part.
        rest: the query string without it.
    """

    text: str
    rest: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One year, month or day of the time line.

    Attributes:
        period: its days.
        count: articles found.
        among: articles of the archive in that time.
    """

    period: Period
    count: int
    among: int

    @property
    def share(self) -> float:
        """The share of the archive's articles of that time, from 0 to 1."""
        return self.count / self.among if self.among else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles found by the time of their publication.

    Attributes:
        unit: of the bars.
        bars: every unit from the first to the last with articles, the empty ones too.
        undated: articles without a day.
    """

    unit: Unit
    bars: tuple[Bar, ...]
    undated: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A query as it was probably meant, with what it would find."""

    query: str
    total: int


RemedyKind = Literal["widened", "rung", "any_word", "names"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would give results where there are none.

    Attributes:
        kind: ``widened``: without what narrows it; ``rung``: on a wider rung;
            ``any_word``: if one of the words is enough.
        request: the search that it is.
        total: what that gives.
    """

    kind: RemedyKind
    request: SearchRequest
    total: int


class SearchUnavailableError(Exception):
    """The index cannot be read; the message, for whoever runs the archive, has the cure."""


class SearchBusyError(Exception):
    """Others are searching so much that there is no room for this search just now."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader should know about how the query was read.

    Attributes:
        kind: those of ``search.query.QueryNote``; and ``partial``: the time was over
            before all was searched; ``expanded``: a beginning or a fuzzy word stands
            for more words than were looked for; ``window``: there are more articles
            than can be turned to.
        text: what it is about.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What a search found.

    Attributes:
        request: what was asked, with the page number that was given.
        total: articles found, exactly.
        pages: pages of hits, at least 1.
        took_ms: milliseconds from the query string to the facet counts.
        hits: those of the page.
        facets: in the order of ``FACETS``.
        notes: what to know about the reading of the query.
        has_words: whether anything is looked for that could be more or less relevant.
        read_as: the query as it was read.
        parts: its parts; none if it is blank.
        ladder: the rungs with their totals; none if there is no word to climb.
        words: the words with the forms that they meet.
        timeline: when the articles found were published.
        correction: what was probably meant instead.
        remedies: what would give results, where there are none.
    """

    request: SearchRequest
    total: int
    pages: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    notes: tuple[Note, ...] = ()
    has_words: bool = False
    read_as: str = ""
    parts: tuple[Part, ...] = ()
    ladder: tuple[Step, ...] = ()
    words: tuple[WordForms, ...] = ()
    timeline: Timeline | None = None
    correction: Correction | None = None
    remedies: tuple[Remedy, ...] = ()

    @property
    def first_number(self) -> int:
        """The place of the page's first hit among all, from 1."""
        return (self.request.page - 1) * self.request.per_page + 1


@dataclass(frozen=True, slots=True)
class MatchedForm:
    """A form that an article has, with how often; ``rung`` is empty for a pattern."""

    form: str
    rung: str
    count: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word or phrase of the query adds to the relevance of an article.

    Attributes:
        text: the word or phrase.
        field: where it was found.
        forms: in which forms.
        share: of the article's score, from 0 to 1.
    """

    text: str
    field: str
    forms: tuple[MatchedForm, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why an article was found.

    Attributes:
        id: its primary key.
        title: its title.
        score: its relevance.
        contributions: what counted most first.
    """

    id: int
    title: str
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class TitleCompletion:
    """An article whose title begins to be what is typed."""

    id: int
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class SourceCompletion:
    """A source whose name has what is typed."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Completions:
    """What a reader may be about to type.

    Attributes:
        queries: query strings, the commonest word at the end of each first.
        titles: articles, the newest first.
        sources: in the order of their names.
    """

    queries: tuple[str, ...] = ()
    titles: tuple[TitleCompletion, ...] = ()
    sources: tuple[SourceCompletion, ...] = ()
