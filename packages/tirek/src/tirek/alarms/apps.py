"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlarmsConfig(AppConfig):
    name = "tirek.alarms"

    def ready(self) -> None:
        # Models may be imported only now.
        from tirek.alarms import devices  # noqa: F401, PLC0415  (tells equipment how panels are)
        from tirek.alarms.search import find_panels  # noqa: PLC0415
        from tirek.alarms.sections import alarms_of_facility  # noqa: PLC0415
        from tirek.facilities import registry as facilities  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        registry.nav("alarms", _("Duty desk"), "alarms:desk", "urgent", "alarms.view_alarm", order=10)
        registry.search_provider(find_panels)
        facilities.panel_section(alarms_of_facility)
        registry.strings(
            {
                "desk.title": _("Duty desk"),
                "desk.incoming": _("New alarm"),
                "desk.show": _("Show"),
                "desk.silent": _("does not answer"),
            }
        )
