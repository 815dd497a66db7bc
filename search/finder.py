"""The one door to what can be found: ``find(SearchRequest) -> ResultPage``.

The query string is read, and one commit of the index is asked for everything that a page
shows: hits, total and facet counts in one pass, then what each rung of the ladder would
give and which forms the words meet. ``explain_hit`` says why an article was found,
``list_facet`` gives the values of a facet beyond those that a page shows, ``complete``
what a reader may be about to type. What readers may no longer see is left out even before
the index has followed.
"""

import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.utils import timezone

from articles.models import Source
from search import keeping, outbox
from search.analysis import fold, tokenize
from search.backends import ArchiveSearchBackend, default_backend
from search.conf import search_settings
from search.engine import (
    Deadline,
    Form,
    Found,
    Histogram,
    IndexDamagedError,
    Search,
    Snapshot,
    SortKey,
    Word,
    excerpt,
    mark,
)
from search.events import searched
from search.labels import Labels, all_labels, labels_of
from search.query import (
    FIELD_WEIGHTS,
    Limits,
    Reading,
    ReadQuery,
    matching_names,
    query_tree,
    read_query,
    trees,
    wanted_patterns,
    wanted_words,
)
from search.results import (
    FACETS,
    MISSING,
    RUNGS,
    Choice,
    Completions,
    Contribution,
    Correction,
    Facet,
    FacetValue,
    FormCount,
    Hit,
    MatchedForm,
    Note,
    Part,
    Period,
    Remedy,
    RemedyKind,
    ResultPage,
    SearchRequest,
    SearchUnavailableError,
    Sort,
    SourceCompletion,
    Step,
    Timeline,
    TitleCompletion,
    Why,
    WordForms,
)
from search.timelines import timeline_of

FACET_FIELDS = {
    "source": "source",
    "section": "section",
    "author": "author",
    "place": "dateline",
    "language": "language",
    "year": "year",
}
"""The field of the index that holds the values of each facet."""

DAY = "published_on"

MOST_WORDS_SHOWN = 10
"""Words of a query whose forms a page shows."""

MOST_FORMS_SHOWN = 24
"""Forms of one word that a page shows; ``list_forms`` gives them all."""

FEW = 3
"""With so few hits, or less, something else was probably meant."""

_NEWEST = (SortKey(DAY, descending=True), SortKey("published_at", descending=True))
_SORTS: Mapping[Sort, tuple[SortKey, ...]] = {
    "newest": _NEWEST,
    "oldest": (SortKey(DAY), SortKey("published_at")),
    "title": tuple(SortKey(f"title_order_{number}") for number in (1, 2, 3)),
    "longest": (SortKey("length", descending=True),),
    "shortest": (SortKey("length"),),
}


def find(request: SearchRequest) -> ResultPage:
    """Search as ``request`` says. Whatever it says, there is a result page.

    A page past the last gives the last one.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    began = time.perf_counter()
    return _found(_begin(request), began)


def _found(asking: "_Asking", began: float) -> ResultPage:
    request = asking.request
    facet_fields = tuple(FACET_FIELDS[name] for name in FACETS)
    found = asking.find(
        asking.search(request, facets=facet_fields, histograms={DAY: "auto"})
    )
    pages = asking.pages(found.total)
    if request.page > pages:
        return _found(asking.on_page(pages), began)
    ladder = asking.ladder(found)
    words = asking.word_forms()
    timeline = asking.timeline(found.histograms[DAY])
    marked = asking.matched()
    is_few = found.total <= FEW and bool(request.query)
    correction = asking.correction(found.total) if is_few else None
    remedies = asking.remedies() if not found.total else ()
    shown = {name: _shown(name, found, request) for name in FACETS}
    values = [asking.backend.values(document) for document in found.documents]
    labels = asking.labels(shown, values)
    took_ms = (time.perf_counter() - began) * 1000
    searched.send(sender=None, seconds=took_ms / 1000, partial=found.is_partial)
    return ResultPage(
        request=request,
        total=found.total,
        pages=pages,
        took_ms=round(took_ms, 1),
        hits=tuple(
            _hit(value, document.score, marked, labels)
            for value, document in zip(values, found.documents, strict=True)
        ),
        facets=tuple(
            _facet(name, shown[name], found.facets[FACET_FIELDS[name]], request, labels)
            for name in FACETS
        ),
        notes=(
            *(Note(note.kind, note.text) for note in asking.read.notes),
            *([Note("partial")] if asking.deadline.was_met else []),
            *([Note("expanded")] if found.is_cut else []),
            *([Note("window")] if asking.is_at_the_end(found.total) else []),
        ),
        has_words=asking.read.has_words,
        read_as=asking.read.printed,
        parts=tuple(Part(part.text, part.without) for part in asking.read.parts),
        ladder=ladder,
        words=words,
        timeline=timeline,
        correction=correction,
        remedies=remedies,
    )


def explain_hit(request: SearchRequest, article_id: int) -> Why | None:
    """Say why the words of ``request`` find an article; None if they do not.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    asking = _begin(request)
    key = outbox.identifier(article_id)
    search = replace(asking.search(request), budget=asking.deadline.left)
    reasons = asking.snapshot.explain(search, key)
    document = asking.snapshot.document(key)
    if document is None or not reasons:
        return None
    score = sum(reason.score for reason in reasons)
    return Why(
        id=article_id,
        title=asking.backend.values(document)["title"],
        score=round(score, 4),
        contributions=tuple(
            Contribution(
                text=reason.text,
                field=reason.field,
                forms=tuple(
                    MatchedForm(one.form, one.rung or "", one.count)
                    for one in reason.occurrences
                ),
                share=reason.score / score if score else 0.0,
            )
            for reason in reasons
        ),
    )


