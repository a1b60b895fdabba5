"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PassportsConfig(AppConfig):
    name = "tirek.passports"

    def ready(self) -> None:
        # These need models.
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.facilities.registry import page_tab, passport_state, subnav  # noqa: PLC0415
        from tirek.files.registry import holder  # noqa: PLC0415
        from tirek.passports import queries, sections  # noqa: PLC0415
        from tirek.passports.models import Passport  # noqa: PLC0415
        from tirek.passports.search import find_passports  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        subnav("passports", _("Passports"), "passports:passports", "passports.view_passport", order=55)
        registry.search_provider(find_passports)
        page_tab(sections.passport_of_facility)
        holder(sections.holds_file)
        counter(queries.figures_of)
        passport_state("in_force", Passport.State.AGREED.label)
        passport_state("stale", _("out of date"))
        passport_state("approved", Passport.State.APPROVED.label)
        passport_state("draft", Passport.State.DRAFT.label)
