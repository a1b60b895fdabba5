"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FlashpointsConfig(AppConfig):
    name = "tirek.flashpoints"

    def ready(self) -> None:
        # These need models.
        from tirek.flashpoints.actions import JOB, compute_run  # noqa: PLC0415
        from tirek.flashpoints.search import find_flashpoints  # noqa: PLC0415
        from tirek.flashpoints.sections import flashpoints_of_area  # noqa: PLC0415
        from tirek.flashpoints.sheets import BurdenSheet, PreventionSheet  # noqa: PLC0415
        from tirek.flashpoints.signals import NOTICES, REQUIREMENTS  # noqa: PLC0415
        from tirek.incidents import registry as part  # noqa: PLC0415
        from tirek.jobs import registry as jobs  # noqa: PLC0415
        from tirek.places.registry import panel_section  # noqa: PLC0415
        from tirek.sheets.registry import register  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        view, view_run = "flashpoints.view_flashpoint", "flashpoints.view_run"
        either = (view_run, "incidents.view_incident")
        short = pgettext_lazy("short", "Flash-points")
        registry.nav(part.NAV, _("Flash-points"), "flashpoints:board", "flame", either, order=35, short=short)
        part.subnav("board", _("Board"), "flashpoints:board", view_run, order=10)
        part.subnav("signed", _("Signed"), "flashpoints:flashpoints", view, order=12)
        part.subnav(
            "measures", _("Measures of prevention"), "flashpoints:measures", "flashpoints.view_measure", order=14
        )
        part.subnav("outcomes", _("How forecasts turned out"), "flashpoints:outcomes", view_run, order=60)
        part.subnav("burden", _("Burden"), "flashpoints:burden", view, order=70)
        part.subnav("runs", _("Computations"), "flashpoints:runs", view_run, order=80)
        part.signal_source(NOTICES)
        part.signal_source(REQUIREMENTS)
        registry.search_provider(find_flashpoints)
        jobs.register(JOB, compute_run, restartable=True)
        panel_section(flashpoints_of_area)
        register(BurdenSheet())
        register(PreventionSheet())
