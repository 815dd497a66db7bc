"""Index and database compared, both ways, and mended."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles.models import Article, Status
from search import outbox, signals, verifying
from search.backends import ArchiveSearchBackend
from search.finder import find
from search.models import OutboxEntry
from search.results import SearchRequest
from search.verifying import repair, verify
from tests.factories import build_article, make_article, make_section, make_source
from tests.poison import UNPREPARED, poison

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


def change_unnoticed(sql: str) -> None:
    """Change articles as nobody can: without an entry in the outbox."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("DELETE FROM search_outboxentry")


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_index", *arguments, stdout=out)
    return out.getvalue()


def test_what_agrees_is_not_told() -> None:
    make_article(
        title="حموشي",
        subtitle="هاينز",
        authors=["أ", "ب"],
        place="الرباط",
        section=make_section(),
        published_at=timezone.now(),
        published_on=timezone.now().date(),
    )
    make_article(published_on=None)
    make_article(status=Status.DRAFT)
    make_article(embargo=timezone.now() + timedelta(days=1))
    found = verify()
    assert not found
    assert (found.articles, found.documents) == (2, 2)
    assert "They agree." in run()


@pytest.mark.parametrize(
    "change",
    [
        "title = 'other'",
        "body = 'other'",
        "subtitle = 'other'",
        "authors = '{other}'",
        "place = 'other'",
        "language = 'fr'",
        "published_on = '2019-01-01'",
        "published_on = NULL",
        "section_id = (SELECT max(id) FROM articles_section)",
    ],
)
def test_whatever_is_indexed_is_compared(change: str) -> None:
    make_section()
    make_article()
    article = make_article()
    change_unnoticed(
        f"UPDATE articles_article SET {change} WHERE id = {article.pk}"  # noqa: S608
    )
    found = verify()
    assert (found.missing, found.stale, found.surplus) == ([], [article.pk], [])


def test_a_source_of_another_slug_makes_its_articles_stale() -> None:
    article = make_article()
    make_article()
    change_unnoticed(
        f"UPDATE articles_source SET slug = 'other' WHERE id = {article.source_id}"  # noqa: S608
    )
    assert verify().stale == [article.pk]


def test_both_ways_and_all_kinds_are_told_and_mended(
    search_backend: ArchiveSearchBackend,
) -> None:
    kept, stale, withdrawn, gone = (make_article() for _ in range(4))
    with search_backend.index.writer() as writer:
        writer.put({"id": "other.model.7", "text": "foreign"})
        writer.put({"id": "articles.article.x", "text": "foreign"})
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE articles_article DISABLE TRIGGER search_follow_article"
        )
        Article.objects.filter(pk=stale.pk).update(body="sowing")
        Article.objects.filter(pk=withdrawn.pk).update(status=Status.WITHDRAWN)
        Article.objects.filter(pk=gone.pk).delete()
        (missing,) = Article.objects.bulk_create([build_article(body="harvest")])
        cursor.execute(
            "ALTER TABLE articles_article ENABLE TRIGGER search_follow_article"
        )
    found = verify()
    assert found.missing == [missing.pk]
    assert found.stale == [stale.pk]
    assert found.surplus == [withdrawn.pk, gone.pk]
    assert sorted(found.foreign) == ["articles.article.x", "other.model.7"]
    with pytest.raises(SystemExit, match="1"):
        run()
    told = run("--repair")
    assert f"1 missing from the index: {missing.pk}\n" in told
    assert f"2 in the index, but not to be found: {withdrawn.pk}, {gone.pk}\n" in told
    assert "Mended: 6." in told
    assert not verify()
    assert find(SearchRequest("harvest")).total == 1
    assert search_backend.index.count() == 3
    assert kept.pk


def test_many_are_counted_and_the_first_are_named(
    search_backend: ArchiveSearchBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PAGE", 7)
    monkeypatch.setattr(verifying, "KEYS_AT_ONCE", 5)
    source = make_source()
    Article.objects.bulk_create(build_article(source=source) for _ in range(30))
    assert not verify()
    search_backend.index.clear()
    told = run("--repair")
    assert "30 missing from the index: " in told
    assert told.split("missing from the index: ")[1].split("\n")[0].count(",") == 20
    assert not verify()


def test_what_waits_in_the_outbox_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signals, "follow_own_changes", lambda: None)
    make_article()
    outbox.drain()
    make_article()
    Article.objects.filter(body__contains="Text").update(body="sowing")
    assert outbox.pending() == 3
    assert not verify()


def test_what_is_changed_and_followed_meanwhile_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    articles = [make_article() for _ in range(3)]
    monkeypatch.setattr(verifying, "PAGE", 1)

    def change(_count: int) -> None:
        articles[2].body = f"changed {_count} {len(seen)}"
        articles[2].save()
        articles[0].status = Status.WITHDRAWN
        articles[0].save()
        make_article()
        seen.append(1)

    seen: list[int] = []
    found = verify(lambda count: change(count) if len(seen) < 5 else None)
    assert len(seen) == 5
    assert not found


def test_what_cannot_be_indexed_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison(monkeypatch)
    make_article()
    make_article(body=UNPREPARED)
    assert OutboxEntry.objects.get().attempts == 1
    assert not verify()


def test_a_document_that_is_there_twice_is_mended(
    search_backend: ArchiveSearchBackend,
) -> None:
    article = make_article()
    folder = search_backend.index
    # As no commit leaves it: the same document in a second segment.
    from search.engine.writing import (  # noqa: PLC0415
        SegmentWriter,
        read_contents,
        replace_segments,
    )

    with SegmentWriter(folder.path, folder.fields) as writer:
        search_backend.put(writer, article)
    contents = read_contents(folder.path)
    replace_segments(
        folder.path,
        folder.fields,
        contents,
        kept=[*contents.segments, writer.segment],
    )
    found = verify()
    assert found.stale == [article.pk]
    repair(found)
    assert not verify()
    assert folder.count() == 1


def test_a_damaged_index_says_how_to_build_it_anew(
    search_backend: ArchiveSearchBackend,
) -> None:
    make_article()
    for segment in search_backend.index.path.glob("*.arrays"):
        segment.unlink()
    search_backend.index.close()
    search_backend.index.__init__(  # type: ignore[misc]  # as another process opens it
        search_backend.index.path, search_backend.index.fields
    )
    with pytest.raises(CommandError, match="rebuild_index"):
        run()
