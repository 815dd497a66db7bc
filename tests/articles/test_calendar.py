"""Days and times that PostgreSQL knows and no calendar has: refused, and told."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from articles.models import Article, Status
from tests.factories import build_article, make_article

pytestmark = pytest.mark.django_db

CONSTRAINTS = [
    "article_published_in_calendar",
    "article_shown_in_calendar",
    "article_kept_in_calendar",
]
MOMENTS = ["infinity", "-infinity", "0001-01-01 12:00Z", "10000-01-01", "0044-01-01 BC"]
DAYS = ["infinity", "-infinity", "10000-01-01", "0044-03-15 BC"]


def write(article: Article, field: str, value: str) -> None:
    """Set a field to what Django could not say."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE articles_article SET {field} = %s WHERE id = %s",  # noqa: S608  A field of ours.
            [value, article.pk],
        )


@pytest.fixture
def unguarded() -> None:
    """Have the table as it was before there were the constraints."""
    with connection.cursor() as cursor:
        for name in CONSTRAINTS:
            cursor.execute(f"ALTER TABLE articles_article DROP CONSTRAINT {name}")


def migrate() -> None:
    """Look at the articles as the migration does before it adds the constraints."""
    migration = import_module("articles.migrations.0008_calendar")
    migration.tell_what_is_outside(apps, connection.schema_editor())


@pytest.mark.parametrize("value", DAYS)
def test_a_day_is_one_of_the_calendar(value: str) -> None:
    article = make_article()
    with (
        pytest.raises(IntegrityError, match="article_published_in_calendar"),
        transaction.atomic(),
    ):
        write(article, "published_on", value)


@pytest.mark.parametrize("value", MOMENTS)
@pytest.mark.parametrize("field", ["embargo", "expiry", "created", "changed"])
def test_a_moment_is_one_of_the_calendar(field: str, value: str) -> None:
    article = make_article()
    with pytest.raises(IntegrityError, match="_in_calendar"), transaction.atomic():
        write(article, field, value)


def test_a_time_of_publication_is_one_of_the_calendar_too() -> None:
    article = make_article(published_on=date.max)
    with (
        pytest.raises(IntegrityError, match="article_published_in_calendar"),
        transaction.atomic(),
    ):
        write(article, "published_at", "10000-01-01 08:00Z")


def test_the_first_and_the_last_day_are_days() -> None:
    for day in (date.min, date.max):
        article = make_article(published_on=day)
        article.refresh_from_db()
        assert article.published_on == day


def test_who_writes_at_the_desk_is_told_in_words() -> None:
    article = build_article(expiry=datetime.max.replace(tzinfo=UTC))
    with (
        translation.override("en"),
        pytest.raises(ValidationError, match="of the years 1 to 9999"),
    ):
        article.full_clean()


def test_a_migration_says_which_articles_stand_in_its_way(unguarded: None) -> None:
    sound = make_article(published_on=date(2020, 1, 1))
    endless = make_article(status=Status.DRAFT)
    write(endless, "published_on", "infinity")
    write(endless, "expiry", "12000-01-01 00:00Z")
    stamped = make_article(status=Status.DRAFT)
    write(stamped, "created", "-infinity")
    with pytest.raises(CommandError) as told:
        migrate()
    lines = str(told.value).splitlines()
    assert lines[0].startswith(
        "Articles with a day or time that is not in the years 1 to 9999: 2."
    )
    assert lines[1] == (
        f"  {endless.pk}: published_on is infinity, expiry is 12000-01-01 00:00:00+00"
    )
    assert lines[2] == f"  {stamped.pk}: created is -infinity"
    assert not any(line.startswith(f"  {sound.pk}:") for line in lines)


def test_what_the_migration_advises_is_what_helps(unguarded: None) -> None:
    article = make_article(status=Status.DRAFT)
    write(article, "published_on", "infinity")
    write(article, "changed", "infinity")
    with pytest.raises(CommandError) as told:
        migrate()
    advice = str(told.value).split("such as: ")[1].split(";")[0]
    with connection.cursor() as cursor:
        cursor.execute(advice)
    migrate()
    article.refresh_from_db()
    assert article.published_on is None


def test_a_migration_goes_on_where_nothing_stands_in_its_way(unguarded: None) -> None:
    make_article(published_on=None)
    make_article(published_on=date.min)
    migrate()
