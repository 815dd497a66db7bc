"""Finding: what a reader asks for and what a page is made of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from search.backends import ArchiveSearchBackend
from search.finder import find
from search.results import MISSING, Facet, ResultPage, SearchRequest
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
