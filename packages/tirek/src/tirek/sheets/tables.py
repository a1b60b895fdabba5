"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.sheets.models import Import, ImportRow
from tirek.sheets.registry import Deed, Sheet
from tirek.ui.tables import AgoColumn, NameColumn, NumberColumn
from tirek.ui.templatetags.tirek import number, tag

TONES = {Deed.ADD: "accent", Deed.CHANGE: "accent", Deed.SAME: "", Deed.ERROR: "warn"}
#: What became of a row, once its import is written.
DONE = {
    Deed.ADD: pgettext_lazy("row", "added"),
    Deed.CHANGE: pgettext_lazy("row", "changed"),
    Deed.SAME: pgettext_lazy("row", "was the same"),
    Deed.ERROR: pgettext_lazy("row", "left out"),
}
SHOWN = 120


def said_of(deed: Deed, *, is_written: bool) -> Any:
    """What happens to a row, or what became of it."""
    return DONE[deed] if is_written else deed.label


class RowTable(tables.Table):
    """Rows of an import: what happens to each, and why not."""

    number = NumberColumn(verbose_name=_("Row"))
    deed = tables.Column(verbose_name=_("What happens"))
    which = tables.Column(verbose_name=_("Which"), empty_values=())
    notes = tables.Column(verbose_name=_("To know"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, sheet: Sheet, found: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = found.columns or {}
        self._titles = {column.key: str(column.title) for column in (*sheet.told(), *sheet.columns)}
        shown = [*sheet.natural_key, *(c.key for c in sheet.columns if c.key not in sheet.natural_key)]
        self._places = [columns[key] for key in shown if key in columns][:3]
        self._columns = columns
        self._is_written = found.state == Import.State.WRITTEN

    def render_deed(self, record: ImportRow) -> Any:
        deed = Deed(record.deed)
        return tag(said_of(deed, is_written=self._is_written), TONES[deed])

    def render_which(self, record: ImportRow) -> str:
        return " · ".join(text[:SHOWN] for place in self._places if (text := record.cell(place))) or "—"

    def render_notes(self, record: ImportRow) -> Any:
        if record.errors:
            lines = [(self._title(column), self._given(record, column), text) for column, text in record.errors]
            return format_html_join("", '<div class="sheet-note">{}{}<span class="warn">{}</span></div>', lines)
        lines = [(self._title(key), old[:SHOWN] or "—", new[:SHOWN] or "—") for key, old, new in record.changes]
        return format_html_join("", '<div class="sheet-note">{}<del>{}</del> → <ins>{}</ins></div>', lines) or ""

    def _title(self, key: str) -> Any:
        return format_html('<span class="mute">{}:</span> ', self._titles.get(key, key)) if key else ""

    def _given(self, record: ImportRow, key: str) -> Any:
        text = record.cell(self._columns.get(key)) if key else ""
        return format_html("<code>{}</code> ", text[:SHOWN]) if text else ""


class ImportTable(tables.Table):
    """Files that a person brought."""

    name = NameColumn(verbose_name=_("File"), accessor="file__name")
    state = tables.Column(verbose_name=_("State"))
    counts = tables.Column(verbose_name=_("Rows"), empty_values=(), orderable=False)
    created_at = AgoColumn(verbose_name=_("Brought"))

    class Meta:
        order_by = ("-created_at",)

    def render_state(self, record: Import) -> Any:
        return tag(record.get_state_display(), "warn" if record.state in ("failed", "broken", "unclear") else "")

    def render_counts(self, record: Import) -> str:
        counts, is_written = record.done or record.counts, bool(record.done)
        said = [f"{said_of(Deed(deed), is_written=is_written)}: {number(n)}" for deed, n in counts.items() if n]
        return ", ".join(said) or "—"
