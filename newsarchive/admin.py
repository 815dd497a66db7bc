"""Users and roles, at the desk: nobody gives more than they have."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.desk.history import AuditedAdmin
from newsarchive import second_factor

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin[User]):
    """Users: whoever is no superuser makes none, and leaves superusers alone."""

    list_display = ["username", "email", "shown_roles", "is_active", "last_login"]
    list_filter = ["groups", "is_staff", "is_superuser", "is_active"]
    actions = ["remove_second_factor"]
    # The role says who is staff: newsarchive.roles.
    readonly_fields = ["is_staff", "last_login", "date_joined"]

    @admin.display(description=_("roles"))
    def shown_roles(self, user: User) -> str:
        """Name the roles."""
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch the roles with the users."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str]:
        """Leave to superusers what gives more than a role."""
        fields = cast("list[str]", list(super().get_readonly_fields(request, obj)))
        if not _is_superuser(request):
            fields += ["is_superuser", "user_permissions"]
        return fields

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Leave superusers to superusers."""
        return _may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Leave superusers to superusers."""
        return _may_touch(request, obj) and super().has_delete_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Leave superusers to superusers when several are deleted, too."""
        if not _is_superuser(request):
            queryset = queryset.filter(is_superuser=False)
        super().delete_queryset(request, queryset)

    @admin.action(
        description=_("Remove the second factor of the selected users"),
        permissions=["change"],
    )
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Let users in again who lost their telephone."""
        if not _is_superuser(request):
            users = users.filter(is_superuser=False)
        number = sum(1 for user in users if second_factor.remove(user))
        for user in users:
            self.log_change(request, user, str(_("Second factor removed.")))
        self.message_user(
            request,
            ngettext(
                "Second factor removed of %(number)d user.",
                "Second factor removed of %(number)d users.",
                number,
            )
            % {"number": number},
            messages.SUCCESS,
        )


@admin.register(Group)
class RoleAdmin(AuditedAdmin, GroupAdmin):
    """Roles; those of the archive's own are made anew by every migration."""


def _is_superuser(request: HttpRequest) -> bool:
    return bool(cast("Any", request.user).is_superuser)


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or _is_superuser(request)
