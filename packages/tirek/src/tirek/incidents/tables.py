"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.facilities.queries import district_name, name_field
from tirek.incidents import months
from tirek.incidents.models import Facts, Incident, Signal
from tirek.incidents.words import district_of, when_short
from tirek.places.tables import by_name
from tirek.ui.tables import NumberColumn
from tirek.ui.templatetags.tirek import NONE, icon, number, tag

LONGEST = 90
Verification, Where, Mode = Facts.Verification, Facts.Where, Facts.Mode
# How it is known, in a narrow column; the whole of it on hover.
KNOWN_FROM = {
    Mode.REPORTED: pgettext_lazy("known from", "residents"),
    Mode.FOUND: pgettext_lazy("known from", "officers"),
    Mode.THIRD: pgettext_lazy("known from", "third party"),
}


def severity_mark(severity: int, label: str = "") -> str:
    """The number with five little bars, so many of them filled."""
    return format_html(
        '<span class="severity" data-severity="{}" title="{}"><b>{}</b><i aria-hidden="true"></i></span>',
        severity,
        label,
        severity,
    )


def verification_tag(incident: Facts) -> str:
    """What is held of its truth: a sign and a word."""
    sign = {Verification.VERIFIED: "circle-check", Verification.REFUTED: "circle-x"}.get(
        Verification(incident.verification), "help-circle"
    )
    return format_html(
        '<span class="verification is-{}">{}{}</span>',
        incident.verification,
        icon(sign),
        incident.get_verification_display(),  # type: ignore[attr-defined]
    )


def precision_mark(incident: Facts) -> str:
    """Said only where the place is not known to the point."""
    if incident.where_precision == Where.POINT:
        return ""
    return format_html('<small class="mute">≈ {}</small>', incident.get_where_precision_display())  # type: ignore[attr-defined]


class IncidentTable(tables.Table):
    """The register: when, what, where, how bad, whether it is true, how it is known."""

    chosen = tables.Column(verbose_name=_("Choose"), accessor="pk", orderable=False)
    when = tables.Column(verbose_name=_("When"), accessor="first_day")
    kind = tables.Column(verbose_name=pgettext_lazy("incident", "What"))
    where = tables.Column(verbose_name=_("Where"), accessor="area")
    severity = NumberColumn(verbose_name=_("Severity"))
    verification = tables.Column(verbose_name=_("Verification"))
    source = tables.Column(verbose_name=_("How it is known"), accessor="discovery_mode")

    class Meta:
        order_by = ("-when",)
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = _("No incident fits these filters.")

    def order_when(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        if is_descending:
            return rows.order_by("-first_day", F("at").desc(nulls_last=True), "-pk"), True
        return rows.order_by("first_day", F("at").asc(nulls_last=True), "pk"), True

    def order_kind(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "kind__")

    def order_where(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        order = district_name()
        return rows.order_by(
            order.desc() if is_descending else order.asc(), name_field("area__"), "-first_day", "-pk"
        ), True

    def order_severity(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return rows.order_by("-severity" if is_descending else "severity", "-first_day", "-pk"), True

    def render_chosen(self, record: Incident) -> str:
        return format_html(
            '<label class="choose"><input type="checkbox" name="row" value="{}" form="bulk" aria-label="{}"></label>',
            record.pk,
            record.code,
        )

    def render_when(self, record: Incident) -> str:
        return format_html(
            '<a class="row-link nowrap" href="{}">{}</a> <small class="mute d-block">{}</small>',
            record.get_absolute_url(),
            when_short(record),
            record.code,
        )

    def render_kind(self, record: Incident) -> str:
        text = record.description
        return format_html(
            '<span class="what">{} <span>{}{}</span></span>',
            icon(record.kind.icon),
            record.kind.name,
            format_html('<small class="mute d-block">{}</small>', f"{text[:LONGEST]}…" if len(text) > LONGEST else text)
            if text
            else "",
        )

    def render_where(self, record: Incident) -> str:
        district = district_of(record.area)
        names = [record.place, record.area.name] if district.pk != record.area_id else [record.place]
        return format_html(
            '<span>{}<small class="mute d-block">{}</small></span> {}',
            district.name,
            ", ".join(filter(None, names)),
            precision_mark(record),
        )

    def render_severity(self, record: Incident) -> str:
        return severity_mark(record.severity, str(record.get_severity_display()))

    def render_verification(self, record: Incident) -> str:
        merged = tag(pgettext_lazy("incident", "merged into another")) if record.duplicate_of_id else ""
        return format_html("{} {}", verification_tag(record), merged)

    def render_source(self, record: Incident) -> str:
        return format_html(
            '<span title="{}: {}">{}</span>',
            record.get_discovery_mode_display(),
            record.get_source_kind_display(),
            KNOWN_FROM[Mode(record.discovery_mode)],
        )


class SignalTable(tables.Table):
    """Figures that stand beside the incidents."""

    name = tables.Column(verbose_name=pgettext_lazy("figures", "Signal"))
    month = tables.Column(verbose_name=_("Month"))
    area = tables.Column(verbose_name=_("Area"))
    value = NumberColumn(verbose_name=_("Value"))
    interval = tables.Column(
        verbose_name=_("From – to"), accessor="low", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}},
        empty_values=(),
    )  # fmt: skip
    uncertainty = tables.Column(verbose_name=_("Kind of uncertainty"), orderable=False)
    source = tables.Column(verbose_name=_("Source"), default=NONE, orderable=False)

    class Meta:
        order_by = ("-month",)
        empty_text = _("No signal fits these filters.")

    def order_area(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "area__")

    def render_month(self, record: Signal) -> str:
        return formats.date_format(months.first_day(record.month), "YEAR_MONTH_FORMAT")

    def render_area(self, record: Signal) -> str:
        return record.area.name

    def render_value(self, record: Signal) -> str:
        return figure(record.value)

    def render_interval(self, record: Signal) -> Any:
        if record.low is None and record.high is None:
            return NONE
        return f"{figure(record.low)} – {figure(record.high)}"


def figure(value: float | None) -> str:
    """A figure with as many decimals as it has, three at the most."""
    if value is None:
        return NONE
    rounded = round(value, 3)
    decimals = len(f"{rounded:.3f}".rstrip("0").partition(".")[2])
    return number(rounded, "", decimals)
