"""The backend: what Django people know of Haystack, over the engine."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from haystack.exceptions import SearchBackendError
from haystack.query import SQ, SearchQuerySet

from articles.models import Article, Status
from search.backends import ArchiveSearchBackend
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def three(search_backend: ArchiveSearchBackend) -> list[Article]:
    atlas = make_source(slug="atlas")
    return [
        make_article(
            source=atlas,
            title="Night train",
            body="The night train is late.",
            published_on=date(2019, 3, 8),
            published_at=datetime(2019, 3, 8, 7, 30, 1, 5, tzinfo=UTC),
        ),
        make_article(body="A day train.", published_on=None),
        make_article(body="A museum.", source=atlas),
    ]


def test_content_is_filtered_and_counted(three: list[Article]) -> None:
    results = SearchQuerySet().filter(content="train")
    assert results.count() == 2
    assert {int(result.pk) for result in results} == {a.pk for a in three[:2]}


def test_everything_is_found_without_a_filter() -> None:
    assert SearchQuerySet().all().count() == 3
    assert SearchQuerySet().models(Article).count() == 3


def test_a_plain_query_is_an_empty_string() -> None:
    assert SearchQuerySet().all().query.matching_all_fragment() == ""


def test_what_is_excluded_is_left_out(three: list[Article]) -> None:
    results = SearchQuerySet().filter(content="train").exclude(content="night")
    assert [int(result.pk) for result in results] == [three[1].pk]


def test_phrases_are_exact_lookups(three: list[Article]) -> None:
    exact = SearchQuerySet().filter(content__exact="night train")
    assert [int(result.pk) for result in exact] == [three[0].pk]
    assert SearchQuerySet().filter(content__exact="train night").count() == 0
    assert SearchQuerySet().auto_query('"night train" -museum').count() == 1


def test_facets_are_chosen_and_counted() -> None:
    results = SearchQuerySet().facet("source").narrow("source:atlas")
    assert results.count() == 2
    counts = dict(results.facet_counts()["fields"]["source"])
    assert counts["atlas"] == 2


def test_results_are_ordered_by_a_number_and_sliced(three: list[Article]) -> None:
    results = SearchQuerySet().order_by("-published_on")
    assert [int(result.pk) for result in results[:2]] == [three[2].pk, three[0].pk]
    assert int(results[2].pk) == three[1].pk


def test_results_have_the_fields_and_their_object(three: list[Article]) -> None:
    [result] = SearchQuerySet().filter(content="late").highlight()
    assert result.object == three[0]
    assert result.title == "Night train"
    assert result.published_on == date(2019, 3, 8)
    assert result.published_at == three[0].published_at
    assert result.highlighted == {"text": ["The night train is <mark>late</mark>."]}


@pytest.mark.parametrize(
    ("results", "cure"),
    [
        (SearchQuerySet().filter(SQ(content="a") | SQ(content="b")), "joined by OR"),
        (SearchQuerySet().filter(title="train"), "narrow"),
        (SearchQuerySet().facet("title"), "FacetCharField"),
        (SearchQuerySet().narrow("colour:red"), "FacetCharField"),
    ],
)
def test_what_is_not_translated_is_refused_with_a_cure(
    results: SearchQuerySet, cure: str
) -> None:
    with pytest.raises(SearchBackendError, match=cure):
        list(results.all())


def test_haystacks_commands_build_and_clear(
    search_backend: ArchiveSearchBackend, three: list[Article]
) -> None:
    make_article(status=Status.DRAFT)
    call_command("clear_index", interactive=False, verbosity=0)
    assert search_backend.index.count() == 0
    call_command("update_index", verbosity=0)
    assert search_backend.index.count() == 3
    search_backend.remove(three[0])
    search_backend.remove(f"articles.article.{three[1].pk}")
    assert search_backend.index.count() == 1
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert search_backend.index.count() == 3


def test_a_connection_without_a_path_is_refused_with_a_cure() -> None:
    with pytest.raises(SearchBackendError, match="PATH"):
        ArchiveSearchBackend("default")
