"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "tirek.reports"

    def ready(self) -> None:
        from tirek.facilities.registry import subnav  # noqa: PLC0415

        subnav("reports", _("What was done"), "reports:done", "reports.view_report", order=70)
