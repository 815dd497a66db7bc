"""The application that wires the others: it brings the program that runs it all."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import m2m_changed, post_migrate
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.apps import ProcrastinateConfig


class NewsarchiveConfig(AppConfig):
    """Wiring, without models."""

    name = "newsarchive"
    default = True

    def ready(self) -> None:
        """Keep the roles, and look for mistakes of deployment."""
        # Imported here: they need the models, which are loaded by now.
        from django.contrib.auth.models import User  # noqa: PLC0415

        from newsarchive import checks, metrics, roles  # noqa: PLC0415

        checks.register_all()
        metrics.connect()
        post_migrate.connect(roles.keep_roles, dispatch_uid="newsarchive.roles")
        m2m_changed.connect(
            roles.follow_roles,
            sender=User.groups.through,
            dispatch_uid="newsarchive.staff",
        )


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, as the desk that ``newsarchive.desk_site`` describes."""

    # Of the two here, that of this package is the one that its name stands for.
    default = False
    default_site = "newsarchive.desk_site.DeskSite"


class JobsConfig(ProcrastinateConfig):
    """The queue of background jobs, by a name that people of the desk understand."""

    default = False
    verbose_name = _("Background jobs")

    def ready(self) -> None:
        """Name the jobs, too, which have their maker's name."""
        super().ready()
        # Only what is shown: migrations go by what their own model says.
        jobs = self.get_model("ProcrastinateJob")._meta  # noqa: SLF001  Django's public _meta
        jobs.verbose_name, jobs.verbose_name_plural = _("job"), _("jobs")
