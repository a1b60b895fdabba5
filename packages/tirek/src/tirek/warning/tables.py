"""Registers of alerts, deliveries and endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from tirek.ui.tables import AgoColumn, NumberColumn
from tirek.ui.templatetags.tirek import ago, number, state_pill, tag
from tirek.warning.models import Alert, Delivery, Endpoint
from tirek.warning.queries import MAP_STATE
from tirek.warning.reasons import said

ENDPOINT_PILL = MAP_STATE | {"off": "off"}


def mode_tag(alert: Alert) -> SafeString:
    """The mode in its colour and its word."""
    return tag(alert.get_mode_display(), alert.mode)


def endpoint_pill(endpoint: Endpoint) -> SafeString:
    """The state of an endpoint at rest: colour, shape and word."""
    return state_pill(ENDPOINT_PILL[endpoint.state], endpoint.get_state_display())


class AlertTable(tables.Table):
    identifier = tables.Column(verbose_name=gettext_lazy("Warning"), orderable=False)
    mode = tables.Column(verbose_name=gettext_lazy("Mode"))
    area = tables.Column(verbose_name=gettext_lazy("Where"), orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("State"))
    heard = NumberColumn(verbose_name=gettext_lazy("Heard"), accessor="heard_count", orderable=True, empty_values=())
    author = tables.Column(verbose_name=gettext_lazy("Issued, confirmed"), orderable=False)
    issued_at = AgoColumn(verbose_name=gettext_lazy("When"), empty_values=())

    class Meta:
        model = Alert
        fields = ["identifier", "mode", "area", "state", "heard", "author", "issued_at"]
        sequence = fields
        empty_text = ""

    def render_identifier(self, record: Alert) -> SafeString:
        url = reverse("warning:alert", args=[record.pk])
        name = record.identifier if record.issued_at else gettext("not issued")
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="mute small">{}</div>', url, record.headline, name
        )

    def render_mode(self, record: Alert) -> SafeString:
        return mode_tag(record)

    def render_area(self, record: Alert) -> str:
        return record.area_text

    def render_state(self, record: Alert) -> SafeString | str:
        if record.state == Alert.State.ENDED and record.ending:
            return record.get_ending_display()
        return record.get_state_display()

    def render_heard(self, record: Any) -> SafeString | str:
        if not record.issued_at:
            return "—"
        failed = format_html(" {}", state_pill("failed", str(record.failed_count), True)) if record.failed_count else ""
        return format_html("{} / {}{}", number(record.heard_count), number(record.endpoint_count), failed)

    def render_author(self, record: Alert) -> SafeString:
        if record.is_override:
            return format_html("{}<div class='small warn'>{}</div>", record.author, gettext("alone, in an emergency"))
        return format_html("{}<div class='mute small'>{}</div>", record.author, record.confirmed_by or "")

    def render_issued_at(self, record: Alert) -> SafeString | str:
        return ago(record.issued_at or record.created_at)


class DeliveryTable(tables.Table):
    endpoint = tables.Column(verbose_name=gettext_lazy("Loudspeaker or siren"), order_by="endpoint__name")
    state = tables.Column(verbose_name=gettext_lazy("State"))
    reason = tables.Column(verbose_name=gettext_lazy("Why"), orderable=False, empty_values=())
    heard_at = tables.Column(
        verbose_name=gettext_lazy("Heard after"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    attempts = NumberColumn(verbose_name=gettext_lazy("Tries"))

    class Meta:
        model = Delivery
        fields = ["endpoint", "state", "reason", "heard_at", "attempts"]
        sequence = fields

    def render_endpoint(self, record: Delivery) -> SafeString:
        url = reverse("warning:delivery", args=[record.alert_id, record.pk])
        where = record.endpoint.facility or record.endpoint.code
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="mute small">{}</div>', url, record.endpoint.name, where
        )

    def render_state(self, record: Delivery) -> SafeString:
        return state_pill(record.state)

    def render_reason(self, record: Delivery) -> str:
        return said(record.reason) or "—"

    def render_heard_at(self, value: datetime, record: Delivery) -> str:
        if not record.sent_at:
            return "—"
        return number(max(0.0, (value - record.sent_at).total_seconds()), gettext("s"), 1)


class EndpointTable(tables.Table):
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    facility = tables.Column(verbose_name=gettext_lazy("Place"), orderable=False, empty_values=())
    state = tables.Column(verbose_name=gettext_lazy("State"))
    last_seen = AgoColumn(verbose_name=gettext_lazy("Last heard"))

    class Meta:
        model = Endpoint
        fields = ["name", "kind", "facility", "state", "last_seen"]
        sequence = fields
        row_attrs = {"data-id": lambda record: record.pk}

    def render_name(self, record: Endpoint) -> SafeString:
        url = reverse("warning:endpoint", args=[record.pk])
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="mute small">{}</div>', url, record.name, record.code
        )

    def render_facility(self, record: Endpoint) -> str:
        return str(record.facility or record.area)

    def render_state(self, record: Endpoint) -> SafeString:
        return format_html('{}<div class="mute small">{}</div>', endpoint_pill(record), said(record.state_reason))
