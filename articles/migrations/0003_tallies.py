"""Keep the ledger of counts and the bylines true at every commit, by triggers.

``articles.models.Tally`` says what the ledger is. A statement that changes articles
adds up what it changes, takes the ledger's rows for the same things along, and writes
the sums. Only one transaction at a time takes rows along, which it need not wait to
be: the others add theirs beside, and no two writers ever wait for each other's rows.
"""

from django.db import migrations

# What an article counts for. Whoever sees published articles sees these: see
# ArticleQuerySet.published(), to which a test holds the sums.
COUNTED = """
    SELECT id, source_id, section_id, authors, place, published_on, published_at,
        coalesce(embargo, 'epoch') AS visible_from, {sign} AS articles
    FROM {rows} WHERE status = 'published'
"""

# to_char, for the text of a date depends on the session.
SUMS = """
    SELECT what.kind, what.value, extract(year FROM published_on)::smallint AS year,
        visible_from, sum(articles) AS articles
    FROM changed CROSS JOIN LATERAL (
        SELECT 'archive' AS kind, '' AS value
        UNION ALL
        SELECT 'day', to_char(published_on, 'YYYY-MM-DD') WHERE published_on IS NOT NULL
        UNION ALL
        SELECT 'source', source_id::text
        UNION ALL
        SELECT 'section', section_id::text WHERE section_id IS NOT NULL
        UNION ALL
        SELECT 'place', place WHERE place ~ '\\S'
        UNION ALL
        SELECT DISTINCT 'author', author FROM unnest(authors) AS author
        WHERE author ~ '\\S' AND length(author) <= 200
    ) AS what
    GROUP BY what.kind, what.value, year, visible_from
    HAVING sum(articles) <> 0
"""

ADD_TO_LEDGER = """
    WITH changed AS ({changed}), sums AS ({sums}), noted AS (
        SELECT * FROM sums
        UNION ALL SELECT 'change', '', NULL, 'epoch', 1
    ), taken AS (
        DELETE FROM articles_tally AS tally USING noted
        WHERE alone AND tally.kind = noted.kind AND tally.value = noted.value
            AND tally.year IS NOT DISTINCT FROM noted.year
            AND tally.visible_from = noted.visible_from
        RETURNING tally.kind, tally.value, tally.year, tally.visible_from,
            tally.articles
    )
    INSERT INTO articles_tally (kind, value, year, visible_from, articles)
    SELECT kind, value, year, visible_from, sum(articles)
    FROM (SELECT * FROM noted UNION ALL SELECT * FROM taken) AS all_rows
    GROUP BY kind, value, year, visible_from
    HAVING sum(articles) <> 0;
"""

ADD_BYLINES = """
    INSERT INTO articles_byline (article_id, name, published_on, published_at)
    SELECT DISTINCT id, author, published_on, published_at
    FROM {rows} CROSS JOIN LATERAL unnest(authors) AS author
    WHERE status = 'published' AND author ~ '\\S' AND length(author) <= 200;
"""

REMOVE_BYLINES = """
    DELETE FROM articles_byline USING old_rows
    WHERE articles_byline.article_id = old_rows.id;
"""

# Released with the transaction, when what it took along is seen by all.
LOCK = "pg_try_advisory_xact_lock(hashtext('articles_tally'))"

TRIGGER = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    alone boolean := {lock};
BEGIN
    {body}
    RETURN NULL;
END
$$;
"""

NOTHING = COUNTED.format(sign=0, rows="articles_article") + " AND false"
ADDED = COUNTED.format(sign=1, rows="new_rows")
REMOVED = COUNTED.format(sign=-1, rows="old_rows")


def ledger(changed):
    return ADD_TO_LEDGER.format(changed=changed, sums=SUMS)


def function(name, body):
    return TRIGGER.format(name=name, lock=LOCK, body=body)


FUNCTIONS = "".join(
    (
        function(
            "articles_tally_insert",
            ledger(ADDED) + ADD_BYLINES.format(rows="new_rows"),
        ),
        function(
            "articles_tally_update",
            ledger(f"{ADDED} UNION ALL {REMOVED}")
            + REMOVE_BYLINES
            + ADD_BYLINES.format(rows="new_rows"),
        ),
        function("articles_tally_delete", ledger(REMOVED) + REMOVE_BYLINES),
        function("articles_note_change", ledger(NOTHING)),
        function(
            "articles_tally_truncate",
            "DELETE FROM articles_tally WHERE kind <> 'change';"
            "DELETE FROM articles_byline;" + ledger(NOTHING),
        ),
    )
)

# Rows of a fixture (dumpdata writes them, with all others) would be counted beside those
# of the triggers, and their numbers met again. Django wants an inserted row back: it is
# one that counts nothing.
GUARD = """
CREATE FUNCTION articles_only_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        RETURN OLD;
    END IF;
    NEW.id = nextval(pg_get_serial_sequence(TG_TABLE_NAME, 'id'));
    IF TG_TABLE_NAME = 'articles_tally' THEN
        NEW.articles = 0;
    ELSE
        NEW.name = '';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER articles_only_by_trigger BEFORE INSERT OR UPDATE ON articles_tally
FOR EACH ROW EXECUTE FUNCTION articles_only_by_trigger();
CREATE TRIGGER articles_only_by_trigger BEFORE INSERT OR UPDATE ON articles_byline
FOR EACH ROW EXECUTE FUNCTION articles_only_by_trigger();
"""

TRIGGERS = """
CREATE TRIGGER articles_tally_insert AFTER INSERT ON articles_article
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION articles_tally_insert();
CREATE TRIGGER articles_tally_update AFTER UPDATE ON articles_article
REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION articles_tally_update();
CREATE TRIGGER articles_tally_delete AFTER DELETE ON articles_article
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION articles_tally_delete();
CREATE TRIGGER articles_tally_truncate AFTER TRUNCATE ON articles_article
FOR EACH STATEMENT EXECUTE FUNCTION articles_tally_truncate();
CREATE TRIGGER articles_note_change AFTER INSERT OR UPDATE OR DELETE ON articles_source
FOR EACH STATEMENT EXECUTE FUNCTION articles_note_change();
CREATE TRIGGER articles_note_change AFTER INSERT OR UPDATE OR DELETE ON articles_section
FOR EACH STATEMENT EXECUTE FUNCTION articles_note_change();
"""

FILL = (
    "DO $$ DECLARE alone boolean := false; BEGIN "
    + ledger(COUNTED.format(sign=1, rows="articles_article"))
    + ADD_BYLINES.format(rows="articles_article")
    + " END $$"
)

REMOVE = """
DROP TRIGGER articles_tally_insert ON articles_article;
DROP TRIGGER articles_tally_update ON articles_article;
DROP TRIGGER articles_tally_delete ON articles_article;
DROP TRIGGER articles_tally_truncate ON articles_article;
DROP TRIGGER articles_note_change ON articles_source;
DROP TRIGGER articles_note_change ON articles_section;
DROP TRIGGER articles_only_by_trigger ON articles_tally;
DROP TRIGGER articles_only_by_trigger ON articles_byline;
DROP FUNCTION articles_tally_insert, articles_tally_update, articles_tally_delete,
    articles_tally_truncate, articles_note_change, articles_only_by_trigger;
TRUNCATE articles_tally, articles_byline;
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_browsing")]

    # In this order: making the triggers holds off whoever writes articles, until the
    # ledger is filled.
    operations = [
        migrations.RunSQL(FUNCTIONS + TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, REMOVE),
    ]
