"""What each role may do: the one place that says so.

A role is a group of Django's. ``keep_roles`` makes the groups after every migration and
gives them these permissions, no more and no less: who needs another mixture makes a
group of another name. Staff are those with a role that has anything to do at the desk;
``follow_roles`` sees to that.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

READER, EDITOR, IMPORTER, ADMIN = "reader", "editor", "importer", "admin"

EDITORIAL = frozenset(["article", "source", "section"])
"""Models of ``articles`` that editors write; whatever else is at the desk is imports."""

# What keeps itself, and what only tells: nobody adds to it by hand.
_KEPT_BY_THE_DATABASE = frozenset(
    [
        "articleversion",
        "auditentry",
        "band",
        "byline",
        "rememberedreading",
        "sketch",
        "tally",
    ]
)

_IMPORTING = Q(content_type__app_label="articles") & ~Q(
    content_type__model__in=EDITORIAL | _KEPT_BY_THE_DATABASE
)
_WRITING = Q(
    content_type__app_label="articles",
    content_type__model__in=EDITORIAL,
    codename__regex=r"^(add|change|view)_",
)
_LOOKING = Q(
    content_type__app_label="articles",
    content_type__model__in=EDITORIAL,
    codename__startswith="view_",
)
_AUDIT = Q(content_type__app_label="articles", codename="view_auditentry")
_LOOKING_AT_IMPORTS = _IMPORTING & Q(codename__startswith="view_")

ROLES: dict[str, Q] = {
    # A reader sees what strangers see.
    READER: Q(pk__in=[]),
    # Writes, publishes and withdraws articles, and sees what became of imports.
    EDITOR: _WRITING | _LOOKING_AT_IMPORTS | _AUDIT,
    # Brings articles in and takes imports back; changes no article by hand.
    IMPORTER: _IMPORTING | _LOOKING,
    # All of that, and deletes; has the users, but no way to more than this role.
    ADMIN: Q(content_type__app_label__in=["articles", "search"])
    & ~Q(content_type__model__in=_KEPT_BY_THE_DATABASE)
    | _AUDIT
    | Q(content_type__app_label="auth", content_type__model="user")
    | Q(content_type__app_label="auth", codename="view_group")
    | Q(content_type__app_label="admin", codename="view_logentry"),
}

AT_THE_DESK = frozenset(ROLES) - {READER}
"""Roles that make a user a member of staff."""

_APPLICATIONS = ("admin", "articles", "auth", "search")


def keep_roles(app_config: AppConfig, **options: Any) -> None:
    """Make the roles what this module says, when the last application is migrated."""
    migrated = [config for config in apps.get_app_configs() if config.models_module]
    if app_config != migrated[-1]:
        return
    options.pop("signal", None)
    for label in _APPLICATIONS:
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name, rule in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        _give(group, Permission.objects.filter(rule))


def _give(group: Group, permissions: Iterable[Permission]) -> None:
    """Give a role permissions, and take all others; do nothing if they are the same."""
    wanted = {permission.pk for permission in permissions}
    if set(group.permissions.values_list("pk", flat=True)) != wanted:
        group.permissions.set(wanted)


def follow_roles(
    action: str, instance: User | Group, *, reverse: bool, pk_set: Any, **_kwargs: Any
) -> None:
    """Make staff of those who get a role at the desk, and of nobody who loses the last."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    if not reverse:
        users = User.objects.filter(pk=instance.pk)
    else:
        # Whom a role had that is emptied at once is not told: without permissions,
        # they find an empty desk.
        users = User.objects.filter(pk__in=pk_set or [])
    staffed = users.filter(groups__name__in=AT_THE_DESK)
    if action == "post_add":
        users.filter(pk__in=staffed, is_staff=False).update(is_staff=True)
    else:
        gone = users.filter(is_staff=True, is_superuser=False).exclude(pk__in=staffed)
        gone.update(is_staff=False)
    if isinstance(instance, User):
        instance.refresh_from_db(fields=["is_staff"])
