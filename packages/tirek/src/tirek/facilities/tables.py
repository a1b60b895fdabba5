"""Registers of this app."""

from __future__ import annotations

import re
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tirek.facilities.models import Facility, Figures, Proposal
from tirek.facilities.queries import district_name, name_field
from tirek.places.models import Area
from tirek.places.tables import by_name
from tirek.ui.tables import NumberColumn
from tirek.ui.templatetags.tirek import NONE, number, tag

NOTHING = Figures()
# In a column "District" the word need not stand in each row as well.
KIND_OF_DISTRICT = re.compile(r"(?<=\w)\s+(район|ауданы|district)$", re.IGNORECASE)
STATE_TONES = {
    Facility.State.PROPOSED: "accent",
    Facility.State.LISTED: "",
    Facility.State.REMOVED: "",
    Facility.State.DECLINED: "",
}


def figures_of(facility: Facility) -> Figures:
    """The copy of what the parts above know; empty where nothing was counted yet."""
    return getattr(facility, "figures", NOTHING)


def protection_bar(share: float | None) -> str:
    """A bar of the share of requirements met, with its number. Three steps of colour; the number says it too."""
    if share is None:
        return format_html('<span class="mute">{}</span>', NONE)
    step = "good" if share >= 80 else "fair" if share >= 60 else "poor"
    return format_html(
        '<span class="protection"><progress class="is-{}" value="{}" max="100" aria-label="{}"></progress><span>{}</span></span>',
        step,
        round(share),
        _("Protection"),
        round(share),
    )


def term_of(figures: Figures) -> str:
    """Days to the nearest term of an open notice, or for how long it is overdue."""
    if figures.next_due is None:
        return format_html('<span class="mute">{}</span>', NONE)
    days = (figures.next_due - timezone.localdate()).days
    exact = formats.date_format(figures.next_due, "DATE_FORMAT")
    if days < 0:
        late = ngettext("overdue %(n)d day", "overdue %(n)d days", -days) % {"n": -days}
        return format_html('<span title="{}">{}</span>', exact, tag(late, "warn"))
    left = ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else _("today")
    return format_html('<span title="{}">{}</span>', exact, left)


class FacilityTable(tables.Table):
    """The register: what stands where, how well it is protected, and what is due."""

    chosen = tables.Column(verbose_name=gettext_lazy("Choose"), accessor="pk", orderable=False)
    name = tables.Column(verbose_name=gettext_lazy("Facility"))
    type = tables.Column(verbose_name=gettext_lazy("Type"))
    district = tables.Column(
        verbose_name=gettext_lazy("District"), accessor="area", attrs={"td": {"class": "cell-district"}}
    )
    category = NumberColumn(verbose_name=pgettext_lazy("column", "Cat."))
    protection = tables.Column(verbose_name=gettext_lazy("Protection, %"), accessor="pk")
    notices = NumberColumn(verbose_name=pgettext_lazy("column", "Notices"), accessor="pk")
    due = tables.Column(verbose_name=pgettext_lazy("column", "Term"), accessor="pk", attrs={"td": {"class": "nowrap"}})
    inspected = tables.Column(
        verbose_name=gettext_lazy("Inspected"),
        accessor="pk",
        attrs={"td": {"class": "num mute"}, "th": {"class": "num"}},
    )

    class Meta:
        order_by = ("due",)
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = gettext_lazy("No facility fits these filters.")

    def order_name(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending)

    def order_type(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "type__")

    def order_district(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        order = district_name()
        return rows.order_by(order.desc() if is_descending else order.asc(), name_field(), "pk"), True

    def order_category(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return rows.order_by("-category" if is_descending else "category", name_field(), "pk"), True

    def order_protection(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return _nulls_last(rows, "figures__protection", is_descending)

    def order_notices(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return _nulls_last(rows, "figures__notices_open", is_descending)

    def order_due(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return _nulls_last(rows, "figures__next_due", is_descending)

    def order_inspected(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        column = F("figures__inspected_on")  # never is longer ago than anything
        order = column.desc(nulls_last=True) if is_descending else column.asc(nulls_first=True)
        return rows.order_by(order, "category", name_field(), "pk"), True

    def render_chosen(self, record: Facility) -> str:
        return format_html(
            '<label class="choose"><input type="checkbox" name="row" value="{}" form="bulk" aria-label="{}"></label>',
            record.pk,
            record.name,
        )

    def render_name(self, record: Facility) -> str:
        state = ""
        if record.state != Facility.State.LISTED:
            state = tag(record.get_state_display(), STATE_TONES.get(Facility.State(record.state), ""))
        return format_html(
            '<a class="row-link" href="{}">{}</a> {}',
            record.get_absolute_url(),
            record.name.replace("№ ", "№\u00a0"),
            state,
        )

    def render_type(self, record: Facility) -> str:
        return format_html('<span class="mute">{}</span>', record.type.name)

    def render_district(self, record: Facility) -> str:
        name = district_of(record)
        short = KIND_OF_DISTRICT.sub("", name)
        return format_html('<span title="{}">{}</span>', name, short) if short != name else name

    def render_protection(self, record: Facility) -> str:
        return protection_bar(figures_of(record).protection)

    def render_notices(self, record: Facility) -> str:
        return number(figures_of(record).notices_open)

    def render_due(self, record: Facility) -> str:
        return term_of(figures_of(record))

    def render_inspected(self, record: Facility) -> str:
        day = figures_of(record).inspected_on
        return formats.date_format(day, "SHORT_DATE_FORMAT") if day else _("never")


def district_of(facility: Facility) -> str:
    """The name of the district: of the area above a settlement, or of the area itself."""
    area = facility.area
    inside = area.kind == Area.Kind.SETTLEMENT and area.parent_id is not None
    return str(area.parent.name if inside and area.parent else area.name)


def _nulls_last(rows: QuerySet, field: str, is_descending: bool) -> tuple[QuerySet, bool]:
    column = F(field)
    order = column.desc(nulls_last=True) if is_descending else column.asc(nulls_last=True)
    return rows.order_by(order, "category", name_field(), "pk"), True


PROPOSAL_TONES = {
    Proposal.State.PROPOSED: "accent",
    Proposal.State.REVIEWED: "warn",
    Proposal.State.ACCEPTED: "",
    Proposal.State.DECLINED: "",
}


class ProposalTable(tables.Table):
    """Proposals to add facilities to the list or to take them off."""

    facility = tables.Column(verbose_name=gettext_lazy("Facility"))
    act = tables.Column(verbose_name=gettext_lazy("What is proposed"))
    district = tables.Column(verbose_name=gettext_lazy("District"), accessor="facility", orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("State"))
    by = tables.Column(verbose_name=gettext_lazy("Proposed by"), accessor="proposed_by", orderable=False, default=NONE)
    proposed_at = tables.DateTimeColumn(
        verbose_name=gettext_lazy("Proposed on"), format="DATE_FORMAT", attrs={"td": {"class": "mute"}}
    )

    class Meta:
        order_by = ("-proposed_at",)
        empty_text = gettext_lazy("No proposal fits these filters.")

    def order_facility(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "facility__")

    def render_facility(self, record: Proposal) -> str:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record.facility.name,
            record.facility.type.name,
        )

    def render_act(self, record: Proposal) -> str:
        return record.get_act_display()

    def render_district(self, record: Proposal) -> str:
        return district_of(record.facility)

    def render_state(self, record: Proposal) -> Any:
        return tag(record.get_state_display(), PROPOSAL_TONES[Proposal.State(record.state)])
