"""Articles: what the database itself holds to be true of them."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone, translation

from articles.models import Article, Section, Source, Status
from tests.factories import build_article, make_article, make_section, make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        pytest.param({"title": " "}, "article_has_title", id="blank title"),
        pytest.param({"body": "\n"}, "article_has_body", id="blank body"),
        pytest.param({"language": "Arabic"[:3]}, "article_language", id="language"),
        pytest.param({"status": "gone"}, "article_status_known", id="status"),
        pytest.param({"url": "javascript:alert(1)"}, "article_url", id="address"),
        pytest.param(
            {"published_on": None, "published_at": datetime(2020, 1, 1, tzinfo=UTC)},
            "article_time_on_its_day",
            id="time without a day",
        ),
        pytest.param(
            {"published_at": datetime(2020, 1, 3, tzinfo=UTC)},
            "article_time_on_its_day",
            id="time of another day",
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(
    values: dict[str, Any], constraint: str
) -> None:
    article = build_article(**values)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Article.objects.bulk_create([article])


def test_forms_are_told_the_same_in_words() -> None:
    article = build_article(published_at=datetime(2020, 1, 3, tzinfo=UTC))
    with (
        translation.override("en"),
        pytest.raises(ValidationError, match="not on the day of publication"),
    ):
        article.full_clean()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2019, 12, 31, 10, 0, tzinfo=UTC), id="Kiritimati"),
        pytest.param(datetime(2020, 1, 2, 11, 59, tzinfo=UTC), id="Baker Island"),
    ],
)
def test_a_day_reaches_around_the_globe(moment: datetime) -> None:
    make_article(published_on=date(2020, 1, 1), published_at=moment)


def test_a_source_has_an_article_of_one_id_once() -> None:
    source = make_source()
    make_article(source=source, origin_id="7")
    make_article(source=make_source(), origin_id="7")
    make_article(source=source)
    make_article(source=source)
    with pytest.raises(IntegrityError, match="once_per_origin"), transaction.atomic():
        make_article(source=source, origin_id="7")


def test_sources_with_articles_cannot_be_deleted() -> None:
    article = make_article(section=make_section())
    with pytest.raises(ProtectedError):
        article.source.delete()
    assert article.section
    with pytest.raises(ProtectedError):
        article.section.delete()


@pytest.mark.parametrize("values", [{"country": "Morocco"[:2]}, {"language": "AR"}])
def test_sources_have_iso_codes(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(**values)


def test_nameless_sources_and_sections_are_refused() -> None:
    for model in (Source, Section):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(name="", slug="x")


def test_the_hash_is_that_of_the_text_as_it_stands() -> None:
    article = make_article(title="عنوان", subtitle="", body="نص\nثان")
    text = "عنوان\x1f\x1fنص\nثان"
    assert article.content_hash == hashlib.sha256(text.encode()).hexdigest()
    Article.objects.filter(pk=article.pk).update(body="غيره")
    changed = article.content_hash
    article.refresh_from_db()
    assert article.content_hash != changed


def test_paragraphs_are_the_lines_that_have_text() -> None:
    article = build_article(body="أول\n\n  ثان \n")
    assert article.paragraphs == ["أول", "  ثان "]


def test_readers_see_what_is_published_and_past_its_embargo() -> None:
    now = timezone.now()
    shown = {
        make_article().pk,
        make_article(embargo=now - timedelta(minutes=1)).pk,
    }
    make_article(status=Status.DRAFT)
    make_article(status=Status.WITHDRAWN)
    make_article(status=Status.DRAFT, embargo=now - timedelta(minutes=1))
    make_article(embargo=now + timedelta(minutes=1))
    assert set(Article.objects.published().values_list("pk", flat=True)) == shown


def test_the_newest_come_first_and_the_undated_last() -> None:
    undated = make_article(published_on=None)
    day = date(2020, 5, 1)
    whole_day = make_article(published_on=day)
    morning = make_article(
        published_on=day, published_at=datetime(2020, 5, 1, 6, tzinfo=UTC)
    )
    evening = make_article(
        published_on=day, published_at=datetime(2020, 5, 1, 18, tzinfo=UTC)
    )
    newer = make_article(published_on=date(2020, 5, 2))
    assert list(Article.objects.newest_first()) == [
        newer,
        evening,
        morning,
        whole_day,
        undated,
    ]


def test_articles_are_chosen_by_language() -> None:
    arabic = make_article(language="ar")
    make_article(language="fr")
    assert list(Article.objects.in_language("ar")) == [arabic]
