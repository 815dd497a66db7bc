"""Words that nobody may see are looked for in every answer that anybody may have.

Articles that are drafts, under embargo, withdrawn and deleted hold a word each, which is
nowhere else: in title, subtitle, text, author and place. An article that is published
holds one too, and is found by it: the test would see a word that leaks.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import cycle
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.article_views import FORMATS
from articles.models import Article, Section, Source
from search import outbox
from search.results import FACETS, SORTS
from tests.factories import make_article, make_section, make_source
from tests.newsarchive.test_access import rows

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

PLANTED = "قزمبوط"
"""What the words begin with."""

PUBLISHED = f"{PLANTED}ظاهر"
HIDDEN = {
    "draft": f"{PLANTED}مسوده",
    "embargo": f"{PLANTED}موقوت",
    "withdrawn": f"{PLANTED}مسحوب",
    "deleted": f"{PLANTED}محذوف",
}
INFLECTED = {
    "draft": "كحصادها",
    "embargo": "فبحصادهم",
    "withdrawn": "وبحصادكما",
    "deleted": "ولحصادهن",
}
"""Forms of the word that all of them have, one of each: a form is a word to be seen too."""

LATER = ("withdrawn", "deleted")
"""Those that readers saw before."""

HIDING: dict[str, dict[str, object]] = {
    "draft": {"status": "draft"},
    "embargo": {"embargo": timezone.now() + timedelta(days=400)},
}

DAY = date(2020, 1, 1)
LANGUAGES = ("ar", "fr", "en")


def plant(
    word: str, source: Source, section: Section, form: str = "", **values: object
) -> Article:
    """Make an article that has a word everywhere."""
    return make_article(
        title=f"حصاد {word} في الشمال",
        subtitle=f"عن {word}",
        body=f"بدأ حصاد الزيتون في الشمال وفيه {word} مرة بعد مرة.\nوانتهى {form} {word}.",
        language="ar",
        authors=[f"سعاد {word}"],
        place=f"مدينة {word}",
        source=source,
        section=section,
        published_on=DAY,
        **values,
    )


@pytest.fixture
def planted() -> dict[str, Article]:
    """Articles by what becomes of them; the later ones are published for now."""
    source = make_source(name="الأطلس", slug="atlas")
    section = make_section(name="زراعة", slug="culture")
    found = {
        "published": plant(PUBLISHED, source, section),
        **{
            name: plant(word, source, section, INFLECTED[name], **HIDING.get(name, {}))
            for name, word in HIDDEN.items()
        },
    }
    # What the addresses of browsing pages in the table of access lead to.
    make_article(
        title="حصاد الزيتون",
        body="حصاد الزيتون في الشمال.",
        language="ar",
        authors=["Amal"],
        place="Fès",
        source=source,
        section=section,
        published_on=DAY,
    )
    outbox.drain()
    return found


def addresses(planted: Mapping[str, Article]) -> list[str]:
    """Return every public address, in every language, about every article."""
    pages = [
        row.path.format(article=article.pk)
        for row in rows()
        for article in planted.values()
        if not row.route.startswith(("admin/", "i18n/")) and "405" not in row.get
    ]
    in_languages = [
        path.replace("/en/", f"/{language}/", 1)
        for path in dict.fromkeys(pages)
        for language in (LANGUAGES if path.startswith("/en/") else ("",))
    ]
    turns = cycle(LANGUAGES)
    return in_languages + [
        path.replace("/en/", f"/{next(turns)}/", 1) for path in _questions(planted)
    ]


def _questions(planted: Mapping[str, Article]) -> Iterator[str]:
    """Yield addresses that ask for something, in English."""
    asked = quote("حصاد")
    for article in planted.values():
        for ending in FORMATS:
            yield f"/en/articles/{article.pk}/cite.{ending}"
        yield f"/en/articles/{article.pk}/?q={asked}"
        yield f"/en/search/why/{article.pk}/?q={asked}"
    for sort in SORTS:
        yield f"/en/search/?q={asked}&sort={sort}"
    for query in ("", "حصاد", f"{PLANTED}*", f"{PLANTED}سحوب~2", '"حصاد الزيتون"'):
        paths = ["search.json", "en/search/", "en/search/feed/", "en/search/forms/"]
        for path in (*paths, *(f"en/search/values/{name}/" for name in FACETS)):
            yield f"/{path}?q={quote(query)}"
    for text in (PLANTED, PLANTED[:3], "حصاد", "سعاد", f"حصاد {PLANTED}", "مدينة"):
        yield f"/en/search/complete/?q={quote(text)}"
    yield from _lists()


def _lists() -> Iterator[str]:
    """Yield addresses of lists of names, and of what has such a name."""
    for name in ("authors", "places"):
        yield f"/en/{name}/?filter={quote(PLANTED)}"
        yield f"/en/{name}/?letter={quote('س')}"
    for word in (PUBLISHED, *HIDDEN.values()):
        for name in (
            f"authors/{quote(f'سعاد {word}')}",
            f"places/{quote(f'مدينة {word}')}",
        ):
            yield f"/en/{name}/"
            yield f"/en/{name}/feed/"


def ask(
    paths: Iterable[str], tags: Mapping[str, str] | None = None
) -> "dict[str, tuple[str, str]]":
    """Return the text and the ETag of every answer; with ``tags``, ask what is new."""
    client, found = Client(), {}
    for path in paths:
        headers = {"If-None-Match": tags[path]} if tags and tags.get(path) else {}
        response = client.get(path, headers=headers)
        assert response.status_code < 500, path
        text = b"".join(response) if response.streaming else response.content
        shown = f"{text.decode()}{response.headers}"
        found[path] = shown, response.headers.get("ETag", "")
    return found


def leaks(
    answers: Mapping[str, tuple[str, str]], planted: Mapping[str, Article], *names: str
) -> list[str]:
    """Name the answers that hold a word, or the number, of articles that are hidden."""
    found = []
    for path, (text, _tag) in answers.items():
        for name in names:
            word, number = HIDDEN[name], f"articles/{planted[name].pk}/"
            # What a reader asked for by its name is said again to that reader.
            asked = quote(word) in path
            told = (word in text and not asked) or INFLECTED[name] in text
            if told or (number in text and f"/{planted[name].pk}/" not in path):
                found.append(f"{name}: {path}")
    return found


def take_away(planted: Mapping[str, Article]) -> None:
    """Withdraw and delete by SQL: nobody tells the index or the pages that are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_article SET status = 'withdrawn' WHERE id = %s",
            [planted["withdrawn"].pk],
        )
        cursor.execute(
            "DELETE FROM articles_article WHERE id = %s", [planted["deleted"].pk]
        )


