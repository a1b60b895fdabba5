"""Lists of rounds, visits and findings."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tirek.inspections.models import Finding, Inspection, Round
from tirek.places.tables import by_name
from tirek.ui.tables import NumberColumn
from tirek.ui.templatetags.tirek import progress, state_pill, tag

VISIT_PILL = {
    Inspection.State.PLANNED: "pending",
    Inspection.State.ASSIGNED: "ready",
    Inspection.State.UNDER_WAY: "accepted",
    Inspection.State.SUBMITTED: "heard",
    Inspection.State.CANCELLED: "off",
}
FINDING_PILL = {Finding.State.OPEN: "unknown", Finding.State.FIXED: "heard", Finding.State.WITHDRAWN: "off"}
ANSWER_PILL = {"met": "heard", "unmet": "unknown", "na": "off", "unknown": "pending"}


def visit_pill(visit: Inspection) -> SafeString:
    return state_pill(VISIT_PILL[Inspection.State(visit.state)], visit.get_state_display())


def finding_pill(finding: Finding) -> SafeString:
    return state_pill(FINDING_PILL[Finding.State(finding.state)], finding.get_state_display())


def day_of(visit: Inspection) -> str:
    """The day that a visit was made, or is planned for."""
    day = visit.finished_at or visit.planned_on
    return date_format(day, "SHORT_DATE_FORMAT") if day else gettext("no day yet")


class VisitTable(tables.Table):
    facility = tables.Column(verbose_name=_("Facility"))
    state = tables.Column(verbose_name=_("State"))
    kind = tables.Column(verbose_name=_("Kind"))
    day = tables.Column(verbose_name=_("Day"), accessor="planned_on", empty_values=())
    inspector = tables.Column(verbose_name=_("Inspector"), order_by="inspector__full_name", empty_values=())
    found = NumberColumn(verbose_name=_("Findings"), empty_values=())

    class Meta:
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = _("No visit fits these filters.")

    def order_facility(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "facility__")

    def render_facility(self, record: Inspection) -> SafeString:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record.facility.name,
            record.facility.address or record.facility.area.name,
        )

    def render_state(self, record: Any) -> SafeString:
        two = format_html(" {}", tag(gettext("two answers"), "warn")) if record.conflict_count else ""
        return format_html("{}{}", visit_pill(record), two)

    def render_kind(self, record: Inspection) -> str:
        return record.get_kind_display()

    def render_day(self, record: Inspection) -> str:
        return day_of(record)

    def render_inspector(self, record: Inspection) -> str:
        return str(record.inspector or "—")

    def render_found(self, record: Any) -> str:
        return str(record.found) if record.state == Inspection.State.SUBMITTED else "—"


class FindingTable(tables.Table):
    what = tables.Column(
        verbose_name=_("What was found"), accessor="requirement__text", orderable=False, empty_values=()
    )
    facility = tables.Column(verbose_name=_("Facility"), orderable=False)
    severity = tables.Column(verbose_name=_("Severity"))
    state = tables.Column(verbose_name=_("State"))
    found_on = tables.Column(verbose_name=_("Found"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        empty_text = _("No finding fits these filters.")

    def render_what(self, record: Finding) -> SafeString:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}{}: {}</small></div>',
            record.get_absolute_url(),
            record.title,
            f"{record.place} · " if record.place else "",
            record.unmet,
            record.requirement.text,
        )

    def render_facility(self, record: Finding) -> SafeString:
        place = record.facility.area.name
        return format_html("<div>{}<small class='mute d-block'>{}</small></div>", record.facility.name, place)

    def render_severity(self, record: Finding) -> SafeString:
        return tag(record.get_severity_display(), "warn" if record.severity == "critical" else "")

    def render_state(self, record: Finding) -> SafeString:
        return finding_pill(record)

    def render_found_on(self, record: Finding) -> str:
        return date_format(record.found_on, "SHORT_DATE_FORMAT")


class RoundTable(tables.Table):
    name = tables.Column(verbose_name=_("Round"))
    rule = tables.Column(verbose_name=_("Rule"))
    state = tables.Column(verbose_name=_("State"))
    term = tables.Column(verbose_name=_("Term"), accessor="starts_on")
    visits = NumberColumn(verbose_name=_("Visits"))
    covered = tables.Column(verbose_name=_("Covered"), empty_values=(), orderable=False)

    class Meta:
        empty_text = _("No round fits these filters.")

    def render_name(self, record: Round) -> SafeString:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record.name,
            record.area.name,
        )

    def render_rule(self, record: Round) -> str:
        return record.get_rule_display()

    def render_state(self, record: Round) -> SafeString:
        pill = {"draft": "pending", "running": "accepted", "closed": "heard"}[record.state]
        return state_pill(pill, record.get_state_display())

    def render_term(self, record: Round) -> str:
        return (
            f"{date_format(record.starts_on, 'SHORT_DATE_FORMAT')} – {date_format(record.ends_on, 'SHORT_DATE_FORMAT')}"
        )

    def render_covered(self, record: Any) -> SafeString | str:
        if record.state == Round.State.DRAFT:
            return "—"
        return progress(record.done, record.visits, gettext("Covered"))
