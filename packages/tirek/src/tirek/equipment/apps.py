"""App configuration: what equipment tells the frame, the facilities and the requirements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "tirek.equipment"

    def ready(self) -> None:
        # Models may be imported only now.
        from tirek.equipment import checks  # noqa: F401, PLC0415  (registers the live checks)
        from tirek.equipment.queries import faulty  # noqa: PLC0415
        from tirek.equipment.search import find_items  # noqa: PLC0415
        from tirek.equipment.sections import equipment_of_facility  # noqa: PLC0415
        from tirek.equipment.sheet import ItemSheet  # noqa: PLC0415
        from tirek.facilities import registry as facilities  # noqa: PLC0415
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.sheets.registry import register  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        facilities.subnav("equipment", _("Equipment"), "equipment:items", "equipment.view_item", order=40)
        facilities.page_tab(equipment_of_facility)
        counter(faulty)
        registry.search_provider(find_items)
        register(ItemSheet())
        registry.strings(
            {
                "stocktake.found": _("Found"),
                "stocktake.twice": _("Scanned already"),
                "stocktake.unknown": _("No item has this label; it is kept"),
                "stocktake.facility": _("Belongs to another facility"),
                "stocktake.place": _("Should stand elsewhere"),
                "stocktake.state": _("Was written down as gone, and is here"),
                "stocktake.waits": _("No link to the server. Kept on this device: {count}"),
                "stocktake.unsafe": _(
                    "This device cannot keep scans. Leave the page open until they have gone to the server: {count}"
                ),
                "stocktake.others": _(
                    "Scans of another person wait on this device: {count}. They go when that person opens this page."
                ),
                "stocktake.nocamera": _("The camera cannot be used here. Type the number on the label."),
                "stocktake.refused": _("Not taken"),
                "stocktake.dismiss": _("I have read it"),
            }
        )
