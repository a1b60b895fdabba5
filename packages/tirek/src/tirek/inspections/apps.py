"""App configuration: what inspections tell the register, the files, the jobs and the frame."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "tirek.inspections"

    def ready(self) -> None:
        # Models may be imported only now.
        from tirek.facilities import registry as facilities  # noqa: PLC0415
        from tirek.facilities.figures import counter  # noqa: PLC0415
        from tirek.files.registry import holder  # noqa: PLC0415
        from tirek.inspections import bulk, queries, routing, search, sections, strings  # noqa: PLC0415
        from tirek.jobs.registry import register  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        facilities.subnav(
            "inspections", _("Inspections"), "inspections:visits", "inspections.view_inspection", order=20
        )
        facilities.page_tab(sections.tab_of_facility)
        counter(queries.count_figures)
        holder(sections.holds)
        register(routing.JOB, routing.work)
        registry.search_provider(search.find_visits)
        registry.strings(strings.STRINGS)
        bulk.offer()
