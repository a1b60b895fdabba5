"""App configuration: what warning tells the frame of the pages, the desk and the facilities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class WarningConfig(AppConfig):
    name = "tirek.warning"

    def ready(self) -> None:
        # Models may be imported only now.
        from tirek.facilities import registry as facilities  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415
        from tirek.warning import (  # noqa: PLC0415
            devices,  # noqa: F401  (tells equipment how loudspeakers are)
            frame,
        )

        registry.nav("warning", _("Warning"), "warning:alerts", "speakerphone", "warning.view_alert", order=20)
        registry.search_provider(frame.search)
        registry.status_item(frame.pill)
        facilities.panel_section(frame.facility_section)
        registry.strings(
            {
                "mode.live": _("Live."),
                "mode.exercise": _("Exercise."),
                "compose.nothing": _("Nothing found. Draw the area on the map."),
                "compose.mode": _("Choose live or exercise."),
                "compose.sound": lambda n: ngettext(
                    "{count} loudspeaker or siren will sound,", "{count} loudspeakers and sirens will sound,", n
                ),
                "compose.people": lambda n: ngettext(
                    "about {count} person lives there", "about {count} people live there", n
                ),
                "compose.length": _(
                    "Signal {tone} s, then about {message} s in Kazakh and Russian. Valid for {valid} min."
                ),
                "compose.notready": lambda n: ngettext(
                    "{count} of them does not answer now.", "{count} of them do not answer now.", n
                ),
                "compose.notcommanded": lambda n: ngettext(
                    "{count} more stands there but is not in service.",
                    "{count} more stand there but are not in service.",
                    n,
                ),
                "now.waits": _("{name} waits for your confirmation:"),
                "now.alone": _("{name} issued a warning alone:"),
                "now.seen": _("I have seen it"),
                "now.uncommanded": _("Sounds though nobody commanded it:"),
                "now.open": _("Open"),
                "now.quiet": _("Be quiet here"),
            }
        )
