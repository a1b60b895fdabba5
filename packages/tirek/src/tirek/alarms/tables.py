"""Registers of this app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tirek.alarms.models import Alarm, Panel
from tirek.alarms.templatetags.alarms import duration, panel_state, profile_name
from tirek.ui.tables import AgoColumn, NumberColumn
from tirek.ui.templatetags.tirek import tag


class HistoryTable(tables.Table):
    """All alarms."""

    facility = tables.Column(verbose_name=gettext_lazy("Facility"), order_by=("facility__name_ru",))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"), order_by=("urgency",))
    opened_at = AgoColumn(verbose_name=gettext_lazy("Came in"))
    waited = tables.Column(
        verbose_name=gettext_lazy("Accepted after"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    signal_count = NumberColumn(verbose_name=gettext_lazy("Signals"))
    state = tables.Column(verbose_name=gettext_lazy("Outcome"))
    closed_by = tables.Column(verbose_name=gettext_lazy("Closed by"), default="")

    class Meta:
        model = Alarm
        fields = ("facility", "kind", "opened_at", "waited", "signal_count", "state", "closed_by")
        order_by = "-opened_at"
        empty_text = gettext_lazy("No alarm fits these filters.")

    def render_facility(self, record: Alarm) -> str:
        return format_html(
            '<a class="row-link" href="{}">{}</a> <span class="mute">{}</span>',
            reverse("alarms:alarm", args=[record.pk]),
            record.facility.name,
            record.facility.area.name,
        )

    def render_kind(self, record: Alarm) -> str:
        label = record.get_kind_display()
        return format_html("{} {}", label, tag(pgettext("alarm", "test"))) if record.is_test else label

    def render_waited(self, value: timedelta) -> str:
        return duration(value)

    def render_state(self, record: Alarm) -> str:
        if record.state == Alarm.State.CLOSED:
            return tag(record.get_outcome_display(), "accent" if record.outcome == Alarm.Outcome.REAL else "")
        return tag(record.get_state_display(), "warn")


class PanelTable(tables.Table):
    """All panels."""

    account = tables.Column(verbose_name=gettext_lazy("Account"))
    facility = tables.Column(verbose_name=gettext_lazy("Facility"), order_by=("facility__name_ru",))
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    last_seen = AgoColumn(verbose_name=gettext_lazy("Last heard"), default="—")
    key = tables.Column(verbose_name=gettext_lazy("Encryption"), empty_values=(), orderable=False)
    profile = tables.Column(verbose_name=gettext_lazy("Profile"))
    signals_total = NumberColumn(verbose_name=gettext_lazy("Signals"))
    duplicates_total = NumberColumn(verbose_name=gettext_lazy("Repeated"))

    class Meta:
        model = Panel
        fields = (
            "account", "facility", "state", "last_seen", "key", "profile", "signals_total", "duplicates_total",
        )  # fmt: skip
        order_by = "account"
        empty_text = gettext_lazy("No panel fits these filters.")

    def render_account(self, record: Panel) -> str:
        return format_html(
            '<a class="row-link" href="{}">{}</a>', reverse("alarms:panel", args=[record.pk]), record.account
        )

    def render_facility(self, record: Panel) -> str:
        return format_html('{} <span class="mute">{}</span>', record.facility.name, record.facility.area.name)

    def render_state(self, record: Any) -> str:
        return panel_state(record)

    def render_profile(self, value: str) -> str:
        return profile_name(value)

    def render_key(self, record: Panel) -> str:
        return "AES" if record.key else format_html('<span class="mute">{}</span>', _("none"))
