"""Take an import back: what it added goes, what it updated is as it was.

Rows are taken back from the last to the first, a chunk in each transaction. An article
that was edited since, by whoever, is left alone and its row says so, unless the
importer insists.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop

from articles.importing.known import remove_sketches, write_sketches
from articles.importing.sketches import sketch
from articles.importing.versions import fingerprint, put_back
from articles.imports import Import, ImportRow, Outcome, State
from articles.models import Article, ArticleVersion, Section, Source
from articles.signals import articles_changed

EDITED = gettext_noop("The article was edited since.")

REVERSIBLE = (Outcome.ADDED, Outcome.UPDATED)


def undo_rows(run: Import, number: int) -> int:
    """Take back the last rows that are left, and return how many were looked at."""
    with transaction.atomic():
        rows = list(
            run.rows.select_for_update()
            .filter(outcome__in=REVERSIBLE, undone=False, kept="")
            .order_by("-position")[:number]
        )
        take_back(rows)
        if not rows:
            remove_unused(run)
        return len(rows)


def take_back(rows: Iterable[ImportRow], *, insist: bool = False) -> list[ImportRow]:
    """Take rows back, the last first, and return those whose articles were edited since.

    Args:
        rows: of any import, in the order of their positions reversed.
        insist: whether edited articles are taken back too.
    """
    rows = list(rows)
    with transaction.atomic():
        held = Article.objects.select_for_update().in_bulk(
            [row.article_id for row in rows if row.article_id]
        )
        versions = _versions(rows)
        back: dict[int, Article] = {}
        gone: set[int] = set()
        kept: list[ImportRow] = []
        for row in rows:
            article = held.get(row.article_id or 0)
            row.kept = ""
            if article is None or article.pk in gone:
                row.undone = True
            elif fingerprint(article) != row.fingerprint and not insist:
                row.kept = EDITED
                kept.append(row)
            elif row.outcome == Outcome.ADDED:
                gone.add(article.pk)
                row.undone = True
            else:
                put_back(article, versions[row.pk].values)
                back[article.pk] = article
                row.undone = True
        _write(back, gone)
        ArticleVersion.objects.filter(
            row__in=[row.pk for row in rows if row.undone]
        ).delete()
        ImportRow.objects.bulk_update(rows, ["undone", "kept"])
    return kept


def remove_unused(run: Import) -> None:
    """Remove the sources and sections that an import made and nothing is in."""
    for model, made in ((Source, run.made_sources), (Section, run.made_sections)):
        for one in model.objects.filter(pk__in=made):
            try:
                one.delete()
            except ProtectedError:
                continue


def _versions(rows: Iterable[ImportRow]) -> dict[int, ArticleVersion]:
    found = ArticleVersion.objects.filter(row__in=[row.pk for row in rows])
    return {version.row_id: version for version in found if version.row_id}


def _write(back: dict[int, Article], gone: set[int]) -> None:
    left = [article for pk, article in back.items() if pk not in gone]
    for article in left:
        values = {
            field.attname: getattr(article, field.attname)
            for field in Article._meta.concrete_fields  # noqa: SLF001  Django's public _meta
            if not (field.primary_key or field.generated or field.name == "created")
        }
        # Not saved: the time of change goes back too.
        Article.objects.filter(pk=article.pk).update(**values)
    hashes = Article.objects.filter(pk__in=back).values_list("pk", "content_hash")
    write_sketches(
        {pk: (digest, sketch(back[pk].title, back[pk].body)) for pk, digest in hashes}
    )
    remove_sketches(gone)
    # Nothing refers to articles but rows and versions, which outlive them: Django need
    # not fetch each to look for more.
    articles = Article.objects.filter(pk__in=gone)
    articles._raw_delete(articles.db)  # noqa: SLF001  As in Django's own collector.
    articles_changed.send(sender=Article)


__all__ = ["EDITED", "REVERSIBLE", "State", "remove_unused", "take_back", "undo_rows"]
