"""The words of the desk: nouns for its parts, and one of them for each thing."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from articles.models import Article
from tests.factories import make_article
from tests.messages import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ar", ["البحث", "أعمال الخلفية", "عمليات استيراد"]),
        ("fr", ["Recherche", "Tâches d’arrière-plan", "Imports"]),
        ("en", ["Search", "Background jobs", "Imports"]),
    ],
)
def test_parts_of_the_desk_are_called_by_nouns(
    admin_client: Client, language: str, names: list[str]
) -> None:
    page = admin_client.get(
        reverse("admin:index"), headers={"accept-language": language}
    ).content.decode()
    shown = [name.strip() for name in re.findall(r"<a[^>]*>([^<]+)</a>", page)]
    assert set(names) <= set(shown)
    assert "rocrastinate" not in " ".join(shown)


def test_an_article_has_one_name_in_arabic() -> None:
    others = re.compile("مقال(?!ة|ات|ت)")
    texts = [
        text
        for message in read("ar")
        for text in (
            [message.string]
            if isinstance(message.string, str)
            else message.string or ()
        )
    ]
    assert [text for text in texts if others.search(text)] == []


def test_moments_and_numbers_in_arabic_are_written_as_for_readers() -> None:
    moment = datetime(2026, 4, 7, 13, 5, tzinfo=UTC)
    with translation.override("ar"):
        shown = formats.date_format(moment, "DATETIME_FORMAT")
        assert shown == "7 أبريل 2026، 13:05"
        assert formats.number_format(1.5) == "1.5"


def test_what_was_changed_is_named_in_the_language_of_whoever_looks(
    admin_client: Client,
) -> None:
    article = make_article(title="حصاد")
    address = reverse("admin:articles_article_change", args=[article.pk])
    form = admin_client.get(address).context["adminform"].form
    sent = {
        name: "" if field.value() is None else field.value()
        for name, field in ((one.name, one) for one in form)
        if not isinstance(field.value(), list)
    }
    response = admin_client.post(
        address, sent | {"authors": "", "subtitle": "في الجنوب"}
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Article.objects.get(pk=article.pk).subtitle == "في الجنوب"
    noted = LogEntry.objects.latest("pk")
    with translation.override("ar"):
        assert "العنوان الفرعي" in noted.get_change_message()
    with translation.override("fr"):
        assert "sous-titre" in noted.get_change_message()
