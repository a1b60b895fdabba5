"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from tirek.equipment.models import Item
from tirek.equipment.queries import is_overdue
from tirek.equipment.registry import Live
from tirek.equipment.templatetags.equipment import item_state
from tirek.places.tables import by_name
from tirek.ui.tables import NumberColumn
from tirek.ui.templatetags.tirek import icon, tag


class ItemTable(tables.Table):
    """All equipment that a person may see. `live` is filled for the rows of the page."""

    kind = tables.Column(verbose_name=_("Equipment"))
    facility = tables.Column(verbose_name=_("Facility"))
    place = tables.Column(verbose_name=_("Place"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=_("State"))
    next_test_on = tables.Column(
        verbose_name=_("Next test"), default="—", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    quantity = NumberColumn(verbose_name=_("Quantity"))

    class Meta:
        order_by = ("facility",)
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = _("No equipment fits these filters.")

    live: dict[int, Live] = {}

    def order_kind(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return rows.order_by(f"{'-' if is_descending else ''}kind__code", "tag"), True

    def order_facility(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "facility__")

    def render_kind(self, record: Item) -> str:
        return format_html(
            '<div><a class="row-link" href="{}">{} {}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            icon(record.kind.icon),
            record.kind.name,
            " · ".join(filter(None, (record.tag, record.maker, record.model))),
        )

    def render_facility(self, record: Item) -> str:
        return format_html("<span>{}</span>", record.facility.name)

    def render_place(self, record: Item) -> str:
        return ", ".join(filter(None, (record.building.name if record.building else "", record.place))) or "—"

    def render_state(self, record: Item) -> str:
        return item_state(record, self.live.get(record.pk))

    def render_next_test_on(self, record: Item, value: Any) -> str:
        day = formats.date_format(value, "SHORT_DATE_FORMAT")
        return mark_safe(f"{day} {tag(_('overdue'), 'warn')}") if is_overdue(record) else day  # noqa: S308  both are ours
