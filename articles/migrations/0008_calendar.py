"""Days and times of articles are of a calendar: finite, and in the years 1 to 9999.

PostgreSQL knows ``infinity``, years before the first and after 9999; Python knows none of
them, so that an article with one could neither be shown nor indexed.
"""

from datetime import UTC, date, datetime

from django.core.management import CommandError
from django.db import migrations, models
from django.db.models import Q

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)

# Those that are told one by one; the statement beside them finds the others.
TOLD = 20

MOMENTS = ["published_at", "embargo", "expiry", "created", "changed"]

FITS = ",\n    ".join(
    [
        "('published_on', published_on::text,"
        " published_on BETWEEN '0001-01-01' AND '9999-12-31')",
        *(
            f"('{name}', {name}::text,"
            f" {name} >= '{FIRST.isoformat()}' AND {name} < '{LAST.isoformat()}')"
            for name in MOMENTS
        ),
    ]
)

OUTSIDE = f"""
SELECT article.id, string_agg(kept.name || ' is ' || kept.value, ', ')
FROM articles_article AS article, LATERAL (VALUES
    {FITS}
) AS kept (name, value, fits)
WHERE NOT kept.fits
GROUP BY article.id
ORDER BY article.id
"""


def tell_what_is_outside(apps, schema_editor):
    """Refuse to go on while there are articles that the constraints would refuse."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OUTSIDE)
        found = cursor.fetchall()
    if not found:
        return
    told = "\n".join(f"  {pk}: {dates}" for pk, dates in found[:TOLD])
    raise CommandError(
        f"Articles with a day or time that is not in the years 1 to 9999: {len(found)}. "
        f"By their ids, the first {min(len(found), TOLD)}:\n{told}\n"
        "Nothing was changed. Give each of them another day or time, or none, in SQL, "
        f"such as: UPDATE articles_article SET {_cure(found[0][1])} "
        f"WHERE id = {found[0][0]}; and run 'manage.py migrate' again."
    )


def _cure(dates):
    """What to set where a day or time is missed least: none, or now where none is not allowed."""
    names = [part.split(" is ")[0] for part in dates.split(", ")]
    # A time of publication needs its day.
    if "published_on" in names and "published_at" not in names:
        names.append("published_at")
    return ", ".join(
        f"{name} = {'now()' if name in {'created', 'changed'} else 'NULL'}"
        for name in names
    )


def day_fits(name):
    return Q((name, None)) | Q((f"{name}__range", (date.min, date.max)))


def moment_fits(name):
    return Q((name, None)) | Q((f"{name}__gte", FIRST), (f"{name}__lt", LAST))


def constraint(name, condition):
    return migrations.AddConstraint(
        model_name="article",
        constraint=models.CheckConstraint(
            condition=condition,
            name=name,
            violation_error_message="Give days and times of the years 1 to 9999.",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_expiry")]

    operations = [
        migrations.RunPython(tell_what_is_outside, migrations.RunPython.noop),
        constraint(
            "article_published_in_calendar",
            day_fits("published_on") & moment_fits("published_at"),
        ),
        constraint(
            "article_shown_in_calendar", moment_fits("embargo") & moment_fits("expiry")
        ),
        constraint(
            "article_kept_in_calendar", moment_fits("created") & moment_fits("changed")
        ),
    ]
