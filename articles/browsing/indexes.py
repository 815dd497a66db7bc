"""Lists of all sources, sections, authors or places, by letters."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.addresses import address_of
from articles.browsing.answers import browsing_page, counted_once
from articles.browsing.counts import counted
from articles.browsing.paging import ListPage, asked_page
from articles.models import Fold, Letter, Section, SortKey, Source, Tally
from articles.querysets import TallyQuerySet
from articles.subjects import SubjectKind

PER_PAGE = 100
FILTER_LENGTH = 100
ARABIC = "\N{ARABIC LETTER HAMZA}"
"""The first of the Arabic letters; Latin ones come before it."""
NO_LETTER = "#"
TITLES: Mapping[SubjectKind, Any] = {
    "source": _("Sources"),
    "section": _("Sections"),
    "author": _("Authors"),
    "place": _("Places"),
}
NAMED = ("author", "place")
"""What is a name and no row of its own."""
_LANGUAGE: Mapping[SubjectKind, tuple[str, ...]] = {
    "source": ("language",),
    "section": (),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: what it names, and what there is of it.

    Attributes:
        first: the first year of which there are articles, None if all are undated.
    """

    name: str
    address: str
    language: str
    total: int
    first: int | None
    last: int | None


def index_view(kind: SubjectKind) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view that lists the subjects of one kind."""

    @browsing_page
    def view(request: HttpRequest) -> HttpResponse:
        """List them, all or by a letter or by a part of the name."""
        looked_for = request.GET.get("filter", "").replace("\0", "").strip()
        looked_for = looked_for[:FILTER_LENGTH]
        letters = dict(sorted(_letters(kind, looked_for).items(), key=_rank))
        letter = request.GET.get("letter", "")
        if letter not in letters:
            letter = ""
        total = letters.get(letter, sum(letters.values()))
        number, pages = asked_page(request, total, PER_PAGE)
        chosen = {letter: letters[letter]} if letter else letters
        rows = _rows(kind, looked_for)
        entries = _entries(kind, rows, chosen, (number - 1) * PER_PAGE)
        return render(
            request,
            "articles/index.html",
            {
                "kind": kind,
                "title": TITLES[kind],
                "filter": looked_for,
                "letter": letter,
                "letters": _addresses(request, letters),
                "page": ListPage(entries, number, pages, total),
            },
        )

    return view


# It asks nothing until it has been narrowed, and putting it together takes as long as
# the database does for an answer: pages share it.
@lru_cache(maxsize=64)
def _rows(kind: SubjectKind, looked_for: str) -> QuerySet[Any]:
    """Return what has articles, with total, first, last, letter and sort_key."""
    rows: QuerySet[Any]
    if kind in NAMED:
        rows = Tally.objects.of(kind)
    else:
        rows = counted(Source if kind == "source" else Section).annotate(
            letter=Letter("name"), sort_key=SortKey("name"), folded=Fold("name")
        )
    if looked_for:
        # Folded by the database, as the names were.
        rows = rows.filter(folded__contains=Fold(Value(looked_for)))
    if isinstance(rows, TallyQuerySet):
        return rows.by_value("letter", "sort_key")
    return rows.values(
        "name", "slug", "letter", "sort_key", "total", "first", "last", *_LANGUAGE[kind]
    )


@counted_once
def _letters(kind: SubjectKind, looked_for: str) -> dict[str, int]:
    """Return letter -> number of names, for which all names have to be read."""
    # Django counts the rows of a grouped query, but does not group them again.
    rows = _rows(kind, looked_for).values_list("letter")
    sql, params = rows.query.sql_with_params()
    counts = f"SELECT letter, count(*) FROM ({sql}) AS names GROUP BY letter"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(counts, params)
        return dict(cursor.fetchall())


def _addresses(request: HttpRequest, letters: Iterable[str]) -> dict[str, str]:
    """Return letter -> the address of the list of its names."""
    beside = request.GET.copy()
    for name in ("letter", "page"):
        beside.pop(name, None)
    before = f"{beside.urlencode()}&" if beside else ""
    return {letter: f"?{before}{urlencode({'letter': letter})}" for letter in letters}


def _rank(counted: tuple[str, int]) -> tuple[int, str]:
    """Return where a letter stands: the reader's script first, signs last."""
    letter, _names = counted
    if letter == NO_LETTER:
        return 2, letter
    return int((letter >= ARABIC) != _is_arabic()), letter


def _is_arabic() -> bool:
    return (get_language() or "").startswith("ar")


def _entries(
    kind: SubjectKind, rows: QuerySet[Any], letters: Mapping[str, int], start: int
) -> list[Entry]:
    """Return the entries from ``start`` on, of which only their letters are read."""
    first, last, before, needed = start, start + PER_PAGE, 0, []
    for letter, names in letters.items():
        if before + names <= start:
            first -= names
            last -= names
        elif before < start + PER_PAGE:
            needed.append(letter)
        before += names
    own_script = Q(sort_key__gte=ARABIC)
    if not _is_arabic():
        own_script = ~own_script
    ordered = (
        rows.filter(letter__in=needed)
        .annotate(
            rank=Case(
                When(letter=NO_LETTER, then=2),
                When(own_script, then=0),
                default=Value(1),
            )
        )
        .order_by("rank", "sort_key", "value" if kind in NAMED else "name")
    )
    return [_entry(kind, row) for row in ordered[first:last]]


def _entry(kind: SubjectKind, row: Mapping[str, Any]) -> Entry:
    return Entry(
        name=row.get("name", row.get("value", "")),
        address=address_of(kind, row.get("slug", row.get("value", ""))),
        language=row.get("language", ""),
        total=int(row["total"]),
        first=row["first"],
        last=row["last"],
    )
