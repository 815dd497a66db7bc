"""What the restore drill does in an archive: ``fill`` it, and ``ask`` it.

Each is done by a process of its own, in the installation that its environment names.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles.desk import uploads
from articles.importing.running import bring_on
from articles.models import Article, Import
from search import outbox
from search.finder import find
from search.results import SearchRequest

ROOT = Path(__file__).resolve().parent.parent.parent
SEARCHES = 50
COPIES = 4


def fill() -> None:
    """Some hundred articles of every sort, imports, users, jobs and what failed."""

    for fixture in sorted((ROOT / "fixtures").glob("*.json")):
        call_command("loaddata", str(fixture), verbosity=0)
    samples = list(Article.objects.order_by("pk"))
    chance = random.Random(7)  # noqa: S311  No secret hangs on it.
    statuses = ["published"] * 7 + ["draft", "withdrawn"]
    Article.objects.bulk_create(
        Article(
            title=f"{sample.title} {number}",
            body=f"{sample.body}\nنهاية {number}\t\\N \\ end",
            language=sample.language,
            authors=sample.authors,
            place=sample.place,
            source=sample.source,
            section=sample.section,
            published_on=date(2015, 1, 1) + timedelta(days=chance.randrange(3000)),
            status=chance.choice(statuses),
            embargo=timezone.now() + timedelta(days=chance.choice([-9, 9])),
        )
        for number in range(COPIES)
        for sample in samples
    )
    Article.objects.filter(pk=samples[0].pk).delete()
    _users()
    _imports(samples)
    outbox.drain()
    _unfinished(samples)


def _users() -> None:

    for name in ("reader", "editor", "importer", "admin"):
        user = User.objects.create_user(f"the {name}", password="drill-password-1")
        user.groups.add(Group.objects.get(name=name))


def _imports(samples: list[Any]) -> None:
    """A file with rows of every outcome, then a later state of the same articles."""

    def record(number: int, body: str) -> str:
        return json.dumps({"id": f"d-{number}", "title": f"خبر {number}", "body": body})

    lines = [record(n, f"نص الخبر رقم {n} عن القطار السريع.") for n in range(40)]
    later = [record(n, f"نص جديد للخبر {n} عن المطار.") for n in range(10)]
    for name, content in {
        "first.jsonl": [*lines, '{"id": "x"}', "{broken"],
        "later.jsonl": later,
    }.items():
        run = uploads.keep(
            SimpleUploadedFile(name, "\n".join(content).encode()),
            state=Import.State.QUEUED,
            source=samples[-1].source,
            language="ar",
            status="published",
            policy="update",
        )
        bring_on(run.pk)


def _unfinished(samples: list[Any]) -> None:
    """A job at work, one that waits, a change that the index has not followed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('default', 'articles.bring_import_on', 'doing'), "
            "('default', 'articles.bring_import_on', 'todo')"
        )
        cursor.execute(
            "UPDATE articles_article SET status = 'withdrawn' WHERE id = %s",
            [samples[1].pk],
        )


def ask() -> None:
    """Write every row, and what searches find, as JSON."""
    answer = {"rows": dict(_rows()), "searches": list(_searches())}
    json.dump(answer, sys.stdout)


def _rows() -> Iterator[tuple[str, list[str]]]:
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(
                f'SELECT to_jsonb(t)::text FROM "{table}" t'  # noqa: S608  Our tables.
            )
            yield table, sorted(row for (row,) in cursor.fetchall())
        cursor.execute(
            "SELECT sequencename || ' ' || coalesce(last_value, 0) "
            "FROM pg_sequences ORDER BY 1"
        )
        yield "sequences", [row for (row,) in cursor.fetchall()]
        cursor.execute(
            "SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text "
            "FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
        yield "triggers", [row for (row,) in cursor.fetchall()]


def _searches() -> Iterator[dict[str, Any]]:

    requests = [
        SearchRequest(query="القطار", per_page=100),
        SearchRequest(sort="oldest", per_page=100),
    ]
    articles = Article.objects.order_by("pk")
    for article in articles[:: max(1, len(articles) // (SEARCHES - len(requests)))]:
        words = article.body.split()
        requests.append(
            SearchRequest(query=" ".join(words[1:3]), any_word=True, per_page=100)
        )
    for request in requests[:SEARCHES]:
        page = find(request)
        yield {
            "query": request.query,
            "total": page.total,
            "hits": [hit.id for hit in page.hits]
            if request.sort == "oldest"
            # What was removed counts in scores until segments are merged.
            else sorted(hit.id for hit in page.hits),
            "facets": [
                [facet.name, [(value.value, value.count) for value in facet.values]]
                for facet in page.facets
            ],
        }
