"""An article disappears at its time, from counts too.

What an expiry takes back is a row of the ledger of its own, which counts from then on.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, OrderBy, Q

tallies = import_module("articles.migrations.0003_tallies")

# An article counts from the end of its embargo, and no more from its expiry.
COUNTED = """
    SELECT id, source_id, section_id, authors, place, published_on, published_at,
        coalesce(embargo, 'epoch') AS visible_from, {sign} AS articles
    FROM {rows} WHERE status = 'published'
    UNION ALL
    SELECT id, source_id, section_id, authors, place, published_on, published_at,
        expiry AS visible_from, -({sign}) AS articles
    FROM {rows} WHERE status = 'published' AND expiry IS NOT NULL
"""

# A moment at which as many articles appear as disappear is one at which pages change:
# browsing.answers looks for it among the rows of the archive.
KEPT_AT_NOTHING = "OR {table}kind = 'archive' AND visible_from > 'epoch'"


def ledger(changed):
    sums = tallies.SUMS.replace(
        "HAVING sum(articles) <> 0",
        "HAVING sum(articles) <> 0 " + KEPT_AT_NOTHING.format(table="what."),
    )
    added = tallies.ADD_TO_LEDGER.replace(
        "HAVING sum(articles) <> 0",
        "HAVING sum(articles) <> 0 " + KEPT_AT_NOTHING.format(table=""),
    )
    return added.format(changed=changed, sums=sums)


def function(name, body):
    made = tallies.function(name, body)
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


ADDED = COUNTED.format(sign=1, rows="new_rows")
REMOVED = COUNTED.format(sign=-1, rows="old_rows")
NEW_BYLINES = tallies.ADD_BYLINES.format(rows="new_rows")

FUNCTIONS = "".join(
    (
        function("articles_tally_insert", ledger(ADDED) + NEW_BYLINES),
        function(
            "articles_tally_update",
            ledger(f"{ADDED} UNION ALL {REMOVED}")
            + tallies.REMOVE_BYLINES
            + NEW_BYLINES,
        ),
        function(
            "articles_tally_delete", ledger(REMOVED) + tallies.REMOVE_BYLINES
        ),
    )
)

FUNCTIONS_BEFORE = "".join(
    (
        function(
            "articles_tally_insert", tallies.ledger(tallies.ADDED) + NEW_BYLINES
        ),
        function(
            "articles_tally_update",
            tallies.ledger(f"{tallies.ADDED} UNION ALL {tallies.REMOVED}")
            + tallies.REMOVE_BYLINES
            + NEW_BYLINES,
        ),
        function(
            "articles_tally_delete",
            tallies.ledger(tallies.REMOVED) + tallies.REMOVE_BYLINES,
        ),
    )
)

# Without an expiry, what it takes back would never be given back.
FORGET = "UPDATE articles_article SET expiry = NULL WHERE expiry IS NOT NULL"

INDEXES = {
    "article_newest_first": [],
    "article_newest_of_source": ["source"],
    "article_newest_of_section": ["section"],
    "article_newest_of_place": ["place"],
}


def newest_first(name, leading):
    return models.Index(
        *(F(field) for field in leading),
        OrderBy(F("published_on"), descending=True, nulls_last=True),
        OrderBy(F("published_at"), descending=True, nulls_last=True),
        OrderBy(F("id"), descending=True),
        condition=Q(status="published"),
        include=("embargo", "expiry"),
        name=name,
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_watches")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="expiry",
            field=models.DateTimeField(
                blank=True,
                help_text="Not shown from then on, as if it were withdrawn.",
                null=True,
                verbose_name="expiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=Q(embargo=None) | Q(expiry=None) | Q(expiry__gt=F("embargo")),
                name="article_expires_after_embargo",
                violation_error_message="The expiry is not after the embargo.",
            ),
        ),
        *(
            migrations.RemoveIndex(model_name="article", name=name) for name in INDEXES
        ),
        *(
            migrations.AddIndex(
                model_name="article", index=newest_first(name, leading)
            )
            for name, leading in INDEXES.items()
        ),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BEFORE),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
    ]
