"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "tirek.notices"

    def ready(self) -> None:
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.facilities.registry import page_tab, subnav  # noqa: PLC0415
        from tirek.files.registry import holder  # noqa: PLC0415
        from tirek.inspections.registry import after_submit, after_withdrawal, page_section  # noqa: PLC0415
        from tirek.notices import queries, sections  # needs models  # noqa: PLC0415
        from tirek.notices.actions import after_finding_withdrawn, after_recheck  # noqa: PLC0415
        from tirek.notices.holding import holds  # noqa: PLC0415
        from tirek.notices.search import find_notices  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        subnav("notices", _("Notices"), "notices:notices", "notices.view_notice", order=30)
        registry.search_provider(find_notices)
        registry.status_item(sections.inbox_pill)
        page_tab(sections.notices_of_facility)
        page_section(sections.notices_of_visit)
        after_submit(after_recheck)
        after_withdrawal(after_finding_withdrawn)
        counter(queries.figures_of)
        holder(holds)
