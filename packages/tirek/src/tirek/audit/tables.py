"""The log as a register."""

from __future__ import annotations

from datetime import datetime

import django_tables2 as tables
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tirek.audit.models import Entry
from tirek.audit.queries import object_kind
from tirek.audit.verbs import phrase, who


class EntryTable(tables.Table):
    at = tables.Column(verbose_name=_("When"))
    actor = tables.Column(verbose_name=_("Who"))
    verb = tables.Column(verbose_name=_("What"), orderable=False)
    object_name = tables.Column(verbose_name=_("On what"), orderable=False)
    why = tables.Column(verbose_name=_("Why"), orderable=False)

    class Meta:
        model = Entry
        fields = ["at", "actor", "verb", "object_name", "why"]
        sequence = fields
        order_by = "-at"

    def order_at(self, entries: object, is_descending: bool) -> tuple[object, bool]:
        """The order of the chain is the order in time, and has an index that is never ambiguous."""
        return entries.order_by("-id" if is_descending else "id"), True  # type: ignore[attr-defined]

    def render_at(self, value: datetime, record: Entry) -> SafeString:
        local = timezone.localtime(value)
        return format_html(
            '<a class="row-link" href="{}"><time datetime="{}">{}</time></a>',
            record.get_absolute_url(),
            value.isoformat(),
            f"{formats.date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}",
        )

    def render_actor(self, value: str) -> str:
        return who(value)

    def render_verb(self, value: str) -> str:
        return phrase(value)

    def render_object_name(self, value: str, record: Entry) -> SafeString:
        return format_html('{} <span class="mute small">{}</span>', value, object_kind(record.object_type))
