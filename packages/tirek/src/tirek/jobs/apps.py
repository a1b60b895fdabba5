"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "tirek.jobs"

    def ready(self) -> None:
        from tirek.ui import registry  # noqa: PLC0415

        registry.user_link("jobs", _("Your jobs"), "jobs:jobs", "progress", order=20)