def test_what_is_hidden_is_in_no_answer(planted: dict[str, Article]) -> None:
    paths = addresses(planted)
    before = ask(paths)
    assert leaks(before, planted, "draft", "embargo") == []
    # What readers may see is seen, in every kind of answer: the words can be found.
    for kind in (
        "/feed/",
        "/search/?q",
        "/search/feed/?q",
        "/search.json?q",
        "/search/complete/",
        "/search/values/author/",
        "/search/values/place/",
        "/authors/?filter",
        "/places/?filter",
        "/calendar/2020/1/1/",
        "/sources/atlas/",
        "/sections/culture/feed/",
        "/cite.bib",
        "/cite.ris",
        f"/articles/{planted['published'].pk}/",
    ):
        told = [text for path, (text, _tag) in before.items() if kind in path]
        for word in (PUBLISHED, HIDDEN["withdrawn"], HIDDEN["deleted"]):
            assert any(word in text for text in told), kind
    for kind in ("/search/?q", "/search/forms/?q", "/search.json?q"):
        told = [text for path, (text, _tag) in before.items() if kind in path]
        for name in LATER:
            assert any(INFLECTED[name] in text for text in told), kind
    assert f"articles/{planted['published'].pk}/" in before["/sitemap-1.xml"][0]

    take_away(planted)
    tags = {path: tag for path, (_text, tag) in before.items()}
    assert any(tags.values())
    # Before the index has followed, and after: new answers, and those asked for again.
    for _time in ("before", "after"):
        found = leaks(ask(paths), planted, *HIDDEN)
        assert not found, "\n".join(found)
        again = ask(paths, tags)
        found = leaks(again, planted, *HIDDEN)
        assert not found, "\n".join(found)
        for path, (text, tag) in again.items():
            if tag and any(HIDDEN[name] in before[path][0] for name in LATER):
                assert tag != tags[path], path
                assert text, path
        outbox.drain()


def test_a_hidden_word_is_found_no_more_than_one_that_nobody_wrote(
    planted: dict[str, Article],
) -> None:
    take_away(planted)
    client = Client()
    for _time in ("before", "after"):
        for word in HIDDEN.values():
            for query in (
                word,
                f'"{word}"',
                f"title:{word}",
                f"{word}*",
                f"author:{word}",
            ):
                answer = client.get("/search.json", {"q": query}).json()
                assert answer["total"] == 0, query
                assert answer["hits"] == []
        outbox.drain()
    assert client.get("/search.json", {"q": PUBLISHED}).json()["total"] == 1


def test_counts_leave_out_what_is_hidden(planted: dict[str, Article]) -> None:
    take_away(planted)
    client = Client()
    answer = client.get("/search.json", {"q": "حصاد"}).json()
    assert answer["total"] == 2
    for name in ("source", "section", "language"):
        assert [value["count"] for value in answer["facets"][name]] == [2]
    authors = {value["value"] for value in answer["facets"]["author"]}
    assert authors == {"Amal", f"سعاد {PUBLISHED}"}
    assert answer["timeline"]["bars"] == [{"period": "2020-01-01", "count": 2}]
