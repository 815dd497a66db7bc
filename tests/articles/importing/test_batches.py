"""Batches: records become articles, each once, and bad ones cost no other."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from articles.importing import (
    Batch,
    BatchReport,
    Defaults,
    ImportFailedError,
    Record,
    RecordError,
    find_or_create,
)
from articles.importing.batches import CHUNK, ERRORS_KEPT
from articles.models import Article, Section, Source, Status
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def record(**values: Any) -> Record:
    defaults = {"place": "line 1", "body": "The harvest began.", "source": "Atlas"}
    return Record(**(defaults | values))


def load(*records: Record | RecordError, **defaults: Any) -> BatchReport:
    return Batch(Defaults(**defaults)).load(records)


def test_a_record_becomes_an_article() -> None:
    report = load(
        record(
            title="عنوان",
            subtitle="تحته",
            body="أول\nثان",
            language="ar",
            authors=("سعاد",),
            dateline="الرباط",
            section="رياضة",
            published=datetime(2017, 1, 20, 23, 43, tzinfo=ZoneInfo("Africa/Tunis")),
            url="https://atlas.example/1",
            origin_id="7",
        )
    )
    assert (report.added, report.known, report.failed) == (1, 0, 0)
    article = Article.objects.get()
    assert (article.title, article.subtitle, article.body) == (
        "عنوان",
        "تحته",
        "أول\nثان",
    )
    assert (article.language, article.authors, article.place) == (
        "ar",
        ["سعاد"],
        "الرباط",
    )
    assert (article.source.name, article.source.slug) == ("Atlas", "atlas")
    assert article.section
    assert (article.section.name, article.section.slug) == ("رياضة", "رياضة")
    assert article.published_on == date(2017, 1, 20)
    assert article.published_at == datetime(2017, 1, 20, 22, 43, tzinfo=UTC)
    assert (article.url, article.origin_id) == ("https://atlas.example/1", "7")
    assert article.status == Status.PUBLISHED


def test_what_a_record_does_not_say_is_filled_in() -> None:
    source = make_source(name="Default")
    section = find_or_create("Sport", Section)
    load(
        record(source="", published=datetime(2020, 1, 1, 0, 30)),  # noqa: DTZ001
        source=source,
        section=section,
        status=Status.DRAFT,
        zone=ZoneInfo("Asia/Riyadh"),
    )
    article = Article.objects.get()
    assert (article.title, article.language) == ("The harvest began.", "en")
    assert (article.source, article.section) == (source, section)
    assert article.status == Status.DRAFT
    assert article.published_on == date(2020, 1, 1)
    assert article.published_at == datetime(2019, 12, 31, 21, 30, tzinfo=UTC)


def test_only_the_day_or_nothing_may_be_known() -> None:
    load(record(published=date(2015, 8, 31)), record(body="Another text."))
    day, nothing = Article.objects.order_by("pk")
    assert (day.published_on, day.published_at) == (date(2015, 8, 31), None)
    assert (nothing.published_on, nothing.published_at) == (None, None)


def test_a_language_is_read_with_its_region_and_else_guessed() -> None:
    load(
        record(language="ar-MA", body="a"),
        record(body="Il pleut sur la ville depuis hier."),
        record(body="12345"),
        language="",
        source=None,
    )
    assert list(Article.objects.order_by("pk").values_list("language", flat=True)) == [
        "ar",
        "fr",
    ]


def test_loading_again_adds_nothing() -> None:
    records = [record(origin_id="1"), record(body="No id."), record(origin_id="2")]
    assert load(*records).added == 3
    again = load(*records)
    assert (again.added, again.known, again.failed) == (0, 3, 0)
    assert Article.objects.count() == 3


def test_a_record_twice_in_a_file_is_one_article() -> None:
    report = load(record(origin_id="1"), record(origin_id="1"), record(), record())
    assert (report.added, report.known) == (2, 2)


def test_one_text_in_two_sources_is_two_articles() -> None:
    assert load(record(source="A"), record(source="B")).added == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"source": ""}, '"source" is missing'),
        ({"language": "xx"}, "\"language\" is 'xx'"),
        ({"language": "arabic"}, "ISO 639"),
        ({"body": "1234"}, '"language" is missing and cannot be guessed'),
        ({"title": "x" * 1001}, '"title" has 1001 characters: 1000 is the most'),
        ({"authors": ("x" * 1001,)}, '"authors" has 1001'),
        ({"url": "ftp://x"}, "http:// or https://"),
        (
            {"published": datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Riyadh"))},
            "out of range",
        ),
    ],
)
def test_a_bad_record_is_located_and_costs_no_other(
    values: dict[str, Any], message: str
) -> None:
    report = load(
        record(origin_id="1"),
        record(place="line 2", **values),
        RecordError("line 3", "no JSON"),
        record(origin_id="4"),
    )
    assert (report.added, report.failed) == (2, 2)
    assert report.errors[0].place == "line 2"
    assert message in report.errors[0].reason
    assert str(report.errors[1]) == "line 3: no JSON"


def test_what_only_the_database_refuses_is_located_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("articles.importing.filling.check_record", lambda _: None)
    report = load(
        record(origin_id="1"),
        record(place="line 2", url="ftp://x", source="New"),
        record(origin_id="3", source="New"),
    )
    assert (report.added, report.failed) == (2, 1)
    assert report.errors[0].place == "line 2"
    assert "article_url_is_http" in report.errors[0].reason
    assert Source.objects.filter(name="New").count() == 1


def test_all_or_nothing_writes_nothing_if_something_fails() -> None:
    records: list[Record | RecordError] = [record(), RecordError("line 2", "no JSON")]
    with pytest.raises(ImportFailedError) as failed:
        Batch().load_all_or_nothing(records)
    assert failed.value.report.failed == 1
    assert Article.objects.count() == 0
    assert Source.objects.count() == 0


def test_many_records_are_written_in_chunks() -> None:
    steps: list[int] = []
    records = (record(origin_id=str(n), language="en") for n in range(CHUNK + 1))
    batch = Batch()
    batch.load(records, progress=lambda: steps.append(Article.objects.count()))
    assert steps == [CHUNK, CHUNK + 1]


def test_of_many_errors_the_first_are_kept_and_all_counted() -> None:
    report = load(*(RecordError(f"line {n}", "bad") for n in range(ERRORS_KEPT + 5)))
    assert (report.failed, len(report.errors)) == (ERRORS_KEPT + 5, ERRORS_KEPT)


def test_sources_of_one_slug_are_told_apart() -> None:
    load(record(source="A B"), record(source="A-B"), record(source="!!"))
    assert set(Source.objects.values_list("slug", flat=True)) == {"a-b", "a-b-2", "x"}
