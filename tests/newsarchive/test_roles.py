"""The roles: exactly what each may do, and who is staff."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from newsarchive.roles import ADMIN, AT_THE_DESK, EDITOR, IMPORTER, READER, ROLES

pytestmark = pytest.mark.django_db

WRITING = {
    f"articles.{action}_{model}"
    for action in ("add", "change", "view")
    for model in ("article", "section", "source")
}


def permissions(role: str) -> set[str]:
    rows = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{label}.{codename}" for label, codename in rows}


def member(*roles: str) -> User:
    user = User.objects.create_user("member", password="a long password")
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def test_a_reader_may_nothing_that_a_stranger_may_not() -> None:
    assert permissions(READER) == set()


def test_an_editor_writes_and_looks() -> None:
    found = permissions(EDITOR)
    assert found >= WRITING | {"articles.view_import", "articles.view_auditentry"}
    assert not {name for name in found if ".delete_" in name}
    assert "articles.add_import" not in found
    assert {name.split(".")[0] for name in found} == {"articles"}


def test_an_importer_imports_and_writes_nothing_by_hand() -> None:
    found = permissions(IMPORTER)
    assert found >= {
        "articles.add_import",
        "articles.change_import",
        "articles.delete_import",
        "articles.publish_import",
        "articles.undo_import",
        "articles.view_article",
        "articles.view_import",
    }
    assert not found & {"articles.add_article", "articles.change_article"}
    assert "articles.delete_article" not in found


def test_an_admin_has_the_roles_below_and_the_users() -> None:
    found = permissions(ADMIN)
    assert found >= permissions(EDITOR) | permissions(IMPORTER)
    assert found >= {"articles.delete_article", "auth.add_user", "auth.change_user"}
    # Whoever could change roles could give more than this one has.
    assert "auth.change_group" not in found
    assert not {
        name for name in found if name.startswith(("otp_", "axes.", "sessions."))
    }


def test_every_permission_of_the_archive_is_somebodys_or_nobodys_on_purpose() -> None:
    rows = Permission.objects.filter(content_type__app_label="articles")
    models = set(rows.values_list("content_type__model", flat=True))
    given = {
        name.split("_", 1)[1] for name in permissions(ADMIN) if "articles." in name
    }
    assert models - given == {
        "articleversion",
        "band",
        "byline",
        "rememberedreading",
        "sketch",
        "tally",
    }


def test_migrating_makes_roles_again_what_they_are() -> None:
    editor = Group.objects.get(name=EDITOR)
    editor.permissions.add(Permission.objects.get(codename="delete_user"))
    Group.objects.get(name=IMPORTER).delete()
    own = Group.objects.create(name="night desk")
    own.permissions.add(Permission.objects.get(codename="view_article"))
    before = permissions(ADMIN)
    call_command("migrate", verbosity=0)
    assert "auth.delete_user" not in permissions(EDITOR)
    assert permissions(IMPORTER)
    assert permissions(ADMIN) == before
    assert permissions("night desk") == {"articles.view_article"}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_staff_are_those_with_a_role_at_the_desk(role: str) -> None:
    user = member(role)
    assert user.is_staff is (role in AT_THE_DESK)
    user.groups.clear()
    assert user.is_staff is False


def test_staff_stay_staff_while_one_role_is_left() -> None:
    user = member(EDITOR, IMPORTER)
    user.groups.remove(Group.objects.get(name=EDITOR))
    assert user.is_staff
    Group.objects.get(name=IMPORTER).user_set.remove(user)
    user.refresh_from_db()
    assert not user.is_staff


def test_superusers_are_staff_without_a_role() -> None:
    root = User.objects.create_superuser("root")
    root.groups.add(Group.objects.get(name=READER))
    root.groups.clear()
    assert root.is_staff


def signed_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def form(user: User, **values: Any) -> dict[str, Any]:
    return {"username": user.username, "groups": [], "is_active": "on"} | values


def test_an_admin_gives_roles_and_makes_no_superuser() -> None:
    browser = signed_in(member(ADMIN))
    other = User.objects.create_user("other")
    values = form(
        other,
        groups=[Group.objects.get(name=EDITOR).pk],
        is_superuser="on",
        is_staff="on",
        user_permissions=[Permission.objects.get(codename="change_group").pk],
    )
    page = browser.post(f"/admin/auth/user/{other.pk}/change/", values)
    assert page.status_code == 302
    other = User.objects.get(pk=other.pk)
    assert (other.is_staff, other.is_superuser) == (True, False)
    assert other.user_permissions.count() == 0


def test_an_admin_leaves_superusers_alone() -> None:
    browser = signed_in(member(ADMIN))
    root = User.objects.create_superuser("root", password="a long password")
    values = form(root, username="mine")
    for path in ("change", "password", "delete"):
        page = browser.post(f"/admin/auth/user/{root.pk}/{path}/", values)
        assert page.status_code == 403, path
    action = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    browser.post("/admin/auth/user/", action)
    action = {"action": "remove_second_factor", "_selected_action": [root.pk]}
    browser.post("/admin/auth/user/", action)
    assert User.objects.filter(pk=root.pk, username="root").exists()
