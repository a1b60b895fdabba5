"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class FacilitiesConfig(AppConfig):
    name = "tirek.facilities"

    def ready(self) -> None:
        # These need models.
        from tirek.facilities import bulk, registry, sections  # noqa: PLC0415
        from tirek.facilities.search import find_facilities  # noqa: PLC0415
        from tirek.facilities.sheet import FacilitySheet  # noqa: PLC0415
        from tirek.files.registry import holder  # noqa: PLC0415
        from tirek.places.registry import panel_section  # noqa: PLC0415
        from tirek.sheets import registry as sheets  # noqa: PLC0415
        from tirek.ui import registry as frame  # noqa: PLC0415

        frame.nav(
            registry.NAV, _("Facilities"), "facilities:register", "building", "facilities.view_facility", order=30
        )
        frame.strings({"bulk.chosen": lambda n: ngettext("{count} chosen", "{count} chosen", n)})
        frame.strings(
            {
                "place.looking": _("Looking for this device…"),
                "place.within": _("Known to within {metres} m."),
                "place.unknown": _("This device does not say where it is. Press on the map instead."),
            }
        )
        frame.search_provider(find_facilities)
        registry.subnav("register", _("Register"), "facilities:register", "facilities.view_facility", order=10)
        registry.page_tab(sections.documents_tab)
        panel_section(sections.facilities_of_area)
        holder(sections.holds_file)
        bulk.offer()
        sheets.register(FacilitySheet())
