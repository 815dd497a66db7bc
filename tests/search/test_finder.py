"""Finding: what a reader asks for and what a page is made of."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from articles.models import Article
from search.analysis import order_numbers
from search.backends import ArchiveSearchBackend
from search.finder import complete, explain_hit, find, list_facet
from search.forms import read_period
from search.results import (
    MISSING,
    RUNGS,
    Completions,
    Facet,
    ResultPage,
    SearchRequest,
)
from tests.factories import make_article, make_section, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


def facet(page: ResultPage, name: str) -> Facet:
    return next(facet for facet in page.facets if facet.name == name)


def counts(page: ResultPage, name: str) -> dict[str, int]:
    return {value.value: value.count for value in facet(page, name).values}


def search(query: str = "", **request: Any) -> ResultPage:
    return find(SearchRequest(query, **request))


@pytest.fixture
def six(transactional_db: None, search_backend: ArchiveSearchBackend) -> None:
    atlas = make_source(name="الأطلس", slug="atlas")
    sail = make_source(name="La Voile", slug="voile")
    sport = make_section(name="رياضة", slug="sport")
    make_article(
        source=atlas,
        section=sport,
        language="ar",
        title="القطار السريع",
        body="وصل القِطار.",
        published_on=date(2019, 3, 8),
        published_at=datetime(2019, 3, 8, 7, 30, tzinfo=UTC),
    )
    make_article(
        source=atlas,
        language="ar",
        title="متحف",
        body="فتح المتحف أبوابه للقطار.",
        published_on=date(2020, 1, 1),
    )
    make_article(
        source=sail,
        section=sport,
        language="fr",
        title="Le train",
        body="Le train de l'État est à l'heure.",
        published_on=date(2019, 5, 5),
    )
    make_article(
        source=sail,
        language="fr",
        title="Sans date",
        body="Un musée.",
        published_on=None,
    )


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("القطار", 1 + 1),
        ("القِطـار", 2),
        ("قطار", 2),
        ("متحف", 1),
        ('"فتح المتحف"', 1),
        ('"المتحف فتح"', 0),
        ("train ETAT", 1),
        ("etat", 1),
        ("train -heure", 0),
        ("المتحف -train", 1),
        ("", 4),
    ],
)
@pytest.mark.usefixtures("six")
def test_queries_find_their_articles(query: str, total: int) -> None:
    assert search(query).total == total


@pytest.mark.usefixtures("six")
def test_a_hit_has_all_that_a_page_shows(django_assert_num_queries: Any) -> None:
    # What may not be shown, and the names of sources and sections; the rest of a hit
    # is stored in the index.
    with django_assert_num_queries(2):
        page = search("السريع")
    [hit] = page.hits
    assert hit.title == "القطار <mark>السريع</mark>"
    assert hit.plain_title == "القطار السريع"
    assert hit.snippet == "وصل القِطار."
    assert (hit.source, hit.source_label) == ("atlas", "الأطلس")
    assert (hit.section, hit.section_label) == ("sport", "رياضة")
    assert hit.language == "ar"
    assert hit.published_on == date(2019, 3, 8)
    assert hit.published == "2019-03-08T07:30:00+00:00"
    assert hit.score > 0


@pytest.mark.usefixtures("six")
def test_a_day_is_all_that_is_known_of_some_and_nothing_of_others() -> None:
    assert search("متحف").hits[0].published == "2020-01-01"
    undated = search("musée").hits[0]
    assert undated.published is None
    assert (undated.section, undated.section_label) == ("", "")


@pytest.mark.usefixtures("six")
def test_facets_have_labels_and_true_counts() -> None:
    page = search("")
    assert counts(page, "source") == {"atlas": 2, "voile": 2}
    assert counts(page, "section") == {MISSING: 2, "sport": 2}
    assert counts(page, "language") == {"ar": 2, "fr": 2}
    assert list(counts(page, "year").items()) == [
        ("2020", 1),
        ("2019", 2),
        (MISSING, 1),
    ]
    assert {value.label for value in facet(page, "language").values} == {
        "العربية",
        "Français",
    }


@pytest.mark.usefixtures("six")
def test_two_values_of_a_facet_widen_and_two_facets_narrow() -> None:
    both = search("", selected={"source": ("atlas", "voile")})
    assert both.total == 4
    narrow = search("", selected={"source": ("atlas",), "year": ("2019",)})
    assert narrow.total == 1
    assert counts(narrow, "source") == {"atlas": 1, "voile": 1}
    assert counts(narrow, "year") == {"2020": 1, "2019": 1}


@pytest.mark.usefixtures("six")
def test_the_count_of_a_value_is_the_total_after_choosing_it() -> None:
    for query in ("", "train", "القطار"):
        for shown in search(query).facets:
            for value in shown.values:
                chosen = search(query, selected={shown.name: (value.value,)})
                assert chosen.total == value.count


@pytest.mark.parametrize(
    "selected", [{"year": ("x",)}, {"source": ("nowhere",)}, {"language": ("\udcff",)}]
)
@pytest.mark.usefixtures("six")
def test_an_unknown_value_finds_nothing_and_can_be_seen(
    selected: dict[str, tuple[str, ...]],
) -> None:
    page = search("", selected=selected)
    assert page.total == 0
    [name] = selected
    [value] = facet(page, name).selected
    assert (value.value, value.count) == (selected[name][0], 0)


@pytest.mark.usefixtures("six")
def test_dates_sort_with_the_undated_last() -> None:
    newest = [hit.published for hit in search("", sort="newest").hits]
    oldest = [hit.published for hit in search("", sort="oldest").hits]
    assert newest == ["2020-01-01", "2019-05-05", "2019-03-08T07:30:00+00:00", None]
    assert oldest == [*reversed(newest[:3]), None]
    assert [hit.published for hit in search("").hits] == newest


@pytest.mark.usefixtures("six")
def test_pages_follow_each_other_and_the_last_stands_for_later_ones() -> None:
    first, second = (search("", page=n, per_page=3) for n in (1, 2))
    assert (first.pages, len(first.hits), len(second.hits)) == (2, 3, 1)
    assert {hit.id for hit in first.hits}.isdisjoint(hit.id for hit in second.hits)
    beyond = search("", page=10**9, per_page=3)
    assert beyond.request.page == 2
    assert beyond.hits == second.hits


def test_an_empty_archive_has_one_empty_page() -> None:
    page = search("anything")
    assert (page.total, page.pages, page.hits) == (0, 1, ())


@pytest.mark.usefixtures("six")
def test_what_was_left_out_of_a_query_is_told() -> None:
    assert [note.kind for note in search("ـــ").notes] == ["empty"]
    assert [note.kind for note in search('"train').notes] == ["unclosed"]
    assert [note.kind for note in search("train " * 5000).notes] == ["cut"]


def test_markup_in_articles_and_queries_is_text() -> None:
    make_article(title="<script>alert(1)</script> tulip", body="<img src=x> tulip & co")
    [hit] = search("tulip <script>").hits or search("tulip").hits
    assert "<script>" not in hit.title
    assert "&lt;img src=x&gt; <mark>tulip</mark> &amp; co" in hit.snippet


def test_a_search_that_is_stopped_says_so(settings: Settings) -> None:
    make_article(body="harvest")
    settings.SEARCH = {"budget": -1.0}

    page = find(SearchRequest("harvest"))

    assert page.total == 0
    assert [note.kind for note in page.notes] == ["partial"]


def test_names_are_found_across_scripts_and_marked() -> None:
    make_article(title="زيارة", body="زار حموشي الرباط.")

    [hit] = find(SearchRequest("Hammouchi")).hits
    assert hit.snippet == "زار <mark>حموشي</mark> الرباط."


@pytest.fixture
def library(transactional_db: None, search_backend: ArchiveSearchBackend) -> None:
    press = make_source(name="جريدة الصباح", slug="sabah")
    other = make_source(name="Le Monde du Sud", slug="monde")
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("كتاب جديد", "صدر كتاب عن البحر.", {"authors": ["ليلى", "كريم"]}),
        ("كتب قديمة", "كتب كثيرة في المكتبة.", {"place": "الرباط"}),
        ("الكاتب", "وصل الكاتب والكتاب معه.", {"authors": ["ليلى"]}),
        ("زيارة", "زار عبد اللطيف حموشي واشنطن في سبتمبر.", {"place": "الرباط"}),
        ("لقاء", "التقى الحموشي الوزير في أيلول.", {"place": "باريس"}),
    ]
    for place, (title, body, values) in enumerate(rows):
        make_article(
            source=press,
            language="ar",
            title=title,
            body=body,
            published_on=date(2001 + place // 2, 1 + place, 1 + place),
            **values,
        )
    make_article(
        source=other,
        language="fr",
        title="Hammouchi à Paris",
        body="Les livres de M. Hammouchi.",
        published_on=None,
    )


@pytest.mark.usefixtures("library")
def test_the_number_on_a_rung_is_the_total_after_moving_there() -> None:
    for query in ("كتاب", "الكاتب", "Hammouchi", "كتاب البحر", "-كتاب"):
        page = search(query)
        for step in page.ladder:
            moved = search(query, rung=step.rung)
            assert step.total == moved.total
            assert [s.rung for s in moved.ladder if s.is_current] == [step.rung]
        totals = [step.total or 0 for step in page.ladder]
        assert totals == sorted(totals)
    assert search("").ladder == ()
    assert [step.total for step in search("كتاب").ladder] == [1, 1, 3, 3]


@pytest.mark.usefixtures("library")
def test_words_tell_their_forms_and_which_were_removed() -> None:
    [word] = search("كتاب").words
    assert word.word == "كتاب"
    forms = {form.form: (form.rung, form.count) for form in word.forms}
    assert forms["كتاب"] == ("written", 1)
    assert forms["كتب"] == ("lemma", 1)
    removed = search("كتاب", without=("كتب",))
    [word] = removed.words
    assert {form.form for form in word.forms if form.is_removed} == {"كتب"}
    assert removed.total == search("كتاب").total - 1


@pytest.mark.usefixtures("library")
def test_names_and_variants_are_told_apart_and_switched_off() -> None:
    [word] = search("Hammouchi").words
    assert {form.form for form in word.names} == {"حموشي", "الحموشي"}
    assert search("Hammouchi").total == 3
    assert search("Hammouchi", names=False).total == 1
    [word] = search("سبتمبر").words
    assert {form.form for form in word.variants} == {"أيلول"}
    assert search("سبتمبر").total == 2
    assert search("سبتمبر", variants=False).total == 1


@pytest.mark.usefixtures("library")
def test_one_word_may_be_enough() -> None:
    assert search("كتاب واشنطن").total == 0
    assert search("كتاب واشنطن", any_word=True).total == 4


@pytest.mark.usefixtures("library")
def test_every_value_counts_what_choosing_it_gives_and_excluding_it_leaves() -> None:
    for query in ("", "كتاب", "Hammouchi"):
        page = search(query)
        for shown in page.facets:
            for value in shown.values:
                chosen = search(query, selected={shown.name: (value.value,)})
                assert chosen.total == value.count
                excluded = search(query, excluded={shown.name: (value.value,)})
                assert excluded.total == page.total - value.count
                [out] = facet(excluded, shown.name).excluded
                assert out.count == value.count


@pytest.mark.usefixtures("library")
def test_authors_and_places_are_facets() -> None:
    page = search("")
    assert counts(page, "author") == {MISSING: 4, "ليلى": 2, "كريم": 1}
    assert counts(page, "place") == {"الرباط": 2, MISSING: 3, "باريس": 1}
    assert facet(page, "author").size == 3


@pytest.mark.usefixtures("library")
def test_every_bar_of_the_time_line_counts_what_is_in_it() -> None:
    for request in ({}, {"period": read_period("2001")}, {"share": True}):
        page = search("", **request)
        assert page.timeline
        for bar in page.timeline.bars:
            assert search("", period=bar.period).total == bar.count
            assert bar.among == (bar.count if request.get("share") else 0)
    timeline = search("").timeline
    assert timeline
    assert timeline.undated == 1
    assert search("", period=read_period("2001..2001-01")).total == 1


@pytest.mark.usefixtures("library")
def test_a_source_is_named_by_its_name_in_the_query() -> None:
    assert search("source:الصباح").total == 5
    assert search('source:"Monde du Sud" livres').total == 1
    assert search("source:nowhere").total == 0
    with CaptureQueriesContext(connection) as queries:
        search("source:sabah كتاب")
    assert len(queries) == 2


@pytest.mark.usefixtures("library")
def test_what_was_probably_meant_is_offered_with_its_total() -> None:
    page = search("Hammuochi", names=False)
    assert page.correction
    assert page.correction.query.lower() == "hammouchi"
    assert page.correction.total == 1
    assert search("Hammouchi").correction is None


@pytest.mark.usefixtures("library")
def test_where_nothing_is_found_what_would_is_told() -> None:
    page = search("كتاب واشنطن", selected={"year": ("1990",)})
    assert page.total == 0
    remedies = {remedy.kind: remedy.total for remedy in page.remedies}
    assert "widened" not in remedies  # That would find nothing either.
    page = search("كتب", rung="written", selected={"place": ("باريس",)})
    remedies = {remedy.kind: remedy.total for remedy in page.remedies}
    assert remedies == {"widened": 1}
    page = search("كتابهم", rung="written", names=False)
    kinds = [(remedy.kind, remedy.request.rung) for remedy in page.remedies]
    assert ("rung", "lemma") in kinds
    for remedy in page.remedies:
        assert find(remedy.request).total == remedy.total > 0
    page = search("زيارة مفقود")
    assert [remedy.kind for remedy in page.remedies] == ["any_word"]


@pytest.mark.usefixtures("library")
def test_hits_are_sorted_by_title_and_by_length() -> None:
    titles = [hit.plain_title for hit in search("", sort="title").hits]
    assert titles == sorted(titles, key=order_numbers)
    assert titles[0] == "زيارة"
    longest = [hit.plain_title for hit in search("", sort="longest").hits]
    assert longest[0] == "زيارة"
    assert longest == [h.plain_title for h in search("", sort="shortest").hits][::-1]


@pytest.mark.usefixtures("library")
def test_why_an_article_was_found_adds_up() -> None:
    request = SearchRequest("كتاب البحر")
    [hit] = find(request).hits
    why = explain_hit(request, hit.id)
    assert why
    assert why.title == "كتاب جديد"
    assert why.score == pytest.approx(hit.score, abs=1e-3)
    assert sum(one.share for one in why.contributions) == pytest.approx(1)
    assert {(one.text, one.field) for one in why.contributions} == {
        ("كتاب", "title"),
        ("كتاب", "text"),
        ("البحر", "text"),
    }
    assert explain_hit(SearchRequest("مفقود"), hit.id) is None
    assert explain_hit(request, 10**9) is None


@pytest.mark.usefixtures("library")
def test_values_are_looked_for_by_their_names() -> None:
    request = SearchRequest()
    assert [v.value for v in list_facet(request, "author", "ليلي").values] == ["ليلى"]
    assert [v.value for v in list_facet(request, "source", "صباح").values] == ["sabah"]
    assert list_facet(request, "place", "nowhere").values == ()
    all_places = list_facet(replace(request, selected={"place": ("طنجة",)}), "place")
    assert [(v.value, v.count) for v in all_places.values][-1] == ("طنجة", 0)


@pytest.mark.usefixtures("library")
def test_what_a_reader_may_type_is_offered() -> None:
    found = complete("عبد حم")
    assert found.queries == ("عبد حموشي",)
    assert complete("كتا").queries[0] == "كتاب"
    assert [one.title for one in complete("كتاب ج").titles] == ["كتاب جديد"]
    assert [one.name for one in complete("صباح").sources] == ["جريدة الصباح"]
    assert complete("  ") == Completions()
    assert complete("qqq") == Completions()


@pytest.mark.usefixtures("library")
def test_what_readers_may_no_longer_see_is_not_offered() -> None:
    Article.objects.filter(title="كتاب جديد").update(status="withdrawn")
    assert complete("كتاب ج").titles == ()
    assert search("البحر").total == 0


WORDS = ["كتاب", "كتب", "الكاتب", "Hammouchi", "سبتمبر", "livres", "البحر"]


@pytest.mark.usefixtures("library")
@tried(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    rung=st.sampled_from(RUNGS),
    any_word=st.booleans(),
    selected=st.dictionaries(
        st.sampled_from(["source", "place", "language"]),
        st.sampled_from([("sabah",), ("الرباط",), ("ar",), ("fr", "ar")]),
        max_size=2,
    ),
)
def test_whatever_is_asked_counts_agree(
    words: list[str],
    rung: Any,
    any_word: bool,  # noqa: FBT001
    selected: dict[str, tuple[str, ...]],
) -> None:
    request = SearchRequest(
        " ".join(words), rung=rung, any_word=any_word, selected=selected, per_page=3
    )
    page = find(request)
    seen = [
        hit.id
        for number in range(1, page.pages + 1)
        for hit in find(replace(request, page=number)).hits
    ]
    assert len(seen) == len(set(seen)) == page.total
    for step in page.ladder:
        assert step.total == find(replace(request, rung=step.rung)).total
    for shown in page.facets:
        if selected.get(shown.name):
            continue
        for value in shown.values:
            chosen = {**selected, shown.name: (value.value,)}
            assert find(replace(request, selected=chosen)).total == value.count
