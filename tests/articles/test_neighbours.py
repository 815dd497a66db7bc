"""Before and after: the neighbours of an article in its source."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Status
from articles.neighbours import neighbours
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db

DAY = date(2020, 5, 1)


def at(hour: int) -> datetime:
    return datetime(2020, 5, 1, hour, tzinfo=UTC)


def test_neighbours_follow_the_order_of_lists_in_one_query_each(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    source = make_source()
    make_article(published_on=DAY)
    for values in (
        {"published_on": None},
        {"published_on": DAY, "published_at": at(18)},
        {"published_on": DAY - timedelta(days=400)},
        {"published_on": DAY},
        {"published_on": DAY, "published_at": at(6)},
        {"published_on": None},
        {"published_on": DAY + timedelta(days=3)},
        {"published_on": DAY, "published_at": at(6)},
        {"published_on": DAY},
    ):
        make_article(source=source, **values)
    ordered = list(Article.objects.filter(source=source).newest_first())
    padded = [None, *(article.pk for article in ordered), None]
    for place, article in enumerate(ordered, 1):
        with django_assert_num_queries(1):
            found = neighbours(article)
        assert (
            found.after and found.after.pk,
            found.before and found.before.pk,
        ) == (padded[place - 1], padded[place + 1])


def _draft() -> dict[str, object]:
    return {"status": Status.DRAFT}


def _withdrawn() -> dict[str, object]:
    return {"status": Status.WITHDRAWN}


def _embargoed() -> dict[str, object]:
    return {"embargo": timezone.now() + timedelta(days=1)}


@pytest.mark.parametrize("hidden", [_draft, _withdrawn, _embargoed])
def test_what_readers_do_not_see_is_passed_over(
    hidden: Callable[[], dict[str, object]],
) -> None:
    source = make_source()
    first, _, last = (
        make_article(source=source, published_on=DAY + timedelta(days=days), **values)
        for days, values in ((0, {}), (1, hidden()), (2, {}))
    )
    found = neighbours(first)
    assert found.before is None
    assert found.after
    assert found.after.pk == last.pk
    assert found.after.title == last.title
    assert str(last.pk) in found.after.get_absolute_url()
