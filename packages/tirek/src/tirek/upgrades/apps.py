"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpgradesConfig(AppConfig):
    name = "tirek.upgrades"

    def ready(self) -> None:
        # These need models.
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.facilities.registry import page_tab, subnav  # noqa: PLC0415
        from tirek.jobs import registry as jobs  # noqa: PLC0415
        from tirek.sheets.registry import register  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415
        from tirek.upgrades.actions.plans import JOB, compute_plan  # noqa: PLC0415
        from tirek.upgrades.consequence import tier_column  # noqa: PLC0415
        from tirek.upgrades.search import find_upgrades  # noqa: PLC0415
        from tirek.upgrades.sections import protection_of_facility  # noqa: PLC0415
        from tirek.upgrades.sheets import MeasureSheet, PlanSheet  # noqa: PLC0415

        counter(tier_column)
        page_tab(protection_of_facility)
        subnav("upgrades", _("Upgrade plan"), "upgrades:plans", "upgrades.view_upgradeplan", order=60)
        registry.search_provider(find_upgrades)
        jobs.register(JOB, compute_plan, restartable=True)
        register(MeasureSheet())
        register(PlanSheet())
