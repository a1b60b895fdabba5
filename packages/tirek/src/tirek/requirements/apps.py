"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequirementsConfig(AppConfig):
    name = "tirek.requirements"

    def ready(self) -> None:
        # These need models.
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.facilities.registry import page_tab, subnav  # noqa: PLC0415
        from tirek.jobs.registry import register  # noqa: PLC0415
        from tirek.requirements import checks, tasks  # noqa: F401, PLC0415  (registers the live checks of the register)
        from tirek.requirements.actions.live import RECOUNT  # noqa: PLC0415
        from tirek.requirements.scoring import protection  # noqa: PLC0415
        from tirek.requirements.search import find_requirements  # noqa: PLC0415
        from tirek.requirements.sections import requirements_of_facility  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        counter(protection)
        register(RECOUNT, tasks.recount, restartable=True)
        page_tab(requirements_of_facility)
        subnav("requirements", _("Requirements"), "requirements:standards", "requirements.view_standard", order=50)
        registry.search_provider(find_requirements)
