"""The ledger of counts: what the triggers keep true, whoever writes articles."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Byline, Section, Source, Status, Tally
from tests.factories import build_article, make_article, make_section, make_source

Counts = Counter[tuple[str, str, int | None]]


def counted() -> Counts:
    """Return what the ledger says that readers may see."""
    counts: Counts = Counter()
    for kind in ("archive", "day", "source", "section", "author", "place"):
        rows = Tally.objects.of(kind).values_list("kind", "value", "year", "articles")
        for row_kind, value, year, articles in rows:
            counts[row_kind, value, year] += articles
    assert min(counts.values(), default=0) >= 0
    return +counts


def seen() -> Counts:
    """Return what readers may see, counted one by one."""
    counts: Counts = Counter()
    for article in Article.objects.published():
        day = article.published_on
        year = day.year if day else None
        counts["archive", "", year] += 1
        counts["source", str(article.source_id), year] += 1
        if day:
            counts["day", day.isoformat(), year] += 1
        if article.section_id:
            counts["section", str(article.section_id), year] += 1
        if article.place.strip():
            counts["place", article.place, year] += 1
        for author in set(article.authors):
            counts["author", author, year] += 1
    return counts


DAYS = st.sampled_from([None, date(2019, 1, 1), date(2019, 12, 31), date(2020, 2, 29)])
EMBARGOES = st.sampled_from(
    [None, datetime(2020, 1, 1, tzinfo=UTC), datetime(2990, 1, 1, tzinfo=UTC)]
)
EXPIRIES = st.sampled_from(
    [None, datetime(2021, 1, 1, tzinfo=UTC), datetime(2991, 1, 1, tzinfo=UTC)]
)


def _is_possible(values: dict[str, Any]) -> bool:
    embargo, expiry = values["embargo"], values["expiry"]
    return not (embargo and expiry) or embargo < expiry


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "published_on": DAYS,
    "status": st.sampled_from(Status.values),
    "embargo": EMBARGOES,
    "expiry": EXPIRIES,
    "place": st.sampled_from(["", "الرباط", "Fès/Meknès"]),
    "authors": st.lists(st.sampled_from(["سعاد", "O'Neill", "سعاد"]), max_size=3),
}
VALUES = st.fixed_dictionaries(FIELDS).filter(_is_possible)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "remove"]), VALUES), max_size=8
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_counts_are_those_of_what_readers_may_see(
    steps: list[tuple[str, dict[str, Any]]],
) -> None:
    with transaction.atomic():
        sources, section = [make_source(), make_source()], make_section()
        for number, (step, values) in enumerate(steps):
            if step == "add":
                Article.objects.bulk_create(
                    build_article(source=source, section=section, **values)
                    for source in sources
                )
            elif step == "change":
                Article.objects.filter(pk__gt=0).update(
                    **values, source=sources[number % 2], section=None
                )
            else:
                Article.objects.order_by("pk")[:1].get().delete() if (
                    Article.objects.exists()
                ) else None
            assert counted() == seen()
        Article.objects.all().delete()
        assert counted() == Counter()
        assert not Byline.objects.exists()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_embargo_ends_by_the_clock_in_counts_too() -> None:
    article = make_article(embargo=timezone.now() + timedelta(hours=1))
    assert Tally.objects.of("archive").total() == 0
    ended = timezone.now() - timedelta(seconds=1)
    Article.objects.filter(pk=article.pk).update(embargo=ended)
    assert Tally.objects.of("archive").total() == 1
    # Nothing but time has to pass: the row itself says from when on it counts.
    assert Tally.objects.filter(kind="archive", visible_from=ended).count() == 1


@pytest.mark.django_db
def test_a_day_is_kept_as_text_that_no_session_changes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle = 'German, DMY'")
        make_article(published_on=date(2019, 7, 4))
    days = Tally.objects.of("day").values_list("value", flat=True)
    assert list(days) == ["2019-07-04"]


@pytest.mark.django_db
def test_rows_for_one_thing_are_folded_together() -> None:
    source = make_source()
    for _ in range(5):
        make_article(source=source)
    assert Tally.objects.filter(kind="source").count() == 1
    assert Tally.objects.filter(kind="change").count() == 1


@pytest.mark.django_db
def test_an_author_of_no_length_that_names_have_is_in_no_list() -> None:
    make_article(authors=["ش" * 1000, "ش" * 200, " ", "سعاد", "سعاد"])
    assert sorted(Tally.objects.of("author").values_list("value", flat=True)) == sorted(
        ["ش" * 200, "سعاد"]
    )
    assert Byline.objects.count() == 2


@pytest.mark.django_db
def test_rows_that_no_trigger_wrote_count_nothing() -> None:
    make_article(authors=["سعاد"])
    before = counted()
    dumped = serializers.serialize(
        "json", [*Tally.objects.all(), *Byline.objects.all()]
    )
    for row in serializers.deserialize("json", dumped):
        row.save()
        row.object.pk = None
        row.save()
    Tally.objects.filter(kind="archive").update(articles=7)
    make_article().delete()
    assert counted() == before


@pytest.mark.django_db
def test_what_is_emptied_counts_nothing() -> None:
    make_article(authors=["سعاد"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE articles_article CASCADE")
    assert counted() == Counter()
    assert not Byline.objects.exists()


@pytest.mark.django_db
def test_what_is_undone_is_not_counted() -> None:
    make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article()
        Article.objects.bulk_create([build_article(title="")])
    assert Tally.objects.of("archive").total() == 1


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_source_do_not_wait_for_each_other() -> None:
    source, section = make_source(), make_section()
    failures: list[Exception] = []

    def write_beside() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            make_article(source=source, section=section, authors=["سعاد"])
        except Exception as error:  # noqa: BLE001  Reported by the test's thread.
            failures.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        make_article(source=source, section=section, authors=["سعاد"])
        thread = Thread(target=write_beside)
        thread.start()
        thread.join()
        make_article(source=source, section=section)
    assert failures == []
    assert counted() == seen()
    assert Tally.objects.of("source").total() == 3


@pytest.mark.django_db(transaction=True)
def test_changes_of_sources_and_sections_are_changes_of_the_archive() -> None:
    def changes() -> int:
        return Tally.objects.of("change").total()

    source, section = make_source(), make_section()
    before = changes()
    Source.objects.filter(pk=source.pk).update(name="الأطلس")
    Section.objects.filter(pk=section.pk).update(name="ثقافة")
    section.delete()
    article = make_article(source=source)
    Article.objects.filter(pk=article.pk).update(title="عنوان")
    assert changes() == before + 5
