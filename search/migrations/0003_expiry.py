from importlib import import_module

from django.db import migrations

outbox = import_module("search.migrations.0001_outbox")

# What a reader may see is said here once more, in SQL; a test holds it to
# ArticleQuerySet.published(). What the clock will change is noted for its moment: an
# article under embargo appears, and one with an expiry is hidden. An expiry that was put
# off must not hide the article: its entry goes.
FOLLOW_ARTICLE = """
CREATE OR REPLACE FUNCTION search_follow_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := statement_timestamp();
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.expiry > moment THEN
        DELETE FROM search_outboxentry
        WHERE hides AND article_id = OLD.id AND due > moment AND attempts = 0;
    END IF;
    IF TG_OP = 'DELETE' THEN
        INSERT INTO search_outboxentry (article_id, due, hides)
        VALUES (OLD.id, moment, OLD.status = 'published');
    ELSE
        INSERT INTO search_outboxentry (article_id, due, hides)
        VALUES (
            NEW.id,
            moment,
            TG_OP = 'UPDATE' AND OLD.status = 'published' AND (
                NEW.status <> 'published'
                OR coalesce(NEW.embargo > moment, false)
                OR coalesce(NEW.expiry <= moment, false)
            )
        );
        IF NEW.status = 'published' AND NEW.embargo > moment THEN
            INSERT INTO search_outboxentry (article_id, due, hides)
            VALUES (NEW.id, NEW.embargo, false);
        END IF;
        IF NEW.status = 'published' AND NEW.expiry > moment THEN
            INSERT INTO search_outboxentry (article_id, due, hides)
            VALUES (NEW.id, NEW.expiry, true);
        END IF;
    END IF;
    NOTIFY newsarchive_outbox;
    RETURN NULL;
END
$$;
"""

# The function as it was; its trigger stays.
BEFORE = outbox.FOLLOW_ARTICLE.split("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0007_expiry"),
        ("search", "0002_poison"),
    ]

    operations = [migrations.RunSQL(FOLLOW_ARTICLE, BEFORE)]