def marked_words(request: SearchRequest) -> Mapping[str, int]:
    """Return the words of the index that ``request`` looks for, to mark them in a text.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    return _begin(request).matched() if request.query.strip() else {}


def list_facet(request: SearchRequest, name: str, wanted: str = "") -> Facet:
    """Return the values of a facet, most articles first.

    Args:
        request: the search.
        name: one of ``FACETS``.
        wanted: what their labels must have in them, whatever the spelling.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    asking = _begin(request)
    field = FACET_FIELDS[name]
    found = asking.find(asking.search(request, facets=(field,), limit=0))
    labels = all_labels() if name in ("source", "section") else Labels()
    counts = found.facets[field]
    values = {**dict.fromkeys(_picked(name, request), 0), **counts}
    if part := fold(wanted.strip()):
        values = {v: n for v, n in values.items() if part in fold(labels[name, v])}
    return _facet(name, _ranked(name, values), counts, request, labels)


def list_forms(request: SearchRequest) -> tuple[WordForms, ...]:
    """Return the words of ``request`` with all forms that they meet.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    return _begin(request).all_forms()


def complete(text: str, limit: int = 5) -> Completions:
    """Return what a reader who has typed ``text`` may be about to look for.

    Raises:
        SearchUnavailableError: the index cannot be read.
    """
    typed = text[: search_settings().max_query_length]
    asking = _begin(SearchRequest(per_page=limit))
    begun = asking.snapshot.complete(typed, limit, deadline=asking.deadline)
    forms = [form.word for form in begun]
    tokens = list(tokenize(typed))
    if not tokens:
        return Completions()
    *before, last = (token.written for token in tokens)
    ends = trees.any_of(_in_title(word) for word in forms or [last])
    tree = trees.all_of([*map(_in_title, before), ends])
    search = replace(asking.search(asking.request), query=tree, sort=_NEWEST)
    titles = [asking.backend.values(d) for d in asking.find(search).documents]
    sources = Source.objects.filter(name__icontains=typed.strip()).order_by("name")
    return Completions(
        queries=tuple(f"{typed[: tokens[-1].start]}{word}" for word in forms),
        titles=tuple(
            TitleCompletion(int(value["pk"]), value["title"], value["language"])
            for value in titles
        ),
        sources=tuple(
            SourceCompletion(slug, name)
            for slug, name in sources.values_list("slug", "name")[:limit]
        ),
    )


def _in_title(word: str) -> trees.Tree:
    return Word("title", word, "folded")


def _begin(request: SearchRequest) -> "_Asking":
    try:
        return _Asking(request)
    except IndexDamagedError as error:
        raise SearchUnavailableError(str(error)) from error


class _Asking:
    """Everything that is asked for one request, of one commit of the index."""

    def __init__(self, request: SearchRequest) -> None:
        settings = search_settings()
        self.request = request
        self._budget = settings.budget
        self._most_results = settings.most_results
        self.backend: ArchiveSearchBackend = default_backend()
        # A word that only hidden articles have is offered to nobody.
        self.snapshot: Snapshot = self.backend.index.snapshot().without(self._hidden)
        self.read: ReadQuery = read_query(
            request.query,
            Limits(settings.max_query_length, settings.max_query_words),
            today=_today(),
        )

    def search(self, request: SearchRequest, **options: Any) -> Search:
        """Return the engine's search for ``request``, which has our query string."""
        bounds = request.period
        return Search(
            query_tree(self.read.root, self._reading(request)),
            **{
                "chosen": _by_field(request.selected),
                "excluded": _by_field(request.excluded),
                "between": {DAY: _numbers(bounds)} if bounds else {},
                "sort": _order(request.sort, has_words=self.read.has_words),
                "offset": (request.page - 1) * request.per_page,
                "limit": request.per_page,
                "hidden": self._hidden,
                **options,
            },
        )

    def find(self, search: Search) -> Found:
        """Ask the index, with the time that is left."""
        found = self.snapshot.find(replace(search, budget=self.deadline.left))
        # What ran out in there ran out here.
        self.deadline.was_met |= found.is_partial
        return found

    @cached_property
    def deadline(self) -> Deadline:
        """When everything that is asked for the request has to stop.

        It runs from the first question: a process that has just begun may first have
        to open its dictionaries.
        """
        return Deadline(self._budget)

    def pages(self, total: int) -> int:
        """Return how many pages of results there are to turn to."""
        shown = min(total, self._most_results)
        return max(1, math.ceil(shown / self.request.per_page))

    def on_page(self, page: int) -> "_Asking":
        """Return the same for another page, in the time that is left."""
        other = _Asking(replace(self.request, page=page))
        other.deadline = self.deadline
        return other

    def is_at_the_end(self, total: int) -> bool:
        """Whether the page is the last, and there are results that no page shows."""
        last = self.request.page == self.pages(total)
        return last and total > self.request.page * self.request.per_page

    def total(self, request: SearchRequest) -> int | None:
        """Return what ``request`` would find; None if the time is over."""
        found = self.find(self.search(request, limit=0, offset=0))
        return None if found.is_partial else found.total

    def matched(self) -> Mapping[str, int]:
        """Return the words of the index to mark."""
        return self.snapshot.matched(
            wanted_words(self.read.root, self._reading(self.request)),
            wanted_patterns(self.read.root),
            deadline=self.deadline,
        )

    def ladder(self, found: Found) -> tuple[Step, ...]:
        """Return what each rung gives, if there is a word that could climb."""
        if not self._words:
            return ()
        current = self.request.rung
        known = None if found.is_partial else found.total
        return tuple(
            Step(
                rung,
                known if rung == current else self.total(self._on_rung(rung)),
                rung == current,
            )
            for rung in RUNGS
        )

    def word_forms(self) -> tuple[WordForms, ...]:
        """Return the forms that the first words meet, those removed among them."""
        words = dict.fromkeys(self._words)
        return tuple(
            self._forms(word, MOST_FORMS_SHOWN)
            for word in list(words)[:MOST_WORDS_SHOWN]
        )

    def timeline(self, found: Histogram) -> Timeline:
        """Return the time line, beside all articles if shares are asked for."""
        if not self.request.share:
            return timeline_of(found)
        everything = SearchRequest(period=self.request.period)
        search = replace(
            self.search(everything, limit=0, histograms={DAY: found.unit}),
            query=query_tree(None, Reading()),
        )
        return timeline_of(found, self.find(search).histograms[DAY])

    def correction(self, total: int) -> Correction | None:
        """Return a query that was probably meant, if it finds more."""
        meant = self.snapshot.suggest(self.request.query, deadline=self.deadline)
        if meant is None:
            return None
        other = _Asking(replace(self.request, query=meant, page=1))
        other.deadline = self.deadline
        would_find = other.total(other.request)
        if would_find is None or would_find <= total:
            return None
        return Correction(meant, would_find)

    def remedies(self) -> tuple[Remedy, ...]:
        """Return what would give results, with how many."""
        request = replace(self.request, page=1)
        tries: list[tuple[RemedyKind, SearchRequest]] = []
        if request.is_narrowed:
            tries.append(("widened", request.widened()))
        if self._words:
            wider = RUNGS[RUNGS.index(request.rung) + 1 :]
            tries += [("rung", self._on_rung(rung)) for rung in wider]
            if not (request.names and request.variants):
                tries.append(("names", replace(request, names=True, variants=True)))
        if len(self._words) > 1 and not request.any_word:
            tries.append(("any_word", replace(request, any_word=True)))
        found = [(kind, other, self.total(other)) for kind, other in tries]
        return tuple(Remedy(kind, other, n) for kind, other, n in found if n)

    def labels(
        self, shown: Mapping[str, Iterable[str]], values: Sequence[Mapping[str, Any]]
    ) -> Labels:
        """Return the labels of the values that a page shows, in one query at most.

        Args:
            shown: facet -> its values.
            values: those of the fields of each hit.
        """
        if self.read.fields_named:
            return self._all_labels
        return labels_of(
            {
                name: {*shown[name], *(value[name] for value in values)}
                for name in ("source", "section")
            }
        )

    @cached_property
    def _hidden(self) -> Sequence[str]:
        return keeping.hidden()

    @cached_property
    def _all_labels(self) -> Labels:
        return all_labels()

    @cached_property
    def _words(self) -> Sequence[Word]:
        """The wanted words, without what the reader removed."""
        return wanted_words(self.read.root, self._reading(self.request))

    def _on_rung(self, rung: Any) -> SearchRequest:
        return replace(self.request, rung=rung, page=1)

    def _reading(self, request: SearchRequest) -> Reading:
        return Reading(
            rung=request.rung,
            any_word=request.any_word,
            names=request.names,
            variants=request.variants,
            without=frozenset(form.lower() for form in request.without),
            resolve=self._slugs,
        )

    def _slugs(self, field: str, text: str) -> Collection[str]:
        return matching_names(text, self._all_labels.names(field))

    def all_forms(self) -> tuple[WordForms, ...]:
        """Return all forms of all words."""
        return tuple(self._forms(word) for word in dict.fromkeys(self._words))

    def _forms(self, word: Word, most: int | None = None) -> WordForms:
        removed = word.without
        whole = Word(word.fieldname, word.text, word.rungs)
        in_main = word.fieldname in FIELD_WEIGHTS
        forms = self.snapshot.forms(
            whole, tuple(FIELD_WEIGHTS) if in_main else (), deadline=self.deadline
        )

        def those(*rungs: str) -> tuple[FormCount, ...]:
            on_rungs = (form for form in forms if form.rung in rungs)
            return tuple(_form_count(form, removed) for form in islice(on_rungs, most))

        return WordForms(
            word.text,
            those("written", "folded", "lemma", "root"),
            those("variant"),
            those("name"),
            size=len(forms),
        )


