"""By which import an article came: for readers the day, for staff the file and who."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from articles.imports import Import, ImportRow, Outcome
from articles.models import Article


@dataclass(frozen=True, slots=True)
class Provenance:
    """The import that added an article.

    Attributes:
        imported: when it was.
        run: the import itself, for those who may see imports: the name of a file may
            tell more than readers are meant to know.
        place: where in the file the article stood, for them too.
    """

    imported: datetime
    run: Import | None = None
    place: str = ""


def provenance(article: Article, user: User | AnonymousUser) -> Provenance | None:
    """Return by which import an article came, as far as ``user`` may know; or None."""
    row = (
        ImportRow.objects.filter(article=article.pk, outcome=Outcome.ADDED)
        .select_related("run__by")
        .only("place", "run__name", "run__created", "run__by__username")
        .first()
    )
    if row is None:
        return None
    if user.has_perm("articles.view_import"):
        return Provenance(row.run.created, row.run, row.place)
    return Provenance(row.run.created)
