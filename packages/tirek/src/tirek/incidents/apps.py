"""App configuration: what incidents tell the frame, facilities, places, tables and jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IncidentsConfig(AppConfig):
    name = "tirek.incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        # Models may be imported only now.
        from tirek.facilities import registry as facilities  # noqa: PLC0415
        from tirek.incidents import (  # noqa: PLC0415
            registry,
            sections,
            sheet,
            sheet_acled,
            sheet_ged,
            sheet_signals,
            tasks,
        )
        from tirek.incidents.search import find_incidents  # noqa: PLC0415
        from tirek.jobs import registry as jobs  # noqa: PLC0415
        from tirek.places import registry as places  # noqa: PLC0415
        from tirek.sheets import registry as sheets  # noqa: PLC0415
        from tirek.ui import registry as frame  # noqa: PLC0415

        # The part's entry in the top bar. Who registers the same key later (the board) takes it over; our pages stay its parts.
        frame.nav(
            registry.NAV,
            _("Flash-points"),
            "incidents:incidents",
            "map-pin-exclamation",
            "incidents.view_incident",
            order=35,
            short=pgettext_lazy("short", "Flash-points"),
        )
        registry.subnav("incidents", _("Incidents"), "incidents:incidents", "incidents.view_incident", order=20)
        registry.subnav("pairs", _("Possible duplicates"), "incidents:pairs", "incidents.view_pair", order=30)
        registry.subnav(
            "silences", _("Times without reports"), "incidents:silences", "incidents.view_silence", order=40
        )
        registry.subnav(
            "signals", pgettext_lazy("figures", "Signals"), "incidents:signals", "incidents.view_signal", order=50
        )
        frame.search_provider(find_incidents)
        frame.strings(
            {
                "where.none": _("Nothing found. Show the place on the map."),
                "where.usual": _("as usual: {severity}"),
            }
        )
        places.panel_section(sections.incidents_of_area)
        facilities.panel_section(sections.incidents_of_facility)
        jobs.register(sheet.COMPARE, tasks.compare, restartable=True)
        for table in (
            sheet.IncidentSheet(),
            sheet_ged.GedSheet(),
            sheet_acled.AcledSheet(),
            sheet_signals.SignalSheet(),
        ):
            sheets.register(table)