def _today() -> date:
    return timezone.localdate()


def _order(sort: Sort, *, has_words: bool) -> tuple[SortKey, ...]:
    """Without wanted words nothing is more relevant than anything: newest first."""
    return _SORTS.get(sort, () if has_words else _NEWEST)


def _by_field(choices: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    return {FACET_FIELDS[name]: values for name, values in choices.items() if values}


def _numbers(period: Period) -> tuple[int | None, int | None]:
    first, last = period.first, period.last
    return (
        first.toordinal() if first else None,
        last.toordinal() if last else None,
    )


def _form_count(form: Form, removed: Collection[str]) -> FormCount:
    is_removed = form.word.lower() in removed
    return FormCount(form.word, form.rung, form.documents, is_removed)


def _hit(
    values: Mapping[str, Any], score: float, forms: Mapping[str, int], labels: Labels
) -> Hit:
    has_section = values["section"] != MISSING
    text = excerpt(values["text"], forms, length=search_settings().snippet_length)
    title = mark(values["title"], forms)
    return Hit(
        id=int(values["pk"]),
        title=title,
        plain_title=values["title"],
        snippet=text.html,
        matches=text.matches + title.count("<mark>"),
        language=values["language"],
        source=values["source"],
        source_label=labels["source", values["source"]],
        section=values["section"] if has_section else "",
        section_label=labels["section", values["section"]] if has_section else "",
        published_on=values["published_on"],
        published_at=values["published_at"],
        score=round(score, 4),
    )


def _picked(name: str, request: SearchRequest) -> tuple[str, ...]:
    """Return the values of a facet that a reader chose or excluded."""
    return (*request.selected.get(name, ()), *request.excluded.get(name, ()))


def _shown(name: str, found: Found, request: SearchRequest) -> list[str]:
    """Return the values of a facet that a page shows: the commonest, and those picked."""
    counts = found.facets[FACET_FIELDS[name]]
    picked = _picked(name, request)
    ranked = _ranked(name, {**dict.fromkeys(picked, 0), **counts})
    kept = ranked if name == "year" else ranked[: search_settings().facet_values]
    return [*kept, *(value for value in picked if value not in kept)]


def _ranked(name: str, counts: Mapping[str, int]) -> list[str]:
    if name == "year":
        # From the newest to the oldest, and the undated last.
        return sorted(counts, key=lambda v: (v != MISSING, v), reverse=True)
    return sorted(counts, key=lambda v: (-counts[v], v))


def _facet(
    name: str,
    shown: Sequence[str],
    counts: Mapping[str, int],
    request: SearchRequest,
    labels: Labels,
) -> Facet:
    picked = _picked(name, request)

    def choice(value: str) -> Choice:
        if value in request.excluded.get(name, ()):
            return "excluded"
        return "chosen" if value in request.selected.get(name, ()) else ""

    values = tuple(
        FacetValue(value, labels[name, value], counts.get(value, 0), choice(value))
        for value in shown
    )
    return Facet(name, values, len({*counts, *picked}))
