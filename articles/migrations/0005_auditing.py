"""Keep what was changed, by whom and from where: ``articles.auditing`` explains it."""

from django.conf import settings
from django.db import migrations, models

# Compares row by row what a statement changed. A name that is masked tells that it
# changed, and not what it is; one that is passed over changes with everything else.
FUNCTION = """
CREATE FUNCTION articles_actor(said text DEFAULT current_setting('newsarchive.actor', true))
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN said <> '' THEN said::jsonb ELSE '{}' END
$$;

CREATE FUNCTION articles_audit_values(entry jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT entry || CASE WHEN entry ? 'password' THEN '{"password": "***"}' ELSE '{}' END::jsonb
$$;

CREATE FUNCTION articles_audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := articles_actor();
BEGIN
    INSERT INTO articles_auditentry
        ("table", "row", action, before, after, actor, actor_name, address, at)
    SELECT TG_TABLE_NAME, (now_is ->> TG_ARGV[0])::bigint, 'change',
        articles_audit_values(differs.before), articles_audit_values(differs.after),
        (actor ->> 'id')::bigint, coalesce(actor ->> 'name', ''),
        coalesce(actor ->> 'address', ''), clock_timestamp()
    FROM old_rows
    JOIN new_rows ON old_rows.id = new_rows.id
    CROSS JOIN LATERAL (SELECT to_jsonb(old_rows) AS was, to_jsonb(new_rows) AS now_is) AS whole
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(key, value) AS before,
            jsonb_object_agg(key, now_is -> key) AS after
        FROM jsonb_each(was)
        WHERE value IS DISTINCT FROM now_is -> key
            AND key <> ALL (string_to_array(TG_ARGV[1], ','))
    ) AS differs
    WHERE differs.before IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE FUNCTION articles_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := articles_actor();
BEGIN
    INSERT INTO articles_auditentry
        ("table", "row", action, before, after, actor, actor_name, address, at)
    SELECT TG_TABLE_NAME, (was ->> TG_ARGV[0])::bigint, 'delete',
        articles_audit_values(was), NULL,
        (actor ->> 'id')::bigint, coalesce(actor ->> 'name', ''),
        coalesce(actor ->> 'address', ''), clock_timestamp()
    FROM old_rows CROSS JOIN LATERAL (SELECT to_jsonb(old_rows) AS was) AS whole;
    RETURN NULL;
END
$$;

CREATE FUNCTION articles_audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := articles_actor();
BEGIN
    INSERT INTO articles_auditentry
        ("table", "row", action, before, after, actor, actor_name, address, at)
    SELECT TG_TABLE_NAME, (now_is ->> TG_ARGV[0])::bigint, 'add',
        NULL, articles_audit_values(now_is),
        (actor ->> 'id')::bigint, coalesce(actor ->> 'name', ''),
        coalesce(actor ->> 'address', ''), clock_timestamp()
    FROM new_rows CROSS JOIN LATERAL (SELECT to_jsonb(new_rows) AS now_is) AS whole;
    RETURN NULL;
END
$$;
"""

DROP_FUNCTION = """
DROP FUNCTION articles_audit_insert();
DROP FUNCTION articles_audit_delete();
DROP FUNCTION articles_audit_update();
DROP FUNCTION articles_audit_values(jsonb);
DROP FUNCTION articles_actor(text);
"""

ROWS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}

# Table, the number that its entries go by, what changes with everything else, and
# whether a row that is added has an entry.
TABLES = [
    ("articles_article", "id", "changed,content_hash", False),
    ("articles_source", "id", "", True),
    ("articles_section", "id", "", True),
    ("auth_user", "id", "last_login", True),
    ("auth_user_groups", "user_id", "", True),
    ("auth_user_user_permissions", "user_id", "", True),
    ("auth_group", "id", "", True),
    ("auth_group_permissions", "group_id", "", True),
]


def triggers(table, number, passed_over, adds):
    events = ["insert"] * adds + ["update", "delete"]
    return migrations.RunSQL(
        "".join(
            f"CREATE TRIGGER articles_audit_{event} AFTER {event.upper()} ON {table} "
            f"{ROWS[event]} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION articles_audit_{event}('{number}', '{passed_over}');\n"
            for event in events
        ),
        "".join(f"DROP TRIGGER articles_audit_{event} ON {table};\n" for event in events),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_imports"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "table",
                    models.CharField(
                        choices=[
                            ("articles_article", "article"),
                            ("articles_source", "source"),
                            ("articles_section", "section"),
                            ("auth_user", "user"),
                            ("auth_user_groups", "role of a user"),
                            ("auth_user_user_permissions", "permission of a user"),
                            ("auth_group", "role"),
                            ("auth_group_permissions", "permission of a role"),
                        ],
                        db_collation="C",
                        max_length=63,
                        verbose_name="what",
                    ),
                ),
                ("row", models.BigIntegerField(verbose_name="number")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "added"),
                            ("change", "changed"),
                            ("delete", "deleted"),
                        ],
                        max_length=6,
                        verbose_name="action",
                    ),
                ),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                ("actor", models.BigIntegerField(null=True)),
                ("actor_name", models.TextField(blank=True, verbose_name="by")),
                ("address", models.TextField(blank=True, verbose_name="from")),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["-pk"],
                "default_permissions": ["view"],
                "indexes": [
                    models.Index(fields=["table", "row", "id"], name="audit_of_row")
                ],
            },
        ),
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        *(triggers(*table) for table in TABLES),
    ]
