"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tirek.places.imports.plan import Deed, Row
from tirek.places.models import LANGUAGES, Area
from tirek.ui.tables import NameColumn, NumberColumn
from tirek.ui.templatetags.tirek import tag


def by_name(rows: QuerySet, is_descending: bool, prefix: str = "") -> tuple[QuerySet, bool]:
    """Order rows by their name in the reader's language (an `order_...` method of a table)."""
    language = (get_language() or "ru")[:2]
    field = f"{prefix}name_{language if language in LANGUAGES else 'ru'}"
    return rows.order_by(f"{'-' if is_descending else ''}{field}", "pk"), True


class AreaTable(tables.Table):
    """Areas as a list."""

    name = NameColumn(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    parent = tables.Column(verbose_name=_("Part of"), orderable=False, default="")
    population = NumberColumn(verbose_name=_("Population"), default="—")
    code = tables.Column(verbose_name=_("Code"), attrs={"td": {"class": "mute small"}})

    class Meta:
        order_by = ("name",)
        row_attrs = {"data-id": lambda record: record.pk}
        empty_text = _("No area fits these filters.")

    def order_name(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending)

    def render_kind(self, record: Area) -> str:
        return record.get_kind_display()

    def render_parent(self, record: Area) -> str:
        return record.parent.name


TONES = {Deed.ADD: "accent", Deed.CHANGE: "accent", Deed.SAME: "", Deed.SKIP: "warn"}


class PlanTable(tables.Table):
    """The rows of a file, before they are imported. Not sorted by columns: errors come first."""

    number = NumberColumn(verbose_name=_("Row"))
    deed = tables.Column(verbose_name=_("What happens"))
    name = tables.Column(verbose_name=_("Name"), default="—")
    parent = tables.Column(verbose_name=_("Part of"), accessor="parent_name", default="—")
    notes = tables.Column(verbose_name=_("To know"), empty_values=())

    class Meta:
        orderable = False

    def render_deed(self, value: Deed) -> str:
        return tag(value.label, TONES[value])

    def render_notes(self, record: Row) -> Any:
        return " ".join([*record.errors, *record.remarks, *_changed(record)]) or ""


def _changed(row: Row) -> list[str]:
    """The names of the fields that an import would change."""
    if row.deed is not Deed.CHANGE:
        return []
    labels = [str(Area._meta.get_field(name).verbose_name) for name in row.changes if name != "is_sample"]
    return [", ".join(labels)]
